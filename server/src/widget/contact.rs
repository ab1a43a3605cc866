//! The visitor as a contact.

use axum::Json;
use domain::contact::Facts;
use domain::visitor::identify::{self, Claim, Identified};
use domain::visitor::{self};
use serde_json::{Value, json};

use super::failure::Answer;
use super::form::{Form, loose_text};
use super::many::has_many;
use super::visit::{Sent, Visit};
use super::{pre_chat, shape};
use crate::middleware::Rule;

/// What is known of the visitor.
pub async fn show(visit: Visit) -> Answer<Json<Value>> {
    let contact = visitor::contact(&visit.ctx).await.map_err(visit.refused())?;
    Ok(Json(shape::contact(contact.as_ref())))
}

/// The visitor, or the page without proof, says something about them.
pub async fn update(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    visit.count(Rule::WidgetWrite)?;
    let identified = identify::update(&visit.ctx, facts(&form), false).await.map_err(visit.refused())?;
    answer(&visit, identified).await
}

/// The page says who the visitor is.
pub async fn set_user(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    visit.count(Rule::WidgetWrite)?;
    let claim = Claim {
        identifier: loose_text(form.get("identifier")),
        identifier_hash: form.text("identifier_hash").map(str::to_owned),
        facts: facts(&form),
    };
    let identified = identify::set_user(&visit.ctx, claim).await.map_err(visit.refused())?;
    answer(&visit, identified).await
}

async fn answer(visit: &Visit, identified: Identified) -> Answer<Json<Value>> {
    let Identified { ctx, is_new_session } = identified;
    let contact = visitor::contact(&ctx).await.map_err(visit.refused())?;
    let mut answer = shape::contact(contact.as_ref());
    answer["has_many_conversations"] = json!(has_many(&ctx, &visit.inbox).map_err(visit.refused())?);
    answer["pre_chat"] = pre_chat::asked(&ctx, &visit.inbox).await.map_err(visit.refused())?;
    if is_new_session {
        shape::extend(&mut answer, shape::tokens(&ctx).map_err(visit.refused())?);
    }
    Ok(Json(answer))
}

/// Takes custom attributes away.
pub async fn remove_attributes(Sent { visit, form }: Sent) -> Answer<Json<Value>> {
    let keys = keys(form.get("custom_attributes"));
    identify::remove_attributes(&visit.ctx, &keys).await.map_err(visit.refused())?;
    let contact = visitor::contact(&visit.ctx).await.map_err(visit.refused())?;
    let attributes = contact.as_ref().map_or_else(|| json!({}), |contact| contact.custom_attributes.clone());
    let mut answer = shape::contact(contact.as_ref());
    answer["custom_attributes"] = attributes;
    Ok(Json(answer))
}

/// One key or a list of them.
pub fn keys(value: &Value) -> Vec<String> {
    match value {
        Value::String(key) => vec![key.clone()],
        Value::Array(keys) => keys.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn facts(form: &Form) -> Facts {
    let text = |key: &str| loose_text(form.get(key));
    let object = |key: &str| form.get(key).is_object().then(|| form.get(key).clone());
    Facts {
        name: text("name"),
        email: text("email"),
        phone_number: text("phone_number"),
        identifier: None,
        avatar_url: text("avatar_url"),
        blocked: None,
        additional_attributes: object("additional_attributes"),
        custom_attributes: object("custom_attributes"),
    }
}
