//! Messages.

use model::SenderKind;
use model::contact::Contact;
use model::conversation::Conversation;
use model::message::Message;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::attachment::AttachmentWire;
use super::person::{Reader, SenderPush};
use super::{Dialect, iso, seconds};

/// A message as REST answers show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageWire {
    pub id: i64,
    pub content: Option<String>,
    pub inbox_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo_id: Option<String>,
    /// The conversation's number.
    pub conversation_id: i64,
    /// 0 incoming, 1 outgoing, 2 activity, 3 template.
    pub message_type: i64,
    pub content_type: String,
    /// `sent`, `delivered`, `read` or `failed`.
    pub status: String,
    #[schema(value_type = Object)]
    pub content_attributes: Value,
    /// Unix seconds.
    pub created_at: i64,
    pub private: bool,
    pub source_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderPush>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentWire>,
}

/// A message in socket payloads and inside conversations.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessagePush {
    pub id: i64,
    pub content: Option<String>,
    pub account_id: i64,
    pub inbox_id: i64,
    /// The conversation's number.
    pub conversation_id: i64,
    /// 0 incoming, 1 outgoing, 2 activity, 3 template.
    pub message_type: i64,
    /// Unix seconds.
    pub created_at: i64,
    /// ISO 8601.
    pub updated_at: String,
    pub private: bool,
    pub status: String,
    pub source_id: Option<String>,
    pub content_type: String,
    #[schema(value_type = Object)]
    pub content_attributes: Value,
    pub sender_type: Option<&'static str>,
    pub sender_id: Option<i64>,
    #[schema(value_type = Object)]
    pub external_source_ids: Value,
    #[schema(value_type = Object)]
    pub additional_attributes: Value,
    pub processed_message_content: Option<String>,
    #[schema(value_type = Object)]
    pub sentiment: Value,
    pub conversation: MessagePlace,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderPush>,
}

/// What a message's payload says of its conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessagePlace {
    pub assignee_id: Option<i64>,
    pub unread_count: i64,
    /// Unix seconds.
    pub last_activity_at: i64,
    pub contact_inbox: SourceId,
}

/// The contact's name in the channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceId {
    pub source_id: String,
}

impl Dialect {
    /// A message of a conversation with this contact.
    pub fn message(&self, message: &Message, contact: Option<&Contact>) -> MessageWire {
        MessageWire {
            id: message.id.0,
            content: self.content(message),
            inbox_id: message.inbox_id.0,
            echo_id: message.echo_id.clone(),
            conversation_id: message.display_id.0,
            message_type: message.kind.number(),
            content_type: message.content_kind.to_string(),
            status: message.status.wire().to_owned(),
            content_attributes: message.content_attributes.clone(),
            created_at: seconds(message.created_at),
            private: message.private,
            source_id: message.source_id.clone(),
            sender: self.sender(message, contact, Reader::Agent),
            attachments: message.attachments.iter().map(|file| self.attachment(file)).collect(),
        }
    }

    /// A message in the payload of its conversation.
    pub fn message_push(&self, message: &Message, conversation: &Conversation, reader: Reader) -> MessagePush {
        let content = self.content(message);
        let is_visitor = reader == Reader::Visitor;
        MessagePush {
            id: message.id.0,
            processed_message_content: content.clone(),
            content,
            account_id: self.account.0,
            inbox_id: message.inbox_id.0,
            conversation_id: message.display_id.0,
            message_type: message.kind.number(),
            created_at: seconds(message.created_at),
            updated_at: iso(message.updated_at),
            private: message.private,
            status: message.status.wire().to_owned(),
            source_id: message.source_id.clone(),
            content_type: message.content_kind.to_string(),
            content_attributes: message.content_attributes.clone(),
            sender_type: message.sender.as_ref().map(|sender| match sender.kind {
                SenderKind::Contact => "Contact",
                SenderKind::User => "User",
                SenderKind::AgentBot => "AgentBot",
            }),
            sender_id: message.sender.as_ref().map(|sender| sender.id),
            external_source_ids: json!({}),
            additional_attributes: if is_visitor { json!({}) } else { message.additional_attributes.clone() },
            sentiment: json!({}),
            conversation: MessagePlace {
                assignee_id: conversation.row.assignee.as_ref().map(|assignee| assignee.id.0),
                unread_count: if is_visitor { 0 } else { conversation.row.unread_count },
                last_activity_at: seconds(conversation.row.last_activity_at),
                contact_inbox: SourceId { source_id: conversation.source_id.clone() },
            },
            echo_id: message.echo_id.clone(),
            attachments: message.attachments.iter().map(|file| self.attachment(file)).collect(),
            sender: self.sender(message, Some(&conversation.contact), reader),
        }
    }

    /// The text; a message that was taken back says so, one of files only has none.
    fn content(&self, message: &Message) -> Option<String> {
        if message.is_deleted() {
            return Some(text::api::message_deleted(self.directory.lang).to_owned());
        }
        (!message.content.is_empty()).then(|| message.content.clone())
    }
}
