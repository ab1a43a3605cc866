//! The form before the first message: what is asked, and the answers on their way.

use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use wasm_bindgen::JsValue;

use crate::chat::Chat;
use crate::http::{self, Body, Failure};
use crate::session;
use crate::wire::{Json, object, stringify};

/// Where the form stands.
#[derive(Clone, Copy)]
pub struct Form {
    /// What is asked; nothing of somebody of whom everything is known.
    asked: RwSignal<Option<Json>, LocalStorage>,
    /// The answers for the conversation on screen have been taken.
    answered: RwSignal<bool>,
    /// What goes with the first message.
    attributes: StoredValue<Option<Json>, LocalStorage>,
    pub sending: RwSignal<bool>,
    /// The field that was refused, and why; without a name when nothing could be sent.
    pub trouble: RwSignal<Option<(String, String)>>,
}

impl Form {
    pub fn new(asked: Option<&str>) -> Self {
        Self {
            asked: RwSignal::new_local(asked.map(Json::parse)),
            answered: RwSignal::new(false),
            attributes: StoredValue::new_local(None),
            sending: RwSignal::new(false),
            trouble: RwSignal::default(),
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

    /// Sends the answers, by the names of the fields.
    pub fn answer_form(&self, answers: &[(&str, JsValue)]) {
        let chat = *self;
        let form = chat.form;
        if form.sending.get_untracked() {
            return;
        }
        form.sending.set(true);
        form.trouble.set(None);
        let body = stringify(&object(&[("answers", object(answers))]));
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = http::call("POST", "pre_chat", "", Body::Json(body)).await;
            form.sending.set(false);
            match outcome {
                Ok(answer) => {
                    session::adopt(&answer, true);
                    form.attributes.set_value(Some(answer.get("custom_attributes")));
                    form.answered.set(true);
                    form.ask(&answer);
                }
                Err(failure) => {
                    let field = match &failure {
                        Failure::Refused { body } => body.list("attributes").first().and_then(Json::as_text),
                        Failure::Unreachable { .. } => None,
                    };
                    let lang = chat.lang.get_untracked();
                    let reason = failure.reason().unwrap_or_else(|| text::widget::offline_form(lang).to_owned());
                    form.trouble.set(Some((field.unwrap_or_default(), reason)));
                }
            }
        });
    }
}
