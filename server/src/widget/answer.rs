//! What the visitor answers to a message that asked something.

use axum::Json;
use axum::extract::Path;
use domain::visitor::answer::{self, Answer as Given};
use model::MessageId;
use serde_json::{Value, json};

use super::failure::Answer;
use super::shape;
use super::visit::Sent;
use crate::middleware::Rule;

/// Takes an answer: `contact.email` to a question for an address, `message.submitted_values` to anything else. The message comes back as
/// it is then.
pub async fn take(Path(id): Path<String>, Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    visit.count(Rule::WidgetWrite)?;
    let email = [&form.get("contact")["email"], &form.get("message")["submitted_email"]];
    let given = Given {
        email: email.into_iter().find_map(Value::as_str).map(str::to_owned),
        values: form.get("message")["submitted_values"].clone(),
    };
    // What is no number names nobody's message.
    let id = MessageId(id.parse().unwrap_or_default());
    let answered = answer::answer(&visit.ctx, id, given).await.map_err(visit.refused())?;
    let contact = domain::visitor::contact(&answered.ctx).await.map_err(visit.refused())?;
    let mut shape = shape::message(&answered.ctx, &answered.message);
    shape::extend(&mut shape, json!({ "contact": shape::contact(contact.as_ref()) }));
    Ok(Json(shape))
}
