//! What clients read: the shapes of the reference (chapter 3).

use domain::message::Window;
use domain::visitor::chat;
use domain::visitor::token;
use domain::{Ctx, Result};
use model::contact::Contact;
use model::conversation::Conversation;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::api::wire::iso;
use crate::widget::shape::{message, seconds};

/// Messages that a conversation is shown with: the newest. Earlier ones are read by themselves.
pub const NEWEST: i64 = 20;

/// A contact, for whoever speaks for them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicContact {
    /// The name of their place in the inbox: a secret between the program and this server.
    pub source_id: String,
    /// Subscribes to what happens, on `/cable`.
    pub pubsub_token: String,
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
    pub phone_number: Option<String>,
}

impl PublicContact {
    pub fn new(ctx: &Ctx, contact: &Contact) -> Result<Self> {
        Ok(Self {
            source_id: ctx.visitor()?.source_id.clone(),
            pubsub_token: token::stream(ctx)?,
            id: contact.id.0,
            name: contact.name.clone(),
            email: contact.email.clone(),
            phone_number: contact.phone_number.clone(),
        })
    }
}

/// What is said of a contact. Described here; what comes is read leniently.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, not read")]
pub struct ContactInput {
    /// Of the contact's place, when it is made; else one is chosen.
    source_id: Option<String>,
    identifier: Option<String>,
    /// Hex HMAC-SHA256 of the identifier under the inbox's token.
    identifier_hash: Option<String>,
    name: Option<String>,
    email: Option<String>,
    /// E.164.
    phone_number: Option<String>,
    avatar_url: Option<String>,
    #[schema(value_type = Object)]
    custom_attributes: Option<Value>,
}

/// What is said of a conversation.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, not read")]
pub struct ConversationInput {
    #[schema(value_type = Object)]
    custom_attributes: Option<Value>,
}

/// Whether the contact types.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, not read")]
pub struct TypingInput {
    /// `on` or `off`.
    typing_status: String,
}

/// What the contact writes.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, not read")]
pub struct MessageInput {
    content: Option<String>,
    /// Chosen by the program: the same gives the same message.
    echo_id: Option<String>,
    /// As `multipart/form-data`.
    #[schema(value_type = Vec<String>, format = Binary)]
    attachments: Option<Vec<String>>,
}

/// What the contact answers to a message that asked something.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, not read")]
pub struct AnswerInput {
    /// To a choice `[{"value"}]`, to a form `[{"name", "value"}]`, to a question for an opinion
    /// `{"csat_survey_response": {"rating", "feedback_message"}}`.
    #[schema(value_type = Object)]
    submitted_values: Option<Value>,
    /// To a question for an address.
    submitted_email: Option<String>,
}

/// All that is kept of a contact.
pub fn whole(ctx: &Ctx, contact: &Contact) -> Result<Value> {
    Ok(json!({
        "id": contact.id,
        "account_id": ctx.visitor()?.account_id,
        "name": contact.name,
        "email": contact.email,
        "phone_number": contact.phone_number,
        "identifier": contact.identifier,
        "additional_attributes": contact.additional_attributes,
        "custom_attributes": contact.custom_attributes,
        "blocked": contact.blocked,
        "last_activity_at": contact.last_activity_at.map(iso),
        "created_at": iso(contact.created_at),
    }))
}

/// A conversation, for whoever speaks for its contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicConversation {
    /// The conversation's number.
    pub id: i64,
    pub uuid: String,
    pub inbox_id: i64,
    /// Unix seconds.
    pub contact_last_seen_at: i64,
    /// `open`, `pending`, `snoozed` or `resolved`.
    pub status: String,
    /// Unix seconds.
    pub agent_last_seen_at: i64,
    /// The newest twenty that contacts may see, oldest first.
    #[schema(value_type = Vec<Object>)]
    pub messages: Vec<Value>,
    #[schema(value_type = Object)]
    pub contact: Value,
}

impl PublicConversation {
    /// The one that the contact has chosen.
    pub async fn of(ctx: &Ctx, conversation: &Conversation) -> Result<Self> {
        Ok(Self {
            id: conversation.row.display_id.0,
            uuid: conversation.uuid.clone(),
            inbox_id: conversation.row.inbox_id.0,
            contact_last_seen_at: seconds(conversation.contact_last_seen_at),
            status: conversation.row.status.to_string(),
            agent_last_seen_at: seconds(conversation.agent_last_seen_at),
            messages: messages(ctx, Window { limit: NEWEST, ..Window::default() }).await?,
            contact: whole(ctx, &conversation.contact)?,
        })
    }
}

/// Messages of the chosen conversation that contacts may see, oldest first.
pub async fn messages(ctx: &Ctx, window: Window) -> Result<Vec<Value>> {
    Ok(chat::list(ctx, window).await?.iter().map(|one| message(ctx, one)).collect())
}
