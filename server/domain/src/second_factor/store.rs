//! The SQL of second factors.

use db::{Conn, Db, Tx, sql};
use model::{AccountId, Millis, UserId};

use crate::Result;

/// A person's second factor.
#[derive(sqlx::FromRow)]
pub struct Row {
    pub secret_encrypted: Vec<u8>,
    pub enabled_at: Option<Millis>,
    pub last_step: i64,
    pub failures: i64,
    pub locked_until: Millis,
}

/// What somebody has.
pub async fn find<'c>(on: impl Into<Conn<'c>>, user: UserId) -> Result<Option<Row>> {
    Ok(sql!(
        "select secret_encrypted, enabled_at, last_step, failures, locked_until from second_factors where user_id = $1"
    )
    .bind(user)
    .fetch_optional(on)
    .await?)
}

/// The same in an open change; two tries at once are two tries one after the other.
pub async fn lock(tx: &mut Tx, user: UserId) -> Result<Option<Row>> {
    Ok(sql!(
        "update second_factors set failures = failures where user_id = $1
         returning secret_encrypted, enabled_at, last_step, failures, locked_until"
    )
    .bind(user)
    .fetch_optional(tx)
    .await?)
}

/// The members of an account for whom one is in force.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = sql!(
        "select f.user_id from account_users au join second_factors f on f.user_id = au.user_id
         where au.account_id = $1 and f.enabled_at is not null order by f.user_id"
    )
    .bind(account)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// A new secret that is not in force yet; one that is in force stays.
pub async fn propose(tx: &mut Tx, user: UserId, secret_encrypted: &[u8], now: Millis) -> Result<bool> {
    let done = sql!(
        "insert into second_factors (user_id, secret_encrypted, created_at) values ($1, $2, $3)
         on conflict (user_id) do update set secret_encrypted = excluded.secret_encrypted, created_at = excluded.created_at,
         last_step = 0 where second_factors.enabled_at is null"
    )
    .bind(user)
    .bind(secret_encrypted)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// Puts the secret in force.
pub async fn enable(tx: &mut Tx, user: UserId, now: Millis) -> Result<()> {
    sql!("update second_factors set enabled_at = $2 where user_id = $1").bind(user).bind(now).execute(tx).await?;
    Ok(())
}

/// Notes a right code.
pub async fn passed(tx: &mut Tx, user: UserId, last_step: i64) -> Result<()> {
    sql!("update second_factors set last_step = $2, failures = 0, locked_until = 0 where user_id = $1")
        .bind(user)
        .bind(last_step)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes a wrong code.
pub async fn failed(tx: &mut Tx, user: UserId, failures: i64, locked_until: Millis) -> Result<()> {
    sql!("update second_factors set failures = $2, locked_until = $3 where user_id = $1")
        .bind(user)
        .bind(failures)
        .bind(locked_until)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes everything away; whether there was something in force.
pub async fn delete(tx: &mut Tx, user: UserId) -> Result<bool> {
    sql!("delete from recovery_codes where user_id = $1").bind(user).execute(&mut *tx).await?;
    let row: Option<(Option<Millis>,)> = sql!("delete from second_factors where user_id = $1 returning enabled_at")
        .bind(user)
        .fetch_optional(tx)
        .await?;
    Ok(row.is_some_and(|(enabled_at,)| enabled_at.is_some()))
}

/// Replaces all codes on paper.
pub async fn set_codes(tx: &mut Tx, user: UserId, hashes: &[Vec<u8>], now: Millis) -> Result<()> {
    sql!("delete from recovery_codes where user_id = $1").bind(user).execute(&mut *tx).await?;
    for hash in hashes {
        sql!("insert into recovery_codes (user_id, code_hash, created_at) values ($1, $2, $3)")
            .bind(user)
            .bind(hash.as_slice())
            .bind(now)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// Uses a code on paper up; whether there was such a code.
pub async fn use_code(tx: &mut Tx, user: UserId, hash: &[u8]) -> Result<bool> {
    let used = sql!("delete from recovery_codes where user_id = $1 and code_hash = $2")
        .bind(user)
        .bind(hash)
        .execute(tx)
        .await?;
    Ok(used == 1)
}

/// How many codes on paper are left.
pub async fn codes_left(db: &Db, user: UserId) -> Result<i64> {
    let (left,): (i64,) =
        sql!("select count(*) from recovery_codes where user_id = $1").bind(user).fetch_one(db).await?;
    Ok(left)
}
