//! The contacts of an inbox.

use axum::Json;
use domain::Ctx;
use domain::visitor::client;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::call::Call;
use super::shape::{ContactInput, PublicContact, whole};
use crate::api::wire::contact::ContactWire;
use crate::middleware::Rule;
use crate::state::AppState;
use crate::widget::failure::Answer;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(show, update))
}

/// Makes a contact's place in the inbox. A `source_id` that is there already is answered as it is. Whoever the identifier, the e-mail
/// address or the phone number belongs to is the contact; without any of them it is a new one.
#[utoipa::path(
    post, path = "/contacts", tag = "client", operation_id = "contact_create",
    request_body = ContactInput, responses((status = 200, body = PublicContact)), security(())
)]
async fn create(call: Call) -> Answer<Json<PublicContact>> {
    call.count(Rule::WidgetWrite)?;
    let registered = client::register(&call.anonymous(), call.inbox(), call.text("source_id"), call.claim()).await;
    let ctx = registered.map_err(call.refused())?;
    shown(&call, &ctx).await
}

/// The contact.
#[utoipa::path(
    get, path = "/contacts/{contact_identifier}", tag = "client", operation_id = "contact_show",
    responses((status = 200, body = PublicContact)), security(())
)]
async fn show(call: Call) -> Answer<Json<PublicContact>> {
    let ctx = call.contact().await?;
    shown(&call, &ctx).await
}

/// Changes the contact. The identifier stays.
#[utoipa::path(
    patch, path = "/contacts/{contact_identifier}", tag = "client", operation_id = "contact_update",
    request_body = ContactInput, responses((status = 200, body = ContactWire)), security(())
)]
async fn update(call: Call) -> Answer<Json<Value>> {
    call.count(Rule::WidgetWrite)?;
    let ctx = call.contact().await?;
    let ctx = client::update(&ctx, call.facts()).await.map_err(call.refused())?;
    let contact = client::contact(&ctx).await.map_err(call.refused())?;
    Ok(Json(whole(&ctx, &contact).map_err(call.refused())?))
}

async fn shown(call: &Call, ctx: &Ctx) -> Answer<Json<PublicContact>> {
    let contact = client::contact(ctx).await.map_err(call.refused())?;
    Ok(Json(PublicContact::new(ctx, &contact).map_err(call.refused())?))
}
