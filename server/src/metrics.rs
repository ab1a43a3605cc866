//! Figures for Prometheus at `/metrics`.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::{App, job};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use subtle::ConstantTimeEq as _;

use crate::middleware::ClientAddress;
use crate::reply;
use crate::state::AppState;

/// Upper bounds of the time buckets, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Headers that show that a request came through a proxy, so that its sender is not this machine.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// Starts to collect. Once per process.
pub fn start() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
    Ok(builder.install_recorder()?)
}

/// Reads the figures that nothing counts by itself.
pub async fn measure(app: &App) {
    if let Ok((ready, dead)) = job::store::counts(&app.db).await {
        metrics::gauge!("cloudchat_jobs", "state" => "ready").set(ready as f64);
        metrics::gauge!("cloudchat_jobs", "state" => "dead").set(dead as f64);
    }
    metrics::gauge!("cloudchat_sockets").set(app.hub.listeners() as f64);
    if let Some(bytes) = resident_memory() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
}

/// Memory of this process, in bytes; where the system tells it.
fn resident_memory() -> Option<u64> {
    // The second field of statm is in pages, which have 4 KiB on every machine we serve on.
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split(' ').nth(1)?.parse::<u64>().ok().map(|pages| pages * 4096)
}

/// `GET /metrics`, for a Prometheus server that knows the token, or for this machine when there is none.
pub async fn show(
    State(state): State<AppState>,
    from: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
) -> Response {
    if !may_read(&state, from.map(|Extension(address)| address), &headers) {
        return reply::not_found();
    }
    let Some(figures) = &state.figures else {
        return reply::error(StatusCode::SERVICE_UNAVAILABLE, "No figures are collected");
    };
    measure(&state.app).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], figures.render()).into_response()
}

fn may_read(state: &AppState, from: Option<ClientAddress>, headers: &HeaderMap) -> bool {
    match &state.config.metrics_token {
        Some(token) => headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "))
            .is_some_and(|given| bool::from(given.ct_eq(token.expose().as_bytes()))),
        None => {
            let is_local = from.is_some_and(|ClientAddress(address)| address.is_loopback());
            is_local && !FORWARDED.iter().any(|name| headers.contains_key(*name))
        }
    }
}
