//! Labels.

use axum::Json;
use axum::http::StatusCode;
use domain::label::{self, LabelInput};
use model::{ErrorCode, LabelId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::label::LabelWire;
use crate::state::AppState;

const COLOR: &str = "#1f93ff";

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, update, delete))
}

/// A label as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = LabelInput)]
struct Given {
    /// Lower case: letters, digits, `_`, `-`.
    #[serde(deserialize_with = "lenient::text")]
    title: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    description: Option<String>,
    /// `#rrggbb`.
    #[serde(deserialize_with = "lenient::text")]
    color: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    show_on_sidebar: Option<bool>,
}

impl Input for Given {
    const NAME: &'static str = "label";
}

#[derive(Serialize, ToSchema)]
#[schema(as = LabelList)]
struct List {
    payload: Vec<LabelWire>,
}

/// All labels.
#[utoipa::path(get, path = "/labels", tag = "labels", responses((status = 200, body = List)))]
async fn list(Caller(ctx): Caller) -> Answer<List> {
    let payload = label::list(&ctx).await?.into_iter().map(LabelWire::from).collect();
    Ok(Json(List { payload }))
}

/// Makes a label. For administrators.
#[utoipa::path(post, path = "/labels", tag = "labels", request_body = Given, responses((status = 200, body = LabelWire)))]
async fn create(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<LabelWire> {
    let title = given.title.ok_or_else(|| Refusal::field("title", ErrorCode::Required))?;
    let new = LabelInput {
        title,
        description: given.description.unwrap_or_default(),
        color: given.color.unwrap_or_else(|| COLOR.to_owned()),
        show_on_sidebar: given.show_on_sidebar.unwrap_or_default(),
    };
    Ok(Json(label::create(&ctx, new).await?.into()))
}

/// One label.
#[utoipa::path(get, path = "/labels/{label_id}", tag = "labels", responses((status = 200, body = LabelWire)))]
async fn show(Caller(ctx): Caller, Id(id): Id<LabelId>) -> Answer<LabelWire> {
    Ok(Json(label::get(&ctx, id).await?.into()))
}

/// Changes a label; conversations keep it. For administrators.
#[utoipa::path(patch, path = "/labels/{label_id}", tag = "labels", request_body = Given, responses((status = 200, body = LabelWire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<LabelId>, Body(given): Body<Given>) -> Answer<LabelWire> {
    let known = label::get(&ctx, id).await?;
    let change = LabelInput {
        title: given.title.unwrap_or(known.title),
        description: given.description.unwrap_or(known.description),
        color: given.color.unwrap_or(known.color),
        show_on_sidebar: given.show_on_sidebar.unwrap_or(known.show_on_sidebar),
    };
    Ok(Json(label::update(&ctx, id, change).await?.into()))
}

/// Deletes a label and takes it off every conversation. For administrators.
#[utoipa::path(delete, path = "/labels/{label_id}", tag = "labels", responses((status = 200)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<LabelId>) -> Result<StatusCode, Refusal> {
    label::delete(&ctx, id).await?;
    Ok(StatusCode::OK)
}
