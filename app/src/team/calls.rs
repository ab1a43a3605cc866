//! Teams.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::hours::Hours;
use model::team::{Gaps, Team};
use model::{AccountId, TeamId, UserId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// A team as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamInput {
    pub name: String,
    pub description: String,
    pub allow_auto_assign: bool,
    pub member_ids: Vec<UserId>,
}

/// Writes a team with its members: a new one without an id.
#[server(name = SaveTeam, prefix = "/app/api", endpoint = "team/save", input = Json)]
pub async fn save(account: AccountId, id: Option<TeamId>, team: TeamInput) -> Result<Team, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let TeamInput { name, description, allow_auto_assign, member_ids } = team;
    let input = domain::team::TeamInput { name, description, allow_auto_assign };
    let saved = match id {
        Some(id) => domain::team::update(&ctx, id, input).await?,
        None => domain::team::create(&ctx, input).await?,
    };
    Ok(domain::team::set_members(&ctx, saved.id, member_ids).await?)
}

/// Deletes a team. Its name says that whoever asks knows what they are about to lose.
#[server(name = DeleteTeam, prefix = "/app/api", endpoint = "team/delete", input = Json)]
pub async fn delete(account: AccountId, id: TeamId, name: String) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::team::delete_named(&ctx, id, &name).await?)
}

/// Who of a team does not see all of its conversations.
#[server(name = ReadTeamGaps, prefix = "/app/api", endpoint = "team/gaps", input = Json)]
pub async fn gaps(account: AccountId, id: TeamId) -> Result<Gaps, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::team::gaps(&ctx, id).await?)
}

/// When a team answers.
#[server(name = ReadTeamHours, prefix = "/app/api", endpoint = "team/hours", input = Json)]
pub async fn hours(account: AccountId, id: TeamId) -> Result<Hours, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::team::hours(&ctx, id).await?)
}

/// Says when a team answers.
#[server(name = SetTeamHours, prefix = "/app/api", endpoint = "team/set_hours", input = Json)]
pub async fn set_hours(account: AccountId, id: TeamId, hours: Hours) -> Result<Hours, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::team::set_hours(&ctx, id, hours).await?)
}
