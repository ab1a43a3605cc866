//! Messages of a conversation.

use axum::Json;
use axum::http::StatusCode;
use domain::message::attachment::Upload;
use domain::message::send::{self, Draft};
use domain::message::{self, Window};
use domain::{Ctx, conversation};
use model::{ContentKind, DisplayId, ErrorCode, MessageId, MessageKind, MessageStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::word;
use super::body::{Body, Form, Input, Params};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::contact::ContactPush;
use super::wire::message::MessageWire;
use super::wire::person::{Reader, UserPush};
use crate::state::AppState;

/// Messages when no place is named, or those before one.
const NEWEST: i64 = 20;
/// Messages behind a place.
const BEHIND: i64 = 100;
/// Messages between two places.
const BETWEEN: i64 = 1_000;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, delete)).routes(routes!(retry))
}

/// A message as it is written. A form can bring files in `attachments[]`.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = MessageInput)]
pub struct NewMessage {
    #[serde(deserialize_with = "lenient::text")]
    content: Option<String>,
    /// `outgoing`.
    #[serde(deserialize_with = "lenient::text")]
    message_type: Option<String>,
    /// A note among agents.
    #[serde(deserialize_with = "lenient::flag")]
    private: Option<bool>,
    /// `text` unless said otherwise.
    #[serde(deserialize_with = "lenient::text")]
    content_type: Option<String>,
    /// `in_reply_to`, and `items` for interactive messages; also as JSON in a text.
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    content_attributes: Option<Value>,
    /// Who gets it besides the contact, with commas between, where the channel can do that. Without it, whoever was in the
    /// conversation stays in it.
    #[schema(value_type = Option<String>)]
    cc_emails: Option<Value>,
    /// Who gets it without others knowing.
    #[schema(value_type = Option<String>)]
    bcc_emails: Option<Value>,
    /// Who gets it instead of the contact.
    #[schema(value_type = Option<String>)]
    to_emails: Option<Value>,
    /// The client's own id of the message. With 16 characters or more, sending it twice gives one message.
    #[serde(deserialize_with = "lenient::text")]
    echo_id: Option<String>,
}

/// The same as a form, which can bring files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described; what arrives is read as a `NewMessage` and its files")]
struct MessageForm {
    #[schema(inline)]
    #[serde(flatten)]
    message: NewMessage,
    /// Up to 15 files of 40 MB.
    #[schema(rename = "attachments[]", value_type = Vec<String>, format = Binary)]
    attachments: Vec<u8>,
}

impl Input for NewMessage {
    const NAME: &'static str = "message";
}

impl NewMessage {
    /// The message with its files.
    pub fn draft(self, files: Vec<Upload>) -> Result<Draft, Refusal> {
        let kind = word::<MessageKind>("message_type", self.message_type.as_deref())?.unwrap_or(MessageKind::Outgoing);
        if kind != MessageKind::Outgoing {
            let error = text::api::only_outgoing(text::Lang::En);
            return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error));
        }
        let mut content_attributes = self.content_attributes.unwrap_or_else(|| json!({}));
        let copies = [("cc_emails", self.cc_emails), ("bcc_emails", self.bcc_emails), ("to_emails", self.to_emails)];
        for (key, given) in copies {
            if let (Some(given), Some(attributes)) = (given, content_attributes.as_object_mut()) {
                attributes.insert(key.to_owned(), given);
            }
        }
        Ok(Draft {
            content: self.content.unwrap_or_default(),
            private: self.private.unwrap_or_default(),
            content_kind: word::<ContentKind>("content_type", self.content_type.as_deref())?,
            content_attributes,
            echo_id: self.echo_id,
            files,
            // The dialect fills in variables of whatever comes over the API.
            is_template: true,
        })
    }
}

/// Which messages, by ids.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Older than this one: 20.
    #[serde(deserialize_with = "lenient::int")]
    before: Option<i64>,
    /// Newer than this one: 100.
    #[serde(deserialize_with = "lenient::int")]
    after: Option<i64>,
}

impl Which {
    fn window(&self) -> Window {
        let limit = match (self.before, self.after) {
            (Some(_), Some(_)) => BETWEEN,
            (None, Some(_)) => BEHIND,
            (_, None) => NEWEST,
        };
        Window { before: self.before.map(MessageId), after: self.after.map(MessageId), public_only: false, limit }
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = MessageStatusInput)]
struct StatusInput {
    /// `sent`, `delivered`, `read` or `failed`.
    #[serde(deserialize_with = "lenient::text")]
    status: Option<String>,
    /// Why it failed.
    #[serde(deserialize_with = "lenient::text")]
    external_error: Option<String>,
}

impl Input for StatusInput {
    const NAME: &'static str = "message";
}

#[derive(Serialize, ToSchema)]
#[schema(as = MessageList)]
struct List {
    meta: Meta,
    payload: Vec<MessageWire>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MessageListMeta)]
struct Meta {
    labels: Vec<String>,
    #[schema(value_type = Object)]
    additional_attributes: Value,
    contact: ContactPush,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<UserPush>,
    /// ISO 8601.
    agent_last_seen_at: Option<String>,
    /// ISO 8601.
    assignee_last_seen_at: Option<String>,
}

/// Messages of a conversation, oldest first: the newest 20 unless a place is named.
#[utoipa::path(get, path = "/conversations/{conversation_id}/messages", tag = "messages", params(Which), responses((status = 200, body = List)))]
async fn list(Caller(ctx): Caller, Id(id): Id<DisplayId>, Params(which): Params<Which>) -> Answer<List> {
    let conversation = conversation::get(&ctx, id).await?;
    let messages = message::list(&ctx, id, which.window()).await?;
    let dialect = Dialect::of(&ctx).await?;
    let contact = &conversation.contact;
    let meta = Meta {
        labels: conversation.row.labels.clone(),
        additional_attributes: conversation.additional_attributes.clone(),
        contact: dialect.contact_push(contact),
        assignee: conversation.row.assignee.as_ref().and_then(|agent| dialect.user(agent.id, Reader::Agent)),
        agent_last_seen_at: dialect.moment(conversation.agent_last_seen_at),
        assignee_last_seen_at: dialect.moment(conversation.assignee_last_seen_at),
    };
    let payload = messages.iter().map(|message| dialect.message(message, Some(contact))).collect();
    Ok(Json(List { meta, payload }))
}

/// Sends a reply or writes a private note.
#[utoipa::path(post, path = "/conversations/{conversation_id}/messages", tag = "messages", request_body(content((NewMessage = "application/json"), (MessageForm = "multipart/form-data"))), responses((status = 200, body = MessageWire)))]
async fn create(Caller(ctx): Caller, Id(id): Id<DisplayId>, form: Form<NewMessage>) -> Answer<MessageWire> {
    // Nobody's files are looked at who may not write here.
    conversation::access(&ctx, id).await?;
    let (given, files) = form.list("attachments");
    let message = send::send(&ctx, id, given.draft(files)?).await?;
    shown(&ctx, &message).await
}

/// Says how far a message has come, for those who deliver it themselves.
#[utoipa::path(patch, path = "/conversations/{conversation_id}/messages/{message_id}", tag = "messages", request_body = StatusInput, responses((status = 200, body = MessageWire)))]
async fn update(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Id(message): Id<MessageId>,
    Body(given): Body<StatusInput>,
) -> Answer<MessageWire> {
    let status = word::<MessageStatus>("status", given.status.as_deref())?;
    let status = status.ok_or_else(|| Refusal::field("status", ErrorCode::Required))?;
    let changed = message::set_status(&ctx, id, message, status, given.external_error.as_deref()).await;
    let message = changed.map_err(|error| match error.known() {
        Some(ErrorCode::Forbidden) => Refusal::from(error).with_status(StatusCode::FORBIDDEN),
        _ => error.into(),
    })?;
    shown(&ctx, &message).await
}

/// Takes a message back: its content and files are gone, that there was one stays.
#[utoipa::path(delete, path = "/conversations/{conversation_id}/messages/{message_id}", tag = "messages", responses((status = 200, body = MessageWire)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<DisplayId>, Id(message): Id<MessageId>) -> Answer<MessageWire> {
    let message = message::delete(&ctx, id, message).await?;
    shown(&ctx, &message).await
}

/// Tries once more to deliver a message that failed.
#[utoipa::path(post, path = "/conversations/{conversation_id}/messages/{message_id}/retry", tag = "messages", responses((status = 200, body = MessageWire)))]
async fn retry(Caller(ctx): Caller, Id(id): Id<DisplayId>, Id(message): Id<MessageId>) -> Answer<MessageWire> {
    let message = message::retry(&ctx, id, message).await?;
    shown(&ctx, &message).await
}

async fn shown(ctx: &Ctx, message: &model::message::Message) -> Answer<MessageWire> {
    Ok(Json(Dialect::of(ctx).await?.message(message, None)))
}
