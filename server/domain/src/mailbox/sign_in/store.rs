//! The SQL of signing in at a mail provider.

use db::{Conn, Db, Tx, sql};
use model::mailbox::MailProvider;
use model::{AccountId, InboxId, Millis, UserId};

use crate::Result;

/// How a mailbox is opened.
#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub provider: MailProvider,
    pub email: String,
    pub secrets: Vec<u8>,
    pub expires_at: Millis,
    pub version: i64,
    pub lost: Option<String>,
}

/// Where the tokens of an inbox are.
#[derive(Debug, Clone, Copy)]
pub struct At {
    pub account: AccountId,
    pub inbox: InboxId,
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, at: At) -> Result<Option<Row>> {
    Ok(sql!(
        "select provider, email, secrets, expires_at, version, lost from mail_sign_ins
         where account_id = $1 and inbox_id = $2"
    )
    .bind(at.account)
    .bind(at.inbox)
    .fetch_optional(on)
    .await?)
}

/// Somebody signed in: whatever was kept before is void, and so is what others are about to learn with it.
pub async fn save(
    tx: &mut Tx,
    at: At,
    (provider, email): (MailProvider, &str),
    secrets: Vec<u8>,
    expires_at: Millis,
    now: Millis,
) -> Result<()> {
    sql!(
        "insert into mail_sign_ins (inbox_id, account_id, provider, email, secrets, expires_at, obtained_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict (inbox_id) do update set provider = excluded.provider, email = excluded.email,
           secrets = excluded.secrets, expires_at = excluded.expires_at, obtained_at = excluded.obtained_at,
           version = mail_sign_ins.version + 1, lost = null, refresher = null, refreshing_until = 0,
           updated_at = excluded.updated_at"
    )
    .bind(at.inbox)
    .bind(at.account)
    .bind(provider.as_str())
    .bind(email)
    .bind(secrets)
    .bind(expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Says that somebody fetches new tokens; false where another does, or has done.
pub async fn claim(tx: &mut Tx, at: At, version: i64, who: &str, now: Millis, until: Millis) -> Result<bool> {
    let changed = sql!(
        "update mail_sign_ins set refresher = $4, refreshing_until = $6
         where account_id = $1 and inbox_id = $2 and version = $3 and lost is null and refreshing_until <= $5"
    )
    .bind(at.account)
    .bind(at.inbox)
    .bind(version)
    .bind(who)
    .bind(now)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Keeps new tokens, unless there are newer ones than those they were fetched with.
pub async fn renew(
    tx: &mut Tx,
    at: At,
    version: i64,
    secrets: Vec<u8>,
    expires_at: Millis,
    now: Millis,
) -> Result<bool> {
    let changed = sql!(
        "update mail_sign_ins set secrets = $4, expires_at = $5, obtained_at = $6, version = version + 1,
           refresher = null, refreshing_until = 0, updated_at = $6
         where account_id = $1 and inbox_id = $2 and version = $3"
    )
    .bind(at.account)
    .bind(at.inbox)
    .bind(version)
    .bind(secrets)
    .bind(expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// There are no new tokens this time; another may try.
pub async fn let_go(tx: &mut Tx, at: At, who: &str) -> Result<()> {
    sql!(
        "update mail_sign_ins set refresher = null, refreshing_until = 0
         where account_id = $1 and inbox_id = $2 and refresher = $3"
    )
    .bind(at.account)
    .bind(at.inbox)
    .bind(who)
    .execute(tx)
    .await?;
    Ok(())
}

/// Somebody has to sign in again, unless there are newer tokens than those that were refused.
pub async fn lose(tx: &mut Tx, at: At, version: i64, said: &str, now: Millis) -> Result<bool> {
    let changed = sql!(
        "update mail_sign_ins set lost = $4, refresher = null, refreshing_until = 0, updated_at = $5
         where account_id = $1 and inbox_id = $2 and version = $3"
    )
    .bind(at.account)
    .bind(at.inbox)
    .bind(version)
    .bind(said)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// An access token that is not taken is as good as run out, unless it was fetched after `before`.
pub async fn expire(tx: &mut Tx, at: At, version: i64, before: Millis) -> Result<bool> {
    let changed = sql!(
        "update mail_sign_ins set expires_at = 0
         where account_id = $1 and inbox_id = $2 and version = $3 and obtained_at <= $4"
    )
    .bind(at.account)
    .bind(at.inbox)
    .bind(version)
    .bind(before)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Somebody who is away, signing in.
#[derive(Debug, sqlx::FromRow)]
pub struct Consent {
    pub account_id: AccountId,
    pub user_id: UserId,
    pub inbox_id: Option<InboxId>,
    pub provider: MailProvider,
    pub sealed: Vec<u8>,
    pub created_at: Millis,
}

pub async fn await_consent(tx: &mut Tx, state_hash: Vec<u8>, consent: Consent) -> Result<()> {
    sql!(
        "insert into mail_consents (state_hash, account_id, user_id, inbox_id, provider, sealed, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(state_hash)
    .bind(consent.account_id)
    .bind(consent.user_id)
    .bind(consent.inbox_id)
    .bind(consent.provider.as_str())
    .bind(consent.sealed)
    .bind(consent.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Whoever takes it is the only one who ever does.
pub async fn take_consent(tx: &mut Tx, state_hash: Vec<u8>) -> Result<Option<Consent>> {
    Ok(sql!(
        "delete from mail_consents where state_hash = $1
         returning account_id, user_id, inbox_id, provider, sealed, created_at"
    )
    .bind(state_hash)
    .fetch_optional(tx)
    .await?)
}

/// Forgets those who never came back.
pub async fn prune(db: &Db, before: Millis) -> Result<()> {
    sql!("delete from mail_consents where created_at < $1").bind(before).execute(db.writer()).await?;
    Ok(())
}
