//! What a message asks besides its words, and what was answered.

use reactive_graph::prelude::*;
use text::widget::ask as t;
use wasm_bindgen::JsValue;

use super::form::{Answers, lost, questions};
use super::icon::button;
use crate::chat::Chat;
use crate::dom::{El, div, el};
use crate::form::Asking;
use crate::message::Message;
use crate::wire::{Json, array, object};

/// One message that asks.
#[derive(Clone, Copy)]
struct Ask {
    chat: Chat,
    id: i64,
    asking: Asking,
}

/// What stands below the words of a message that asks; nothing for others.
pub fn ask(chat: Chat, message: &Message) -> Option<El> {
    let (kind, attributes) = message.ask.as_ref()?;
    let attributes = Json::parse(attributes);
    let ask = Ask { chat, id: message.id?, asking: Asking::new() };
    let items = attributes.list("items");
    let answers = attributes.list("submitted_values");
    let lang = chat.lang.get_untracked();
    let asked = match kind.as_str() {
        "input_email" => match attributes.text("submitted_email") {
            Some(email) => given("", &email),
            None => {
                let email = object(&[("name", "email".into()), ("type", "email".into()), ("required", true.into())]);
                let label = text::widget::form::email(lang);
                let _ = js_sys::Reflect::set(&email, &"label".into(), &label.into());
                ask.form(&[email.into()], t::send(lang), move |answers| {
                    let (_, email) = answers.into_iter().next().unwrap_or_default();
                    object(&[("contact", object(&[("email", email.into())]))])
                })
            }
        },
        "input_csat" => ask.rating(&attributes.get("submitted_values").get("csat_survey_response")),
        "input_select" => {
            let options = items.iter().map(|item| ask.option(&item.string("title"), item.string("value"), &answers));
            div("options").children(options)
        }
        "form" if answers.is_empty() => {
            let submit = attributes.text("button_label").unwrap_or_else(|| t::send(lang).to_owned());
            ask.form(&items, &submit, |answers| {
                let answers = answers.into_iter().map(|(name, value)| named(&name, value));
                submitted(array(answers))
            })
        }
        "form" => div("").children(answers.iter().map(|one| given(&one.string("title"), &one.string("value")))),
        "cards" => div("offers").children(items.iter().map(|item| ask.card(item, &answers))),
        "article" => div("options").children(items.iter().map(article)),
        _ => return None,
    };
    let id = ["ask-", &ask.id.to_string()].concat();
    Some(
        div("asked")
            .attr("id", &id)
            .attr("tabindex", "-1")
            .child(asked)
            .live(move || lost(ask.asking, &names_of(&items))),
    )
}

/// The names of fields, whose troubles stand beside them.
fn names_of(items: &[Json]) -> Vec<String> {
    items.iter().map(|item| item.string("name")).chain(["email", "feedback_message"].map(str::to_owned)).collect()
}

fn named(name: &str, value: String) -> JsValue {
    object(&[("name", name.into()), ("value", value.into())])
}

fn submitted(values: JsValue) -> JsValue {
    object(&[("message", object(&[("submitted_values", values)]))])
}

/// Something that was answered.
fn given(name: &str, value: &str) -> El {
    let name = (!name.is_empty()).then(|| el("small").text(name));
    el("p").attr("class", "given").children(name).text(value)
}

fn article(item: &Json) -> El {
    let text = item.text("description").map(|text| el("span").text(&text));
    link("option", &item.string("link")).child(el("strong").text(&item.string("title"))).children(text)
}

fn link(class: &str, url: &str) -> El {
    let link = el("a").attr("class", class).attr("href", url);
    link.attr("target", "_blank").attr("rel", "noopener noreferrer nofollow ugc")
}

impl Ask {
    fn answer(self, body: &JsValue) {
        self.chat.answer(self.asking, self.id, body);
    }

    fn form(self, fields: &[Json], submit: &str, body: impl Fn(Answers) -> JsValue + 'static) -> El {
        let prefix = [&self.id.to_string(), "-"].concat();
        let lang = self.chat.lang.get_untracked();
        let send = move |answers| self.answer(&body(answers));
        questions(lang, self.asking, &prefix, fields, submit, Box::new(send))
    }

    /// One of several answers: when one is taken, it is marked and the others are out of reach.
    fn option(self, title: &str, value: String, answers: &[Json]) -> El {
        let chosen = answers.first().map(|answer| answer.string("value"));
        let is_chosen = chosen.as_ref() == Some(&value);
        let send = {
            let (title, open) = (title.to_owned(), chosen.is_none());
            move || {
                if open {
                    let one = object(&[("title", title.as_str().into()), ("value", value.as_str().into())]);
                    self.answer(&submitted(array([one])));
                }
            }
        };
        let option = button("option", send).attr("aria-pressed", if is_chosen { "true" } else { "false" }).text(title);
        if chosen.is_some() && !is_chosen { option.attr("disabled", "") } else { option }
    }

    fn card(self, item: &Json, answers: &[Json]) -> El {
        let picture = item.text("media_url").map(|url| {
            el("img").attr("loading", "lazy").attr("referrerpolicy", "no-referrer").attr("alt", "").attr("src", &url)
        });
        let text = item.text("description").map(|text| el("span").text(&text));
        let action = |action: &Json| {
            let words = action.string("text");
            match action.text("uri") {
                Some(url) if action.string("type") == "link" => link("option", &url).text(&words),
                _ => self.option(&words, action.string("payload"), answers),
            }
        };
        let actions = item.list("actions");
        div("offer")
            .children(picture)
            .child(el("strong").text(&item.string("title")))
            .children(text)
            .children(actions.iter().map(action))
    }

    /// One to five, then what else is to be said; both can be changed.
    fn rating(self, given: &Json) -> El {
        let lang = self.chat.lang.get_untracked();
        let rating = given.int("rating");
        let send = move |rating: i64, words: Option<String>| {
            let mut fields = vec![("rating", (rating as f64).into())];
            fields.extend(words.map(|words| ("feedback_message", words.into())));
            self.answer(&submitted(object(&[("csat_survey_response", object(&fields))])));
        };
        let face = |(at, face): (i64, &str)| {
            let number = at.to_string();
            button("rate", move || send(at, None))
                .attr("aria-pressed", if rating == Some(at) { "true" } else { "false" })
                .attr("aria-label", &t::rating(lang, &number))
                .child(el("span").text(face))
                .child(el("small").text(&number))
        };
        let faces = div("rating").attr("role", "group").children((1..).zip(model::content::FACES).map(face));
        let more = rating.map(|rating| match given.text("feedback_message") {
            Some(words) => self::given(t::thanks(lang), &words),
            None => {
                let field = object(&[
                    ("name", "feedback_message".into()),
                    ("type", "text_area".into()),
                    ("label", t::feedback(lang).into()),
                ]);
                self.form(&[field.into()], t::send(lang), move |answers| {
                    let (_, words) = answers.into_iter().next().unwrap_or_default();
                    let fields = [("rating", (rating as f64).into()), ("feedback_message", words.into())];
                    submitted(object(&[("csat_survey_response", object(&fields))]))
                })
            }
        });
        div("").child(faces).children(more)
    }
}
