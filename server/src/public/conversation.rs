//! The conversations of a contact.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::Ctx;
use domain::visitor::{chat, client};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::call::Call;
use super::shape::{ConversationInput, PublicConversation, TypingInput};
use crate::middleware::Rule;
use crate::state::AppState;
use crate::widget::failure::{Answer, Failure};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show))
        .routes(routes!(resolve))
        .routes(routes!(typing))
        .routes(routes!(seen))
}

/// The contact's conversations, the newest first, at most a hundred.
#[utoipa::path(
    get, path = "/contacts/{contact_identifier}/conversations", tag = "client", operation_id = "conversation_list",
    responses((status = 200, body = Vec<PublicConversation>)), security(())
)]
async fn list(call: Call) -> Answer<Json<Vec<PublicConversation>>> {
    let ctx = call.contact().await?;
    let mut list = Vec::new();
    for conversation in client::conversations(&ctx).await.map_err(call.refused())? {
        let chosen = client::choose(&ctx, conversation.row.display_id).await;
        // Merged into another meanwhile, or gone.
        let Ok(chosen) = chosen else { continue };
        list.push(PublicConversation::of(&chosen, &conversation).await.map_err(call.refused())?);
    }
    Ok(Json(list))
}

/// Begins a conversation. Where everybody is kept to one, that one is answered.
#[utoipa::path(
    post, path = "/contacts/{contact_identifier}/conversations", tag = "client", operation_id = "conversation_create",
    request_body = ConversationInput, responses((status = 200, body = PublicConversation)), security(())
)]
async fn create(call: Call) -> Answer<Json<PublicConversation>> {
    call.count(Rule::WidgetWrite)?;
    let ctx = call.contact().await?;
    let attributes = call.form.get("custom_attributes").clone();
    let chosen = client::begin(&ctx, attributes).await.map_err(call.refused())?;
    shown(&call, &chosen).await.map(Json)
}

/// One conversation of the contact.
#[utoipa::path(
    get, path = "/contacts/{contact_identifier}/conversations/{conversation_id}", tag = "client", operation_id = "conversation_show",
    responses((status = 200, body = PublicConversation)), security(())
)]
async fn show(call: Call) -> Answer<Json<PublicConversation>> {
    let ctx = call.conversation().await?;
    shown(&call, &ctx).await.map(Json)
}

/// Ends the conversation. One that is over stays so, and the answer is empty.
#[utoipa::path(
    post, path = "/contacts/{contact_identifier}/conversations/{conversation_id}/toggle_status", tag = "client", operation_id = "conversation_resolve",
    responses((status = 200, body = PublicConversation), (status = 204)), security(())
)]
async fn resolve(call: Call) -> Answer<Response> {
    call.count(Rule::WidgetWrite)?;
    let ctx = call.conversation().await?;
    if !client::resolve(&ctx).await.map_err(call.refused())? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Json(shown(&call, &ctx).await?).into_response())
}

/// The contact types, or stopped: `typing_status` is `on` or `off`.
#[utoipa::path(
    post, path = "/contacts/{contact_identifier}/conversations/{conversation_id}/toggle_typing", tag = "client", operation_id = "conversation_typing",
    request_body = TypingInput, responses((status = 200)), security(())
)]
async fn typing(call: Call) -> Answer<Json<Value>> {
    call.count(Rule::WidgetWrite)?;
    let ctx = call.conversation().await?;
    let on = match call.text("typing_status").as_deref() {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(Failure::Unreadable("typing_status", "typing_status is on or off".to_owned())),
    };
    chat::typing(&ctx, on).await.map_err(call.refused())?;
    Ok(Json(json!({})))
}

/// The contact has seen everything.
#[utoipa::path(
    post, path = "/contacts/{contact_identifier}/conversations/{conversation_id}/update_last_seen", tag = "client", operation_id = "conversation_seen",
    responses((status = 200)), security(())
)]
async fn seen(call: Call) -> Answer<Json<Value>> {
    let ctx = call.conversation().await?;
    chat::seen(&ctx).await.map_err(call.refused())?;
    Ok(Json(json!({})))
}

async fn shown(call: &Call, ctx: &Ctx) -> Answer<PublicConversation> {
    let conversation = chat::shown(ctx).await.map_err(call.refused())?;
    let conversation = conversation.ok_or_else(domain::Error::not_found).map_err(call.refused())?;
    PublicConversation::of(ctx, &conversation).await.map_err(call.refused())
}
