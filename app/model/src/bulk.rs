//! Changing many conversations at once.

use serde::{Deserialize, Serialize};

use crate::{BulkId, ConversationStatus, Millis, Priority, TeamId, UserId};

/// Most conversations of one run.
pub const MOST: usize = 10_000;

/// One of the changes that a run makes to each conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", content = "to", rename_all = "snake_case")]
pub enum BulkAct {
    /// The time is for snoozing; none: until the next message of the contact.
    Status(ConversationStatus, Option<Millis>),
    Agent(Option<UserId>),
    Team(Option<TeamId>),
    Priority(Option<Priority>),
    /// By title.
    AddLabels(Vec<String>),
    RemoveLabels(Vec<String>),
    /// Whether it counts as seen.
    Seen(bool),
}

crate::text_enum! {
    /// How far a run is.
    BulkState {
        Running = "running",
        Done = "done",
        /// Before its end, because whoever asked for it may not work here any more.
        Stopped = "stopped",
    }
}

/// A run, as whoever asked for it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRun {
    pub id: BulkId,
    pub acts: Vec<BulkAct>,
    pub state: BulkState,
    /// It takes back an earlier one.
    pub is_undo: bool,
    pub total: i64,
    /// Changed so far.
    pub done: i64,
    /// Left as they were: out of sight meanwhile, or changed by somebody else.
    pub skipped: i64,
    pub created_at: Millis,
}

impl BulkRun {
    /// Whether everything of it can be taken back.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        let is_seen = |act: &BulkAct| matches!(act, BulkAct::Seen(_));
        !self.is_undo && self.done > 0 && !self.acts.iter().any(is_seen)
    }
}
