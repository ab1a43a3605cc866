//! What is said between the messages and the composer: typing, the connection, a closed conversation.

use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use super::form::lost;
use super::icon::button;
use crate::chat::{Chat, Link};
use crate::dom::{El, div, el};
use crate::form::Asking;

pub fn notice(chat: Chat) -> El {
    div("notices")
        .child(div("typing-line").attr("role", "status").live(move || typing(chat)))
        .child(div("connection").attr("role", "status").live(move || connection(chat)))
        .live(move || (chat.ending.get() && !chat.is_resolved()).then(|| ending(chat)))
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

/// Asks before the conversation is ended.
fn ending(chat: Chat) -> El {
    let lang = chat.lang.get();
    let words = el("p").child(el("strong").text(text::widget::end_title(lang))).text(" ");
    let words = words.text(text::widget::end_text(lang));
    let end = button("button", move || chat.end()).text(text::widget::end_confirm(lang));
    let keep = button("link", move || chat.ending.set(false)).text(text::widget::end_cancel(lang));
    div("resolved").attr("role", "alert").child(words).child(end).child(keep)
}

fn resolved(chat: Chat) -> El {
    let lang = chat.lang.get();
    let reopens = chat.boot.with_value(|boot| boot.reopens);
    let single = chat.boot.with_value(|boot| boot.single);
    let help = match (single || chat.many.on.get(), reopens) {
        (_, false) => text::widget::resolved_final(lang),
        (true, true) => text::widget::resolved_help(lang),
        (false, true) => text::widget::resolved_next(lang),
    };
    let words = el("p").child(el("strong").text(text::widget::resolved(lang))).text(" ").text(help);
    let anew = || button("button", move || chat.start_anew()).text(text::widget::new_conversation(lang));
    div("resolved").child(words).children((!single).then(anew)).live(move || transcript(chat))
}

/// What was said, by mail, for somebody whose address is known.
fn transcript(chat: Chat) -> Option<El> {
    let is_offered = chat.boot.with_value(|boot| boot.transcript) && chat.has_email.get();
    if !is_offered {
        return None;
    }
    let lang = chat.lang.get();
    let (asking, sent) = (Asking::new(), RwSignal::new(false));
    let ask = move || {
        let told = || el("p").attr("role", "status").text(text::widget::transcript_sent(lang));
        let ask = || button("link", move || chat.ask_transcript(asking, sent)).text(text::widget::transcript(lang));
        Some(if sent.get() { told() } else { ask() })
    };
    Some(div("more").live(ask).live(move || lost(asking, &[])))
}
