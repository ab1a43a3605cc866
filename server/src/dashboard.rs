//! The dashboard: its pages, rendered here and brought to life in the browser, and what they ask the server.

use axum::Router;

use crate::state::AppState;

/// All pages.
pub fn pages(_state: &AppState) -> Router<AppState> {
    Router::new()
}

/// Server functions and uploads below `/app/api`.
pub fn calls(_state: &AppState) -> Router<AppState> {
    Router::new()
}
