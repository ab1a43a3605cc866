//! Whom a subscriber listens for.

use model::conversation::Conversation;
use model::{AccountId, ContactId, InboxId};
use serde::{Deserialize, Serialize};

use crate::ctx::VisitorActor;

/// A stream of the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// Agents of an account. What each may see is decided per subscriber.
    Account(AccountId),
    /// One browser of a visitor, also before it has rows.
    Visitor(Place),
    /// All browsers of a contact in an inbox that were proven to be theirs.
    Proven(ContactId, InboxId),
}

/// A contact's place in an inbox, by what names it: known before there is a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place([u8; 16]);

impl Place {
    /// The place of a source id in an inbox.
    pub fn of(inbox: InboxId, source_id: &str) -> Self {
        let mut place = [0; 16];
        let hash = crate::secret::hash(&format!("{inbox}:{source_id}"));
        place.copy_from_slice(&hash[..16]);
        Self(place)
    }
}

impl Topic {
    /// What a visitor listens for: what concerns their browser, or, of somebody proven, all that is theirs in the inbox.
    pub fn of(visitor: &VisitorActor) -> Self {
        match visitor.known {
            Some(known) if known.hmac_verified => Self::Proven(known.contact_id, visitor.inbox_id),
            _ => Self::Visitor(Place::of(visitor.inbox_id, &visitor.source_id)),
        }
    }
}

/// The streams of the contact's side of a conversation.
pub(crate) fn of_contact(inbox: InboxId, contact: ContactId, source_id: &str, is_proven: bool) -> Vec<Topic> {
    let mut topics = vec![Topic::Visitor(Place::of(inbox, source_id))];
    if is_proven {
        topics.push(Topic::Proven(contact, inbox));
    }
    topics
}

pub(crate) fn of_conversation(conversation: &Conversation) -> Vec<Topic> {
    let row = &conversation.row;
    of_contact(row.inbox_id, row.contact.id, &conversation.source_id, conversation.hmac_verified)
}
