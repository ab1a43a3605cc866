//! The second face: the conversation.

use reactive_graph::prelude::*;

use super::avatar::avatar;
use super::home::{availability, dot, tools};
use super::icon::{BACK, icon_button};
use super::{composer, log, notice};
use crate::chat::{Chat, Screen};
use crate::dom::{El, div, el};

pub fn thread(chat: Chat) -> El {
    let lang = chat.lang;
    let back = move || chat.screen.set(Screen::Home);
    let bar = el("header")
        .attr("class", "bar")
        .child(icon_button(BACK, move || text::widget::back(lang.get()), back))
        .live(move || Some(who(chat)))
        .live(move || Some(tools(chat)));
    el("main")
        .attr("class", "thread")
        .child(bar)
        .child(log::log(chat))
        .child(notice::notice(chat))
        .child(composer::composer(chat))
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
    let words = div("words").child(el("h1").text(&name)).child(el("p").child(dot(available)).text(&state));
    div("who").child(avatar(&name, &picture)).child(words)
}
