//! The SQL of addresses that people want to sign in with.

use db::{Conn, Tx, sql};
use model::{Millis, UserId};

use crate::Result;
use crate::error::OnUnique;

/// A wish for another address.
#[derive(sqlx::FromRow)]
pub struct Row {
    pub user_id: UserId,
    pub email: String,
    pub token_encrypted: Vec<u8>,
    pub expires_at: Millis,
}

/// Keeps a wish in place of an older one.
pub async fn save(tx: &mut Tx, row: &Row, token_hash: &[u8], now: Millis) -> Result<()> {
    sql!(
        "insert into email_changes (user_id, email, token_hash, token_encrypted, expires_at, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (user_id) do update set email = excluded.email, token_hash = excluded.token_hash,
           token_encrypted = excluded.token_encrypted, expires_at = excluded.expires_at, created_at = excluded.created_at"
    )
    .bind(row.user_id)
    .bind(&row.email)
    .bind(token_hash)
    .bind(row.token_encrypted.as_slice())
    .bind(row.expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// What somebody wants, while it lasts.
pub async fn of<'c>(on: impl Into<Conn<'c>>, user: UserId, now: Millis) -> Result<Option<Row>> {
    Ok(sql!(
        "select user_id, email, token_encrypted, expires_at from email_changes where user_id = $1 and expires_at > $2"
    )
    .bind(user)
    .bind(now)
    .fetch_optional(on)
    .await?)
}

/// What a link is for, while it lasts.
pub async fn by_token<'c>(on: impl Into<Conn<'c>>, token_hash: &[u8], now: Millis) -> Result<Option<Row>> {
    Ok(sql!(
        "select user_id, email, token_encrypted, expires_at from email_changes where token_hash = $1 and expires_at > $2"
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(on)
    .await?)
}

/// Uses a link up; what it was for, `None` when somebody else did or it has run out.
pub async fn take(tx: &mut Tx, token_hash: &[u8], now: Millis) -> Result<Option<(UserId, String)>> {
    Ok(sql!("delete from email_changes where token_hash = $1 and expires_at > $2 returning user_id, email")
        .bind(token_hash)
        .bind(now)
        .fetch_optional(tx)
        .await?)
}

/// Forgets what somebody wanted; how many there were.
pub async fn forget(tx: &mut Tx, user: UserId) -> Result<u64> {
    Ok(sql!("delete from email_changes where user_id = $1").bind(user).execute(tx).await?)
}

/// Gives a person another address, which they have proved to be theirs; `Taken` when somebody has it.
pub async fn set(tx: &mut Tx, user: UserId, email: &str, now: Millis) -> Result<()> {
    sql!("update users set email = $2, confirmed = true, updated_at = $3 where id = $1")
        .bind(user)
        .bind(email)
        .bind(now)
        .execute(tx)
        .await
        .on_unique("email")?;
    Ok(())
}
