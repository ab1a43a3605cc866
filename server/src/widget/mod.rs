//! The website chat: its frame and its API.

use axum::Router;

use crate::state::AppState;

/// The page in the frame, `/widget`. It sets its own `Content-Security-Policy` with the sites of its inbox.
pub fn frame(_state: &AppState) -> Router<AppState> {
    Router::new()
}

/// Routes below `/api/v1/widget`.
pub fn router(_state: &AppState) -> Router<AppState> {
    Router::new()
}
