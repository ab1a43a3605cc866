//! The SQL of accounts.

use db::{Db, Tx, sql};
use model::account::Account;
use model::{AccountId, Millis};

use crate::Result;

/// Row of `installation` that exists once there is an account.
const INSTALLED: &str = "installed";

/// Whether [`claim_installation`] or [`note_installation`] was ever committed.
pub async fn is_installed(db: &Db) -> Result<bool> {
    let (installed,): (bool,) =
        sql!("select exists (select 1 from installation where key = $1)").bind(INSTALLED).fetch_one(db).await?;
    Ok(installed)
}

/// Fails with a uniqueness error when there is an installation.
pub async fn claim_installation(tx: &mut Tx, now: Millis) -> db::Result<()> {
    sql!("insert into installation (key, value) values ($1, $2)")
        .bind(INSTALLED)
        .bind(serde_json::json!({ "at": now }))
        .execute(tx)
        .await?;
    Ok(())
}

/// The same, content with an installation that is there.
pub async fn note_installation(tx: &mut Tx, now: Millis) -> db::Result<()> {
    sql!("insert into installation (key, value) values ($1, $2) on conflict (key) do nothing")
        .bind(INSTALLED)
        .bind(serde_json::json!({ "at": now }))
        .execute(tx)
        .await?;
    Ok(())
}

/// A new account.
pub async fn insert(tx: &mut Tx, name: &str, locale: &str, timezone: &str, now: Millis) -> Result<AccountId> {
    let (id,): (AccountId,) = sql!(
        "insert into accounts (name, locale, timezone, created_at, updated_at) values ($1, $2, $3, $4, $4) returning id"
    )
    .bind(name)
    .bind(locale)
    .bind(timezone)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AccountId,
    name: String,
    locale: String,
    timezone: String,
    created_at: Millis,
}

/// An account's own facts.
pub async fn get(db: &Db, id: AccountId) -> Result<Option<Account>> {
    let row: Option<Row> = sql!("select id, name, locale, timezone, created_at from accounts where id = $1")
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| Account {
        id: row.id,
        name: row.name,
        locale: row.locale,
        timezone: row.timezone,
        created_at: row.created_at,
    }))
}

/// Changes what is given.
pub async fn update(
    tx: &mut Tx,
    id: AccountId,
    name: Option<String>,
    locale: Option<String>,
    timezone: Option<String>,
    now: Millis,
) -> Result<()> {
    sql!(
        "update accounts set name = coalesce($2, name), locale = coalesce($3, locale),
         timezone = coalesce($4, timezone), updated_at = $5 where id = $1"
    )
    .bind(id)
    .bind(name)
    .bind(locale)
    .bind(timezone)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The time of the newest change and the number of rows in the lists of labels, inboxes and teams (with their members).
pub async fn list_versions(db: &Db, id: AccountId) -> Result<[(i64, i64); 3]> {
    let labels = sql!("select coalesce(max(updated_at), 0), count(*) from labels where account_id = $1");
    let inboxes = sql!("select coalesce(max(updated_at), 0), count(*) from inboxes where account_id = $1");
    let teams = sql!(
        "select coalesce(max(updated_at), 0), count(*) + (select count(*) from team_members where account_id = $1)
         from teams where account_id = $1"
    );
    Ok([
        labels.bind(id).fetch_one(db).await?,
        inboxes.bind(id).fetch_one(db).await?,
        teams.bind(id).fetch_one(db).await?,
    ])
}
