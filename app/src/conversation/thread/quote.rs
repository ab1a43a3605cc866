//! The message that another one answers.

use leptos::prelude::*;
use model::message::Message;
use model::{MessageId, SenderKind, UserId, markdown};
use text::message as t;

use super::scroll;
use crate::conversation::desk::{Desk, contact_name, use_desk};

/// Who said what, in two lines; pressing it leads there.
#[component]
pub fn Quote(id: MessageId) -> impl IntoView {
    let desk = use_desk();
    let words = Memo::new(move |_| words(desk, id));
    view! {
        <button type="button" class="bubble-quote" on:click=move |_| scroll::show(id)>
            {move || words.get().0.map(|name| view! { <b>{name}</b> })}
            {move || words.get().1}
        </button>
    }
    .into_any()
}

/// The author's name, when the message is loaded, and one line of it.
#[must_use]
pub fn words(desk: Desk, id: MessageId) -> (Option<String>, String) {
    let found =
        desk.with_thread(|thread| thread.message(id).map(|message| (author(desk, message), line(desk, message))));
    match found.flatten() {
        Some((name, line)) => (Some(name), line),
        None => (None, t::quoted_missing(desk.lang).to_owned()),
    }
}

/// The message another one answers.
#[must_use]
pub fn answered(message: &Message) -> Option<MessageId> {
    message.content_attributes.get("in_reply_to").and_then(serde_json::Value::as_i64).map(MessageId)
}

/// Who wrote a message, as the reader calls them.
#[must_use]
pub fn author(desk: Desk, message: &Message) -> String {
    match &message.sender {
        Some(sender) if sender.kind == SenderKind::User && UserId(sender.id) == desk.me() => {
            t::you(desk.lang).to_owned()
        }
        Some(sender) if sender.kind == SenderKind::Contact => {
            contact_name(desk.lang, &sender.name, model::ContactId(sender.id))
        }
        Some(sender) => sender.name.clone(),
        None => t::automatic(desk.lang).to_owned(),
    }
}

fn line(desk: Desk, message: &Message) -> String {
    if message.is_deleted() {
        return t::deleted(desk.lang).to_owned();
    }
    let text = markdown::plain(&message.content);
    match (text.is_empty(), message.attachments.first()) {
        (true, Some(file)) => file.file_name.clone(),
        (true, None) => t::quoted_file(desk.lang).to_owned(),
        (false, _) => text.chars().take(200).collect(),
    }
}
