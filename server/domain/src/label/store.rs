//! The SQL of labels.

use db::{Conn, Db, Tx, sql};
use model::label::Label;
use model::{AccountId, LabelId, Millis};

use super::LabelInput;
use crate::Result;
use crate::error::OnUnique;

#[derive(sqlx::FromRow)]
struct Row {
    id: LabelId,
    title: String,
    description: String,
    color: String,
    show_on_sidebar: bool,
}

impl From<Row> for Label {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            description: row.description,
            color: row.color,
            show_on_sidebar: row.show_on_sidebar,
        }
    }
}

/// The ids of an account's labels by their titles.
pub async fn ids(db: &Db, account: AccountId) -> Result<Vec<(String, LabelId)>> {
    Ok(sql!("select title, id from labels where account_id = $1").bind(account).fetch_all(db).await?)
}

/// All labels of an account.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Label>> {
    let rows: Vec<Row> = sql!(
        "select id, title, description, color, show_on_sidebar from labels where account_id = $1 order by title, id"
    )
    .bind(account)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Label::from).collect())
}

/// One label.
pub async fn get(db: &Db, account: AccountId, id: LabelId) -> Result<Option<Label>> {
    let row: Option<Row> =
        sql!("select id, title, description, color, show_on_sidebar from labels where account_id = $1 and id = $2")
            .bind(account)
            .bind(id)
            .fetch_optional(db)
            .await?;
    Ok(row.map(Label::from))
}

/// Whether the account has a label with this title.
pub async fn exists(conn: Conn<'_>, account: AccountId, title: &str) -> Result<bool> {
    let (found,): (bool,) = sql!("select exists (select 1 from labels where account_id = $1 and title = $2)")
        .bind(account)
        .bind(title)
        .fetch_one(conn)
        .await?;
    Ok(found)
}

/// A new label.
pub async fn insert(tx: &mut Tx, account: AccountId, new: &LabelInput, now: Millis) -> Result<LabelId> {
    let (id,): (LabelId,) = sql!(
        "insert into labels (account_id, title, description, color, show_on_sidebar, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6) returning id"
    )
    .bind(account)
    .bind(&new.title)
    .bind(&new.description)
    .bind(&new.color)
    .bind(new.show_on_sidebar)
    .bind(now)
    .fetch_one(tx)
    .await
    .on_unique("title")?;
    Ok(id)
}

/// Writes a label anew; how many there were.
pub async fn update(tx: &mut Tx, account: AccountId, id: LabelId, change: &LabelInput, now: Millis) -> Result<u64> {
    sql!(
        "update labels set title = $3, description = $4, color = $5, show_on_sidebar = $6, updated_at = $7
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(&change.title)
    .bind(&change.description)
    .bind(&change.color)
    .bind(change.show_on_sidebar)
    .bind(now)
    .execute(tx)
    .await
    .on_unique("title")
}

/// Deletes a label; how many there were.
pub async fn delete(tx: &mut Tx, account: AccountId, id: LabelId) -> Result<u64> {
    Ok(sql!("delete from labels where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?)
}
