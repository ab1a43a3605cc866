//! The dashboard: its pages, rendered here and brought to life in the browser, and what they ask the server.

mod import;
mod mail;
mod picture;
mod send;
mod sign_in;

use std::sync::Arc;
use std::time::Duration;

use ::app::server::{Guarded, Host, Opened, Visit, open, prepare, render};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{any, get, post};
use leptos::prelude::provide_context;

use crate::assets::Assets;
use crate::middleware::limit::Limited;
use crate::middleware::{ClientAddress, CspNonce, RequestId, Rule};
use crate::state::AppState;

/// All pages.
pub fn pages(_state: &AppState) -> Router<AppState> {
    prepare();
    Router::new()
        .route("/app", get(page))
        .route("/app/{*path}", get(page))
        .route("/installation/onboarding", get(page))
        .route("/google/callback", get(sign_in::google))
        .route("/microsoft/callback", get(sign_in::microsoft))
}

/// Server functions and uploads below `/app/api`.
pub fn calls(_state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/app/api/accounts/{account_id}/conversations/{id}/messages", post(send::message))
        .route("/app/api/accounts/{account_id}/contacts/{id}/avatar", post(send::contact_picture))
        .route("/app/api/accounts/{account_id}/contacts/import", post(import::start))
        .route("/app/api/accounts/{account_id}/contacts/import/template.csv", get(import::template))
        .route("/app/api/accounts/{account_id}/contacts/import/{id}/failures.csv", get(import::failures))
        .route("/app/api/accounts/{account_id}/mails/{id}", get(mail::shown))
        .route("/app/api/accounts/{account_id}/mails/{id}/original", get(mail::file))
        .route("/app/api/agent/picture", post(picture::own))
        .route("/app/api/accounts/{account_id}/conversations", post(send::conversation))
        .route("/app/api/accounts/{account_id}/files", post(send::file))
        .route("/app/api/accounts/{account_id}/files/{file_id}", get(send::kept_file))
        .route("/app/api/{*path}", any(call))
}

impl Host for AppState {
    fn domain(&self) -> &Arc<domain::App> {
        &self.app
    }

    fn asset(&self, name: &str) -> String {
        Assets::current().url(name)
    }

    fn part(&self, name: &str) -> Vec<String> {
        Assets::current().part("app", name)
    }

    fn check(&self, what: Guarded, who: &str) -> Result<(), Duration> {
        let rule = match what {
            Guarded::SignIn => Rule::SignIn,
            Guarded::PasswordReset => Rule::PasswordReset,
            Guarded::Install => Rule::SignUp,
        };
        self.limits.check_text(rule, who).map_err(|Limited(wait)| wait)
    }
}

async fn page(State(state): State<AppState>, request: Request<Body>) -> Response {
    let nonce = request.extensions().get::<CspNonce>().map_or("", CspNonce::as_str).to_owned();
    let visit = visit(&state, &request).await;
    let uri = request.uri().clone();
    let opened = open(&visit, &uri).await;
    answer(visit, opened, nonce, request).await
}

async fn answer(visit: Visit, opened: Opened, nonce: String, request: Request<Body>) -> Response {
    match opened {
        Opened::Redirect(address) => Redirect::to(&address).into_response(),
        Opened::Page(boot, status) => render(visit, *boot, status, nonce, request).await,
    }
}

async fn call(State(state): State<AppState>, request: Request<Body>) -> Response {
    let visit = visit(&state, &request).await;
    leptos_axum::handle_server_fns_with_context(move || provide_context(visit.clone()), request).await.into_response()
}

/// Reads what is needed at once: a body that is still to come cannot be lent across a wait.
fn visit(state: &AppState, request: &Request<Body>) -> impl Future<Output = Visit> + use<> {
    let extensions = request.extensions();
    let address = extensions.get::<ClientAddress>().map(|address| address.household().to_string()).unwrap_or_default();
    let reference = extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    Visit::begin(Arc::new(state.clone()), request.headers().clone(), address, reference)
}
