//! Callbacks of providers, at the paths that the reference fixes.

use axum::Router;

use crate::state::AppState;

/// Routes of all providers.
pub fn router(_state: &AppState) -> Router<AppState> {
    Router::new()
}
