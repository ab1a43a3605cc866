//! Answers that are not a handler's own: refusals of the layers around it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// A refusal in the shape the API's clients know: `{"error": "…"}`.
pub fn error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}

/// The reference's own words for "there is no such thing, or it is not yours".
pub fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "Resource could not be found")
}
