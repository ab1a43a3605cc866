//! `GET /health`: whether this server can do its work.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::job;
use serde_json::json;

use crate::state::AppState;

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A load balancer should not wait longer for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// For load balancers and people: 200, or 503 when the database does not answer or the server is stopping.
pub async fn show(State(state): State<AppState>) -> Response {
    let kind = if state.app.db.is_postgres() { "postgresql" } else { "sqlite" };
    let counts = tokio::time::timeout(PATIENCE, job::store::counts(&state.app.db)).await;
    let is_stopping = state.shutdown.is_requested();
    match counts {
        Ok(Ok((ready, dead))) => {
            let status = if is_stopping { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
            let body = json!({
                "status": if is_stopping { "stopping" } else { "ok" },
                "version": VERSION,
                "database": { "kind": kind, "status": "ok" },
                "queue": { "ready": ready, "dead": dead },
                "sockets": state.app.hub.listeners(),
            });
            (status, Json(body)).into_response()
        }
        _ => {
            let body = json!({
                "status": "failing",
                "version": VERSION,
                "database": { "kind": kind, "status": "unavailable" },
            });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
