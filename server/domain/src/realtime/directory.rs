//! The lists of an account that payloads refer to: inboxes, agents, teams. Without asking who reads; callers have asked.

use std::collections::HashMap;

use model::agent::Agent;
use model::inbox::Inbox;
use model::team::Team;
use model::{AccountId, InboxId, TeamId, UserId};
use text::Lang;

use crate::{Ctx, Result, account, agent, inbox, team};

/// An account's lists by id.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    pub inboxes: HashMap<InboxId, Inbox>,
    pub agents: HashMap<UserId, Agent>,
    pub teams: HashMap<TeamId, Team>,
    /// The account's language.
    pub lang: Lang,
}

/// Reads the lists.
pub async fn read(ctx: &Ctx, id: AccountId) -> Result<Directory> {
    let inboxes = inbox::read::all(ctx, id).await?;
    let agents = agent::read::all(ctx, id).await?;
    let teams = team::store::list(ctx.db(), id).await?;
    let lang = account::store::get(ctx.db(), id).await?.and_then(|account| account.locale.parse().ok());
    Ok(Directory {
        lang: lang.unwrap_or_default(),
        inboxes: inboxes.into_iter().map(|inbox| (inbox.id, inbox)).collect(),
        agents: agents.into_iter().map(|agent| (agent.id, agent)).collect(),
        teams: teams.into_iter().map(|team| (team.id, team)).collect(),
    })
}
