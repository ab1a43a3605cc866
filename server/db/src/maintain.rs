//! Looking after the database.

use crate::{Db, Error, Query, Result};

/// Looks for damage. Takes a while on a large SQLite file; PostgreSQL looks after itself and only has to answer.
pub async fn check(db: &Db) -> Result<()> {
    if db.is_postgres() {
        let _: (i32,) = Query::fixed("select 1").fetch_one(db).await?;
        return Ok(());
    }
    let found: Vec<(String,)> = Query::fixed("pragma quick_check").fetch_all(db).await?;
    match found.into_iter().find(|(text,)| text != "ok") {
        Some((damage,)) => Err(Error::Schema(damage)),
        None => Ok(()),
    }
}

/// Makes one small change durable, to see whether and how fast that works. [`forget_probe`] takes it back.
pub async fn probe(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    Query::fixed(
        "insert into installation (key, value) values ('probe', '1')
         on conflict (key) do update set value = excluded.value",
    )
    .execute(&mut tx)
    .await?;
    tx.commit().await
}

/// Removes what [`probe`] wrote.
pub async fn forget_probe(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    Query::fixed("delete from installation where key = 'probe'").execute(&mut tx).await?;
    tx.commit().await
}
