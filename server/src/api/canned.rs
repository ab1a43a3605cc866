//! Canned responses.

use axum::Json;
use axum::http::StatusCode;
use domain::canned::{self, CannedInput};
use model::{CannedId, ErrorCode, StoredFileId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input, Params};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::canned::CannedWire;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, update, delete))
}

/// A canned response as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = CannedResponseInput)]
struct Given {
    /// Unique in the account whatever its capitals.
    #[serde(deserialize_with = "lenient::text")]
    short_code: Option<String>,
    /// Markdown with variables such as `{{contact.name}}`.
    #[serde(deserialize_with = "lenient::text")]
    content: Option<String>,
    /// Files that it brings, by the `blob_id` that `/upload` answered.
    #[serde(deserialize_with = "lenient::ints")]
    blob_ids: Option<Vec<i64>>,
}

impl Given {
    fn files(&self) -> Option<Vec<StoredFileId>> {
        Some(self.blob_ids.as_ref()?.iter().copied().map(StoredFileId).collect())
    }
}

impl Input for Given {
    const NAME: &'static str = "canned_response";
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Codes that begin with it come first, then codes that hold it, then contents.
    #[serde(deserialize_with = "lenient::text")]
    search: Option<String>,
}

/// The canned responses of the account.
#[utoipa::path(get, path = "/canned_responses", tag = "canned responses", params(Search), responses((status = 200, body = Vec<CannedWire>)))]
async fn list(Caller(ctx): Caller, Params(given): Params<Search>) -> Answer<Vec<CannedWire>> {
    let found = canned::list(&ctx, given.search.as_deref()).await?;
    let dialect = Dialect::of(&ctx).await?;
    Ok(Json(found.into_iter().map(|canned| dialect.canned(canned)).collect()))
}

/// Makes a canned response.
#[utoipa::path(post, path = "/canned_responses", tag = "canned responses", request_body = Given, responses((status = 200, body = CannedWire)))]
async fn create(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<CannedWire> {
    let files = given.files().unwrap_or_default();
    let short_code = given.short_code.ok_or_else(|| Refusal::field("short_code", ErrorCode::Required))?;
    let content = given.content.ok_or_else(|| Refusal::field("content", ErrorCode::Required))?;
    let made = canned::create(&ctx, CannedInput { short_code, content, files }).await?;
    Ok(Json(Dialect::of(&ctx).await?.canned(made)))
}

/// One canned response.
#[utoipa::path(get, path = "/canned_responses/{canned_response_id}", tag = "canned responses", responses((status = 200, body = CannedWire)))]
async fn show(Caller(ctx): Caller, Id(id): Id<CannedId>) -> Answer<CannedWire> {
    let found = canned::get(&ctx, id).await?;
    Ok(Json(Dialect::of(&ctx).await?.canned(found)))
}

/// Changes a canned response.
#[utoipa::path(patch, path = "/canned_responses/{canned_response_id}", tag = "canned responses", request_body = Given, responses((status = 200, body = CannedWire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<CannedId>, Body(given): Body<Given>) -> Answer<CannedWire> {
    let known = canned::get(&ctx, id).await?;
    let files = given.files().unwrap_or_else(|| known.files.iter().map(|file| file.id).collect());
    let change = CannedInput {
        files,
        short_code: given.short_code.unwrap_or(known.short_code),
        content: given.content.unwrap_or(known.content),
    };
    let changed = canned::update(&ctx, id, change).await?;
    Ok(Json(Dialect::of(&ctx).await?.canned(changed)))
}

/// Deletes a canned response.
#[utoipa::path(delete, path = "/canned_responses/{canned_response_id}", tag = "canned responses", responses((status = 200)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<CannedId>) -> Result<StatusCode, Refusal> {
    canned::delete(&ctx, id).await?;
    Ok(StatusCode::OK)
}
