//! The schema: two folders of migrations with the same names.

use sqlx::migrate::{Migrate, Migrator};

use crate::{Db, Result};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

fn migrator(db: &Db) -> &'static Migrator {
    if db.is_postgres() { &POSTGRES } else { &SQLITE }
}

/// The newest version of the schema that this program knows.
pub fn latest_version() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// How many migrations are still to be run, and whether the database is new.
pub async fn pending(db: &Db) -> Result<(usize, bool)> {
    let applied = match db {
        Db::Sqlite { write, .. } => {
            let mut conn = write.acquire().await?;
            conn.ensure_migrations_table("_sqlx_migrations").await?;
            conn.list_applied_migrations("_sqlx_migrations").await?
        }
        Db::Postgres(pool) => {
            let mut conn = pool.acquire().await?;
            conn.ensure_migrations_table("_sqlx_migrations").await?;
            conn.list_applied_migrations("_sqlx_migrations").await?
        }
    };
    let known = migrator(db).iter().count();
    Ok((known.saturating_sub(applied.len()), applied.is_empty()))
}

/// Brings the schema up to date. In PostgreSQL several nodes may do this at once: sqlx holds an advisory lock.
pub async fn migrate(db: &Db) -> Result<()> {
    match db {
        Db::Sqlite { write, .. } => SQLITE.run(write).await?,
        Db::Postgres(pool) => POSTGRES.run(pool).await?,
    }
    Ok(())
}
