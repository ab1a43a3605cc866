//! Messages as they are read.

use serde::{Deserialize, Serialize};

use crate::attachment::Attachment;
use crate::{
    ContentKind, ConversationId, DisplayId, InboxId, MessageId, MessageKind, MessageStatus, Millis, SenderKind,
};

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    pub kind: SenderKind,
    pub id: i64,
    pub name: String,
    pub avatar_url: Option<String>,
}

/// A message with its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub display_id: DisplayId,
    pub inbox_id: InboxId,
    pub kind: MessageKind,
    pub content: String,
    pub content_kind: ContentKind,
    pub content_attributes: serde_json::Value,
    pub additional_attributes: serde_json::Value,
    pub private: bool,
    pub status: MessageStatus,
    pub sender: Option<Sender>,
    pub attachments: Vec<Attachment>,
    /// The channel's own id of the message.
    pub source_id: Option<String>,
    /// The id under which the sending client knows the message.
    pub echo_id: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl Message {
    /// Whether the contact may see it.
    pub fn is_public(&self) -> bool {
        !self.private && self.kind != MessageKind::Activity
    }

    /// Why it could not be delivered, in the channel's words.
    pub fn external_error(&self) -> Option<&str> {
        self.content_attributes.get("external_error")?.as_str()
    }

    /// Whether its content was taken back.
    pub fn is_deleted(&self) -> bool {
        self.content_attributes.get("deleted").and_then(serde_json::Value::as_bool).unwrap_or_default()
    }
}
