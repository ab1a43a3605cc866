//! Every route of the server, grouped by who calls it. A group is one module with a `router()`; what surrounds the
//! group (headers, size, time, rate, cross-site check) is decided here and nowhere else.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use tower_http::CompressionLevel;
use tower_http::compression::predicate::{NotForContentType, SizeAbove};
use tower_http::compression::{CompressionLayer, Predicate as _};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use crate::middleware::address::{self, Proxy};
use crate::middleware::cross_site::{self, OwnOrigin};
use crate::middleware::{Rule, body, catch, headers, human, limit, request_id, trace};
use crate::state::AppState;
use crate::{api, assets, dashboard, files, health, hook, metrics, public, reply, socket, survey, widget};

/// Time for a request that computes; uploads have their own.
const USUAL: Duration = Duration::from_secs(30);

/// Time for a request that carries files over a slow line.
const UPLOAD: Duration = Duration::from_secs(600);

/// How long browsers remember the answer to a CORS preflight.
const PREFLIGHT: Duration = Duration::from_secs(24 * 60 * 60);

/// Answers below this many bytes fit into one packet as they are.
const LEAST_COMPRESSED: u16 = 1024;

/// The whole server. Fails when an option makes no sense.
pub fn router(state: AppState) -> Result<Router, String> {
    let proxy = Proxy::new(state.config.client_address_header.as_deref())?;
    let groups = Router::new()
        .merge(pages(&state))
        .merge(calls(&state))
        .merge(rest(&state))
        .merge(visitors(&state))
        .merge(surveys(&state))
        .merge(callbacks(&state))
        .merge(sockets(&state))
        .merge(downloads(&state))
        .merge(probes())
        .merge(assets::router())
        .fallback(nothing);
    // The last layer is the first to see a request.
    Ok(groups
        .layer(from_fn(catch::panics))
        .layer(from_fn(human::layer))
        .layer(from_fn(trace::layer))
        .layer(from_fn_with_state(state.pages.clone(), headers::all))
        .layer(from_fn_with_state(proxy, address::layer))
        .layer(from_fn(request_id::layer))
        .with_state(state))
}

/// Pages of the dashboard and everything else people open in their browser.
fn pages(state: &AppState) -> Router<AppState> {
    let router = Router::new().route("/", get(|| async { Redirect::temporary("/app") })).merge(dashboard::pages(state));
    sized(router, body::PLAIN)
        .layer(from_fn_with_state(USUAL, catch::timeout))
        .layer(from_fn_with_state(OwnOrigin::new(&state.config.url), cross_site::layer))
        .layer(from_fn_with_state(state.pages.clone(), headers::pages))
}

/// What the dashboard asks the server: server functions and uploads under `/app/api`, signed in by cookie.
fn calls(state: &AppState) -> Router<AppState> {
    sized(dashboard::calls(state), body::UPLOAD)
        .layer(from_fn_with_state(UPLOAD, catch::timeout))
        .layer(from_fn_with_state(OwnOrigin::new(&state.config.url), cross_site::layer))
        .layer(from_fn_with_state(state.limits.per_address(Rule::Api), limit::layer))
        .layer(from_fn(headers::data))
}

/// The REST API of integrators, with a token in a header.
fn rest(state: &AppState) -> Router<AppState> {
    sized(api::router(state), body::UPLOAD)
        .layer(from_fn_with_state(UPLOAD, catch::timeout))
        .layer(from_fn_with_state(state.limits.per_address(Rule::Api), limit::layer))
        .layer(from_fn(headers::data))
}

/// The website chat and the public API: called from anywhere, by anyone.
fn visitors(state: &AppState) -> Router<AppState> {
    let data = Router::new()
        .merge(widget::router(state))
        .merge(public::router(state))
        .merge(survey::api(state))
        .layer(from_fn(headers::data))
        .layer(from_fn_with_state(state.limits.per_address(Rule::PublicRead), limit::layer))
        .layer(anyone());
    // The frame writes its own content security policy: it knows its inbox.
    let frame = widget::frame(state)
        .layer(from_fn_with_state(state.limits.per_address(Rule::WidgetFrame), limit::layer))
        .layer(from_fn_with_state(state.pages.clone(), headers::pages));
    sized(data.merge(frame), body::UPLOAD).layer(from_fn_with_state(UPLOAD, catch::timeout))
}

/// Pages that contacts open by a link that only they have.
fn surveys(state: &AppState) -> Router<AppState> {
    sized(survey::pages(state), body::PLAIN)
        .layer(from_fn_with_state(USUAL, catch::timeout))
        .layer(from_fn_with_state(OwnOrigin::new(&state.config.url), cross_site::layer))
        .layer(from_fn_with_state(state.limits.per_address(Rule::PublicRead), limit::layer))
        .layer(from_fn_with_state(state.pages.clone(), headers::pages))
}

/// Providers' callbacks.
fn callbacks(state: &AppState) -> Router<AppState> {
    sized(hook::router(state), body::PLAIN)
        .layer(from_fn_with_state(USUAL, catch::timeout))
        .layer(from_fn_with_state(state.limits.per_address(Rule::Hook), limit::layer))
        .layer(from_fn(headers::data))
}

fn sockets(state: &AppState) -> Router<AppState> {
    socket::router(state).layer(from_fn_with_state(state.limits.per_address(Rule::Socket), limit::layer))
}

/// Attachments; a large one may take as long as it likes.
fn downloads(state: &AppState) -> Router<AppState> {
    files::router().layer(from_fn_with_state(state.limits.per_address(Rule::File), limit::layer))
}

fn probes() -> Router<AppState> {
    Router::new()
        .route("/health", get(health::show))
        .route("/metrics", get(metrics::show))
        .layer(from_fn(headers::data))
}

/// Bounds the requests of a group, and makes its answers small.
fn sized(router: Router<AppState>, limit: usize) -> Router<AppState> {
    // A page or a list becomes a quarter; trying harder costs more time than a local line saves. What the site is made of
    // was compressed when it was built, and is not in a group of this kind.
    let worth_it = SizeAbove::new(LEAST_COMPRESSED).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
    let compressed = CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(worth_it);
    router.layer(body::extractors(limit)).layer(from_fn_with_state(limit, body::layer)).layer(compressed)
}

/// Pages of other sites may call, without cookies.
fn anyone() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT)
}

/// Addresses that nothing answers to.
async fn nothing(_request: Request) -> Response {
    reply::not_found().into_response()
}
