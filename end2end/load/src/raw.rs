//! What the database itself can do on this machine: one row, one transaction, durable.

use std::time::{Duration, Instant};

use anyhow::Result;
use db::{Db, Options, sql};

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

/// Durable single-row transactions a second with this many writers at once, with the settings that the product uses.
pub async fn transactions(url: &str, writers: usize, time: Duration) -> Result<f64> {
    let db = Db::open(&Options { url: url.to_owned(), connections: 16 }).await?;
    sql!("create table if not exists raw_rows (id bigint, body text)").execute(db.writer()).await?;
    let until = Instant::now() + time;
    let began = Instant::now();
    let tasks = (0..writers).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut done = 0_u64;
            while Instant::now() < until {
                let mut tx = db.begin().await?;
                sql!("insert into raw_rows (id, body) values ($1, $2)")
                    .bind(1_i64)
                    .bind("Olá, tudo bem?")
                    .execute(&mut tx)
                    .await?;
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
    let elapsed = began.elapsed().as_secs_f64();
    sql!("drop table raw_rows").execute(db.writer()).await?;
    db.close().await;
    Ok(total as f64 / elapsed)
}
