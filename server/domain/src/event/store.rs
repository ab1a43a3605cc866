//! The SQL of events.

use db::{Builder, Conn, Db, Tx, Value, sql};
use model::{AccountId, Millis, UserId};

use super::{Cursor, Event};
use crate::installation::{self, Note};

/// Writes events in their order, with the commit.
pub fn insert(tx: &mut Tx, events: &[(AccountId, Event)], by: Option<UserId>, now: Millis) {
    if events.is_empty() {
        return;
    }
    let mut rows = Vec::with_capacity(events.len());
    for (account, event) in events {
        let data = serde_json::json!({ "event": event, "by": by });
        rows.push(vec![Value::from(*account), event.kind().into(), data.into(), now.into()]);
    }
    let mut query = Builder::new("insert into events (account_id, kind, data, created_at) values ");
    query.rows(rows);
    query.build().later(tx);
}

/// Deletes up to a thousand events that are older than `before` and notes how far it came; how many.
pub async fn prune(db: &Db, before: Millis) -> crate::Result<usize> {
    let mut tx = db.begin().await?;
    let rows: Vec<(i64, i64)> = sql!(
        "delete from events where id in (select id from events where created_at < $1 order by created_at limit 1000)
         returning xid, id"
    )
    .bind(before)
    .fetch_all(&mut tx)
    .await?;
    let Some(last) = rows.iter().map(|(xid, id)| Cursor::new(*xid, *id)).max() else { return Ok(0) };
    if pruned(&mut tx).await?.is_none_or(|mark| mark < last) {
        installation::note(&mut tx, Note::EventsPruned, &last.to_string()).await?;
    }
    tx.commit().await?;
    Ok(rows.len())
}

/// The last place whose event may be gone.
pub async fn pruned<'c>(on: impl Into<Conn<'c>>) -> crate::Result<Option<Cursor>> {
    let mark: Option<String> = installation::noted(on, Note::EventsPruned).await?;
    Ok(mark.and_then(|mark| mark.parse().ok()))
}
