//! The second face: the conversation.

use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use super::avatar::avatar;
use super::home::{availability, dot, tools};
use super::icon::{BACK, END, icon_button};
use super::{composer, form, log, notice};
use crate::chat::Chat;
use crate::dom::{self, El, div, el};

pub fn thread(chat: Chat) -> El {
    let lang = chat.lang;
    let back = move || chat.go_home();
    let bar = el("header")
        .attr("class", "bar")
        .child(icon_button(BACK, move || text::widget::back(lang.get()), back))
        .live(move || Some(who(chat)))
        .live(move || {
            may_end(chat)
                .then(|| icon_button(END, move || text::widget::end(lang.get()), move || chat.ending.set(true)))
        })
        .live(move || Some(tools(chat)));
    let asked = move || chat.open_form().map(|asked| form::form(chat, &asked));
    // Only whether, not what: the composer is not built anew when a question changes.
    let is_asked = RwSignal::new(false);
    dom::effect(move || {
        let now = chat.open_form().is_some();
        if is_asked.get_untracked() != now {
            is_asked.set(now);
        }
    });
    let write = move || {
        let talk = || [log::log(chat), notice::notice(chat), composer::composer(chat)];
        (!is_asked.get()).then(|| div("talk").children(talk()))
    };
    el("main").attr("class", "thread").child(bar).live(asked).live(write)
}

/// Whether there is a conversation that the visitor could end.
fn may_end(chat: Chat) -> bool {
    let goes_on = chat.conversation.with(Option::is_some) && !chat.is_resolved() && !chat.restart.get();
    goes_on && chat.boot.with_value(|boot| boot.ends)
}

/// Who answers: the colleague who wrote last, else the site.
fn who(chat: Chat) -> El {
    let lang = chat.lang.get();
    chat.entries.track();
    let sender = chat.with_messages(|messages| messages.iter().rev().find_map(|message| message.sender.clone()));
    let (name, picture) = match sender.filter(|sender| !sender.name.is_empty()) {
        Some(sender) => (sender.name, sender.avatar),
        None => chat.boot.with_value(|boot| (boot.website_name.clone(), boot.avatar.clone())),
    };
    let (available, state) = availability(chat, lang);
    let number = chat.conversation.get().filter(|_| chat.many.on.get()).map(|now| now.id.to_string());
    let number = number.map(|number| el("span").attr("class", "number").text(" #").text(&number));
    let words =
        div("words").child(el("h1").text(&name).children(number)).child(el("p").child(dot(available)).text(&state));
    div("who").child(avatar(&name, &picture)).child(words)
}
