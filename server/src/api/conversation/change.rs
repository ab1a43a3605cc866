//! Opening, showing, changing and deleting one conversation.

use axum::Json;
use axum::http::StatusCode;
use domain::conversation::create::{self, NewConversation};
use domain::conversation::{self, attribute, label, status};
use domain::message::send::Draft;
use model::{ContactId, ConversationStatus, DisplayId, ErrorCode, InboxId, Priority, TeamId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::shown;
use crate::api::agent::word;
use crate::api::body::{Body, Form, Input};
use crate::api::caller::{Caller, Id};
use crate::api::lenient;
use crate::api::message::NewMessage;
use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::conversation::ConversationWire;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(show, update, delete))
        .routes(routes!(merge))
        .routes(routes!(undo_merge))
        .routes(routes!(custom_attributes))
        .routes(routes!(labels, set_labels))
}

/// A conversation as it is opened.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ConversationInput)]
struct Given {
    #[serde(deserialize_with = "lenient::int")]
    inbox_id: Option<i64>,
    #[serde(deserialize_with = "lenient::int")]
    contact_id: Option<i64>,
    /// The contact's name in the channel, instead of the contact.
    #[serde(deserialize_with = "lenient::text")]
    source_id: Option<String>,
    /// `open` unless said otherwise.
    #[serde(deserialize_with = "lenient::text")]
    status: Option<String>,
    #[serde(deserialize_with = "lenient::int")]
    assignee_id: Option<i64>,
    #[serde(deserialize_with = "lenient::int")]
    team_id: Option<i64>,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::int")]
    snoozed_until: Option<i64>,
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    additional_attributes: Option<Value>,
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    custom_attributes: Option<Value>,
    /// The first message.
    message: Option<NewMessage>,
}

impl Input for Given {
    const NAME: &'static str = "conversation";
}

/// What can be changed of a conversation by itself.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ConversationChange)]
struct Change {
    /// `low`, `medium`, `high`, `urgent` or null.
    #[serde(deserialize_with = "lenient::erasable")]
    priority: Option<String>,
}

impl Input for Change {
    const NAME: &'static str = "conversation";
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = CustomAttributesInput)]
struct Attributes {
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    custom_attributes: Option<Value>,
}

impl Input for Attributes {
    const NAME: &'static str = "conversation";
}

#[derive(Serialize, ToSchema)]
#[schema(as = CustomAttributesAnswer)]
struct AttributesAnswer {
    #[schema(value_type = Object)]
    custom_attributes: Value,
}

/// Titles of labels.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Titles {
    #[serde(deserialize_with = "lenient::texts")]
    labels: Option<Vec<String>>,
}

impl Input for Titles {
    const NAME: &'static str = "conversation";
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationLabels)]
struct TitlesAnswer {
    payload: Vec<String>,
}

/// Opens a conversation with a contact, with a first message when there is one.
#[utoipa::path(post, path = "/conversations", tag = "conversations", request_body = Given, responses((status = 200, body = ConversationWire)))]
async fn create(Caller(ctx): Caller, form: Form<Given>) -> Answer<ConversationWire> {
    let (given, files) = form.list("message[attachments]");
    let message = match (given.message, files) {
        (Some(message), files) => Some(message.draft(files)?),
        (None, files) if !files.is_empty() => Some(Draft { files, ..Draft::default() }),
        (None, _) => None,
    };
    let new = NewConversation {
        inbox_id: given.inbox_id.map(InboxId),
        contact_id: given.contact_id.map(ContactId),
        source_id: given.source_id.filter(|source| !source.is_empty()),
        status: word::<ConversationStatus>("status", given.status.as_deref())?,
        assignee_id: given.assignee_id.filter(|id| *id != 0).map(UserId),
        team_id: given.team_id.filter(|id| *id != 0).map(TeamId),
        snoozed_until: given.snoozed_until.map(|seconds| seconds.saturating_mul(1_000)),
        additional_attributes: given.additional_attributes,
        custom_attributes: given.custom_attributes,
        message,
    };
    let conversation = create::create(&ctx, new).await?;
    shown::one(&ctx, &conversation).await
}

/// One conversation.
#[utoipa::path(get, path = "/conversations/{conversation_id}", tag = "conversations", responses((status = 200, body = ConversationWire)))]
async fn show(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Answer<ConversationWire> {
    let conversation = conversation::get(&ctx, id).await?;
    shown::one(&ctx, &conversation).await
}

/// Changes the priority of a conversation.
#[utoipa::path(patch, path = "/conversations/{conversation_id}", tag = "conversations", request_body = Change, responses((status = 200, body = ConversationWire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<DisplayId>, Body(given): Body<Change>) -> Answer<ConversationWire> {
    let conversation = match given.priority {
        Some(priority) => status::set_priority(&ctx, id, self::priority(Some(&priority))?).await?,
        None => conversation::get(&ctx, id).await?,
    };
    shown::one(&ctx, &conversation).await
}

/// A priority; blank, `null` and `none` take it away.
pub(in crate::api) fn priority(text: Option<&str>) -> Result<Option<Priority>, Refusal> {
    match text {
        None | Some("" | "null" | "none") => Ok(None),
        text => word("priority", text),
    }
}

/// Deletes a conversation with its messages. For administrators.
#[utoipa::path(delete, path = "/conversations/{conversation_id}", tag = "conversations", responses((status = 200)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Result<StatusCode, Refusal> {
    conversation::delete(&ctx, id).await?;
    Ok(StatusCode::OK)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct MergeInput {
    /// The conversation whose messages go over. It stays, resolved, and says where they went.
    #[serde(deserialize_with = "lenient::int")]
    conversation_id: Option<i64>,
}

impl Input for MergeInput {
    const NAME: &'static str = "conversation";
}

/// Takes over everything of another conversation of the same contact.
#[utoipa::path(post, path = "/conversations/{conversation_id}/merge", tag = "conversations", request_body = MergeInput, responses((status = 200, body = ConversationWire)))]
async fn merge(Caller(ctx): Caller, Id(id): Id<DisplayId>, Body(given): Body<MergeInput>) -> Answer<ConversationWire> {
    let from = given.conversation_id.ok_or_else(|| Refusal::field("conversation_id", ErrorCode::Required))?;
    let conversation = conversation::merge::merge(&ctx, DisplayId(from), id).await?;
    shown::one(&ctx, &conversation).await
}

/// Takes the merge apart by which this conversation went into another, up to an hour after it.
#[utoipa::path(post, path = "/conversations/{conversation_id}/merge/undo", tag = "conversations", responses((status = 200, body = ConversationWire)))]
async fn undo_merge(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Answer<ConversationWire> {
    let conversation = conversation::merge::undo(&ctx, id).await?;
    shown::one(&ctx, &conversation).await
}

/// Replaces all custom attributes.
#[utoipa::path(post, path = "/conversations/{conversation_id}/custom_attributes", tag = "conversations", request_body = Attributes, responses((status = 200, body = AttributesAnswer)))]
async fn custom_attributes(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Body(given): Body<Attributes>,
) -> Answer<AttributesAnswer> {
    let attributes = given.custom_attributes.unwrap_or_else(|| json!({}));
    let custom_attributes = attribute::replace(&ctx, id, attributes).await?;
    Ok(Json(AttributesAnswer { custom_attributes }))
}

/// The labels of a conversation.
#[utoipa::path(get, path = "/conversations/{conversation_id}/labels", tag = "conversations", responses((status = 200, body = TitlesAnswer)))]
async fn labels(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Answer<TitlesAnswer> {
    Ok(Json(TitlesAnswer { payload: label::list(&ctx, id).await? }))
}

/// Makes exactly these the labels of a conversation; titles that the account does not have are left out.
#[utoipa::path(post, path = "/conversations/{conversation_id}/labels", tag = "conversations", request_body = Titles, responses((status = 200, body = TitlesAnswer)))]
async fn set_labels(Caller(ctx): Caller, Id(id): Id<DisplayId>, Body(given): Body<Titles>) -> Answer<TitlesAnswer> {
    let titles = given.labels.ok_or_else(|| Refusal::field("labels", ErrorCode::Required))?;
    Ok(Json(TitlesAnswer { payload: label::set(&ctx, id, &titles).await? }))
}
