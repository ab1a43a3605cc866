//! The SQL of files that are kept for messages to come.

use db::{Builder, Conn, Json, Tx, sql};
use model::{AccountId, Millis, StoredFileId};

use crate::Result;
use crate::message::attachment::Stored;

pub async fn insert(tx: &mut Tx, account: AccountId, file: &Stored, now: Millis) -> Result<StoredFileId> {
    let (id,): (StoredFileId,) = sql!(
        "insert into stored_files (account_id, storage_key, file, created_at) values ($1, $2, $3, $4) returning id"
    )
    .bind(account)
    .bind(file.key())
    .bind(serde_json::to_value(file)?)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// These files, by their ids.
pub async fn list<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    ids: &[StoredFileId],
) -> Result<Vec<(StoredFileId, Stored)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new("select id, file from stored_files where +account_id = ");
    query.value(account).push(" and id in ").list(ids.iter().copied()).push(" order by id");
    let rows: Vec<(StoredFileId, Json<Stored>)> = query.build().fetch_all(on).await?;
    Ok(rows.into_iter().map(|(id, file)| (id, file.0)).collect())
}
