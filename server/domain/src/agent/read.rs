//! Agents as colleagues see them.

use model::agent::Agent;
use model::{AccountId, UserId};

use super::store::{self, Row};
use crate::message::attachment::avatar_url;
use crate::realtime::presence::Who;
use crate::{Ctx, Result};

/// A member of an account.
pub async fn one(ctx: &Ctx, account: AccountId, user: UserId) -> Result<Option<Agent>> {
    let row = store::agent(ctx.db(), account, user).await?;
    Ok(row.map(|row| shown(ctx, account, row)))
}

/// All members of an account, by name.
pub async fn all(ctx: &Ctx, account: AccountId) -> Result<Vec<Agent>> {
    let rows = store::agents(ctx.db(), account).await?;
    Ok(rows.into_iter().map(|row| shown(ctx, account, row)).collect())
}

fn shown(ctx: &Ctx, account: AccountId, row: Row) -> Agent {
    let who = Who::User(account, row.id);
    let availability = ctx.app.hub.presence.availability(who, row.availability, row.auto_offline, ctx.now());
    Agent {
        id: row.id,
        account_id: account,
        display_name: if row.display_name.is_empty() { row.name.clone() } else { row.display_name },
        name: row.name,
        email: row.email,
        role: row.role,
        availability,
        auto_offline: row.auto_offline,
        confirmed: row.confirmed,
        avatar_url: row.avatar_key.as_deref().map(avatar_url),
    }
}
