//! Who belongs where.

use std::collections::HashSet;

use db::{Db, sql};
use model::{AccountId, InboxId, Role, UserId};

/// Role and name of a person in an account, and whether the account is suspended.
pub async fn membership(db: &Db, account: AccountId, user: UserId) -> db::Result<Option<(Role, String, bool)>> {
    sql!(
        "select au.role, u.name, a.suspended from account_users au
         join users u on u.id = au.user_id
         join accounts a on a.id = au.account_id
         where au.account_id = $1 and au.user_id = $2"
    )
    .bind(account)
    .bind(user)
    .fetch_optional(db)
    .await
}

/// The inboxes a person is a member of.
pub async fn inboxes(db: &Db, account: AccountId, user: UserId) -> db::Result<HashSet<InboxId>> {
    let rows: Vec<(InboxId,)> = sql!("select inbox_id from inbox_members where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
