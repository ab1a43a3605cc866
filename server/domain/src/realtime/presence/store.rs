//! The SQL of who is here: what the nodes on one database tell each other, and what assignment goes by.

use std::collections::HashSet;

use db::{Conn, Db, Tx, sql};
use model::{AccountId, Millis, UserId};

use crate::Result;

/// This program is at work until then.
pub async fn keep_node(tx: &mut Tx, node: &str, until: Millis) -> Result<()> {
    sql!("insert into nodes (id, until) values ($1, $2) on conflict (id) do update set until = excluded.until")
        .bind(node)
        .bind(until)
        .execute(tx)
        .await?;
    Ok(())
}

/// A member of the account has a page open with this node.
pub async fn arrive(tx: &mut Tx, node: &str, account: AccountId, user: UserId) -> Result<bool> {
    let arrived = sql!(
        "insert into agents_here (node_id, account_id, user_id)
         select $1, account_id, user_id from account_users where account_id = $2 and user_id = $3
         on conflict (account_id, user_id, node_id) do nothing"
    )
    .bind(node)
    .bind(account)
    .bind(user)
    .execute(tx)
    .await?;
    Ok(arrived > 0)
}

/// They have none any more.
pub async fn leave(tx: &mut Tx, node: &str, account: AccountId, user: UserId) -> Result<()> {
    sql!("delete from agents_here where node_id = $1 and account_id = $2 and user_id = $3")
        .bind(node)
        .bind(account)
        .bind(user)
        .execute(tx)
        .await?;
    Ok(())
}

/// Who is noted as being with this node.
pub async fn with_node<'c>(on: impl Into<Conn<'c>>, node: &str) -> Result<Vec<(AccountId, UserId)>> {
    Ok(sql!("select account_id, user_id from agents_here where node_id = $1").bind(node).fetch_all(on).await?)
}

/// The members of an account who have a page open with any node.
pub async fn here(db: &Db, account: AccountId, now: Millis) -> Result<HashSet<UserId>> {
    let rows: Vec<(UserId,)> = sql!(
        "select distinct h.user_id from agents_here h join nodes n on n.id = h.node_id
         where h.account_id = $1 and n.until > $2"
    )
    .bind(account)
    .bind(now)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Whether somebody has a page open with any node.
pub async fn is_here(db: &Db, account: AccountId, user: UserId, now: Millis) -> Result<bool> {
    let (here,): (bool,) = sql!(
        "select exists (select 1 from agents_here h join nodes n on n.id = h.node_id
         where h.account_id = $1 and h.user_id = $2 and n.until > $3)"
    )
    .bind(account)
    .bind(user)
    .bind(now)
    .fetch_one(db)
    .await?;
    Ok(here)
}

/// Whether the word of some node no longer holds.
pub async fn is_any_dead(db: &Db, now: Millis) -> Result<bool> {
    let (dead,): (bool,) =
        sql!("select exists (select 1 from nodes where until <= $1)").bind(now).fetch_one(db).await?;
    Ok(dead)
}

/// Forgets nodes that have said nothing for a while; who was with them.
pub async fn bury(tx: &mut Tx, now: Millis) -> Result<Vec<(AccountId, UserId)>> {
    let gone = sql!(
        "delete from agents_here where node_id in (select id from nodes where until <= $1) returning account_id, user_id"
    )
    .bind(now)
    .fetch_all(&mut *tx)
    .await?;
    sql!("delete from nodes where until <= $1").bind(now).execute(tx).await?;
    Ok(gone)
}
