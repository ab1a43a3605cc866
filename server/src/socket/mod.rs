//! The socket `/cable`, over which agents and visitors follow what happens.
//!
//! A socket outlives the request that opened it: hold `state.shutdown.hold()` while it is open, and when
//! `state.shutdown.requested()` resolves tell the client to reconnect and close.

use axum::Router;

use crate::state::AppState;

/// Routes of the socket.
pub fn router(_state: &AppState) -> Router<AppState> {
    Router::new()
}
