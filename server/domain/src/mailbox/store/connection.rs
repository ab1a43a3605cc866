//! The SQL of connections to mailboxes.

use db::{Conn, Db, Json, Tx, sql};
use model::{AccountId, InboxId, Millis};
use serde_json::Value;

use crate::Result;

#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub config: Json<Value>,
    pub secrets: Vec<u8>,
    pub enabled: bool,
    pub trouble: Option<String>,
    pub trouble_said: Option<String>,
    pub failures: i64,
    pub retry_at: Millis,
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, account: AccountId, inbox: InboxId) -> Result<Option<Row>> {
    Ok(sql!(
        "select config, secrets, enabled, trouble, trouble_said, failures, retry_at from mailbox_connections
         where account_id = $1 and inbox_id = $2"
    )
    .bind(account)
    .bind(inbox)
    .fetch_optional(on)
    .await?)
}

/// Keeps what was tried and works.
pub async fn save(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    config: &Value,
    secrets: Vec<u8>,
    now: Millis,
) -> Result<()> {
    sql!(
        "insert into mailbox_connections (inbox_id, account_id, config, secrets, retry_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict (inbox_id) do update set config = excluded.config, secrets = excluded.secrets, enabled = true,
           trouble = null, trouble_said = null, failures = 0, retry_at = excluded.retry_at, updated_at = excluded.updated_at"
    )
    .bind(inbox)
    .bind(account)
    .bind(config)
    .bind(secrets)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Settings that need no trying.
pub async fn configure(tx: &mut Tx, account: AccountId, inbox: InboxId, config: &Value, now: Millis) -> Result<()> {
    sql!("update mailbox_connections set config = $3, updated_at = $4 where account_id = $1 and inbox_id = $2")
        .bind(account)
        .bind(inbox)
        .bind(config)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn switch(tx: &mut Tx, account: AccountId, inbox: InboxId, on: bool, now: Millis) -> Result<()> {
    sql!(
        "update mailbox_connections set enabled = $3, retry_at = $4, updated_at = $4
         where account_id = $1 and inbox_id = $2"
    )
    .bind(account)
    .bind(inbox)
    .bind(on)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Inboxes whose mailbox is to be read, the longest overdue first.
pub async fn due(db: &Db, now: Millis, most: i64) -> Result<Vec<(AccountId, InboxId)>> {
    Ok(sql!(
        "select account_id, inbox_id from mailbox_connections where enabled and retry_at <= $1 and watched_until <= $1
         order by retry_at limit $2"
    )
    .bind(now)
    .bind(most)
    .fetch_all(db)
    .await?)
}

/// It works.
pub async fn well(tx: &mut Tx, account: AccountId, inbox: InboxId, next: Millis, now: Millis) -> Result<()> {
    sql!(
        "update mailbox_connections set trouble = null, trouble_said = null, failures = 0, retry_at = $3, updated_at = $4
         where account_id = $1 and inbox_id = $2"
    )
    .bind(account)
    .bind(inbox)
    .bind(next)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// It does not work: what for, how often in a row, and when to try again.
pub async fn note(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    (kind, said): (&str, &str),
    failures: i64,
    at: Millis,
    now: Millis,
) -> Result<()> {
    sql!(
        "update mailbox_connections set trouble = $3, trouble_said = $4, failures = $5, retry_at = $6, updated_at = $7
         where account_id = $1 and inbox_id = $2"
    )
    .bind(account)
    .bind(inbox)
    .bind(kind)
    .bind(said)
    .bind(failures)
    .bind(at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Mailboxes that work and that nobody watches.
pub async fn unwatched(db: &Db, now: Millis, most: i64) -> Result<Vec<(AccountId, InboxId)>> {
    Ok(sql!(
        "select account_id, inbox_id from mailbox_connections
         where enabled and trouble is null and watched_until <= $1 order by inbox_id limit $2"
    )
    .bind(now)
    .bind(most)
    .fetch_all(db)
    .await?)
}

/// Says that a node watches; false where another does, or where there is nothing to watch.
pub async fn hold(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    node: &str,
    now: Millis,
    until: Millis,
) -> Result<bool> {
    let changed = sql!(
        "update mailbox_connections set watcher = $3, watched_until = $5
         where account_id = $1 and inbox_id = $2 and enabled and (watched_until <= $4 or watcher = $3)"
    )
    .bind(account)
    .bind(inbox)
    .bind(node)
    .bind(now)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// The node watches no more.
pub async fn let_go(tx: &mut Tx, account: AccountId, inbox: InboxId, node: &str) -> Result<()> {
    sql!(
        "update mailbox_connections set watcher = null, watched_until = 0
         where account_id = $1 and inbox_id = $2 and watcher = $3"
    )
    .bind(account)
    .bind(inbox)
    .bind(node)
    .execute(tx)
    .await?;
    Ok(())
}
