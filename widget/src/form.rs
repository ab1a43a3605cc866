//! Questions and the answers on their way: the form before the first message, and what messages ask.

use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use wasm_bindgen::JsValue;

use crate::chat::Chat;
use crate::dom;
use crate::http::{self, Body, Failure};
use crate::message::Message;
use crate::session;
use crate::wire::{Json, object, stringify};

/// Where some questions stand.
#[derive(Clone, Copy)]
pub struct Asking {
    pub sending: RwSignal<bool>,
    /// The field that was refused, and why; without the name of a field when nothing could be sent.
    pub trouble: RwSignal<Option<(String, String)>>,
}

impl Asking {
    pub fn new() -> Self {
        Self { sending: RwSignal::new(false), trouble: RwSignal::default() }
    }

    /// Sends answers, one time after the other. The questions may have left the screen when the outcome comes.
    pub fn submit(
        self,
        chat: Chat,
        method: &'static str,
        path: String,
        query: String,
        body: &JsValue,
        then: Box<dyn FnOnce(&Json)>,
    ) {
        if self.sending.get_untracked() {
            return;
        }
        self.sending.set(true);
        self.trouble.set(None);
        let body = stringify(body);
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = http::call(method, &path, &query, Body::Json(body)).await;
            let _ = self.sending.try_set(false);
            match outcome {
                Ok(answer) => {
                    session::adopt(&answer, true);
                    chat.know(&answer.get("contact"));
                    then(&answer);
                }
                Err(failure) => {
                    let field = match &failure {
                        Failure::Refused { body } => body.list("attributes").first().and_then(Json::as_text),
                        Failure::Unreachable { .. } => None,
                    };
                    let lang = chat.lang.get_untracked();
                    let reason = failure.reason().unwrap_or_else(|| text::widget::offline_form(lang).to_owned());
                    let _ = self.trouble.try_set(Some((field.unwrap_or_default(), reason)));
                }
            }
        });
    }
}

/// Where the form before the first message stands.
#[derive(Clone, Copy)]
pub struct Form {
    /// What is asked; nothing of somebody of whom everything is known.
    asked: RwSignal<Option<Json>, LocalStorage>,
    /// The answers for the conversation on screen have been taken.
    answered: RwSignal<bool>,
    /// What goes with the first message.
    attributes: StoredValue<Option<Json>, LocalStorage>,
    pub asking: Asking,
}

impl Form {
    pub fn new(asked: Option<&str>) -> Self {
        Self {
            asked: RwSignal::new_local(asked.map(Json::parse)),
            answered: RwSignal::new(false),
            attributes: StoredValue::new_local(None),
            asking: Asking::new(),
        }
    }

    /// Takes over what the server would ask now.
    pub fn ask(&self, answer: &Json) {
        self.asked.set(Some(answer.get("pre_chat")).filter(|form| !form.is_null()));
    }

    /// Another conversation is about to begin.
    pub fn begin_anew(&self) {
        self.answered.set(false);
        self.attributes.set_value(None);
    }

    /// What goes with the first message, once.
    pub fn take_attributes(&self) -> Option<Json> {
        self.attributes.try_update_value(Option::take).flatten()
    }
}

impl Chat {
    /// What has to be answered before the visitor can write; follows changes.
    pub fn open_form(&self) -> Option<Json> {
        let begins =
            self.restart.get() || (self.conversation.with(Option::is_none) && self.entries.with(Vec::is_empty));
        if begins && !self.form.answered.get() { self.form.asked.get() } else { None }
    }

    /// Sends the answers to the form before the first message, by the names of the fields.
    pub fn answer_form(&self, answers: JsValue) {
        let form = self.form;
        let then = move |answer: &Json| {
            form.attributes.set_value(Some(answer.get("custom_attributes")));
            form.answered.set(true);
            form.ask(answer);
        };
        let body = object(&[("answers", answers)]);
        form.asking.submit(*self, "POST", "pre_chat".to_owned(), String::new(), &body, Box::new(then));
    }

    /// Takes over what the server knows of the visitor.
    pub fn know(&self, contact: &Json) {
        if contact.flag("has_email") && !self.has_email.get_untracked() {
            self.has_email.set(true);
        }
    }

    /// Asks for what was said by mail, and tells when it is on its way.
    pub fn ask_transcript(&self, asking: Asking, sent: RwSignal<bool>) {
        let path = "conversations/transcript".to_owned();
        let then = move |_: &Json| {
            let _ = sent.try_set(true);
        };
        asking.submit(*self, "POST", path, self.query(), &object(&[]), Box::new(then));
    }

    /// Sends the answer to a message. What it asked is then drawn anew, and the keyboard stays there.
    pub fn answer(&self, asking: Asking, id: i64, body: &JsValue) {
        let chat = *self;
        let path = ["messages/", &id.to_string()].concat();
        let then = move |answer: &Json| {
            chat.merge(Message::read(answer));
            dom::later(0, move || dom::focus(&["ask-", &id.to_string()].concat())).keep();
        };
        asking.submit(chat, "PATCH", path, String::new(), body, Box::new(then));
    }
}
