//! The schema: two folders of migrations with the same names.

use std::time::Duration;

use sqlx::migrate::{AppliedMigration, Migrate, Migrator};

use crate::pool::wait_for_locks;
use crate::{Db, Result};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Where sqlx keeps the list of what was run.
const TABLE: &str = "_sqlx_migrations";

fn migrator(db: &Db) -> &'static Migrator {
    if db.is_postgres() { &POSTGRES } else { &SQLITE }
}

/// The newest version of the schema that this program knows.
pub fn latest_version() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Every version of the schema, in order; numbers may be left out.
pub fn versions() -> impl Iterator<Item = i64> {
    SQLITE.iter().map(|migration| migration.version)
}

/// The migrations that were run on the database.
async fn applied(db: &Db) -> Result<Vec<AppliedMigration>> {
    Ok(match db {
        Db::Sqlite { write, .. } => {
            let mut conn = write.pool().acquire().await?;
            conn.ensure_migrations_table(TABLE).await?;
            conn.list_applied_migrations(TABLE).await?
        }
        Db::Postgres(pool) => {
            let mut conn = pool.acquire().await?;
            conn.ensure_migrations_table(TABLE).await?;
            conn.list_applied_migrations(TABLE).await?
        }
    })
}

/// How many migrations are still to be run, and whether the database is new.
pub async fn pending(db: &Db) -> Result<(usize, bool)> {
    let applied = applied(db).await?;
    let known = migrator(db).iter().count();
    Ok((known.saturating_sub(applied.len()), applied.is_empty()))
}

/// Brings the schema up to date. In PostgreSQL several nodes may do this at once: sqlx holds an advisory lock.
pub async fn migrate(db: &Db) -> Result<()> {
    migrate_to(db, latest_version()).await
}

/// The version that the database has; `None` when it is new.
pub async fn version(db: &Db) -> Result<Option<i64>> {
    let applied = applied(db).await?;
    Ok(applied.iter().map(|migration| migration.version).max())
}

/// Brings the schema of a new database to a version of the past, for a backup from then.
pub async fn migrate_to(db: &Db, version: i64) -> Result<()> {
    match db {
        Db::Sqlite { write, .. } => SQLITE.run_to(version, write.pool()).await?,
        Db::Postgres(pool) => {
            let mut conn = pool.acquire().await?;
            // Another node may be at it, for as long as it takes.
            wait_for_locks(&mut conn, Duration::ZERO).await?;
            let done = POSTGRES.run_to(version, &mut *conn).await;
            // The limit goes with the connection.
            conn.close().await?;
            done?;
        }
    }
    Ok(())
}
