//! The SQL of sessions and of links that replace a password.

use db::{Db, Tx, sql};
use model::session::Session;
use model::{AccountId, Millis, SessionId, UserId};

use crate::Result;

/// The person with this address and their password's hash.
pub async fn credentials(db: &Db, email: &str) -> Result<Option<(UserId, Option<String>)>> {
    Ok(sql!("select id, password_hash from users where email = $1").bind(email).fetch_optional(db).await?)
}

/// A new session.
pub async fn insert(
    tx: &mut Tx,
    user: UserId,
    token_hash: &[u8],
    ip: &str,
    user_agent: &str,
    now: Millis,
    expires_at: Millis,
) -> Result<()> {
    sql!(
        "insert into sessions (user_id, token_hash, ip, user_agent, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $5, $6)"
    )
    .bind(user)
    .bind(token_hash)
    .bind(ip)
    .bind(user_agent)
    .bind(now)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// A session that was found by its token.
#[derive(sqlx::FromRow)]
pub struct Found {
    pub id: SessionId,
    pub user_id: UserId,
    pub last_seen_at: Millis,
    /// Through whose eyes they look, while both may: the one as an administrator, the other as a member of the account.
    pub view_account_id: Option<AccountId>,
    pub view_user_id: Option<UserId>,
}

/// The session of a token, while it lasts.
pub async fn find(db: &Db, token_hash: &[u8], now: Millis) -> Result<Option<Found>> {
    Ok(sql!(
        "select s.id, s.user_id, s.last_seen_at, v.account_id as view_account_id, v.user_id as view_user_id
         from sessions s
         left join account_users me on me.account_id = s.view_account_id and me.user_id = s.user_id
           and me.role = 'administrator'
         left join account_users v on v.account_id = me.account_id and v.user_id = s.view_user_id
         where s.token_hash = $1 and s.expires_at > $2"
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(db)
    .await?)
}

/// Lends a session somebody's eyes, or gives them back; whose session it is.
pub async fn set_view(tx: &mut Tx, token_hash: &[u8], view: Option<(AccountId, UserId)>) -> Result<Option<UserId>> {
    let row: Option<(UserId,)> =
        sql!("update sessions set view_account_id = $2, view_user_id = $3 where token_hash = $1 returning user_id")
            .bind(token_hash)
            .bind(view.map(|(account, _)| account))
            .bind(view.map(|(_, user)| user))
            .fetch_optional(tx)
            .await?;
    Ok(row.map(|(user,)| user))
}

/// The person was here.
pub async fn seen(db: &Db, id: SessionId, now: Millis, expires_at: Millis) -> Result<()> {
    sql!("update sessions set last_seen_at = $2, expires_at = $3 where id = $1")
        .bind(id)
        .bind(now)
        .bind(expires_at)
        .execute(db.writer())
        .await?;
    Ok(())
}

/// Ends a session by its token; whose it was.
pub async fn delete_by_token(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<UserId>> {
    let row: Option<(UserId,)> = sql!("delete from sessions where token_hash = $1 returning user_id")
        .bind(token_hash)
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|(user,)| user))
}

/// Ends a session of a person; how many there were.
pub async fn delete(tx: &mut Tx, user: UserId, id: SessionId) -> Result<u64> {
    Ok(sql!("delete from sessions where user_id = $1 and id = $2").bind(user).bind(id).execute(tx).await?)
}

/// Ends all sessions of a person but the one with this token; how many there were.
pub async fn delete_all(tx: &mut Tx, user: UserId, except: Option<Vec<u8>>) -> Result<u64> {
    // No token hashes to nothing: the empty one keeps none.
    Ok(sql!("delete from sessions where user_id = $1 and token_hash <> $2")
        .bind(user)
        .bind(except.unwrap_or_default())
        .execute(tx)
        .await?)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: SessionId,
    token_hash: Vec<u8>,
    ip: String,
    user_agent: String,
    created_at: Millis,
    last_seen_at: Millis,
}

/// A person's sessions, the latest first.
pub async fn list(db: &Db, user: UserId, current: Option<Vec<u8>>, now: Millis) -> Result<Vec<Session>> {
    let rows: Vec<Row> = sql!(
        "select id, token_hash, ip, user_agent, created_at, last_seen_at from sessions
         where user_id = $1 and expires_at > $2 order by last_seen_at desc, id desc limit 100"
    )
    .bind(user)
    .bind(now)
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Session {
            id: row.id,
            current: current.as_ref() == Some(&row.token_hash),
            ip: row.ip,
            user_agent: row.user_agent,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
        })
        .collect())
}

/// Forgets what has run out.
pub async fn prune(db: &Db, now: Millis) -> Result<()> {
    sql!("delete from sessions where expires_at <= $1").bind(now).execute(db.writer()).await?;
    sql!("delete from password_resets where expires_at <= $1").bind(now).execute(db.writer()).await?;
    sql!("delete from email_changes where expires_at <= $1").bind(now).execute(db.writer()).await?;
    Ok(())
}

/// Remembers a link.
pub async fn insert_reset(tx: &mut Tx, user: UserId, token_hash: &[u8], now: Millis, expires_at: Millis) -> Result<()> {
    sql!("insert into password_resets (token_hash, user_id, expires_at, created_at) values ($1, $2, $3, $4)")
        .bind(token_hash)
        .bind(user)
        .bind(expires_at)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whom a link is for, while it lasts, and their address.
pub async fn find_reset(db: &Db, token_hash: &[u8], now: Millis) -> Result<Option<(UserId, String)>> {
    Ok(sql!(
        "select u.id, u.email from password_resets r join users u on u.id = r.user_id
         where r.token_hash = $1 and r.expires_at > $2"
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(db)
    .await?)
}

/// Uses a link up; false when somebody else did, or it has run out.
pub async fn use_reset(tx: &mut Tx, token_hash: &[u8], now: Millis) -> Result<bool> {
    let used = sql!("delete from password_resets where token_hash = $1 and expires_at > $2")
        .bind(token_hash)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(used == 1)
}

/// Makes all other links of the person void.
pub async fn delete_resets(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!("delete from password_resets where user_id = $1").bind(user).execute(tx).await?;
    Ok(())
}

/// Sets a password. Everything that was derived from the old one is void: sockets by the generation, sessions by the caller.
pub async fn set_password(tx: &mut Tx, user: UserId, password_hash: &str, now: Millis) -> Result<()> {
    sql!(
        "update users set password_hash = $2, confirmed = true, token_generation = token_generation + 1, updated_at = $3
         where id = $1"
    )
    .bind(user)
    .bind(password_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
