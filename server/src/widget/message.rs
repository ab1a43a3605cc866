//! What the visitor reads and writes.

use axum::Json;
use domain::message::Window;
use domain::visitor::chat::{self, Draft, Said};
use model::MessageId;
use serde_json::{Value, json};

use super::failure::{Answer, Failure};
use super::form::{Form, loose_text};
use super::visit::{Sent, Visit};
use super::{browser, shape};
use crate::middleware::Rule;

/// Messages in a page: the newest, those before one, those after one, those between two.
const NEWEST: i64 = 20;
const AFTER: i64 = 100;
const BETWEEN: i64 = 1_000;

/// Messages of the conversation, oldest first.
pub async fn list(visit: Visit) -> Answer<Json<Value>> {
    let before = id("before", visit.asked.before.as_deref())?;
    let after = id("after", visit.asked.after.as_deref())?;
    let limit = match (before, after) {
        (Some(_), Some(_)) => BETWEEN,
        (None, Some(_)) => AFTER,
        _ => NEWEST,
    };
    let payload = page(&visit, Window { before, after, limit, ..Window::default() }).await?;
    let shown = chat::shown(&visit.ctx).await.map_err(visit.refused())?;
    let meta = shown.map_or_else(
        || json!({}),
        |shown| json!({ "contact_last_seen_at": shape::seconds(shown.contact_last_seen_at) }),
    );
    Ok(Json(json!({ "payload": payload, "meta": meta })))
}

/// The newest messages, for the frame's page.
pub async fn newest(visit: &Visit) -> Answer<Vec<Value>> {
    page(visit, Window { limit: NEWEST, ..Window::default() }).await
}

async fn page(visit: &Visit, window: Window) -> Answer<Vec<Value>> {
    let messages = chat::list(&visit.ctx, window).await.map_err(visit.refused())?;
    Ok(messages.iter().map(|message| shape::message(&visit.ctx, message)).collect())
}

/// Writes into the conversation; the first message begins one.
pub async fn say(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    visit.count(Rule::WidgetWrite)?;
    let current = chat::current_id(&visit.ctx).await.map_err(visit.refused())?;
    if current.is_none() {
        visit.count(Rule::WidgetConversation)?;
    }
    let said = chat::say_in(&visit.ctx, draft(&visit, form)?, current).await.map_err(visit.refused())?;
    let answer = shape::message(&said.ctx, &said.message);
    with_tokens(&visit, &said, answer)
}

/// Begins another conversation with a message.
pub async fn begin(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    visit.count(Rule::WidgetWrite)?;
    visit.count(Rule::WidgetConversation)?;
    let attributes = form.get("custom_attributes").clone();
    let said = chat::begin(&visit.ctx, draft(&visit, form)?, &attributes).await.map_err(visit.refused())?;
    let shown = chat::shown(&said.ctx).await.map_err(visit.refused())?;
    let mut answer = shown.as_ref().map_or_else(|| json!({}), shape::conversation);
    answer["messages"] = json!([shape::message(&said.ctx, &said.message)]);
    answer["custom_attributes"] = shown.map_or_else(|| json!({}), |shown| shown.custom_attributes);
    with_tokens(&visit, &said, answer)
}

/// From now on the visitor is somebody: they get the tokens to come back with.
fn with_tokens(visit: &Visit, said: &Said, mut answer: Value) -> Answer<Json<Value>> {
    if said.is_first {
        shape::extend(&mut answer, shape::tokens(&said.ctx).map_err(visit.refused())?);
    }
    Ok(Json(answer))
}

fn draft(visit: &Visit, form: Form) -> Answer<Draft> {
    let message = form.get("message");
    let reply_to = loose_text(&message["reply_to"]).filter(|text| !text.is_empty());
    let mut origin = browser::origin(&visit.headers, message);
    // The page may have set another than the browser's.
    origin["chat_language"] = json!(visit.lang.code());
    Ok(Draft {
        content: message["content"].as_str().unwrap_or_default().to_owned(),
        echo_id: loose_text(&message["echo_id"]),
        in_reply_to: id("reply_to", reply_to.as_deref())?,
        origin,
        files: form.files,
    })
}

fn id(field: &'static str, text: Option<&str>) -> Answer<Option<MessageId>> {
    let text = text.filter(|text| !text.is_empty());
    let parsed = text.map(|text| text.parse::<i64>().map(MessageId)).transpose();
    parsed.map_err(|_| Failure::Unreadable(field, format!("{field} is the id of a message")))
}
