//! Agents: the members of an account.

use axum::Json;
use axum::http::StatusCode;
use domain::agent::{self, AgentChange, NewAgent};
use domain::inbox::member;
use model::{Availability, ErrorCode, InboxId, Role, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input, Params};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::person::AgentWire;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(bulk_create))
        .routes(routes!(update, remove))
        .routes(routes!(assignable))
}

/// An agent as they are written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = AgentInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    /// Only for new ones.
    #[serde(deserialize_with = "lenient::text")]
    email: Option<String>,
    /// `administrator`, `supervisor`, `agent` or `assistant`.
    #[serde(deserialize_with = "lenient::text")]
    role: Option<String>,
    /// `online`, `busy` or `offline`.
    #[serde(deserialize_with = "lenient::text")]
    availability: Option<String>,
    /// Whether they count as offline while no page of theirs is open.
    #[serde(deserialize_with = "lenient::flag")]
    auto_offline: Option<bool>,
    /// How many open conversations automatic assignment gives them; null: as the account says.
    #[serde(deserialize_with = "lenient::erasable_int")]
    #[schema(value_type = Option<i64>)]
    assignment_limit: Option<Option<i64>>,
}

impl Input for Given {
    const NAME: &'static str = "agent";
}

impl Given {
    fn role(&self) -> Result<Option<Role>, Refusal> {
        word("role", self.role.as_deref())
    }

    fn availability(&self) -> Result<Option<Availability>, Refusal> {
        word("availability", self.availability.as_deref())
    }
}

/// A word of a closed list.
pub fn word<T: std::str::FromStr>(field: &str, text: Option<&str>) -> Result<Option<T>, Refusal> {
    text.map(|text| text.parse().map_err(|_| Refusal::field(field, ErrorCode::Invalid))).transpose()
}

/// Addresses of people to invite.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Emails {
    #[serde(deserialize_with = "lenient::texts")]
    emails: Option<Vec<String>>,
}

impl Input for Emails {
    const NAME: &'static str = "agent";
}

/// Which inboxes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Inboxes {
    /// Repeated: `inbox_ids[]=1&inbox_ids[]=2`.
    #[serde(deserialize_with = "lenient::ints")]
    inbox_ids: Option<Vec<i64>>,
}

/// People in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = AgentList)]
pub struct People {
    pub payload: Vec<AgentWire>,
}

/// All agents, by name.
#[utoipa::path(get, path = "/agents", tag = "agents", responses((status = 200, body = Vec<AgentWire>)))]
async fn list(Caller(ctx): Caller) -> Answer<Vec<AgentWire>> {
    let agents = agent::list(&ctx).await?;
    Ok(Json(Dialect::of(&ctx).await?.agents(&agents)))
}

/// Invites somebody by mail. For administrators.
#[utoipa::path(post, path = "/agents", tag = "agents", request_body = Given, responses((status = 200, body = AgentWire)))]
async fn create(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<AgentWire> {
    let (role, availability) = (given.role()?.unwrap_or(Role::Agent), given.availability()?);
    let new = NewAgent {
        name: given.name.unwrap_or_default(),
        email: given.email.ok_or_else(|| Refusal::field("email", ErrorCode::Required))?,
        role,
        availability,
        auto_offline: given.auto_offline,
        assignment_limit: given.assignment_limit.flatten(),
    };
    let agent = agent::add(&ctx, new).await?;
    Ok(Json(Dialect::of(&ctx).await?.agent(&agent)))
}

/// Invites several people; addresses that are none, or known already, are skipped. For administrators.
#[utoipa::path(post, path = "/agents/bulk_create", tag = "agents", request_body = Emails, responses((status = 200)))]
async fn bulk_create(Caller(ctx): Caller, Body(given): Body<Emails>) -> Result<StatusCode, Refusal> {
    agent::add_many(&ctx, given.emails.ok_or_else(|| Refusal::field("emails", ErrorCode::Required))?).await?;
    Ok(StatusCode::OK)
}

/// Changes an agent. For administrators.
#[utoipa::path(patch, path = "/agents/{user_id}", tag = "agents", request_body = Given, responses((status = 200, body = AgentWire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<UserId>, Body(given): Body<Given>) -> Answer<AgentWire> {
    let change = AgentChange {
        role: given.role()?,
        availability: given.availability()?,
        name: given.name,
        auto_offline: given.auto_offline,
        assignment_limit: given.assignment_limit,
    };
    let agent = agent::update(&ctx, id, change).await?;
    Ok(Json(Dialect::of(&ctx).await?.agent(&agent)))
}

/// Takes somebody out of the account; their open conversations are nobody's then. For administrators.
#[utoipa::path(delete, path = "/agents/{user_id}", tag = "agents", responses((status = 200)))]
async fn remove(Caller(ctx): Caller, Id(id): Id<UserId>) -> Result<StatusCode, Refusal> {
    agent::remove(&ctx, id).await?;
    Ok(StatusCode::OK)
}

/// Who can be given conversations of all these inboxes.
#[utoipa::path(get, path = "/assignable_agents", tag = "agents", params(Inboxes), responses((status = 200, body = People)))]
async fn assignable(Caller(ctx): Caller, Params(given): Params<Inboxes>) -> Answer<People> {
    let ids: Vec<InboxId> = given.inbox_ids.unwrap_or_default().into_iter().map(InboxId).collect();
    let agents = member::assignable(&ctx, &ids).await?;
    Ok(Json(People { payload: Dialect::of(&ctx).await?.agents(&agents) }))
}
