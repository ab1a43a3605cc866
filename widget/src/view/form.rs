//! The form before the first message, in the place of the composer.

use reactive_graph::prelude::*;
use text::widget::form as t;
use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;

use crate::chat::Chat;
use crate::dom::{El, div, el};
use crate::wire::Json;

pub fn form(chat: Chat, asked: &Json) -> El {
    let lang = chat.lang.get();
    let fields: Vec<_> = asked.list("pre_chat_fields").into_iter().map(|asked| field(chat, &asked)).collect();
    let elements: Vec<_> = fields.iter().map(|(name, _, input)| (name.clone(), input.clone())).collect();
    let send = move |event: web_sys::Event| {
        event.prevent_default();
        let answers: Vec<_> =
            elements.iter().map(|(name, input)| (name.as_str(), JsValue::from(answer(input)))).collect();
        chat.answer_form(&answers);
    };
    let message = asked.text("pre_chat_message").map(|message| el("p").text(&message));
    let lost = move || {
        let lost = chat.form.trouble.get().filter(|(field, _)| field.is_empty());
        lost.map(|(_, words)| el("p").attr("class", "wrong").attr("role", "alert").text(&words))
    };
    let submit = el("button")
        .attr("class", "button wide")
        .live_attr("aria-disabled", move || Some(chat.form.sending.get().to_string()))
        .text(t::submit(lang));
    el("form")
        .attr("class", "form")
        .attr("novalidate", "")
        .on("submit", send)
        .children(message)
        .children(fields.into_iter().map(|(_, field, _)| field))
        .live(lost)
        .child(submit)
}

/// A box says whether it is ticked, anything else what is in it.
fn answer(input: &HtmlInputElement) -> String {
    if input.type_() == "checkbox" { input.checked().to_string() } else { input.value() }
}

/// A field with its label and what is wrong with it; and what holds the answer, which is asked like an `input`, whatever it is.
fn field(chat: Chat, asked: &Json) -> (String, El, HtmlInputElement) {
    let lang = chat.lang.get_untracked();
    let name = asked.string("name");
    let (usual, example, hint) = match name.as_str() {
        "emailAddress" => (t::email(lang), "", "email"),
        "fullName" => (t::name(lang), "", "name"),
        "phoneNumber" => (t::phone(lang), t::phone_placeholder(lang), "tel"),
        _ => ("", "", "off"),
    };
    let kind = asked.string("type");
    let input = match kind.as_str() {
        "select" => {
            let choose = el("option").attr("value", "").text(t::choose(lang));
            let options = asked.list("values");
            let options = options.iter().filter_map(Json::as_text).map(|value| el("option").text(&value));
            el("select").child(choose).children(options)
        }
        _ => {
            let kind = match (kind.as_str(), name.as_str()) {
                (_, "phoneNumber") => "tel",
                (known @ ("email" | "date" | "url" | "checkbox"), _) => known,
                _ => "text",
            };
            let placeholder = asked.text("placeholder").unwrap_or_else(|| example.to_owned());
            el("input").attr("type", kind).attr("placeholder", &placeholder)
        }
    };
    let id = ["ask-", &name].concat();
    let wrong_id = [&id, "-wrong"].concat();
    let trouble = {
        let name = name.clone();
        move || chat.form.trouble.get().filter(|(field, _)| *field == name).map(|(_, words)| words)
    };
    let is_wrong = trouble.clone();
    let required = asked.flag("required");
    let input = input
        .attr("id", &id)
        .attr("autocomplete", hint)
        .attr("aria-required", if required { "true" } else { "false" })
        .attr("aria-describedby", &wrong_id)
        .live_attr("aria-invalid", move || is_wrong().map(|_| "true".to_owned()));
    let cast: HtmlInputElement = input.cast();
    let label = asked.text("label").unwrap_or_else(|| usual.to_owned());
    let optional = (!required).then(|| el("small").text([" (", t::optional(lang), ")"].concat().as_str()));
    let label = el("label").attr("for", &id).text(&label).children(optional);
    let focus = cast.clone();
    let wrong = move || {
        trouble().map(|words| {
            let _ = focus.focus();
            el("p").attr("class", "wrong").attr("id", &wrong_id).attr("role", "alert").text(&words)
        })
    };
    (name, div("ask").child(label).child(input).live(wrong), cast)
}
