//! Fresh databases for tests, one of each kind.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use crate::{Db, Options, Result};

/// A database of its own, gone with the test.
pub struct TestDb {
    pub db: Db,
    /// Kept alive for as long as the file is needed.
    pub dir: tempfile::TempDir,
    /// Where a second connection finds the same database.
    pub url: String,
    /// Removes the database with the test, when it is one in a server.
    _cleared: Option<Cleared>,
}

/// Drops a database when it is dropped itself: hundreds of them would fill a disk.
struct Cleared {
    base: String,
    name: String,
}

impl Drop for Cleared {
    fn drop(&mut self) {
        let (base, name) = (std::mem::take(&mut self.base), std::mem::take(&mut self.name));
        // A thread of its own, because the test's runtime may be on its way out.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut admin = PgConnection::connect(&base).await.map_err(std::io::Error::other)?;
                let text = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                admin.execute(sqlx::AssertSqlSafe(text)).await.map_err(std::io::Error::other)?;
                std::io::Result::Ok(())
            })
        });
        if let Ok(Err(error)) = dropped.join() {
            eprintln!("a test's database stays behind: {error}");
        }
    }
}

/// Somebody else who keeps everybody from writing.
pub enum Hold {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Hold {
    /// Lets the others go on.
    pub async fn release(self) -> Result<()> {
        match self {
            Self::Sqlite(mut conn) => {
                conn.execute("ROLLBACK").await?;
                conn.close().await?;
            }
            Self::Postgres(mut conn) => {
                conn.execute("ROLLBACK").await?;
                conn.close().await?;
            }
        }
        Ok(())
    }
}

impl TestDb {
    /// Holds the database as another program could: nobody can write messages, everybody can read them.
    pub async fn hold(&self) -> Result<Hold> {
        if self.db.is_postgres() {
            let mut conn = PgConnection::connect(&self.url).await?;
            conn.execute("BEGIN").await?;
            conn.execute("LOCK TABLE messages IN EXCLUSIVE MODE").await?;
            return Ok(Hold::Postgres(conn));
        }
        let mut conn = SqliteConnection::connect(&self.url).await?;
        conn.execute("BEGIN IMMEDIATE").await?;
        Ok(Hold::Sqlite(conn))
    }

    /// Ends all connections to a database in a server, as its restart does; how many there were.
    pub async fn cut(&self) -> Result<usize> {
        let mut conn = PgConnection::connect(&self.url).await?;
        let ended: Vec<(bool,)> = sqlx::query_as(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_all(&mut conn)
        .await?;
        conn.close().await?;
        Ok(ended.len())
    }
}

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A migrated SQLite file in a temporary folder.
pub async fn sqlite() -> Result<TestDb> {
    let dir = tempfile::tempdir().map_err(sqlx::Error::Io)?;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let db = Db::open(&Options { url: url.clone(), connections: 4 }).await?;
    crate::migrate(&db).await?;
    Ok(TestDb { db, dir, url, _cleared: None })
}

/// A migrated database in the server that `TEST_POSTGRES_URL` names. `None` when the variable is not set and
/// `SKIP_POSTGRES=1` says that this is meant; otherwise its absence fails the test.
pub async fn postgres() -> Result<Option<TestDb>> {
    let Ok(base) = std::env::var("TEST_POSTGRES_URL") else {
        if std::env::var("SKIP_POSTGRES").is_ok_and(|v| v == "1") {
            return Ok(None);
        }
        return Err(crate::Error::Address("TEST_POSTGRES_URL is not set (run `cargo xtask test`)".to_owned()));
    };
    let dir = tempfile::tempdir().map_err(sqlx::Error::Io)?;
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("t{}_{number}", std::process::id());
    let mut admin = PgConnection::connect(&base).await?;
    let template = template(&mut admin, &base).await?;
    admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"))).await?;
    admin.close().await?;
    let url = with_database(&base, &name);
    let db = Db::open(&Options { url: url.clone(), connections: 8 }).await?;
    let cleared = Cleared { base, name };
    Ok(Some(TestDb { db, dir, url, _cleared: Some(cleared) }))
}

/// The same without any table, for tests of the way up.
pub async fn postgres_without_tables() -> Result<Option<TestDb>> {
    let Some(test) = postgres().await? else { return Ok(None) };
    let mut conn = PgConnection::connect(&test.url).await?;
    conn.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await?;
    conn.close().await?;
    Ok(Some(test))
}

/// A migrated database that test databases are copied from, made once per schema.
async fn template(admin: &mut PgConnection, base: &str) -> Result<String> {
    let name = format!("template_v{}", schema_fingerprint());
    // One maker at a time, over all test processes.
    admin.execute("SELECT pg_advisory_lock(7201)").await?;
    let made = make_template(admin, base, &name).await;
    admin.execute("SELECT pg_advisory_unlock(7201)").await?;
    made.map(|()| name)
}

async fn make_template(admin: &mut PgConnection, base: &str, name: &str) -> Result<()> {
    let exists: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate")
        .bind(name)
        .fetch_optional(&mut *admin)
        .await?;
    if exists.is_some() {
        return Ok(());
    }
    admin.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await?;
    admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    let db = Db::open(&Options { url: with_database(base, name), connections: 2 }).await?;
    crate::migrate(&db).await?;
    db.close().await;
    admin.execute(sqlx::AssertSqlSafe(format!("ALTER DATABASE {name} IS_TEMPLATE true"))).await?;
    Ok(())
}

fn schema_fingerprint() -> String {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for migration in sqlx::migrate!("../../migrations/postgres").iter() {
        for byte in migration.checksum.iter() {
            sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{sum:x}")
}

/// Puts another database's name into an address such as `postgres://user@host:port/name?options`.
fn with_database(base: &str, name: &str) -> String {
    let (address, options) = base.split_once('?').map_or((base, None), |(a, o)| (a, Some(o)));
    let host_start = address.find("://").map_or(0, |at| at + 3);
    let root = match address[host_start..].find('/') {
        Some(slash) => &address[..host_start + slash],
        None => address,
    };
    match options {
        Some(options) => format!("{root}/{name}?{options}"),
        None => format!("{root}/{name}"),
    }
}

/// Writes a test once and runs it on a fresh SQLite and on a fresh PostgreSQL database:
/// `db::db_test! { async fn name(test: TestDb) { … } }`.
#[macro_export]
macro_rules! db_test {
    ($($(#[$meta:meta])* async fn $name:ident($test:ident: TestDb) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                #[allow(unused_imports)]
                use super::*;

                async fn check($test: $crate::testing::TestDb) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    check($crate::testing::sqlite().await.expect("a fresh SQLite file")).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    if let Some(test) = $crate::testing::postgres().await.expect("a fresh PostgreSQL database") {
                        check(test).await;
                    }
                }
            }
        )+
    };
}
