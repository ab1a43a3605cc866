//! What the database itself can do on this machine: one row, one transaction, durable.

use std::str::FromStr as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

/// The same for both kinds of pool.
macro_rules! timed {
    ($pool:expr, $writers:expr, $time:expr) => {{
        let pool = $pool;
        sqlx::query("create table raw_rows (id bigint, body text)").execute(&pool).await?;
        let began = Instant::now();
        let until = began + $time;
        let tasks = (0..$writers).map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut done = 0_u64;
                while Instant::now() < until {
                    let mut tx = pool.begin().await?;
                    let row = sqlx::query("insert into raw_rows (id, body) values ($1, $2)")
                        .bind(1_i64)
                        .bind("Olá, tudo bem?");
                    row.execute(&mut *tx).await?;
                    tx.commit().await?;
                    done += 1;
                }
                anyhow::Ok(done)
            })
        });
        let mut total = 0;
        for task in futures::future::join_all(tasks).await {
            total += task??;
        }
        let rate = total as f64 / began.elapsed().as_secs_f64();
        sqlx::query("drop table raw_rows").execute(&pool).await?;
        pool.close().await;
        Ok(rate)
    }};
}

/// Makes a database of its own in a PostgreSQL server; its address.
pub async fn fresh_postgres(base: &str) -> Result<String> {
    let nonce = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos();
    let name = format!("load_{nonce}");
    let (root, _) = base.rsplit_once('/').unwrap_or((base, ""));
    let status =
        tokio::process::Command::new("psql").args([base, "-qc", &format!("create database {name}")]).status().await?;
    anyhow::ensure!(status.success(), "the database cannot be made");
    Ok(format!("{root}/{name}"))
}

/// Durable single-row transactions a second with this many writers at once: each its own commit, on the settings that the product uses.
pub async fn transactions(url: &str, writers: usize, time: Duration) -> Result<f64> {
    if url.starts_with("sqlite") {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        // SQLite has one writer; more connections would only meet its lock.
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        return timed!(pool, writers, time);
    }
    let pool = PgPoolOptions::new().max_connections(16).connect(url).await?;
    timed!(pool, writers, time)
}
