//! One log line and one measurement for each request. No query, no body, no raw path: they hold tokens and names.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::RequestId;

/// Opens the span in which everything else of the request is logged.
pub async fn layer(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", |path| path.as_str()).to_owned();
    let id = request.extensions().get::<RequestId>().map_or("", RequestId::as_str);
    let span = tracing::info_span!("request", request.id = id);

    let response = next.run(request).instrument(span.clone()).await;

    let status = response.status();
    let taken = started.elapsed();
    let ms = taken.as_secs_f64() * 1e3;
    span.in_scope(|| match status.as_u16() {
        500.. => tracing::error!(status = status.as_u16(), ms, "{method} {route} failed"),
        // Asked for by machines every few seconds, or by every page a dozen times.
        _ if is_quiet(&route) => tracing::debug!(status = status.as_u16(), ms, "{method} {route}"),
        _ => tracing::info!(status = status.as_u16(), ms, "{method} {route}"),
    });
    let labels = [("method", method.to_string()), ("route", route), ("status", status.as_str().to_owned())];
    metrics::histogram!("http_request_seconds", &labels).record(taken.as_secs_f64());
    response
}

fn is_quiet(route: &str) -> bool {
    matches!(route, "/health" | "/metrics" | "/packs/js/sdk.js") || route.starts_with("/pkg/")
}
