//! What contacts say of conversations when they are asked.

use axum::Json;
use domain::csat;
use model::csat::CsatFilter;
use model::{InboxId, TeamId, UserId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Params;
use super::caller::Caller;
use super::lenient;
use super::refusal::Answer;
use super::wire::Dialect;
use super::wire::csat::{CsatMetricsWire, CsatWire};
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(metrics))
}

/// Which opinions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// From 1; 25 in each.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
    /// `-created_at` unless said otherwise, or `created_at`.
    #[serde(deserialize_with = "lenient::text")]
    sort: Option<String>,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::int")]
    since: Option<i64>,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::int")]
    until: Option<i64>,
    /// Whose conversations.
    #[serde(deserialize_with = "lenient::ints")]
    user_ids: Option<Vec<i64>>,
    /// Only of conversations in this inbox.
    #[serde(deserialize_with = "lenient::int")]
    inbox_id: Option<i64>,
    /// Only of conversations that are this team's.
    #[serde(deserialize_with = "lenient::int")]
    team_id: Option<i64>,
    /// 1 to 5.
    #[serde(deserialize_with = "lenient::int")]
    rating: Option<i64>,
}

impl Which {
    fn filter(&self) -> CsatFilter {
        CsatFilter {
            since: self.since.map(|seconds| seconds.saturating_mul(1_000)),
            until: self.until.map(|seconds| seconds.saturating_mul(1_000)),
            agents: self.user_ids.iter().flatten().copied().map(UserId).collect(),
            inbox: self.inbox_id.map(InboxId),
            team: self.team_id.map(TeamId),
            rating: self.rating,
        }
    }
}

/// What contacts said, the newest first. For supervisors and administrators.
#[utoipa::path(get, path = "/csat_survey_responses", tag = "reports", params(Which), responses((status = 200, body = Vec<CsatWire>)))]
async fn list(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<Vec<CsatWire>> {
    let oldest_first = which.sort.as_deref() == Some("created_at");
    let found = csat::list(&ctx, &which.filter(), which.page.unwrap_or(1), oldest_first).await?;
    let dialect = Dialect::of(&ctx).await?;
    Ok(Json(found.iter().map(|(response, contact)| dialect.csat(response, contact.as_ref())).collect()))
}

/// How many answered, what they gave, and how many were asked in the time. For supervisors and administrators.
#[utoipa::path(get, path = "/csat_survey_responses/metrics", tag = "reports", params(Which), responses((status = 200, body = CsatMetricsWire)))]
async fn metrics(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<CsatMetricsWire> {
    Ok(Json(csat::metrics(&ctx, &which.filter()).await?.into()))
}
