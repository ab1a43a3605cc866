//! The SQL of imports.

use db::{Builder, Db, Json, Tx, Value, sql};
use model::contact_import::{ContactImport, ContactImportState};
use model::{AccountId, ContactImportId, Millis, UserId};

use super::Seen;
use crate::Result;
use crate::ctx::AgentActor;

#[derive(sqlx::FromRow)]
struct Row {
    id: ContactImportId,
    file_name: String,
    state: ContactImportState,
    total: i64,
    created: i64,
    updated: i64,
    failed: i64,
    created_at: Millis,
}

impl From<Row> for ContactImport {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name,
            state: row.state,
            total: row.total,
            created: row.created,
            updated: row.updated,
            failed: row.failed,
            created_at: row.created_at,
        }
    }
}

macro_rules! imports {
    () => {
        "select id, file_name, state, total, created, updated, failed, created_at from contact_imports
         where account_id = $1"
    };
}

pub async fn get(db: &Db, account: AccountId, id: ContactImportId) -> Result<Option<ContactImport>> {
    let row: Option<Row> = sql!(concat!(imports!(), " and id = $2")).bind(account).bind(id).fetch_optional(db).await?;
    Ok(row.map(ContactImport::from))
}

/// The newest first.
pub async fn list(db: &Db, account: AccountId, limit: i64) -> Result<Vec<ContactImport>> {
    let rows: Vec<Row> =
        sql!(concat!(imports!(), " order by id desc limit $2")).bind(account).bind(limit).fetch_all(db).await?;
    Ok(rows.into_iter().map(ContactImport::from).collect())
}

/// Who asked for it.
pub async fn author(db: &Db, id: ContactImportId) -> Result<UserId> {
    let (user,): (UserId,) = sql!("select user_id from contact_imports where id = $1").bind(id).fetch_one(db).await?;
    Ok(user)
}

/// A new import, with its headings.
pub async fn insert(
    tx: &mut Tx,
    agent: &AgentActor,
    file_name: &str,
    seen: &Seen,
    now: Millis,
) -> Result<ContactImportId> {
    let (id,): (ContactImportId,) = sql!(
        "insert into contact_imports (account_id, user_id, file_name, state, total, created_at, updated_at)
         values ($1, $2, $3, 'running', $4, $5, $5) returning id"
    )
    .bind(agent.account_id)
    .bind(agent.user_id)
    .bind(file_name)
    .bind(i64::try_from(seen.rows).unwrap_or(i64::MAX))
    .bind(now)
    .fetch_one(&mut *tx)
    .await?;
    insert_failure(tx, id, 0, &seen.headings, None).await?;
    Ok(id)
}

/// The table, while it is being read.
pub async fn insert_table(tx: &mut Tx, id: ContactImportId, content: &str) -> Result<()> {
    sql!("insert into contact_import_tables (import_id, content) values ($1, $2)")
        .bind(id)
        .bind(content)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn table(db: &Db, id: ContactImportId) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sql!("select content from contact_import_tables where import_id = $1").bind(id).fetch_optional(db).await?;
    Ok(row.map(|(content,)| content))
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Created,
    Updated,
    Failed,
}

/// Counts a row, if it is the next; `false` when somebody else did, or nobody may any more.
pub async fn count(tx: &mut Tx, id: ContactImportId, number: i64, became: Became, now: Millis) -> Result<bool> {
    let column = match became {
        Became::Created => "created",
        Became::Updated => "updated",
        Became::Failed => "failed",
    };
    let mut query = Builder::new("update contact_imports set ");
    query.push(column).push(" = ").push(column).push(" + 1, updated_at = ").value(now);
    query.push(" where id = ").value(id).push(" and state = 'running' and created + updated + failed = ");
    query.value(number - 1);
    Ok(query.build().execute(tx).await? > 0)
}

/// A row that could not be taken.
#[derive(sqlx::FromRow)]
pub struct Failure {
    pub cells: Json<Vec<String>>,
    /// None for the headings.
    pub problem: Option<Json<model::Error>>,
}

pub async fn insert_failure(
    tx: &mut Tx,
    id: ContactImportId,
    number: i64,
    cells: &[String],
    problem: Option<&model::Error>,
) -> Result<()> {
    sql!("insert into contact_import_failures (import_id, number, cells, problem) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(number)
        .bind(serde_json::to_value(cells)?)
        .bind(Value::Json(problem.map(serde_json::to_value).transpose()?))
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets rows in which one of the cells is this text, in whatever case.
pub async fn forget(tx: &mut Tx, account: AccountId, text: &str) -> Result<()> {
    // As it stands among the cells.
    let cell = serde_json::to_string(&text.to_lowercase())?;
    sql!(
        "delete from contact_import_failures where number > 0
           and import_id in (select id from contact_imports where account_id = $1)
           and replace(lower(CAST(cells AS TEXT)), $2, '') <> lower(CAST(cells AS TEXT))"
    )
    .bind(account)
    .bind(cell)
    .execute(tx)
    .await?;
    Ok(())
}

/// The headings, then what could not be taken in the order of the table.
pub async fn failures(db: &Db, id: ContactImportId) -> Result<Vec<Failure>> {
    Ok(sql!("select cells, problem from contact_import_failures where import_id = $1 order by number")
        .bind(id)
        .fetch_all(db)
        .await?)
}

/// Ends an import; `false` when it had ended before.
pub async fn end(tx: &mut Tx, id: ContactImportId, state: ContactImportState, now: Millis) -> Result<bool> {
    let changed = sql!("update contact_imports set state = $2, updated_at = $3 where id = $1 and state = 'running'")
        .bind(id)
        .bind(state.as_str())
        .bind(now)
        .execute(&mut *tx)
        .await?;
    sql!("delete from contact_import_tables where import_id = $1").bind(id).execute(tx).await?;
    Ok(changed > 0)
}

/// Deletes up to a hundred imports that are older than `before`; how many.
pub async fn prune(db: &Db, before: Millis) -> Result<u64> {
    Ok(sql!(
        "delete from contact_imports where id in
           (select id from contact_imports where created_at < $1 and state <> 'running' order by created_at limit 100)"
    )
    .bind(before)
    .execute(db.writer())
    .await?)
}
