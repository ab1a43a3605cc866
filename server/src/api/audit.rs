//! The log of who changed what.

use axum::Json;
use domain::audit::{self, PER_PAGE};
use model::audit::AuditFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::word;
use super::body::Params;
use super::caller::Caller;
use super::lenient;
use super::refusal::Answer;
use super::wire::audit::AuditPageWire;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which lines.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// From 1.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
    /// Only what this person did.
    #[serde(deserialize_with = "lenient::int")]
    user_id: Option<i64>,
    /// Only what was done to things of this kind: `account`, `agent`, `inbox`, …
    #[serde(deserialize_with = "lenient::text")]
    subject: Option<String>,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::int")]
    since: Option<i64>,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::int")]
    until: Option<i64>,
}

/// Who changed what, the newest first. For administrators.
#[utoipa::path(get, path = "/audit_logs", tag = "accounts", params(Wanted), responses((status = 200, body = AuditPageWire)))]
async fn list(Caller(ctx): Caller, Params(wanted): Params<Wanted>) -> Answer<AuditPageWire> {
    let filter = AuditFilter {
        by: wanted.user_id.map(model::UserId),
        subject: word("subject", wanted.subject.as_deref().filter(|word| !word.is_empty()))?,
        since: wanted.since.map(|seconds| seconds.saturating_mul(1_000)),
        until: wanted.until.map(|seconds| seconds.saturating_mul(1_000)),
    };
    let page = audit::list(&ctx, &filter, wanted.page.unwrap_or(1), PER_PAGE).await?;
    Ok(Json(AuditPageWire::new(page)))
}
