//! What is said between the messages and the composer: typing, the connection, a closed conversation.

use reactive_graph::prelude::*;

use super::icon::button;
use crate::chat::{Chat, Link};
use crate::dom::{El, div, el};

pub fn notice(chat: Chat) -> El {
    div("notices")
        .child(div("typing-line").attr("role", "status").live(move || typing(chat)))
        .child(div("connection").attr("role", "status").live(move || connection(chat)))
        .live(move || chat.is_resolved().then(|| resolved(chat)))
}

fn typing(chat: Chat) -> Option<El> {
    let lang = chat.lang.get();
    let words = match chat.typing.get()? {
        name if name.is_empty() => text::widget::typing(lang).to_owned(),
        name => text::widget::typing_name(lang, &name),
    };
    let dots = div("dots").attr("aria-hidden", "true").children((0..3).map(|_| el("i")));
    Some(div("typist").child(dots).text(&words))
}

fn connection(chat: Chat) -> Option<El> {
    let lang = chat.lang.get();
    let words = if !chat.online.get() {
        text::widget::offline(lang)
    } else if chat.link.get() == Link::Lost {
        text::widget::reconnecting(lang)
    } else {
        return None;
    };
    Some(el("p").attr("class", "banner").text(words))
}

fn resolved(chat: Chat) -> El {
    let lang = chat.lang.get();
    let reopens = chat.boot.with_value(|boot| boot.reopens);
    let help = if reopens { text::widget::resolved_help(lang) } else { text::widget::resolved_final(lang) };
    let words = el("p").child(el("strong").text(text::widget::resolved(lang))).text(" ").text(help);
    let anew = button("button", move || chat.start_anew()).text(text::widget::new_conversation(lang));
    div("resolved").child(words).child(anew)
}
