//! Saved views, which the dialect calls custom filters.

use axum::Json;
use axum::http::StatusCode;
use domain::saved_view::{self, ViewChange, ViewInput};
use model::filter::{Condition, Subject};
use model::saved_view::SavedView;
use model::{ErrorCode, SavedViewId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::word;
use super::body::{Body, Input, Params};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::filter::ConditionWire;
use super::wire::iso;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, update, delete))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `conversation` unless said otherwise, or `contact`.
    #[serde(deserialize_with = "lenient::text")]
    filter_type: Option<String>,
}

/// A saved view as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = CustomFilterInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    /// `conversation` or `contact`.
    #[serde(deserialize_with = "lenient::text")]
    filter_type: Option<String>,
    #[schema(value_type = Option<QueryWire>)]
    query: Option<Value>,
    /// Everybody of the account has it.
    #[serde(deserialize_with = "lenient::flag")]
    shared: Option<bool>,
}

impl Input for Given {
    const NAME: &'static str = "custom_filter";
}

impl Given {
    fn conditions(&self) -> Result<Option<Vec<Condition>>, Refusal> {
        let Some(query) = &self.query else { return Ok(None) };
        let payload = query.get("payload").unwrap_or(&Value::Null);
        Ok(Some(model::filter::read(payload).map_err(domain::Error::from)?))
    }
}

/// The conditions of a saved view.
#[derive(Serialize, ToSchema)]
#[schema(as = CustomFilterQuery)]
struct QueryWire {
    payload: Vec<ConditionWire>,
}

/// A saved view.
#[derive(Serialize, ToSchema)]
#[schema(as = CustomFilter)]
struct ViewWire {
    id: i64,
    name: String,
    filter_type: String,
    query: QueryWire,
    /// Everybody of the account has it.
    shared: bool,
    /// Whoever made it.
    user_id: i64,
    /// ISO 8601.
    created_at: String,
    /// ISO 8601.
    updated_at: String,
}

impl From<SavedView> for ViewWire {
    fn from(view: SavedView) -> Self {
        Self {
            id: view.id.0,
            name: view.name,
            filter_type: view.kind.to_string(),
            query: QueryWire { payload: view.conditions.into_iter().map(ConditionWire::from).collect() },
            shared: view.shared,
            user_id: view.user_id.0,
            created_at: iso(view.created_at),
            updated_at: iso(view.updated_at),
        }
    }
}

/// One's own saved views and those that are shared.
#[utoipa::path(get, path = "/custom_filters", tag = "custom_filters", params(Which), responses((status = 200, body = Vec<ViewWire>)))]
async fn list(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<Vec<ViewWire>> {
    let kind = word::<Subject>("filter_type", which.filter_type.as_deref())?.unwrap_or(Subject::Conversation);
    Ok(Json(saved_view::list(&ctx, Some(kind)).await?.into_iter().map(ViewWire::from).collect()))
}

/// Keeps a filter under a name.
#[utoipa::path(post, path = "/custom_filters", tag = "custom_filters", request_body = Given, responses((status = 200, body = ViewWire)))]
async fn create(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<ViewWire> {
    let kind = word::<Subject>("filter_type", given.filter_type.as_deref())?.unwrap_or(Subject::Conversation);
    let conditions = given.conditions()?.ok_or_else(|| Refusal::field("query", ErrorCode::Required))?;
    let name = given.name.ok_or_else(|| Refusal::field("name", ErrorCode::Required))?;
    let new = ViewInput { name, conditions, shared: given.shared.unwrap_or_default() };
    Ok(Json(saved_view::create(&ctx, kind, new).await?.into()))
}

/// One saved view.
#[utoipa::path(get, path = "/custom_filters/{custom_filter_id}", tag = "custom_filters", responses((status = 200, body = ViewWire)))]
async fn show(Caller(ctx): Caller, Id(id): Id<SavedViewId>) -> Answer<ViewWire> {
    Ok(Json(saved_view::get(&ctx, id).await?.into()))
}

/// Changes a saved view. Others' only for administrators.
#[utoipa::path(patch, path = "/custom_filters/{custom_filter_id}", tag = "custom_filters", request_body = Given, responses((status = 200, body = ViewWire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<SavedViewId>, Body(given): Body<Given>) -> Answer<ViewWire> {
    let conditions = given.conditions()?;
    let change = ViewChange { name: given.name, conditions, shared: given.shared };
    Ok(Json(saved_view::update(&ctx, id, change).await?.into()))
}

/// Forgets a saved view.
#[utoipa::path(delete, path = "/custom_filters/{custom_filter_id}", tag = "custom_filters", responses((status = 204)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<SavedViewId>) -> Result<StatusCode, Refusal> {
    saved_view::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
