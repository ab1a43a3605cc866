//! Conversations that meet conditions.

use axum::Json;
use domain::conversation::{self, Paging};
use model::conversation::{ConversationFilter, TabCounts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::list::{PAGE, sort};
use super::shown;
use crate::api::body::{Body, Input};
use crate::api::caller::Caller;
use crate::api::lenient;
use crate::api::refusal::Answer;
use crate::api::wire::conversation::ConversationWire;
use crate::api::wire::filter::ConditionWire;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(filter))
}

/// Conditions and the page, which may also stand in the address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ConversationFilterInput)]
struct Given {
    #[schema(value_type = Vec<ConditionWire>)]
    payload: Value,
    /// From 1; 25 on a page.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
    /// As in the list; by the last activity unless said otherwise.
    #[serde(deserialize_with = "lenient::text")]
    sort_by: Option<String>,
}

impl Input for Given {
    const NAME: &'static str = "conversation";
}

#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described; what the address says is read with the body")]
struct Page {
    /// From 1; 25 on a page.
    page: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FilteredConversations)]
struct Filtered {
    meta: Counts,
    payload: Vec<ConversationWire>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FilteredCounts)]
struct Counts {
    mine_count: i64,
    unassigned_count: i64,
    all_count: i64,
}

impl From<TabCounts> for Counts {
    fn from(counts: TabCounts) -> Self {
        Self { mine_count: counts.mine, unassigned_count: counts.unassigned, all_count: counts.all }
    }
}

/// Conversations that meet conditions. "And" binds more tightly than "or".
#[utoipa::path(post, path = "/conversations/filter", tag = "conversations", params(Page), request_body = Given, responses((status = 200, body = Filtered)))]
async fn filter(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<Filtered> {
    let conditions = model::filter::read(&given.payload).map_err(domain::Error::from)?;
    let filter = ConversationFilter {
        status: None,
        sort: sort(given.sort_by.as_deref())?,
        conditions,
        ..ConversationFilter::default()
    };
    let paging = Paging::Number { page: given.page.unwrap_or(1).clamp(1, 1_000_000), size: PAGE };
    let asked = conversation::Asked::of(&ctx, &filter).await?;
    let payload = async {
        let page = asked.page_whole(paging.clone()).await?;
        shown::all(&ctx, &page.items).await
    };
    let (payload, counts) = tokio::join!(payload, asked.counts());
    let payload = payload?;
    let counts = counts?.having_seen(filter.tab, paging.seen(payload.len()));
    Ok(Json(Filtered { meta: counts.into(), payload }))
}
