//! The conversation the visitor is in, and who is there.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::visitor::{self, chat};
use serde_json::{Value, json};

use super::contact::keys;
use super::failure::{Answer, Failure};
use super::shape;
use super::visit::{Sent, Visit};
use crate::middleware::Rule;

/// The conversation, or an empty object.
pub async fn show(visit: Visit) -> Answer<Json<Value>> {
    let shown = chat::shown(&visit.ctx).await.map_err(visit.refused())?;
    Ok(Json(shown.as_ref().map_or_else(|| json!({}), shape::conversation)))
}

/// The visitor has seen everything.
pub async fn seen(visit: Visit) -> Answer<Json<Value>> {
    chat::seen(&visit.ctx).await.map_err(visit.refused())?;
    Ok(Json(json!({})))
}

/// The visitor types, or stopped.
pub async fn typing(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    let on = match form.text("typing_status") {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(Failure::Unreadable("typing_status", "typing_status is on or off".to_owned())),
    };
    chat::typing(&visit.ctx, on).await.map_err(visit.refused())?;
    Ok(Json(json!({})))
}

/// The visitor ends the conversation.
pub async fn end(visit: Visit) -> Answer<Json<Value>> {
    chat::end(&visit.ctx).await.map_err(visit.refused())?;
    Ok(Json(json!({})))
}

/// The visitor wants what was said by mail.
pub async fn transcript(Sent { visit, .. }: Sent) -> Answer<Json<Value>> {
    visit.count(Rule::WidgetMail)?;
    visitor::transcript::send(&visit.ctx, visit.lang).await.map_err(visit.refused())?;
    Ok(Json(json!({})))
}

pub async fn set_attributes(Sent { visit, form }: Sent) -> Answer<StatusCode> {
    let set = form.get("custom_attributes").clone();
    chat::set_attributes(&visit.ctx, set, &[]).await.map_err(visit.refused())?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn remove_attributes(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    let keys = keys(form.get("custom_attribute"));
    chat::set_attributes(&visit.ctx, json!({}), &keys).await.map_err(visit.refused())?;
    show(visit).await
}

/// Adds a label that the account knows.
pub async fn add_label(Sent { visit, form }: Sent) -> Answer<StatusCode> {
    label(&visit, form.text("label").unwrap_or_default(), true).await
}

pub async fn remove_label(visit: Visit, Path(title): Path<String>) -> Answer<StatusCode> {
    label(&visit, &title, false).await
}

async fn label(visit: &Visit, title: &str, on: bool) -> Answer<StatusCode> {
    chat::label(&visit.ctx, title, on).await.map_err(visit.refused())?;
    Ok(StatusCode::NO_CONTENT)
}

/// Those who answer in the inbox.
pub async fn team(visit: Visit) -> Answer<Json<Value>> {
    let team = visitor::team(&visit.ctx).await.map_err(visit.refused())?;
    Ok(Json(json!({ "payload": team.iter().map(|agent| shape::member(&visit.ctx, agent)).collect::<Vec<_>>() })))
}

/// Campaigns that run on the website; there are none.
pub async fn campaigns(_visit: Visit) -> Json<Value> {
    Json(json!([]))
}

/// Something the page reports, such as that the chat was opened.
pub async fn event(Sent { form, .. }: Sent) -> Answer<StatusCode> {
    match form.text("name") {
        Some(name) if !name.is_empty() => Ok(StatusCode::NO_CONTENT),
        _ => Err(Failure::Unreadable("name", "name is required".to_owned())),
    }
}
