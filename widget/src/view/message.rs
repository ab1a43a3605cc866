//! One message in the list.

use reactive_graph::prelude::*;

use super::ask::ask;
use super::attachment::attachments;
use super::avatar::avatar;
use super::icon::button;
use super::markdown;
use crate::chat::{Chat, Entry};
use crate::dom::{El, div, el};
use crate::message::{Delivery, Message};
use crate::thread::Place;
use crate::{outbox, words};

/// A message with what stands above and below it.
pub fn row(chat: Chat, entry: Entry) -> El {
    let Entry { message, body, place, .. } = entry;
    let own = message.with_untracked(Message::is_own);
    let mut bubble = div("message").live_attr("class", move || Some(class(own, place.get())));
    if !own {
        let face = move || place.get().last.then(|| message.with(|message| face(chat, message)));
        bubble = bubble.child(div("face").live(face));
    }
    let content = move || {
        body.track();
        Some(message.with_untracked(|message| content(chat, message)))
    };
    let stack = div("stack")
        .child(el("span").attr("class", "unseen-text").live_text(move || message.with(|message| said(chat, message))))
        .live(content)
        .live(move || message.with(|message| foot(chat, message, place.get())));
    div("row")
        .live(move || place.get().new_day.then(|| message.with(|message| day(chat, message))))
        .live(move || place.get().unseen.then(|| separator("new", text::widget::new(chat.lang.get()))))
        .child(bubble.child(stack))
}

fn class(own: bool, place: Place) -> String {
    let side = if own { "message own" } else { "message" };
    [side, if place.first { " first" } else { "" }, if place.last { " last" } else { "" }].concat()
}

/// Who said it and when, for those who do not see where it stands.
fn said(chat: Chat, message: &Message) -> String {
    let lang = chat.lang.get();
    let name = if message.is_own() { text::widget::you(lang).to_owned() } else { author(chat, message) };
    text::widget::said(lang, &name, &clock(chat, message))
}

fn author(chat: Chat, message: &Message) -> String {
    let named = message.sender.as_ref().map(|sender| sender.name.clone()).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| chat.boot.with_value(|boot| boot.website_name.clone()))
}

fn clock(chat: Chat, message: &Message) -> String {
    words::clock(chat.lang.get(), message.created_at)
}

fn separator(class: &str, words: &str) -> El {
    div(class).attr("role", "separator").text(words)
}

/// The day above its first message.
fn day(chat: Chat, message: &Message) -> El {
    separator("day", &words::day(chat.lang.get(), message.created_at))
}

/// The author's face beside the last message of a group.
fn face(chat: Chat, message: &Message) -> El {
    match &message.sender {
        Some(sender) => avatar(&author(chat, message), &sender.avatar),
        None => chat.boot.with_value(|boot| avatar(&boot.website_name, &boot.avatar)),
    }
}

fn content(chat: Chat, message: &Message) -> El {
    let lang = chat.lang.get_untracked();
    if message.deleted {
        return div("bubble deleted").text(text::widget::deleted(lang));
    }
    let mut content = div("content");
    if !message.content.is_empty() {
        content = content.child(markdown::fill(div("bubble").attr("dir", "auto"), &message.content));
    }
    // Below the words, as the agents see them: "here is the invoice:" comes before the invoice.
    if !message.attachments.is_empty() {
        content = content.child(attachments(lang, &message.attachments));
    }
    content.children(ask(chat, message))
}

/// Below the last of a group: name and time; below one of our own: how far it has come.
fn foot(chat: Chat, message: &Message, place: Place) -> Option<El> {
    // Of several that wait, only the last says so.
    let tells = !matches!(message.delivery, Delivery::Sent | Delivery::Waiting | Delivery::Delayed);
    if message.is_own() && (place.newest_own || tells) {
        return Some(status(chat, message));
    }
    // Set apart: a name may run the other way than the line.
    let name =
        if message.is_own() { String::new() } else { ["\u{2068}", &author(chat, message), "\u{2069} · "].concat() };
    place.last.then(|| div("foot").attr("aria-hidden", "true").text(&name).text(&clock(chat, message)))
}

fn status(chat: Chat, message: &Message) -> El {
    let lang = chat.lang.get();
    let read = chat.conversation.get().is_some_and(|now| now.agent_seen >= message.created_at);
    let words = match &message.delivery {
        Delivery::Sent => {
            let far = if read { text::widget::read(lang) } else { text::widget::sent(lang) };
            [&clock(chat, message), " · ", far].concat()
        }
        Delivery::Sending(None) => text::widget::sending(lang).to_owned(),
        Delivery::Sending(Some(percent)) => {
            [text::widget::sending(lang), " ", &text::widget::uploading(lang, &percent.to_string())].concat()
        }
        Delivery::Waiting => text::widget::waiting(lang).to_owned(),
        Delivery::Delayed => text::widget::too_fast(lang).to_owned(),
        Delivery::Failed(None) => text::widget::failed(lang).to_owned(),
        Delivery::Failed(Some(reason)) => text::widget::refused(lang, reason),
    };
    if !matches!(message.delivery, Delivery::Failed(_)) {
        return div("foot").text(&words);
    }
    let id = message.echo_id.clone().unwrap_or_default();
    let same = id.clone();
    div("foot failed")
        .attr("role", "alert")
        .text(&words)
        .text(" ")
        .child(button("link", move || outbox::retry(chat, &id)).text(text::widget::retry(lang)))
        .text(" ")
        .child(button("link", move || outbox::discard(chat, &same)).text(text::widget::remove(lang)))
}
