//! The SQL of canned responses.

use db::{Db, Json, Tx, sql};
use model::{AccountId, CannedId, Millis, StoredFileId};

use super::CannedInput;
use crate::Result;
use crate::error::OnUnique;

/// A text with the ids of its files.
#[derive(sqlx::FromRow)]
pub struct Row {
    pub id: CannedId,
    pub short_code: String,
    pub content: String,
    pub files: Json<Vec<StoredFileId>>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// The texts of an account by their codes.
pub async fn list(db: &Db, account: AccountId, limit: i64) -> Result<Vec<Row>> {
    Ok(sql!(
        "select id, short_code, content, files, created_at, updated_at from canned_responses where account_id = $1
         order by code_key limit $2"
    )
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// One text.
pub async fn get(db: &Db, account: AccountId, id: CannedId) -> Result<Option<Row>> {
    Ok(sql!(
        "select id, short_code, content, files, created_at, updated_at from canned_responses where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .fetch_optional(db)
    .await?)
}

/// How many texts an account has.
pub async fn count(tx: &mut Tx, account: AccountId) -> Result<i64> {
    let (count,): (i64,) =
        sql!("select count(*) from canned_responses where account_id = $1").bind(account).fetch_one(tx).await?;
    Ok(count)
}

/// A new text.
pub async fn insert(tx: &mut Tx, account: AccountId, new: &CannedInput, now: Millis) -> Result<CannedId> {
    let (id,): (CannedId,) = sql!(
        "insert into canned_responses (account_id, short_code, code_key, content, files, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6) returning id"
    )
    .bind(account)
    .bind(&new.short_code)
    .bind(new.short_code.to_lowercase())
    .bind(&new.content)
    .bind(serde_json::to_value(&new.files)?)
    .bind(now)
    .fetch_one(tx)
    .await
    .on_unique("short_code")?;
    Ok(id)
}

/// Writes a text anew; how many there were.
pub async fn update(tx: &mut Tx, account: AccountId, id: CannedId, change: &CannedInput, now: Millis) -> Result<u64> {
    let count = sql!(
        "update canned_responses set short_code = $3, code_key = $4, content = $5, files = $6, updated_at = $7
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(&change.short_code)
    .bind(change.short_code.to_lowercase())
    .bind(&change.content)
    .bind(serde_json::to_value(&change.files)?)
    .bind(now)
    .execute(tx)
    .await
    .on_unique("short_code")?;
    Ok(count)
}

/// Deletes a text; how many there were.
pub async fn delete(tx: &mut Tx, account: AccountId, id: CannedId) -> Result<u64> {
    Ok(sql!("delete from canned_responses where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .execute(tx)
        .await?)
}
