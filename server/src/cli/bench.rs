//! `cloudchat bench`: how fast this machine's database and storage are, before users find out.
//! The whole product is measured by `cargo xtask bench`.

use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Args;
use domain::App;
use tokio::task::JoinSet;

use super::start;
use crate::config::Config;

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Bench {
    /// How long each measurement takes.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
}

/// Changes under way at the same time in the second measurement.
const TOGETHER: usize = 16;

/// Size of the file that is stored, in bytes.
const FILE: usize = 1 << 20;

/// Measures and prints. Writes nothing that stays.
pub async fn bench(config: &Config, command: Bench) -> anyhow::Result<()> {
    let app = start::migrated(config).await?;
    let time = Duration::from_secs(command.seconds);
    let kind = if app.db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    println!("{kind}, durable changes one after the other: {}", changes(&app, 1, time).await?);
    println!("{kind}, {TOGETHER} changes at a time:             {}", changes(&app, TOGETHER, time).await?);
    db::forget_probe(&app.db).await?;
    println!("Storage, files of 1 MB written and read:   {}", files(&app, time).await?);
    Ok(())
}

async fn changes(app: &App, together: usize, time: Duration) -> anyhow::Result<String> {
    let end = Instant::now() + time;
    let mut running = JoinSet::new();
    for _ in 0..together {
        let db = app.db.clone();
        running.spawn(async move {
            let mut taken = Vec::new();
            while Instant::now() < end {
                let began = Instant::now();
                db::probe(&db).await?;
                taken.push(began.elapsed());
            }
            db::Result::Ok(taken)
        });
    }
    let mut taken = Vec::new();
    while let Some(some) = running.join_next().await {
        taken.extend(some??);
    }
    Ok(summary(taken, time))
}

async fn files(app: &App, time: Duration) -> anyhow::Result<String> {
    const KEY: &str = "bench-probe";
    let content = Bytes::from(vec![7; FILE]);
    let end = Instant::now() + time;
    let mut taken = Vec::new();
    while Instant::now() < end {
        let began = Instant::now();
        app.blobs.put(KEY, content.clone()).await?;
        app.blobs.get(KEY, None).await?;
        taken.push(began.elapsed());
    }
    app.blobs.delete(KEY).await?;
    Ok(summary(taken, time))
}

fn summary(mut taken: Vec<Duration>, time: Duration) -> String {
    taken.sort_unstable();
    let ms = |part: usize| taken.get(taken.len() * part / 100).map_or(0.0, |taken| taken.as_secs_f64() * 1e3);
    let rate = taken.len() as f64 / time.as_secs_f64();
    format!("{rate:.0}/s, p50 {:.1} ms, p99 {:.1} ms", ms(50), ms(99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_sorted_times() {
        let taken = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(summary(taken, Duration::from_secs(2)), "50/s, p50 51.0 ms, p99 100.0 ms");
        assert_eq!(summary(Vec::new(), Duration::from_secs(1)), "0/s, p50 0.0 ms, p99 0.0 ms");
    }
}
