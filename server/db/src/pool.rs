//! Connections and transactions.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, PgConnection, PgPool, SqlitePool};

use crate::later::PostgresTx;
use crate::writer::{SqliteTx, Writer};
use crate::{Error, Result};

/// How to connect.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Reading connections of SQLite, all connections of PostgreSQL.
    pub connections: u32,
}

/// The database. Cloning is cheap.
#[derive(Debug, Clone)]
pub enum Db {
    /// One file: a single writer, so that writes queue in the program and never meet a lock, and readers beside it.
    Sqlite {
        read: SqlitePool,
        write: Writer,
    },
    Postgres(PgPool),
}

/// An open write transaction. Dropped without [`Tx::commit`] it leaves no trace.
pub enum Tx {
    Sqlite(SqliteTx),
    Postgres(PostgresTx),
}

/// Something a query can run on: made from `&Db` (reads) or `&mut Tx`.
pub enum Conn<'c> {
    SqlitePool(&'c SqlitePool),
    SqliteWriter(&'c Writer),
    SqliteTx(&'c mut SqliteTx),
    PgPool(&'c PgPool),
    PgTx(&'c mut PostgresTx),
}

impl<'c> From<&'c Db> for Conn<'c> {
    fn from(db: &'c Db) -> Self {
        match db {
            Db::Sqlite { read, .. } => Self::SqlitePool(read),
            Db::Postgres(pool) => Self::PgPool(pool),
        }
    }
}

impl<'c> From<&'c mut Tx> for Conn<'c> {
    fn from(tx: &'c mut Tx) -> Self {
        match tx {
            Tx::Sqlite(tx) => Self::SqliteTx(tx),
            Tx::Postgres(tx) => Self::PgTx(tx),
        }
    }
}

impl Conn<'_> {
    /// Lends the connection for one of several queries.
    pub fn reborrow(&mut self) -> Conn<'_> {
        match self {
            Self::SqlitePool(pool) => Conn::SqlitePool(pool),
            Self::SqliteWriter(writer) => Conn::SqliteWriter(writer),
            Self::SqliteTx(tx) => Conn::SqliteTx(tx),
            Self::PgPool(pool) => Conn::PgPool(pool),
            Self::PgTx(tx) => Conn::PgTx(tx),
        }
    }

    /// Which database this is, for the few modules that may know.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::PgPool(_) | Self::PgTx(_))
    }
}

/// How long a change waits for what somebody else holds before it is told that the database is not available.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// For how long an unused connection is taken to be alive.
const TRUSTED: Duration = Duration::from_secs(10);
/// How long a request waits for a connection before it is told that the database is not available.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a statement beside the others may take.
const SLOW: Duration = Duration::from_secs(10);
const STATEMENTS_PER_CONNECTION: usize = 400;

impl Db {
    /// Opens the database; makes the SQLite file when it is missing. Does not migrate.
    pub async fn open(options: &Options) -> Result<Self> {
        if options.url.starts_with("sqlite:") {
            Self::open_sqlite(options).await
        } else if options.url.starts_with("postgres:") || options.url.starts_with("postgresql:") {
            Self::open_postgres(options).await
        } else {
            Err(Error::Address(options.url.split(':').next().unwrap_or_default().to_owned()))
        }
    }

    async fn open_sqlite(options: &Options) -> Result<Self> {
        let base = SqliteConnectOptions::from_str(&options.url)?
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged message survives a power cut, not only a crash of the program.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(LOCK_TIMEOUT)
            .statement_cache_capacity(STATEMENTS_PER_CONNECTION)
            .pragma("temp_store", "memory")
            .pragma("journal_size_limit", "67108864")
            .disable_statement_logging();
        let writer = base.clone().create_if_missing(true).pragma("cache_size", "-16000");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(writer)
            .await?;
        let reader = base.read_only(true).pragma("cache_size", "-8000").pragma("mmap_size", "268435456");
        let read = SqlitePoolOptions::new()
            .max_connections(options.connections.max(1))
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(Duration::from_secs(60))
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(reader);
        Ok(Self::Sqlite { read, write: Writer::new(write) })
    }

    async fn open_postgres(options: &Options) -> Result<Self> {
        let connect = PgConnectOptions::from_str(&options.url)?
            .application_name("cloudchat")
            .statement_cache_capacity(STATEMENTS_PER_CONNECTION)
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(options.connections.max(2))
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            // A connection that nobody used for a while may be gone: the server was restarted, a firewall forgot it.
            .before_acquire(|conn, meta| {
                Box::pin(
                    async move { if meta.idle_for > TRUSTED { conn.ping().await.map(|()| true) } else { Ok(true) } },
                )
            })
            // Not among the options of the connection: poolers between us and the server refuse those.
            .after_connect(|conn, _| {
                Box::pin(async move {
                    plan_for_little(conn).await?;
                    wait_for_locks(conn, LOCK_TIMEOUT).await
                })
            })
            .connect_with(connect)
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// The same database by way of other connections for reading, so many that they cannot take those of the others. They open when they
    /// are needed and end after a while. In PostgreSQL a statement on them ends after [`SLOW`].
    #[must_use]
    pub fn beside(&self, connections: u32) -> Self {
        match self {
            Self::Sqlite { read, write } => {
                let options = (*read.connect_options()).clone();
                let read = SqlitePoolOptions::new()
                    .max_connections(connections.max(1))
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .idle_timeout(Duration::from_secs(60))
                    .max_lifetime(None)
                    .test_before_acquire(false)
                    .connect_lazy_with(options);
                Self::Sqlite { read, write: write.clone() }
            }
            Self::Postgres(pool) => {
                let options = (*pool.connect_options()).clone();
                Self::Postgres(
                    PgPoolOptions::new()
                        .max_connections(connections.max(1))
                        .acquire_timeout(ACQUIRE_TIMEOUT)
                        .idle_timeout(Duration::from_secs(60))
                        .after_connect(|conn, _| Box::pin(async move { only_read(conn).await }))
                        .connect_lazy_with(options),
                )
            }
        }
    }

    /// Opens a write transaction. Never hold it across a call over the network.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(PostgresTx::new(pool.begin().await?)),
        })
    }

    /// Waits until every change that was made before is durable, so that reads see what a uniqueness rule has seen. In PostgreSQL the
    /// rule itself waits for that.
    pub async fn settle(&self) {
        if let Self::Sqlite { write, .. } = self {
            _ = write.flush().await;
        }
    }

    /// The writing side without a transaction, for maintenance statements.
    pub fn writer(&self) -> Conn<'_> {
        match self {
            Self::Sqlite { write, .. } => Conn::SqliteWriter(write),
            Self::Postgres(pool) => Conn::PgPool(pool),
        }
    }

    /// Which database this is, for the few modules that may know.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Lets the database read a statement without running it; for the test that reads them all.
    pub async fn prepare(&self, text: &'static str) -> Result<()> {
        use sqlx::{Executor, SqlSafeStr};
        match self {
            Self::Sqlite { read, .. } => {
                read.prepare(text.into_sql_str()).await?;
            }
            Self::Postgres(pool) => {
                pool.prepare(text.into_sql_str()).await?;
            }
        }
        Ok(())
    }

    /// Closes all connections; waits for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.pool().close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Ends what takes longer than [`SLOW`], and refuses to write. Goes by indexes: how many rows have the beginning of a word the planner
/// can only guess, and it likes to guess that going through everything is worth it.
async fn only_read(conn: &mut PgConnection) -> sqlx::Result<()> {
    let text = format!(
        "SET statement_timeout = {}; SET default_transaction_read_only = on;
         SET jit = off; SET max_parallel_workers_per_gather = 0; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off",
        SLOW.as_millis()
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(conn).await.map(drop)
}

/// Statements here end after some milliseconds: to compile one, or to call workers for it, takes longer.
async fn plan_for_little(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("SET jit = off; SET max_parallel_workers_per_gather = 0").execute(conn).await.map(drop)
}

/// Sets how long statements of a connection wait for locks; not at all limited when it is zero.
pub(crate) async fn wait_for_locks(conn: &mut PgConnection, limit: Duration) -> sqlx::Result<()> {
    let text = format!("SET lock_timeout = {}", limit.as_millis());
    sqlx::query(sqlx::AssertSqlSafe(text)).execute(conn).await.map(drop)
}

impl Tx {
    /// Makes the changes durable.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Lends the transaction for one query.
    pub fn conn(&mut self) -> Conn<'_> {
        Conn::from(self)
    }
}
