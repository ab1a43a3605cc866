//! Agents as colleagues see them.

use model::agent::Agent;
use model::{AccountId, Availability, UserId};

use super::store::{self, Row};
use crate::message::attachment::avatar_url;
use crate::realtime::presence;
use crate::{Ctx, Result};

/// A member of an account.
pub async fn one(ctx: &Ctx, account: AccountId, user: UserId) -> Result<Option<Agent>> {
    let Some(row) = store::agent(ctx.db(), account, user).await? else { return Ok(None) };
    let availability = presence::availability(ctx, account, user, row.availability, row.auto_offline).await?;
    Ok(Some(shown(account, availability, row)))
}

/// All members of an account, by name.
pub async fn all(ctx: &Ctx, account: AccountId) -> Result<Vec<Agent>> {
    let (rows, here) = tokio::try_join!(store::agents(ctx.db(), account), presence::agents_here(ctx, account))?;
    let shown = |row: Row| {
        let is_away = row.auto_offline && !here.contains(&row.id);
        let availability = if is_away { Availability::Offline } else { row.availability };
        shown(account, availability, row)
    };
    Ok(rows.into_iter().map(shown).collect())
}

fn shown(account: AccountId, availability: Availability, row: Row) -> Agent {
    Agent {
        id: row.id,
        account_id: account,
        display_name: if row.display_name.is_empty() { row.name.clone() } else { row.display_name },
        name: row.name,
        email: row.email,
        role: row.role,
        availability,
        auto_offline: row.auto_offline,
        assignment_limit: row.assignment_limit,
        confirmed: row.confirmed,
        avatar_url: row.avatar_key.as_deref().map(avatar_url),
    }
}
