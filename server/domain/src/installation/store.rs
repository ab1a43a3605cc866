//! The table of notes: one row for each thing that is noted.

use db::{Conn, Json, Tx, sql};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// How far events were deleted.
    EventsPruned,
    /// When a backup was read back.
    Restored,
    /// Which edition of the index of parts there is.
    Parts,
}

impl Note {
    const fn key(self) -> &'static str {
        match self {
            Self::EventsPruned => "events_pruned",
            Self::Restored => "restored_at",
            Self::Parts => "parts",
        }
    }
}

/// Notes something, in place of what was noted before.
pub(crate) async fn note(tx: &mut Tx, what: Note, value: &impl Serialize) -> Result<()> {
    sql!(
        "insert into installation (key, value) values ($1, $2)
         on conflict (key) do update set value = excluded.value"
    )
    .bind(what.key())
    .bind(serde_json::json!(value))
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes nothing any more.
pub(crate) async fn forget(tx: &mut Tx, what: Note) -> Result<()> {
    sql!("delete from installation where key = $1").bind(what.key()).execute(tx).await?;
    Ok(())
}

/// What is noted; `None` for nothing, and for what this program can't read.
pub(crate) async fn noted<'c, T: DeserializeOwned>(on: impl Into<Conn<'c>>, what: Note) -> Result<Option<T>> {
    let row: Option<(Json<serde_json::Value>,)> =
        sql!("select value from installation where key = $1").bind(what.key()).fetch_optional(on).await?;
    Ok(row.and_then(|(Json(value),)| serde_json::from_value(value).ok()))
}
