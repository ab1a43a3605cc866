//! What a search finds.

use serde::{Deserialize, Serialize};

use crate::conversation::{ContactRef, ConversationRow};
use crate::{ContactId, ConversationId, DisplayId, InboxId, MessageId, MessageKind, Millis};

/// A piece of a text; those that were looked for are shown so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub text: String,
    pub hit: bool,
}

/// A conversation that was found by its number or by who it is with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationHit {
    pub row: ConversationRow,
    /// The contact's name.
    pub name: Vec<Segment>,
}

/// A message that was found by its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageHit {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub display_id: DisplayId,
    pub inbox_id: InboxId,
    pub kind: MessageKind,
    pub private: bool,
    pub contact: ContactRef,
    /// Who wrote it.
    pub author: String,
    pub created_at: Millis,
    /// The text around the first place.
    pub excerpt: Vec<Segment>,
}

/// A contact that was found by what is known of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactHit {
    pub id: ContactId,
    pub name: String,
    pub avatar_url: Option<String>,
    pub name_segments: Vec<Segment>,
    /// E-mail, phone, identifier, company: those that there are.
    pub facts: Vec<Vec<Segment>>,
}

/// How many there are of each; never more than [`MOST_COUNTED`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchCounts {
    pub conversations: i64,
    pub messages: i64,
    pub contacts: i64,
}

/// Beyond this it is not worth counting on: there are “more than” so many.
pub const MOST_COUNTED: i64 = 1_000;

/// The first results of each kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchResults {
    pub conversations: Vec<ConversationHit>,
    pub messages: Vec<MessageHit>,
    pub contacts: Vec<ContactHit>,
    pub counts: SearchCounts,
}
