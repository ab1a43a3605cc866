//! The form before the first message.

use axum::Json;
use domain::Ctx;
use domain::visitor::pre_chat;
use model::inbox::Inbox;
use serde_json::{Map, Value, json};

use super::failure::Answer;
use super::shape;
use super::visit::Sent;
use crate::middleware::Rule;

/// What the visitor is asked, `null` for nothing.
pub async fn asked(ctx: &Ctx, inbox: &Inbox) -> domain::Result<Value> {
    Ok(json!(pre_chat::asked(ctx, inbox).await?))
}

/// Takes the answers (`answers`, by the names of the fields). What is said of the conversation comes back, to go with its first message.
pub async fn answer(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    visit.count(Rule::WidgetWrite)?;
    let nothing = Map::new();
    let answers = form.get("answers").as_object().unwrap_or(&nothing);
    let answered = pre_chat::answer(&visit.ctx, &visit.inbox, answers).await.map_err(visit.refused())?;
    let ctx = &answered.identified.ctx;
    let mut answer = json!({
        "custom_attributes": answered.conversation,
        "pre_chat": asked(ctx, &visit.inbox).await.map_err(visit.refused())?,
        "contact": shape::contact(domain::visitor::contact(ctx).await.map_err(visit.refused())?.as_ref()),
    });
    if answered.identified.is_new_session {
        shape::extend(&mut answer, shape::tokens(ctx).map_err(visit.refused())?);
    }
    Ok(Json(answer))
}
