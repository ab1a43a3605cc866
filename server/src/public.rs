//! The public client API, `/public/api/v1`.

use axum::Router;

use crate::state::AppState;

/// Routes of the public client API.
pub fn router(_state: &AppState) -> Router<AppState> {
    Router::new()
}
