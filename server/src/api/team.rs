//! Teams and who belongs to them.

use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::team::{self, TeamInput};
use domain::{Ctx, agent};
use model::hours::Hours;
use model::team::Team;
use model::{ErrorCode, TeamId, UserId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::{Caller, Id};
use super::inbox::Named;
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::hours::{self, WorkingHours};
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
    /// Whether the team has hours of its own; others keep those of the inbox.
    #[serde(deserialize_with = "lenient::flag")]
    working_hours_enabled: Option<bool>,
    /// A row for each day that is to change.
    #[serde(deserialize_with = "lenient::objects")]
    #[schema(value_type = Option<Vec<WorkingHours>>)]
    working_hours: Option<Vec<Value>>,
    /// Empty: what the inbox says.
    #[serde(deserialize_with = "lenient::erasable")]
    out_of_office_message: Option<String>,
    /// Name in the time zone database.
    #[serde(deserialize_with = "lenient::text")]
    timezone: Option<String>,
}

impl Given {
    /// The hours to be set, when any of them is given.
    fn hours(&self, before: &Hours) -> Result<Option<Hours>, Refusal> {
        let week = self.working_hours.as_ref().map(|rows| hours::read(rows, &before.week)).transpose()?;
        let hours = Hours {
            enabled: self.working_hours_enabled.unwrap_or(before.enabled),
            week: week.unwrap_or_else(|| before.week.clone()),
            timezone: self.timezone.clone().unwrap_or_else(|| before.timezone.clone()),
            message: self.out_of_office_message.clone().unwrap_or_else(|| before.message.clone()),
        };
        Ok((hours != *before).then_some(hours))
    }
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
    let hours = given.hours(&Hours::default())?;
    let name = given.name.ok_or_else(|| Refusal::field("name", ErrorCode::Required))?;
    let new = TeamInput {
        name,
        description: given.description.unwrap_or_default(),
        allow_auto_assign: given.allow_auto_assign.unwrap_or(true),
    };
    let mut team = team::create(&ctx, new).await?;
    if let Some(hours) = hours {
        team.hours = team::set_hours(&ctx, team.id, hours).await?;
    }
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
    let hours = given.hours(&known.hours)?;
    let change = TeamInput {
        name: given.name.unwrap_or(known.name),
        description: given.description.unwrap_or(known.description),
        allow_auto_assign: given.allow_auto_assign.unwrap_or(known.allow_auto_assign),
    };
    let mut team = team::update(&ctx, id, change).await?;
    if let Some(hours) = hours {
        team.hours = team::set_hours(&ctx, id, hours).await?;
    }
    shown(&ctx, &team).await
}

/// Deletes a team. With a `name`, only when it is the team's. For administrators.
#[utoipa::path(delete, path = "/teams/{team_id}", tag = "teams", params(Named), responses((status = 200)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<TeamId>, Query(named): Query<Named>) -> Result<StatusCode, Refusal> {
    match named.name {
        Some(name) => team::delete_named(&ctx, id, &name).await?,
        None => team::delete(&ctx, id).await?,
    }
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
