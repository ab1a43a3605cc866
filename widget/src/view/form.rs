//! Questions with fields: the form before the first message, in the place of the composer, and those of messages.

use reactive_graph::prelude::*;
use text::Words;
use text::widget::form as t;
use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;

use crate::chat::Chat;
use crate::dom::{El, div, el};
use crate::form::Asking;
use crate::wire::{Json, object};

/// What is asked before the first message.
pub fn form(chat: Chat, asked: &Json) -> El {
    let lang = chat.lang.get();
    let send = move |answers: Answers| {
        let answers: Vec<_> = answers.iter().map(|(name, answer)| (name.as_str(), JsValue::from(answer))).collect();
        chat.answer_form(object(&answers));
    };
    let fields = asked.list("pre_chat_fields");
    let questions = questions(lang, chat.form.asking, "", &fields, t::submit(lang), Box::new(send));
    let message = asked.text("pre_chat_message").map(|message| el("p").text(&message));
    div("form").children(message).child(questions)
}

/// What is in the fields, by their names.
pub type Answers = Vec<(String, String)>;

/// Fields and the button below them. `prefix` tells their ids from those of others on the page.
pub fn questions(
    lang: Words,
    asking: Asking,
    prefix: &str,
    fields: &[Json],
    submit: &str,
    send: Box<dyn Fn(Answers)>,
) -> El {
    let fields: Vec<_> = fields.iter().map(|asked| field(lang, asking, prefix, asked)).collect();
    let elements: Vec<_> = fields.iter().map(|(name, _, input)| (name.clone(), input.clone())).collect();
    let names: Vec<_> = elements.iter().map(|(name, _)| name.clone()).collect();
    let submit = el("button")
        .attr("class", "button wide")
        .live_attr("aria-disabled", move || Some(asking.sending.get().to_string()))
        .text(submit);
    el("form")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            send(elements.iter().map(|(name, input)| (name.clone(), answer(input))).collect());
        })
        .children(fields.into_iter().map(|(_, field, _)| field))
        .live(move || lost(asking, &names))
        .child(submit)
}

/// What went wrong with none of these fields in particular.
pub fn lost(asking: Asking, names: &[String]) -> Option<El> {
    let (_, words) = asking.trouble.get().filter(|(field, _)| !names.contains(field))?;
    Some(el("p").attr("class", "wrong").attr("role", "alert").text(&words))
}

/// A box says whether it is ticked, anything else what is in it.
fn answer(input: &HtmlInputElement) -> String {
    if input.type_() == "checkbox" { input.checked().to_string() } else { input.value() }
}

/// A field with its label and what is wrong with it; and what holds the answer, which is asked like an `input`, whatever it is.
fn field(lang: Words, asking: Asking, prefix: &str, asked: &Json) -> (String, El, HtmlInputElement) {
    let name = asked.string("name");
    let kind = asked.string("type");
    let (usual, example, hint) = match name.as_str() {
        "emailAddress" => (t::email(lang), "", "email"),
        "fullName" => (t::name(lang), "", "name"),
        "phoneNumber" => (t::phone(lang), t::phone_placeholder(lang), "tel"),
        _ => (name.as_str(), "", "off"),
    };
    let placeholder = asked.text("placeholder").unwrap_or_else(|| example.to_owned());
    let input = match kind.as_str() {
        "select" => {
            let choose = el("option").attr("value", "").text(t::choose(lang));
            let plain = asked.list("values").into_iter().filter_map(|value| value.as_text());
            let named = asked.list("options");
            let plain = plain.map(|value| el("option").text(&value));
            let named =
                named.iter().map(|one| el("option").attr("value", &one.string("value")).text(&one.string("label")));
            el("select").child(choose).children(plain).children(named)
        }
        "text_area" => el("textarea").attr("rows", "3").attr("placeholder", &placeholder),
        _ => {
            let kind = match (kind.as_str(), name.as_str()) {
                (_, "phoneNumber") => "tel",
                (known @ ("email" | "date" | "url" | "checkbox"), _) => known,
                _ => "text",
            };
            el("input").attr("type", kind).attr("placeholder", &placeholder)
        }
    };
    let id = ["ask-", prefix, &name].concat();
    let wrong_id = [&id, "-wrong"].concat();
    let trouble = {
        let name = name.clone();
        move || asking.trouble.get().filter(|(field, _)| *field == name).map(|(_, words)| words)
    };
    let is_wrong = trouble.clone();
    let required = asked.flag("required");
    let input = input
        .attr("id", &id)
        .attr("autocomplete", if kind == "email" { "email" } else { hint })
        .attr("aria-required", if required { "true" } else { "false" })
        .attr("aria-describedby", &wrong_id)
        .live_attr("aria-invalid", move || is_wrong().map(|_| "true".to_owned()));
    let cast: HtmlInputElement = input.cast();
    if let Some(usual) = asked.text("default") {
        cast.set_value(&usual);
    }
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
