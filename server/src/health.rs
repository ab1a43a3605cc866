//! `GET /health`: whether this server can do its work.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::state::AppState;

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// For load balancers and people.
pub async fn show(State(_state): State<AppState>) -> Response {
    Json(json!({ "version": VERSION })).into_response()
}
