//! Teams and who belongs to them.

use axum::Json;
use axum::http::StatusCode;
use domain::team::{self, TeamInput};
use domain::{Ctx, agent};
use model::team::Team;
use model::{ErrorCode, TeamId, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::person::AgentWire;
use super::wire::team::TeamWire;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, update, delete)).routes(routes!(
        members,
        add_members,
        set_members,
        remove_members
    ))
}

/// A team as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = TeamInput)]
struct Given {
    /// Kept in lower case.
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    description: Option<String>,
    /// Whether conversations of the team are given to its members by themselves; yes unless said otherwise.
    #[serde(deserialize_with = "lenient::flag")]
    allow_auto_assign: Option<bool>,
}

impl Input for Given {
    const NAME: &'static str = "team";
}

/// People by their ids.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = UserIds)]
pub struct People {
    #[serde(deserialize_with = "lenient::ints")]
    user_ids: Option<Vec<i64>>,
}

impl Input for People {
    const NAME: &'static str = "team_member";
}

impl People {
    /// The ids, which must be there.
    pub fn ids(self) -> Result<Vec<UserId>, Refusal> {
        let ids = self.user_ids.ok_or_else(|| Refusal::field("user_ids", ErrorCode::Required))?;
        Ok(ids.into_iter().map(UserId).collect())
    }
}

/// All teams.
#[utoipa::path(get, path = "/teams", tag = "teams", responses((status = 200, body = Vec<TeamWire>)))]
async fn list(Caller(ctx): Caller) -> Answer<Vec<TeamWire>> {
    let dialect = Dialect::of(&ctx).await?;
    Ok(Json(team::list(&ctx).await?.iter().map(|team| dialect.team(team)).collect()))
}

/// Makes a team. For administrators.
#[utoipa::path(post, path = "/teams", tag = "teams", request_body = Given, responses((status = 200, body = TeamWire)))]
async fn create(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<TeamWire> {
    let name = given.name.ok_or_else(|| Refusal::field("name", ErrorCode::Required))?;
    let new = TeamInput {
        name,
        description: given.description.unwrap_or_default(),
        allow_auto_assign: given.allow_auto_assign.unwrap_or(true),
    };
    let team = team::create(&ctx, new).await?;
    shown(&ctx, &team).await
}

/// One team.
#[utoipa::path(get, path = "/teams/{team_id}", tag = "teams", responses((status = 200, body = TeamWire)))]
async fn show(Caller(ctx): Caller, Id(id): Id<TeamId>) -> Answer<TeamWire> {
    let team = team::get(&ctx, id).await?;
    shown(&ctx, &team).await
}

/// Changes a team. For administrators.
#[utoipa::path(patch, path = "/teams/{team_id}", tag = "teams", request_body = Given, responses((status = 200, body = TeamWire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<TeamId>, Body(given): Body<Given>) -> Answer<TeamWire> {
    let known = team::get(&ctx, id).await?;
    let change = TeamInput {
        name: given.name.unwrap_or(known.name),
        description: given.description.unwrap_or(known.description),
        allow_auto_assign: given.allow_auto_assign.unwrap_or(known.allow_auto_assign),
    };
    let team = team::update(&ctx, id, change).await?;
    shown(&ctx, &team).await
}

/// Deletes a team. For administrators.
#[utoipa::path(delete, path = "/teams/{team_id}", tag = "teams", responses((status = 200)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<TeamId>) -> Result<StatusCode, Refusal> {
    team::delete(&ctx, id).await?;
    Ok(StatusCode::OK)
}

/// Who belongs to a team.
#[utoipa::path(get, path = "/teams/{team_id}/team_members", tag = "teams", responses((status = 200, body = Vec<AgentWire>)))]
async fn members(Caller(ctx): Caller, Id(id): Id<TeamId>) -> Answer<Vec<AgentWire>> {
    let team = team::get(&ctx, id).await?;
    people(&ctx, &team.member_ids).await
}

/// Adds people to a team; answers those who are new in it. For administrators.
#[utoipa::path(post, path = "/teams/{team_id}/team_members", tag = "teams", request_body = People, responses((status = 200, body = Vec<AgentWire>)))]
async fn add_members(Caller(ctx): Caller, Id(id): Id<TeamId>, Body(given): Body<People>) -> Answer<Vec<AgentWire>> {
    let before = team::get(&ctx, id).await?.member_ids;
    let team = team::add_members(&ctx, id, &given.ids()?).await.map_err(strangers)?;
    let new: Vec<_> = team.member_ids.into_iter().filter(|user| !before.contains(user)).collect();
    people(&ctx, &new).await
}

/// Makes these people, and nobody else, the members of a team. For administrators.
#[utoipa::path(patch, path = "/teams/{team_id}/team_members", tag = "teams", request_body = People, responses((status = 200, body = Vec<AgentWire>)))]
async fn set_members(Caller(ctx): Caller, Id(id): Id<TeamId>, Body(given): Body<People>) -> Answer<Vec<AgentWire>> {
    let team = team::set_members(&ctx, id, given.ids()?).await.map_err(strangers)?;
    people(&ctx, &team.member_ids).await
}

/// Takes people out of a team. For administrators.
#[utoipa::path(delete, path = "/teams/{team_id}/team_members", tag = "teams", request_body = People, responses((status = 200)))]
async fn remove_members(
    Caller(ctx): Caller,
    Id(id): Id<TeamId>,
    Body(given): Body<People>,
) -> Result<StatusCode, Refusal> {
    team::remove_members(&ctx, id, &given.ids()?).await.map_err(strangers)?;
    Ok(StatusCode::OK)
}

async fn shown(ctx: &Ctx, team: &Team) -> Answer<TeamWire> {
    Ok(Json(Dialect::of(ctx).await?.team(team)))
}

async fn people(ctx: &Ctx, ids: &[UserId]) -> Answer<Vec<AgentWire>> {
    let mut agents = agent::list(ctx).await?;
    agents.retain(|agent| ids.contains(&agent.id));
    Ok(Json(Dialect::of(ctx).await?.agents(&agents)))
}

/// The dialect answers 401 to ids of people who are not in the account.
fn strangers(error: domain::Error) -> Refusal {
    let is_about_people = matches!(&error, domain::Error::Known(known) if known.code == ErrorCode::Invalid && known.field.as_deref() == Some("user_ids"));
    let refusal = Refusal::from(error);
    if is_about_people { refusal.with_status(StatusCode::UNAUTHORIZED) } else { refusal }
}
