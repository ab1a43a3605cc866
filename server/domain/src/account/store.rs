//! The SQL of accounts.

use db::{Db, Json, Tx, sql};
use model::account::{Account, AccountDetails, AutoResolve};
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
    assignment_limit: Option<i64>,
    auto_resolve_after: Option<i64>,
    auto_resolve_message: String,
    auto_resolve_ignore_waiting: bool,
    settings: Json<AccountDetails>,
    created_at: Millis,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            locale: row.locale,
            timezone: row.timezone,
            assignment_limit: row.assignment_limit,
            auto_resolve: AutoResolve {
                after: row.auto_resolve_after,
                message: row.auto_resolve_message,
                ignore_waiting: row.auto_resolve_ignore_waiting,
                label: row.settings.0.auto_resolve_label.clone(),
            },
            details: row.settings.0,
            created_at: row.created_at,
        }
    }
}

/// An account's own facts.
pub async fn get(db: &Db, id: AccountId) -> Result<Option<Account>> {
    let row: Option<Row> = sql!(
        "select id, name, locale, timezone, assignment_limit, auto_resolve_after, auto_resolve_message,
         auto_resolve_ignore_waiting, settings, created_at from accounts where id = $1"
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    Ok(row.map(Account::from))
}

/// The same in an open change; nobody else changes the account, or who manages it, until its end.
pub async fn lock(tx: &mut Tx, id: AccountId, now: Millis) -> Result<Option<Account>> {
    let row: Option<Row> = sql!(
        "update accounts set updated_at = $2 where id = $1 returning id, name, locale, timezone, assignment_limit,
         auto_resolve_after, auto_resolve_message, auto_resolve_ignore_waiting, settings, created_at"
    )
    .bind(id)
    .bind(now)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(Account::from))
}

/// Writes an account's own facts.
pub async fn update(tx: &mut Tx, account: &Account) -> Result<()> {
    sql!(
        "update accounts set name = $2, locale = $3, timezone = $4, assignment_limit = $5, auto_resolve_after = $6,
         auto_resolve_message = $7, auto_resolve_ignore_waiting = $8, settings = $9 where id = $1"
    )
    .bind(account.id)
    .bind(&account.name)
    .bind(&account.locale)
    .bind(&account.timezone)
    .bind(account.assignment_limit)
    .bind(account.auto_resolve.after)
    .bind(&account.auto_resolve.message)
    .bind(account.auto_resolve.ignore_waiting)
    .bind(serde_json::to_value(&account.details)?)
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
