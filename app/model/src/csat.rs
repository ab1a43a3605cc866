//! What contacts say of a conversation when they are asked.

use serde::{Deserialize, Serialize};

use crate::{ContactId, CsatId, DisplayId, InboxId, MessageId, Millis, TeamId, UserId};

/// One contact's opinion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CsatResponse {
    pub id: CsatId,
    /// 1 to 5.
    pub rating: i64,
    pub feedback: String,
    /// The message that asked.
    pub message_id: MessageId,
    pub conversation: DisplayId,
    pub contact_id: ContactId,
    /// Whose conversation it was, or had been last, when the answer came.
    pub assigned_agent: Option<UserId>,
    pub created_at: Millis,
}

/// Which opinions are looked for. What is not given does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CsatFilter {
    pub since: Option<Millis>,
    pub until: Option<Millis>,
    pub agents: Vec<UserId>,
    pub inbox: Option<InboxId>,
    pub team: Option<TeamId>,
    pub rating: Option<i64>,
}

/// How opinions are spread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsatMetrics {
    /// How many answered.
    pub answered: i64,
    /// How many gave 1, 2, 3, 4 and 5.
    pub ratings: [i64; 5],
    /// How many were asked.
    pub asked: i64,
}
