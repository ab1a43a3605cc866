//! `cloudchat serve`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::{App, job, mailbox, realtime, transfer};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

use super::start;
use crate::config::Config;
use crate::middleware::Limits;
use crate::shutdown::Shutdown;
use crate::state::AppState;
use crate::{health, listen, metrics, router};

/// How often a running server looks whether a backup was restored under it.
const LOOK_FOR_RESTORE: Duration = Duration::from_secs(5);

/// How often counters are tidied and gauges are read.
const HOUSEKEEPING: Duration = Duration::from_secs(30);

/// Serves until it is told to stop.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let began = Instant::now();
    // First of all: a second server on the same address must not touch the database.
    let listener = listener(&config).await?;
    let figures = metrics::start()?;
    let stop = Shutdown::new();
    stop.listen_to_signals()?;
    let app = start::migrated(&config).await?;
    let ms = began.elapsed().as_secs_f64() * 1e3;
    tracing::info!(ms, version = health::VERSION, "ready");
    announce(&config);

    let mut app = Some(app);
    let mut listener = Some(listener);
    while let Some(open) = listener.take() {
        let current = match app.take() {
            Some(app) => app,
            None => start::migrated(&config).await?,
        };
        listener = round(&config, open, current, &figures, &stop).await?;
    }
    tracing::info!("stopped");
    Ok(())
}

async fn listener(config: &Config) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(config.listen).await;
    listener.with_context(|| format!("cannot listen on {} (CLOUDCHAT_LISTEN)", config.listen))
}

fn announce(config: &Config) {
    use std::io::IsTerminal as _;
    if std::io::stdout().is_terminal() {
        println!("\n  Cloud Chat is at {}\n", config.url);
    }
}

/// Serves until the process is to stop or the ground has changed: after a restore everything begins anew,
/// so that nothing remembered from before is shown to anyone. Returns the listener for the next round.
async fn round(
    config: &Config,
    listener: TcpListener,
    app: Arc<App>,
    figures: &PrometheusHandle,
    stop: &Shutdown,
) -> anyhow::Result<Option<TcpListener>> {
    let state = AppState::new(app.clone(), config.clone(), Some(figures.clone()));
    let shutdown = state.shutdown.clone();
    let limits = state.limits.clone();
    realtime::tail::start(&app).await?;
    let router = router::router(state).map_err(anyhow::Error::msg)?;

    shutdown.spawn(realtime::tail::follow(app.clone(), shutdown.token()));
    shutdown.spawn(realtime::notify::follow(app.clone(), shutdown.token()));
    shutdown.spawn(job::runner::work(app.clone(), shutdown.token()));
    shutdown.spawn(job::schedule::tick(app.clone(), shutdown.token()));
    shutdown.spawn(mailbox::watch::watch(app.clone(), mailbox::watch::Pace::default(), shutdown.token()));
    shutdown.spawn(housekeeping(app.clone(), figures.clone(), limits, shutdown.clone()));
    shutdown.spawn(look_for_restore(app.clone(), shutdown.clone()));
    shutdown.spawn(pass_on(stop.clone(), shutdown.clone()));

    listen::serve(&listener, router, &shutdown).await;
    // Whoever comes to a stopping server is refused at once, and can go to another; after a restore they wait for the next round.
    let listener = (!stop.is_requested()).then_some(listener);
    if !shutdown.finished(config.shutdown_timeout.duration()).await {
        tracing::warn!("not everything ended in time; jobs that were cut off are taken up again later");
    }
    app.search_db().close().await;
    app.db.close().await;
    Ok(listener.filter(|_| !stop.is_requested()))
}

/// The round ends when the process is to stop.
async fn pass_on(stop: Shutdown, round: Shutdown) {
    tokio::select! {
        () = stop.requested() => round.request(),
        () = round.requested() => {}
    }
}

async fn look_for_restore(app: Arc<App>, round: Shutdown) {
    let mut known = None;
    loop {
        match transfer::restored_at(&app.db).await {
            Ok(at) if *known.get_or_insert(at) != at => {
                tracing::info!("a backup was restored: beginning anew");
                return round.request();
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the database does not answer"),
        }
        tokio::select! {
            () = round.requested() => return,
            () = tokio::time::sleep(LOOK_FOR_RESTORE) => {}
        }
    }
}

async fn housekeeping(app: Arc<App>, figures: PrometheusHandle, limits: Limits, round: Shutdown) {
    loop {
        tokio::select! {
            () = round.requested() => return,
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
        limits.forget_quiet_clients();
        figures.run_upkeep();
        metrics::measure(&app).await;
    }
}
