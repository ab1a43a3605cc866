//! `GET /api`: that there is a server.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::health::VERSION;
use crate::state::AppState;

/// The route.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show))
}

#[derive(Serialize, ToSchema)]
struct About {
    version: &'static str,
    /// Unix seconds.
    timestamp: i64,
    queue_services: &'static str,
    /// `ok` while the database answers.
    data_services: &'static str,
}

/// The server's version and whether it can do its work.
#[utoipa::path(get, path = "/api", tag = "server", responses((status = 200, body = About)), security(()))]
async fn show(State(state): State<AppState>) -> Json<About> {
    let ctx = state.app.anonymous();
    let works = domain::account::is_installed(&ctx).await.is_ok();
    let word = if works { "ok" } else { "failing" };
    Json(About { version: VERSION, timestamp: ctx.now() / 1_000, queue_services: word, data_services: word })
}
