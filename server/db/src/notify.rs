//! Short notices between the nodes that share a PostgreSQL database. SQLite has one node and needs none.

use sqlx::postgres::PgListener;

use crate::{Db, Result};

/// The name under which nodes talk in the database.
const CHANNEL: &str = "cloudchat";
/// PostgreSQL carries less than 8 000 bytes.
pub const MAX_NOTICE: usize = 7_900;

/// Hears notices, also its own node's. Connects again by itself; what was said meanwhile is lost.
pub struct Listener(PgListener);

impl Db {
    /// Listens, where there can be other nodes.
    pub async fn listen(&self) -> Result<Option<Listener>> {
        let Self::Postgres(pool) = self else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Listener(listener)))
    }

    /// Says something to all nodes. Not inside a transaction: a notice there takes a lock over the whole database at its commit.
    pub async fn notify(&self, notice: &str) -> Result<()> {
        if let Self::Postgres(pool) = self {
            sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(notice).execute(pool).await?;
        }
        Ok(())
    }
}

impl Listener {
    /// The next notice.
    pub async fn next(&mut self) -> Result<String> {
        Ok(self.0.recv().await?.payload().to_owned())
    }
}
