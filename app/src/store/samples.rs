//! Conversations and messages for tests.

use model::agent::AgentRef;
use model::contact::Contact;
use model::conversation::{ContactRef, Conversation, ConversationRow};
use model::message::{Message, Sender};
use model::{
    ContactId, ContactInboxId, ContentKind, ConversationId, ConversationStatus, DisplayId, InboxId, MessageId,
    MessageKind, MessageStatus, SenderKind, UserId,
};
use serde_json::json;

/// An open conversation whose number is its id and the time of its last activity.
pub fn conversation(id: i64) -> Conversation {
    let contact = Contact {
        id: ContactId(id),
        name: "Marina Alves".to_owned(),
        email: None,
        phone_number: None,
        identifier: None,
        avatar_url: None,
        blocked: false,
        additional_attributes: json!({}),
        custom_attributes: json!({}),
        last_activity_at: None,
        created_at: id,
        online: false,
    };
    let row = ConversationRow {
        id: ConversationId(id),
        display_id: DisplayId(id),
        inbox_id: InboxId(1),
        status: ConversationStatus::Open,
        priority: None,
        contact: ContactRef { id: contact.id, name: contact.name.clone(), avatar_url: None },
        assignee: None,
        team: None,
        labels: Vec::new(),
        unread_count: 0,
        preview: None,
        last_activity_at: id,
        created_at: id,
        waiting_since: None,
        snoozed_until: None,
    };
    Conversation {
        row,
        uuid: String::new(),
        contact_inbox_id: ContactInboxId(id),
        source_id: String::new(),
        hmac_verified: false,
        contact,
        additional_attributes: json!({}),
        custom_attributes: json!({}),
        agent_last_seen_at: 0,
        assignee_last_seen_at: 0,
        contact_last_seen_at: 0,
        first_reply_created_at: None,
        updated_at: id,
        can_reply: true,
    }
}

/// The same with a difference.
pub fn with<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

/// The same, given to an agent.
pub fn assigned(conversation: Conversation, agent: UserId) -> Conversation {
    with(conversation, |c| c.row.assignee = Some(AgentRef { id: agent, name: "Ana".to_owned(), avatar_url: None }))
}

/// A message from the contact; its id is its time in seconds.
pub fn message(id: i64) -> Message {
    Message {
        id: MessageId(id),
        conversation_id: ConversationId(1),
        display_id: DisplayId(1),
        inbox_id: InboxId(1),
        kind: MessageKind::Incoming,
        content: format!("message {id}"),
        content_kind: ContentKind::Text,
        content_attributes: json!({}),
        additional_attributes: json!({}),
        private: false,
        status: MessageStatus::Sent,
        sender: Some(Sender { kind: SenderKind::Contact, id: 1, name: "Marina Alves".to_owned(), avatar_url: None }),
        attachments: Vec::new(),
        source_id: None,
        echo_id: None,
        created_at: id * 1_000,
        updated_at: id * 1_000,
    }
}

/// A message of an agent.
pub fn reply(id: i64, agent: i64) -> Message {
    with(message(id), |m| {
        m.kind = MessageKind::Outgoing;
        m.sender = Some(Sender { kind: SenderKind::User, id: agent, name: "Ana".to_owned(), avatar_url: None });
    })
}

/// A line about what happened.
pub fn activity(id: i64) -> Message {
    with(message(id), |m| {
        m.kind = MessageKind::Activity;
        m.sender = None;
    })
}
