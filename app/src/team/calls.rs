//! Teams.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::team::Team;
use model::{AccountId, TeamId, UserId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// A team as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Deletes a team.
#[server(name = DeleteTeam, prefix = "/app/api", endpoint = "team/delete", input = Json)]
pub async fn delete(account: AccountId, id: TeamId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::team::delete(&ctx, id).await?)
}
