//! The SQL of events.

use db::{Builder, Db, Tx, Value, sql};
use model::{AccountId, Millis, UserId};

use super::Event;

/// Writes events in their order.
pub async fn insert(tx: &mut Tx, events: &[(AccountId, Event)], by: Option<UserId>, now: Millis) -> crate::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(events.len());
    for (account, event) in events {
        let data = serde_json::json!({ "event": event, "by": by });
        rows.push(vec![Value::from(*account), event.kind().into(), data.into(), now.into()]);
    }
    let mut query = Builder::new("insert into events (account_id, kind, data, created_at) values ");
    query.rows(rows);
    query.build().execute(tx).await?;
    Ok(())
}

/// Deletes up to a thousand events that are older than `before`; how many.
pub async fn prune(db: &Db, before: Millis) -> crate::Result<u64> {
    let deleted = sql!(
        "delete from events where id in (select id from events where created_at < $1 order by created_at limit 1000)"
    )
    .bind(before)
    .execute(db.writer())
    .await?;
    Ok(deleted)
}
