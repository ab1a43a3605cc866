//! Working a conversation: status, owner, what was seen, typing, files.

use axum::Json;
use axum::http::StatusCode;
use domain::conversation::{assign, mute, seen, status, transcript, typing};
use domain::message;
use model::{ConversationStatus, DisplayId, ErrorCode, MessageId, TeamId, UserId};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::priority;
use super::shown;
use crate::api::agent::word;
use crate::api::body::{Body, Input, Params};
use crate::api::caller::{Caller, Id};
use crate::api::lenient;
use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::Dialect;
use crate::api::wire::attachment::ListedAttachment;
use crate::api::wire::conversation::ConversationWire;
use crate::api::wire::person::{AgentWire, Reader};
use crate::api::wire::team::TeamWire;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(toggle_status))
        .routes(routes!(toggle_priority))
        .routes(routes!(toggle_typing_status))
        .routes(routes!(update_last_seen))
        .routes(routes!(unread))
        .routes(routes!(mute))
        .routes(routes!(send_transcript))
        .routes(routes!(unmute))
        .routes(routes!(assign))
        .routes(routes!(attachments))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct StatusInput {
    /// `open`, `resolved`, `pending` or `snoozed`. Without it, open becomes resolved and everything else open.
    #[serde(deserialize_with = "lenient::text")]
    status: Option<String>,
    /// Unix seconds; without it a snooze lasts until the contact writes.
    #[serde(deserialize_with = "lenient::int")]
    snoozed_until: Option<i64>,
}

impl Input for StatusInput {
    const NAME: &'static str = "conversation";
}

#[derive(Serialize, ToSchema)]
struct StatusAnswer {
    #[schema(value_type = Object)]
    meta: Map<String, Value>,
    payload: StatusNow,
}

#[derive(Serialize, ToSchema)]
struct StatusNow {
    success: bool,
    conversation_id: i64,
    current_status: String,
    /// ISO 8601.
    snoozed_until: Option<String>,
}

/// Changes the status of a conversation.
#[utoipa::path(post, path = "/conversations/{conversation_id}/toggle_status", tag = "conversations", request_body = StatusInput, responses((status = 200, body = StatusAnswer)))]
async fn toggle_status(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Body(given): Body<StatusInput>,
) -> Answer<StatusAnswer> {
    let until = given.snoozed_until.map(|seconds| seconds.saturating_mul(1_000));
    let wanted = word::<ConversationStatus>("status", given.status.as_deref().filter(|status| !status.is_empty()))?;
    let conversation = match wanted {
        Some(wanted) => status::set(&ctx, id, wanted, until).await?,
        None => status::toggle(&ctx, id).await?,
    };
    let wire = Dialect::of(&ctx).await?.conversation(&conversation, &message::read::Last::default());
    let payload = StatusNow {
        success: true,
        conversation_id: wire.id,
        current_status: wire.status,
        snoozed_until: wire.snoozed_until,
    };
    Ok(Json(StatusAnswer { meta: Map::new(), payload }))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct TranscriptInput {
    /// Where it goes; several with commas between.
    #[serde(deserialize_with = "lenient::text")]
    email: Option<String>,
}

impl Input for TranscriptInput {
    const NAME: &'static str = "conversation";
}

/// Mails what was said, without the notes.
#[utoipa::path(post, path = "/conversations/{conversation_id}/transcript", tag = "conversations", request_body = TranscriptInput, responses((status = 200)))]
async fn send_transcript(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Body(given): Body<TranscriptInput>,
) -> Result<StatusCode, Refusal> {
    transcript::send(&ctx, id, given.email.as_deref().unwrap_or_default()).await?;
    Ok(StatusCode::OK)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct PriorityInput {
    /// `low`, `medium`, `high`, `urgent` or null.
    #[serde(deserialize_with = "lenient::text")]
    priority: Option<String>,
}

impl Input for PriorityInput {
    const NAME: &'static str = "conversation";
}

/// Says how urgent a conversation is.
#[utoipa::path(post, path = "/conversations/{conversation_id}/toggle_priority", tag = "conversations", request_body = PriorityInput, responses((status = 200)))]
async fn toggle_priority(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Body(given): Body<PriorityInput>,
) -> Result<StatusCode, Refusal> {
    status::set_priority(&ctx, id, priority(given.priority.as_deref())?).await?;
    Ok(StatusCode::OK)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct TypingInput {
    /// `on` or `off`.
    #[serde(deserialize_with = "lenient::text")]
    typing_status: Option<String>,
    /// A private note is being written.
    #[serde(deserialize_with = "lenient::flag")]
    is_private: Option<bool>,
}

impl Input for TypingInput {
    const NAME: &'static str = "conversation";
}

/// Tells the others that the agent is typing.
#[utoipa::path(post, path = "/conversations/{conversation_id}/toggle_typing_status", tag = "conversations", request_body = TypingInput, responses((status = 200)))]
async fn toggle_typing_status(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Body(given): Body<TypingInput>,
) -> Result<StatusCode, Refusal> {
    let on = match given.typing_status.as_deref() {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(Refusal::field("typing_status", ErrorCode::Invalid)),
    };
    typing::by_agent(&ctx, id, on, given.is_private.unwrap_or_default()).await?;
    Ok(StatusCode::OK)
}

/// The agent has seen everything up to now.
#[utoipa::path(post, path = "/conversations/{conversation_id}/update_last_seen", tag = "conversations", responses((status = 200, body = ConversationWire)))]
async fn update_last_seen(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Answer<ConversationWire> {
    let conversation = seen::mark(&ctx, id).await?;
    shown::one(&ctx, &conversation).await
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct UnreadInput {
    /// This message and what came after it; without it the contact's last message.
    #[serde(deserialize_with = "lenient::int")]
    message_id: Option<i64>,
}

impl Input for UnreadInput {
    const NAME: &'static str = "conversation";
}

/// The contact's last message, or a message and what came after it, count as unseen again.
#[utoipa::path(post, path = "/conversations/{conversation_id}/unread", tag = "conversations", request_body = UnreadInput, responses((status = 200, body = ConversationWire)))]
async fn unread(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Body(given): Body<UnreadInput>,
) -> Answer<ConversationWire> {
    let conversation = match given.message_id {
        Some(message) => seen::unmark_from(&ctx, id, MessageId(message)).await?,
        None => seen::unmark(&ctx, id).await?,
    };
    shown::one(&ctx, &conversation).await
}

/// Blocks the contact and resolves the conversation.
#[utoipa::path(post, path = "/conversations/{conversation_id}/mute", tag = "conversations", responses((status = 200)))]
async fn mute(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Result<StatusCode, Refusal> {
    mute::mute(&ctx, id).await?;
    Ok(StatusCode::OK)
}

/// The contact is heard again.
#[utoipa::path(post, path = "/conversations/{conversation_id}/unmute", tag = "conversations", responses((status = 200)))]
async fn unmute(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Result<StatusCode, Refusal> {
    mute::unmute(&ctx, id).await?;
    Ok(StatusCode::OK)
}

/// Who gets the conversation. One of the two; 0 and null take it away.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct AssignmentInput {
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    assignee_id: Option<Option<i64>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    team_id: Option<Option<i64>>,
}

impl Input for AssignmentInput {
    const NAME: &'static str = "assignment";
}

/// A number that is named, be it as none.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Ok(Some(lenient::int(deserializer)?.filter(|id| *id != 0)))
}

/// Whose a conversation is.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ConversationOwner)]
enum Owner {
    Agent(AgentWire),
    Team(TeamWire),
}

/// Gives a conversation to an agent or a team; answers them, or null when it is nobody's now.
#[utoipa::path(post, path = "/conversations/{conversation_id}/assignments", tag = "conversations", request_body = AssignmentInput, responses((status = 200, body = Option<Owner>)))]
async fn assign(
    Caller(ctx): Caller,
    Id(id): Id<DisplayId>,
    Body(input): Body<AssignmentInput>,
) -> Answer<Option<Owner>> {
    let owner = match (input.assignee_id, input.team_id) {
        (Some(assignee), _) => {
            let conversation = assign::to_agent(&ctx, id, assignee.map(UserId)).await?;
            let dialect = Dialect::of(&ctx).await?;
            let agent = conversation.row.assignee.and_then(|agent| dialect.directory().agents.get(&agent.id).cloned());
            agent.map(|agent| Owner::Agent(dialect.agent(&agent)))
        }
        (None, Some(team)) => {
            let conversation = assign::to_team(&ctx, id, team.map(TeamId)).await?;
            let dialect = Dialect::of(&ctx).await?;
            let team = conversation.row.team.and_then(|team| dialect.directory().teams.get(&team.id).cloned());
            team.map(|team| Owner::Team(dialect.team(&team)))
        }
        (None, None) => return Err(Refusal::field("assignee_id", ErrorCode::Required)),
    };
    Ok(Json(owner))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Page {
    /// From 1; 100 on a page.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AttachmentList)]
struct Files {
    meta: FilesMeta,
    payload: Vec<ListedAttachment>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AttachmentListMeta)]
struct FilesMeta {
    total_count: i64,
}

/// The files of a conversation, newest first.
#[utoipa::path(get, path = "/conversations/{conversation_id}/attachments", tag = "conversations", params(Page), responses((status = 200, body = Files)))]
async fn attachments(Caller(ctx): Caller, Id(id): Id<DisplayId>, Params(page): Params<Page>) -> Answer<Files> {
    let (files, total_count) = message::files(&ctx, id, page.page.unwrap_or(1).clamp(1, 1_000_000)).await?;
    let dialect = Dialect::of(&ctx).await?;
    let listed = files
        .iter()
        .map(|(file, message)| dialect.listed_attachment(file, dialect.sender(message, None, Reader::Agent)));
    Ok(Json(Files { meta: FilesMeta { total_count }, payload: listed.collect() }))
}
