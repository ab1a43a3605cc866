//! Reading events in the order in which they became durable. One of the few modules that know which database it is.
//!
//! SQLite has one writer: ids are in commit order. PostgreSQL hands out ids before the commit, so a later id can become visible
//! first, and a reader that remembers only the highest id would skip the late one. There each row carries its transaction's
//! number, readers order by it, and read only below the oldest transaction still running: nothing can appear behind them.

use std::str::FromStr;

use db::{Db, Json, sql};
use model::{AccountId, Millis, UserId};
use serde::Deserialize;

use super::{Event, Recorded};
use crate::Result;

/// A place in the order of events. Opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    xid: i64,
    id: i64,
}

impl Cursor {
    pub(super) fn new(xid: i64, id: i64) -> Self {
        Self { xid, id }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.xid, self.id)
    }
}

impl FromStr for Cursor {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (xid, id) = text.split_once('.').unwrap_or(("0", text));
        Ok(Self { xid: xid.parse()?, id: id.parse()? })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    xid: i64,
    account_id: AccountId,
    data: Json<Data>,
    created_at: Millis,
    /// Whether nothing can come to stand before it any more.
    is_settled: bool,
}

#[derive(Deserialize)]
struct Data {
    event: Event,
    by: Option<UserId>,
}

impl From<Row> for Recorded {
    fn from(row: Row) -> Self {
        Self {
            cursor: Cursor { xid: row.xid, id: row.id },
            account_id: row.account_id,
            event: row.data.0.event,
            by: row.data.0.by,
            created_at: row.created_at,
        }
    }
}

/// The place behind everything that is durable now.
pub async fn end(db: &Db) -> Result<Cursor> {
    if db.is_postgres() {
        let (xmin,): (i64,) =
            // Only PostgreSQL prepares this one, so it is not in the list of shared statements.
            db::Query::fixed("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetch_one(db).await?;
        return Ok(Cursor { xid: xmin - 1, id: i64::MAX });
    }
    let (last,): (i64,) = sql!("select coalesce(max(id), 0) from events").fetch_one(db).await?;
    Ok(Cursor { xid: 0, id: last })
}

/// The next events of all accounts, and whether some are written but not yet in their final order (ask again soon).
pub async fn next(db: &Db, after: Cursor, limit: i64) -> Result<(Vec<Recorded>, bool)> {
    let query = if db.is_postgres() {
        db::Query::fixed(
            "select id, xid, account_id, data, created_at,
               xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint as is_settled
             from events where (xid, id) > ($1, $2) order by xid, id limit $3",
        )
        .bind(after.xid)
        .bind(after.id)
    } else {
        // Not by both: SQLite would go by the first of them only, which is the same for all, past everything that was ever recorded.
        sql!("select id, xid, account_id, data, created_at, true as is_settled from events where id > $1 order by id limit $2")
            .bind(after.id)
    };
    let rows: Vec<Row> = query.bind(limit).fetch_all(db).await?;
    let read = rows.len();
    let settled: Vec<Recorded> = rows.into_iter().take_while(|row| row.is_settled).map(Recorded::from).collect();
    let more = settled.len() < read || i64::try_from(read).unwrap_or(i64::MAX) == limit;
    Ok((settled, more))
}

/// What an account's client missed.
pub enum Missed {
    Events(Vec<Recorded>),
    /// The place is unknown, pruned away or too far back: read everything anew.
    TooMuch,
}

/// The events of one account between two places.
pub async fn missed(db: &Db, account: AccountId, after: Cursor, until: Cursor, limit: i64) -> Result<Missed> {
    if after > until {
        return Ok(Missed::TooMuch);
    }
    if super::store::pruned(db).await?.is_some_and(|mark| after < mark) {
        return Ok(Missed::TooMuch);
    }
    let query = if db.is_postgres() {
        sql!(
            "select id, xid, account_id, data, created_at, true as is_settled from events
             where account_id = $1 and (xid, id) > ($2, $3) and (xid, id) <= ($4, $5) order by xid, id limit $6"
        )
        .bind(account)
        .bind(after.xid)
        .bind(after.id)
        .bind(until.xid)
        .bind(until.id)
    } else {
        sql!(
            "select id, xid, account_id, data, created_at, true as is_settled from events
             where account_id = $1 and xid = 0 and id > $2 and id <= $3 order by id limit $4"
        )
        .bind(account)
        .bind(after.id)
        .bind(until.id)
    };
    let rows: Vec<Row> = query.bind(limit + 1).fetch_all(db).await?;
    if i64::try_from(rows.len()).unwrap_or(i64::MAX) > limit {
        return Ok(Missed::TooMuch);
    }
    Ok(Missed::Events(rows.into_iter().map(Recorded::from).collect()))
}
