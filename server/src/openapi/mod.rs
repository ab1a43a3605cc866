//! The description of the REST API, made from its code: `/api-docs` for people, `/api-docs/openapi.json` for programs.

mod complete;
mod page;

use std::sync::Arc;

use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use text::Lang;
use text::api::docs as t;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

use crate::health::VERSION;
use crate::state::AppState;

/// Name of the scheme in which the token is sent.
const TOKEN: &str = "api_access_token";

/// Language of the description: it is for programmers, like the code it is made from.
const LANG: Lang = Lang::En;

/// What is said of the whole.
pub fn frame() -> OpenApi {
    let token = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(TOKEN)));
    let scopes: [&str; 0] = [];
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Cloud Chat").version(VERSION).description(Some(t::introduction(LANG))))
        .components(Some(ComponentsBuilder::new().security_scheme(TOKEN, token).build()))
        .security(Some([SecurityRequirement::new(TOKEN, scopes)]))
        .build()
}

/// The routes of the description.
pub fn router(description: OpenApi) -> Router<AppState> {
    let mut json = serde_json::to_value(&description).unwrap_or_default();
    complete::complete(&mut json);
    let page: Arc<str> = page::page(&json).into();
    let json = Arc::new(json);
    Router::new()
        .route("/api-docs", get(move || std::future::ready(shown(&page))))
        .route("/api-docs/openapi.json", get(move || std::future::ready(Json(json.as_ref().clone()))))
}

fn shown(page: &Arc<str>) -> Response {
    // No script, and styles only in the page itself.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page.to_string())).into_response()
}
