//! What people want to be told: their own business, in each account.

use model::notification::{NotificationKind, NotificationSwitch};

use super::store;
use crate::{Ctx, Result};

/// What one can be told in the account, and whether one wants to be.
pub async fn get(ctx: &Ctx) -> Result<Vec<NotificationSwitch>> {
    let agent = ctx.agent()?;
    let muted = store::muted(ctx.db(), agent.account_id, agent.user_id).await?;
    let kinds = NotificationKind::ALL.iter().copied().filter(|kind| kind.is_for(agent.role));
    Ok(kinds.map(|kind| NotificationSwitch { kind, on: !muted.contains(&kind) }).collect())
}

/// Switches what is named on or off; the rest stays.
pub async fn set(ctx: &Ctx, switches: &[NotificationSwitch]) -> Result<Vec<NotificationSwitch>> {
    let agent = ctx.agent()?;
    let mut work = ctx.begin().await?;
    for switch in switches.iter().filter(|switch| switch.kind.is_for(agent.role)) {
        store::switch(&mut work.tx, agent.account_id, agent.user_id, switch.kind, switch.on).await?;
    }
    work.commit().await?;
    get(ctx).await
}
