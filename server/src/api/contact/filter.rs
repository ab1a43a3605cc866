//! Contacts who meet conditions.

use axum::Json;
use domain::contact::{self, Wanted, read::Sort};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{List, ListMeta, listed};
use crate::api::body::{Body, Input};
use crate::api::caller::Caller;
use crate::api::lenient;
use crate::api::refusal::Answer;
use crate::api::wire::filter::ConditionWire;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(filter))
}

/// Conditions, the page and the order, which may also stand in the address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ContactFilterInput)]
struct Given {
    #[schema(value_type = Vec<ConditionWire>)]
    payload: Value,
    /// From 1; 15 on a page.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
    /// As in the list; the latest activity first unless said otherwise.
    #[serde(deserialize_with = "lenient::text")]
    sort: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    include_contact_inboxes: Option<bool>,
}

impl Input for Given {
    const NAME: &'static str = "contact";
}

#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described; what the address says is read with the body")]
struct Page {
    /// From 1; 15 on a page.
    page: Option<i64>,
    /// As in the list.
    sort: Option<String>,
    /// Whether each contact brings the inboxes they can be reached in; they do unless told otherwise.
    include_contact_inboxes: Option<bool>,
}

/// Contacts who meet conditions, also those whom one can't reach. "And" binds more tightly than "or".
#[utoipa::path(post, path = "/contacts/filter", tag = "contacts", params(Page), request_body = Given, responses((status = 200, body = List)))]
async fn filter(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<List> {
    let conditions = model::filter::read(&given.payload).map_err(domain::Error::from)?;
    let sort = given.sort.as_deref().and_then(|sort| sort.parse().ok()).unwrap_or(Sort::ActivityDesc);
    let current_page = given.page.unwrap_or(1).clamp(1, 1_000_000);
    let wanted = Wanted { conditions: &conditions, everyone: true, ..Wanted::default() };
    let (contacts, total) = contact::list(&ctx, &wanted, sort, current_page).await?;
    let payload = listed(&ctx, &contacts, given.include_contact_inboxes.unwrap_or(true)).await?;
    Ok(Json(List { meta: ListMeta::of(total, current_page, contacts.len()), payload }))
}
