//! Calls of the page's own script: who the visitor is, and what else it knows of them.

use std::cell::RefCell;

use crate::dom::document;
use reactive_graph::prelude::*;
use wasm_bindgen::JsValue;

use crate::chat::Chat;
use crate::http::{self, Body, Failure};
use crate::outbox::{self, Call, Needs};
use crate::wire::{Json, array, object, stringify};
use crate::{cable, host, session};

thread_local! {
    /// The page the visitor is on.
    static REFERRER: RefCell<String> = RefCell::default();
}

pub fn set_referrer(url: String) {
    REFERRER.set(url);
}

/// The page the visitor is on; of a window of our own, the one it came from.
pub fn referrer() -> String {
    let known = REFERRER.with_borrow(String::clone);
    if known.is_empty() { document().referrer() } else { known }
}

/// Fields of a user that the server keeps beside the contact's own columns.
const ADDITIONAL: [&str; 5] = ["company_name", "city", "country_code", "description", "social_profiles"];

/// `open` with the number of a conversation.
pub fn open(chat: Chat, message: &Json) {
    if let Some(number) = message.int("id") {
        chat.open_number(number);
    }
}

/// `setUser`: makes the visitor a known person, at once.
pub fn set_user(chat: Chat, message: &Json) {
    let user = message.get("user");
    let identifier = message.get("identifier");
    let identifier = identifier.as_text().unwrap_or_else(|| identifier.stringify());
    let mut fields = vec![("identifier", JsValue::from(identifier))];
    for key in ["email", "name", "avatar_url", "phone_number", "identifier_hash", "custom_attributes"] {
        add(&mut fields, key, &user);
    }
    let mut additional = Vec::new();
    for key in ADDITIONAL {
        add(&mut additional, key, &user);
    }
    if !additional.is_empty() {
        fields.push(("additional_attributes", object(&additional)));
    }
    outbox::call(
        chat,
        Call::new("PATCH", "contact/set_user", Needs::Nothing, &object(&fields)).then(|chat, outcome| match outcome {
            Ok(answer) => {
                become_person(chat, answer);
                host::user_set(Ok(()));
            }
            Err(Failure::Refused { body }) => host::user_set(Err(body)),
            Err(Failure::Unreachable { .. }) => {}
        }),
    );
}

/// The visitor is known now, and perhaps has a history.
fn become_person(chat: Chat, answer: &Json) {
    let other = session::adopt(answer, true);
    if other {
        outbox::forget(chat);
        chat.clear();
        chat.conversation.set(None);
        chat.forget_many();
        cable::restart(chat);
    } else {
        cable::start(chat);
    }
    chat.form.ask(answer);
    chat.has_email.set(answer.flag("has_email"));
    chat.set_many(answer.flag("has_many_conversations"));
    wasm_bindgen_futures::spawn_local(async move {
        // The socket catches up as well once it is there.
        let _ = chat.catch_up().await;
    });
}

fn add<'a>(fields: &mut Vec<(&'a str, JsValue)>, key: &'a str, from: &Json) {
    let value = from.get(key);
    if !value.is_null() {
        fields.push((key, value.raw().clone()));
    }
}

pub fn set_contact_attributes(chat: Chat, message: &Json) {
    let body = object(&[("custom_attributes", attributes(message))]);
    let adopt = |_, outcome: Result<&Json, &Failure>| {
        if let Ok(answer) = outcome {
            session::adopt(answer, true);
        }
    };
    outbox::call(chat, Call::new("PATCH", "contact", Needs::Person, &body).then(adopt));
}

pub fn delete_contact_attribute(chat: Chat, message: &Json) {
    let body = object(&[("custom_attributes", array([message.get("customAttribute").raw().clone()]))]);
    outbox::call(chat, Call::new("POST", "contact/destroy_custom_attributes", Needs::Person, &body));
}

pub fn set_conversation_attributes(chat: Chat, message: &Json) {
    let body = object(&[("custom_attributes", attributes(message))]);
    outbox::call(chat, Call::new("POST", "conversations/set_custom_attributes", Needs::Conversation, &body));
}

pub fn delete_conversation_attribute(chat: Chat, message: &Json) {
    let body = object(&[("custom_attribute", array([message.get("customAttribute").raw().clone()]))]);
    outbox::call(chat, Call::new("POST", "conversations/destroy_custom_attributes", Needs::Conversation, &body));
}

/// A widespread client for apps sends the conversation's attributes under another name.
fn attributes(message: &Json) -> JsValue {
    let usual = message.get("customAttributes");
    if usual.is_null() { message.get("conversationCustomAttributes").raw().clone() } else { usual.raw().clone() }
}

pub fn set_label(chat: Chat, message: &Json) {
    let body = object(&[("label", message.get("label").raw().clone())]);
    outbox::call(chat, Call::new("POST", "labels", Needs::Conversation, &body));
}

pub fn remove_label(chat: Chat, message: &Json) {
    let label = String::from(js_sys::encode_uri_component(&message.string("label")));
    outbox::call(chat, Call::new("DELETE", &["labels/", &label].concat(), Needs::Conversation, &JsValue::NULL));
}

/// Something that is reported for the record. Lost without harm.
pub fn record(name: &str) {
    if !session::is_real() {
        return;
    }
    let initiated = object(&[("timestamp", String::from(js_sys::Date::new_0().to_string()).into())]);
    let info = object(&[("initiated_at", initiated), ("referer", referrer().into())]);
    let body = stringify(&object(&[("name", name.into()), ("event_info", info)]));
    wasm_bindgen_futures::spawn_local(async move {
        let _ = http::call("POST", "events", "", Body::Json(body)).await;
    });
}
