//! The SQL of a person's own side of their memberships.

use db::{Db, Tx, sql};
use model::{AccountId, Availability, Millis, Role, UserId};

use crate::Result;

/// A membership with what the person has set in it.
#[derive(sqlx::FromRow)]
pub struct SeatRow {
    pub account_id: AccountId,
    pub name: String,
    pub role: Role,
    pub availability: Availability,
    pub auto_offline: bool,
    pub active_at: Millis,
}

/// The memberships of somebody in accounts that may be worked in.
pub async fn seats(db: &Db, user: UserId) -> Result<Vec<SeatRow>> {
    Ok(sql!(
        "select au.account_id, a.name, au.role, au.availability, au.auto_offline, au.active_at
         from account_users au join accounts a on a.id = au.account_id
         where au.user_id = $1 and not a.suspended order by lower(a.name), a.id"
    )
    .bind(user)
    .fetch_all(db)
    .await?)
}

/// Somebody turned to an account.
pub async fn set_active(tx: &mut Tx, account: AccountId, user: UserId, now: Millis) -> Result<()> {
    sql!("update account_users set active_at = $3 where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
