//! The SQL of servers for sending.

use db::{Conn, Json, Tx, sql};
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
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, account: AccountId, inbox: InboxId) -> Result<Option<Row>> {
    Ok(sql!(
        "select config, secrets, enabled, trouble, trouble_said from mail_senders where account_id = $1 and inbox_id = $2"
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
        "insert into mail_senders (inbox_id, account_id, config, secrets, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (inbox_id) do update set config = excluded.config, secrets = excluded.secrets, enabled = true,
           trouble = null, trouble_said = null, updated_at = excluded.updated_at"
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

pub async fn switch(tx: &mut Tx, account: AccountId, inbox: InboxId, on: bool, now: Millis) -> Result<()> {
    sql!("update mail_senders set enabled = $3, updated_at = $4 where account_id = $1 and inbox_id = $2")
        .bind(account)
        .bind(inbox)
        .bind(on)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// What is in the way; nothing when it works. Whether that is news.
pub async fn note(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    trouble: Option<(&str, &str)>,
    now: Millis,
) -> Result<bool> {
    let changed = sql!(
        "update mail_senders set trouble = $3, trouble_said = $4, updated_at = $5
         where account_id = $1 and inbox_id = $2
           and (coalesce(trouble, '') <> coalesce($3, '') or coalesce(trouble_said, '') <> coalesce($4, ''))"
    )
    .bind(account)
    .bind(inbox)
    .bind(trouble.map(|(kind, _)| kind.to_owned()))
    .bind(trouble.map(|(_, said)| said.to_owned()))
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}
