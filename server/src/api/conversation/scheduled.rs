//! Messages that wait for their time.

use axum::Json;
use axum::http::StatusCode;
use domain::conversation;
use domain::message::scheduled::{self, Change, Outcome, When};
use model::{DisplayId, ErrorCode, ScheduledId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::{Body, Form, Input};
use crate::api::caller::{Caller, Id};
use crate::api::lenient;
use crate::api::message::NewMessage;
use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::Dialect;
use crate::api::wire::message::MessageWire;
use crate::api::wire::scheduled::ScheduledWire;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, cancel)).routes(routes!(send_now))
}

/// A message and its time.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
struct ScheduledMessageInput {
    #[serde(flatten)]
    message: NewMessage,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::int")]
    send_at: Option<i64>,
}

impl Input for ScheduledMessageInput {
    const NAME: &'static str = "scheduled_message";
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ScheduledMessageChange {
    #[serde(deserialize_with = "lenient::text")]
    content: Option<String>,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::int")]
    send_at: Option<i64>,
}

impl Input for ScheduledMessageChange {
    const NAME: &'static str = "scheduled_message";
}

/// What waits in a conversation, the next first.
#[utoipa::path(get, path = "/conversations/{conversation_id}/scheduled_messages", tag = "messages", responses((status = 200, body = Vec<ScheduledWire>)))]
async fn list(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Answer<Vec<ScheduledWire>> {
    let waiting = scheduled::list(&ctx, id).await?;
    let dialect = Dialect::of(&ctx).await?;
    Ok(Json(waiting.into_iter().map(|scheduled| dialect.scheduled(scheduled)).collect()))
}

/// Lets a message wait until a time. Resolving the conversation does not cancel it.
#[utoipa::path(post, path = "/conversations/{conversation_id}/scheduled_messages", tag = "messages", request_body = ScheduledMessageInput, responses((status = 200, body = ScheduledWire)))]
async fn create(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    form: Form<ScheduledMessageInput>,
) -> Answer<ScheduledWire> {
    conversation::access(&ctx, id).await?;
    let (given, files) = form.list("attachments");
    let at = given.send_at.ok_or_else(|| Refusal::field("send_at", ErrorCode::Required))?;
    let draft = given.message.draft(files)?;
    match scheduled::schedule(&ctx, id, draft, When::At(at.saturating_mul(1_000))).await? {
        Outcome::Waits(waiting) => Ok(Json(Dialect::of(&ctx).await?.scheduled(waiting))),
        Outcome::Sent(_) => Err(Refusal::field("echo_id", ErrorCode::Taken)),
    }
}

/// Changes what waits. For its writer.
#[utoipa::path(patch, path = "/conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}", tag = "messages", request_body = ScheduledMessageChange, responses((status = 200, body = ScheduledWire)))]
async fn update(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Id(scheduled): Id<ScheduledId>,
    Body(given): Body<ScheduledMessageChange>,
) -> Answer<ScheduledWire> {
    let send_at = given.send_at.map(|seconds| seconds.saturating_mul(1_000));
    let changed = scheduled::update(&ctx, id, scheduled, Change { content: given.content, send_at }).await?;
    Ok(Json(Dialect::of(&ctx).await?.scheduled(changed)))
}

/// Does not send it after all.
#[utoipa::path(delete, path = "/conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}", tag = "messages", responses((status = 200)))]
async fn cancel(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Id(scheduled): Id<ScheduledId>,
) -> Result<StatusCode, Refusal> {
    scheduled::cancel(&ctx, id, scheduled).await?;
    Ok(StatusCode::OK)
}

/// Sends it at once.
#[utoipa::path(post, path = "/conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}/send_now", tag = "messages", responses((status = 200, body = MessageWire)))]
async fn send_now(Caller(ctx): Caller, Id(id): Id<DisplayId>, Id(scheduled): Id<ScheduledId>) -> Answer<MessageWire> {
    let message = scheduled::send_now(&ctx, id, scheduled).await?;
    Ok(Json(Dialect::of(&ctx).await?.message(&message, None)))
}
