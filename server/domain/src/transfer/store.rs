//! The SQL around a restore.

use db::{Db, Tx, sql};
use model::Millis;

use crate::Result;
use crate::installation::{self, Note};

/// Whether anybody uses this installation.
pub(super) async fn has_people(tx: &mut Tx) -> Result<bool> {
    let (any,): (bool,) = sql!("select exists (select 1 from users)").fetch_one(tx).await?;
    Ok(any)
}

/// The versions that brought the numbers of conversations and of contacts.
const CONVERSATION_TALLIES: i64 = 107;
const CONTACT_TALLIES: i64 = 108;

/// Begins to count conversations and contacts anew: somebody may have moved one while it was deleted.
pub(super) async fn forget_tallies(tx: &mut Tx, schema: i64) -> Result<()> {
    if schema >= CONVERSATION_TALLIES {
        sql!("delete from conversation_tallies").execute(&mut *tx).await?;
    }
    if schema >= CONTACT_TALLIES {
        sql!("delete from contact_tallies").execute(tx).await?;
    }
    Ok(())
}

/// No worker of the past comes back for its jobs.
pub(super) async fn release_jobs(tx: &mut Tx) -> Result<()> {
    sql!("update jobs set locked_until = null, locked_by = null").execute(tx).await?;
    Ok(())
}

/// Tells running servers that what they remember is no longer true.
pub(super) async fn mark_restored(tx: &mut Tx, now: Millis) -> Result<()> {
    installation::note(tx, Note::Restored, &now).await
}

/// When a backup was last restored, if ever.
pub async fn restored_at(db: &Db) -> Result<Option<Millis>> {
    installation::noted(db, Note::Restored).await
}
