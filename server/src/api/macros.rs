//! Macros, and the files that they send.

use axum::Json;
use axum::http::StatusCode;
use domain::macros::{self, MacroInput, run};
use domain::stored_file;
use model::action::{Action, MacroVisibility};
use model::{DisplayId, ErrorCode, MacroId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::word;
use super::body::{Body, Form, Input};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::macros::MacroWire;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, update, delete))
        .routes(routes!(execute))
        .routes(routes!(upload))
}

/// A macro as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = MacroInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    /// `personal` unless said otherwise, or `global`.
    #[serde(deserialize_with = "lenient::text")]
    visibility: Option<String>,
    /// Each with `action_name` and `action_params`.
    #[schema(value_type = Option<Vec<Object>>)]
    actions: Option<Value>,
}

impl Input for Given {
    const NAME: &'static str = "macro";
}

impl Given {
    fn actions(&self) -> Result<Option<Vec<Action>>, Refusal> {
        let Some(given) = &self.actions else { return Ok(None) };
        let read = serde_json::from_value(given.clone());
        read.map(Some).map_err(|_| Refusal::field("actions", ErrorCode::Invalid))
    }

    fn visibility(&self) -> Result<Option<MacroVisibility>, Refusal> {
        word("visibility", self.visibility.as_deref())
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = MacroList)]
struct List {
    payload: Vec<MacroWire>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MacroAnswer)]
struct One {
    payload: MacroWire,
}

/// The agent's own macros and those of everybody.
#[utoipa::path(get, path = "/macros", tag = "macros", responses((status = 200, body = List)))]
async fn list(Caller(ctx): Caller) -> Answer<List> {
    let all = macros::list(&ctx).await?;
    let dialect = Dialect::of(&ctx).await?;
    Ok(Json(List { payload: all.iter().map(|found| dialect.macro_(found)).collect() }))
}

/// Makes a macro.
#[utoipa::path(post, path = "/macros", tag = "macros", request_body = Given, responses((status = 200, body = One)))]
async fn create(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<One> {
    let actions = given.actions()?.ok_or_else(|| Refusal::field("actions", ErrorCode::Required))?;
    let visibility = given.visibility()?.unwrap_or(MacroVisibility::Personal);
    let name = given.name.ok_or_else(|| Refusal::field("name", ErrorCode::Required))?;
    let made = macros::create(&ctx, MacroInput { name, visibility, actions }).await?;
    Ok(Json(One { payload: Dialect::of(&ctx).await?.macro_(&made) }))
}

/// One macro.
#[utoipa::path(get, path = "/macros/{macro_id}", tag = "macros", responses((status = 200, body = One)))]
async fn show(Caller(ctx): Caller, Id(id): Id<MacroId>) -> Answer<One> {
    let found = macros::get(&ctx, id).await?;
    Ok(Json(One { payload: Dialect::of(&ctx).await?.macro_(&found) }))
}

/// Changes a macro.
#[utoipa::path(patch, path = "/macros/{macro_id}", tag = "macros", request_body = Given, responses((status = 200, body = One)))]
async fn update(Caller(ctx): Caller, Id(id): Id<MacroId>, Body(given): Body<Given>) -> Answer<One> {
    let (actions, visibility) = (given.actions()?, given.visibility()?);
    let known = macros::get(&ctx, id).await?;
    let change = MacroInput {
        name: given.name.unwrap_or(known.name),
        visibility: visibility.unwrap_or(known.visibility),
        actions: actions.unwrap_or(known.actions),
    };
    let changed = macros::update(&ctx, id, change).await?;
    Ok(Json(One { payload: Dialect::of(&ctx).await?.macro_(&changed) }))
}

/// Deletes a macro. What runs already goes on.
#[utoipa::path(delete, path = "/macros/{macro_id}", tag = "macros", responses((status = 200)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<MacroId>) -> Result<StatusCode, Refusal> {
    macros::delete(&ctx, id).await?;
    Ok(StatusCode::OK)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct MacroExecution {
    /// Numbers of conversations.
    #[serde(deserialize_with = "lenient::ints")]
    conversation_ids: Option<Vec<i64>>,
}

impl Input for MacroExecution {
    const NAME: &'static str = "macro";
}

/// Begins a macro in conversations. Its steps are taken in the background, as the agent who asks.
#[utoipa::path(post, path = "/macros/{macro_id}/execute", tag = "macros", request_body = MacroExecution, responses((status = 200)))]
async fn execute(
    Caller(ctx): Caller,
    Id(id): Id<MacroId>,
    Body(given): Body<MacroExecution>,
) -> Result<StatusCode, Refusal> {
    let numbers = given.conversation_ids.ok_or_else(|| Refusal::field("conversation_ids", ErrorCode::Required))?;
    let numbers: Vec<DisplayId> = numbers.into_iter().map(DisplayId).collect();
    run::execute(&ctx, id, &numbers).await?;
    Ok(StatusCode::OK)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Nothing {}

impl Input for Nothing {
    const NAME: &'static str = "upload";
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "only described; what arrives is read as a form")]
struct UploadForm {
    /// Up to 40 MB.
    #[schema(value_type = String, format = Binary)]
    attachment: Vec<u8>,
}

#[derive(Serialize, ToSchema)]
struct UploadAnswer {
    /// Names the file in a step that sends it.
    blob_id: i64,
    filename: String,
    content_type: String,
    byte_size: i64,
}

/// Brings a file for a macro's step that sends it. Without a macro that names it, it is gone after a day.
#[utoipa::path(post, path = "/upload", tag = "macros", request_body(content = UploadForm, content_type = "multipart/form-data"), responses((status = 200, body = UploadAnswer)))]
async fn upload(Caller(ctx): Caller, form: Form<Nothing>) -> Answer<UploadAnswer> {
    let (_, files) = form.list("attachment");
    let file = files.into_iter().next().ok_or_else(|| Refusal::field("attachment", ErrorCode::Required))?;
    let kept = stored_file::create(&ctx, file).await?;
    Ok(Json(UploadAnswer {
        blob_id: kept.id.0,
        filename: kept.name,
        content_type: kept.content_type,
        byte_size: kept.size,
    }))
}
