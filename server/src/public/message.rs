//! The messages of a conversation.

use axum::Json;
use domain::message::Window;
use domain::visitor::answer::Answer as Given;
use domain::visitor::chat::{self, Draft};
use domain::visitor::client;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::call::Call;
use super::shape::{self, AnswerInput, MessageInput, NEWEST};
use crate::api::wire::message::MessageWire;
use crate::middleware::Rule;
use crate::state::AppState;
use crate::widget::failure::Answer;
use crate::widget::shape::message;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update))
}

/// Messages that the contact may see, oldest first: the newest twenty, or those before one.
#[utoipa::path(
    get, path = "/contacts/{contact_identifier}/conversations/{conversation_id}/messages", tag = "client", operation_id = "message_list",
    params(("before" = Option<i64>, Query, description = "Messages before the one with this id")),
    responses((status = 200, body = Vec<MessageWire>)), security(())
)]
async fn list(call: Call) -> Answer<Json<Vec<Value>>> {
    let ctx = call.conversation().await?;
    let window = Window { before: call.message("before")?, limit: NEWEST, ..Window::default() };
    Ok(Json(shape::messages(&ctx, window).await.map_err(call.refused())?))
}

/// Writes as the contact: `content`, `attachments[]` or both. The same `echo_id` gives the same message.
#[utoipa::path(
    post, path = "/contacts/{contact_identifier}/conversations/{conversation_id}/messages", tag = "client", operation_id = "message_create",
    request_body = MessageInput, responses((status = 200, body = MessageWire)), security(())
)]
async fn create(mut call: Call) -> Answer<Json<Value>> {
    call.count(Rule::WidgetWrite)?;
    let ctx = call.conversation().await?;
    let draft = Draft {
        content: call.text("content").unwrap_or_default(),
        echo_id: call.text("echo_id"),
        files: std::mem::take(&mut call.form.files),
        ..Draft::default()
    };
    let said = chat::say(&ctx, draft).await.map_err(call.refused())?;
    Ok(Json(message(&said.ctx, &said.message)))
}

/// Answers a message that asked something: a choice, a form, an opinion, an address. Whoever answers twice changes nothing, unless it is
/// another answer, which is refused.
#[utoipa::path(
    patch, path = "/contacts/{contact_identifier}/conversations/{conversation_id}/messages/{message_id}", tag = "client",
    operation_id = "message_update", request_body = AnswerInput, responses((status = 200, body = MessageWire)), security(())
)]
async fn update(call: Call) -> Answer<Json<Value>> {
    call.count(Rule::WidgetWrite)?;
    let ctx = call.conversation().await?;
    let given = Given { email: call.text("submitted_email"), values: call.form.get("submitted_values").clone() };
    let answered = client::answer(&ctx, call.message_named(), given).await.map_err(call.refused())?;
    Ok(Json(message(&answered.ctx, &answered.message)))
}
