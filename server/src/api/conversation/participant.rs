//! People who follow a conversation.

use axum::Json;
use axum::http::StatusCode;
use domain::conversation::participant::{self, Change};
use model::DisplayId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Body;
use crate::api::caller::{Caller, Id};
use crate::api::refusal::{Answer, Refusal};
use crate::api::team::People;
use crate::api::wire::Dialect;
use crate::api::wire::person::AgentWire;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, add, set, remove))
}

/// Who follows a conversation.
#[utoipa::path(get, path = "/conversations/{conversation_id}/participants", tag = "conversations", responses((status = 200, body = Vec<AgentWire>)))]
async fn list(Caller(ctx): Caller, Id(id): Id<DisplayId>) -> Answer<Vec<AgentWire>> {
    let agents = participant::list(&ctx, id).await?;
    shown(&ctx, agents).await
}

/// Lets these agents follow a conversation too.
#[utoipa::path(post, path = "/conversations/{conversation_id}/participants", tag = "conversations", request_body = People, responses((status = 200, body = Vec<AgentWire>)))]
async fn add(Caller(ctx): Caller, Id(id): Id<DisplayId>, Body(given): Body<People>) -> Answer<Vec<AgentWire>> {
    let agents = participant::change(&ctx, id, Change::Add, &given.ids()?).await?;
    shown(&ctx, agents).await
}

/// Lets exactly these agents follow a conversation.
#[utoipa::path(patch, path = "/conversations/{conversation_id}/participants", tag = "conversations", request_body = People, responses((status = 200, body = Vec<AgentWire>)))]
async fn set(Caller(ctx): Caller, Id(id): Id<DisplayId>, Body(given): Body<People>) -> Answer<Vec<AgentWire>> {
    let agents = participant::change(&ctx, id, Change::Set, &given.ids()?).await?;
    shown(&ctx, agents).await
}

/// These agents no longer follow a conversation.
#[utoipa::path(delete, path = "/conversations/{conversation_id}/participants", tag = "conversations", request_body = People, responses((status = 200)))]
async fn remove(Caller(ctx): Caller, Id(id): Id<DisplayId>, Body(given): Body<People>) -> Result<StatusCode, Refusal> {
    participant::change(&ctx, id, Change::Remove, &given.ids()?).await?;
    Ok(StatusCode::OK)
}

async fn shown(ctx: &domain::Ctx, agents: Vec<model::agent::Agent>) -> Answer<Vec<AgentWire>> {
    let dialect = Dialect::of(ctx).await?;
    Ok(Json(agents.iter().map(|agent| dialect.agent(agent)).collect()))
}
