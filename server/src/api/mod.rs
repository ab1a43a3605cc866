//! The REST API of integrators, `/api/v1` and `/api/v2`: one module a noun, merged below.

pub mod wire;

use axum::Router;

use crate::state::AppState;

/// Routes of all nouns.
pub fn router(_state: &AppState) -> Router<AppState> {
    Router::new()
}
