//! Attachments behind signed addresses that expire.

use axum::Router;

use crate::state::AppState;

/// Routes of attachments.
pub fn router() -> Router<AppState> {
    Router::new()
}
