//! The first face of somebody who has several conversations: those that go on, and the closed ones.

use reactive_graph::prelude::*;
use text::widget as t;
use web_sys::HtmlInputElement;

use super::avatar::avatar;
use super::home::presence;
use super::icon::button;
use super::key;
use crate::chat::Chat;
use crate::dom::{El, div, el};
use crate::host;
use crate::many::{Filter, Glance, Past};
use crate::words;

/// Names of the two tabs and what they show, for those who hear them.
const TABS: [&str; 2] = ["tab-active", "tab-history"];

pub fn lists(chat: Chat) -> El {
    let lang = chat.lang;
    let past_shown = chat.many.past_shown;
    let names = [t::active, t::history];
    let tab = move |at: usize| {
        let shown = at == 1;
        let is_shown = move || past_shown.get() == shown;
        button("tab", move || show(chat, shown))
            .attr("role", "tab")
            .attr("id", TABS[at])
            .attr("aria-controls", "list")
            .live_attr("aria-selected", move || Some(is_shown().to_string()))
            .live_attr("tabindex", move || Some(if is_shown() { "0" } else { "-1" }.to_owned()))
            .live_text(move || names[at](lang.get()).to_owned())
    };
    let tabs = [tab(0), tab(1)];
    let elements: Vec<web_sys::HtmlElement> = tabs.iter().map(El::cast).collect();
    let bar = div("tabs")
        .attr("role", "tablist")
        .on("keydown", move |event| {
            if matches!(key(&event).as_str(), "ArrowLeft" | "ArrowRight") {
                let shown = !past_shown.get_untracked();
                show(chat, shown);
                let _ = elements[usize::from(shown)].focus();
            }
        })
        .children(tabs);
    let list = div("list")
        .attr("id", "list")
        .attr("role", "tabpanel")
        .live_attr("aria-labelledby", move || Some(TABS[usize::from(past_shown.get())].to_owned()))
        .live(move || Some(if past_shown.get() { past(chat) } else { active(chat) }));
    let presence = move || Some(presence(chat));
    div("card").live(presence).child(bar).child(list)
}

fn show(chat: Chat, past: bool) {
    chat.many.past_shown.set(past);
    if past && !chat.many.past.with_untracked(|past| past.known) {
        chat.read_past(true);
    }
}

fn active(chat: Chat) -> El {
    let lang = chat.lang;
    let begin = move || {
        let again = chat.many.active.with_untracked(|active| !active.is_empty());
        chat.enter_new();
        host::started(again);
    };
    let start = button("button wide", begin).live_text(move || t::new_conversation(lang.get()).to_owned());
    let list = move || {
        let active = chat.many.active.get();
        Some(if active.is_empty() { empty(t::none_active(lang.get())) } else { rows(chat, active) })
    };
    div("panel").live(list).child(start)
}

fn past(chat: Chat) -> El {
    let lang = chat.lang;
    let many = chat.many;
    let list = move || {
        let past = many.past.get();
        let is_filtered = many.filter.with(|filter| *filter != Filter::default());
        Some(match (past.list.is_empty(), past.known && !past.loading, is_filtered) {
            (false, ..) => rows(chat, past.list),
            (true, false, _) => div("rows"),
            (true, true, true) => empty(t::none_found(lang.get())),
            (true, true, false) => empty(t::none_closed(lang.get())),
        })
    };
    let more = move || {
        let Past { has_more, loading, failed, list, .. } = many.past.get();
        let lang = lang.get();
        let trouble = failed.then(|| el("p").attr("role", "alert").text(t::lists_failed(lang)));
        let words = if failed { t::retry(lang) } else { t::see_more(lang) };
        let next = button("link", move || chat.read_past(many.past.with_untracked(|past| past.list.is_empty())));
        let next = if loading { next.attr("disabled", "") } else { next };
        let next = (failed || (has_more && !list.is_empty())).then(|| next.text(words));
        Some(div("earlier").children(trouble).children(next))
    };
    div("panel").child(filters(chat)).live(list).live(more)
}

/// What closed conversations are looked for by; closed until somebody wants it.
fn filters(chat: Chat) -> El {
    let lang = chat.lang;
    let many = chat.many;
    let before = many.filter.get_untracked();
    let field = move |kind: &str, name: fn(text::Words) -> &'static str, value: &str| {
        let input = el("input").attr("type", kind).attr("autocomplete", "off").attr("value", value);
        let cast: HtmlInputElement = input.cast();
        let label = el("label").child(el("span").live_text(move || name(lang.get()).to_owned())).child(input);
        (label, cast)
    };
    let (from, from_field) = field("date", t::from_day, &before.from);
    let (to, to_field) = field("date", t::to_day, &before.to);
    let (number, number_field) = field("text", t::ticket, &before.number);
    let _ = number_field.set_attribute("inputmode", "numeric");
    let fields = [from_field, to_field, number_field];
    let look = move |filter: Filter| {
        many.filter.set(filter);
        many.past.update(|past| past.list.clear());
        chat.read_past(true);
    };
    let given = fields.clone();
    let clear = move || {
        fields.iter().for_each(|field| field.set_value(""));
        look(Filter::default());
    };
    let buttons = div("buttons")
        .child(el("button").attr("class", "button").live_text(move || t::search(lang.get()).to_owned()))
        .child(button("link", clear).live_text(move || t::clear(lang.get()).to_owned()));
    let form = el("form")
        .on("submit", move |event| {
            event.prevent_default();
            let [from, to, number] = given.each_ref().map(HtmlInputElement::value);
            look(Filter { from, to, number });
        })
        .children([from, to, number, buttons]);
    let details = el("details").attr("class", "filters");
    let details = if before == Filter::default() { details } else { details.attr("open", "") };
    details.child(el("summary").live_text(move || t::filter(lang.get()).to_owned())).child(form)
}

fn empty(words: &str) -> El {
    el("p").attr("class", "empty").text(words)
}

fn rows(chat: Chat, glances: Vec<Glance>) -> El {
    el("ul").attr("class", "rows").children(glances.into_iter().map(|glance| el("li").child(row(chat, glance))))
}

/// One conversation: whose it is, what was said last, when, and how much of it is unread.
fn row(chat: Chat, glance: Glance) -> El {
    let lang = chat.lang.get();
    let (name, picture) = match &glance.agent {
        (name, _) if name.is_empty() => chat.boot.with_value(|boot| (boot.website_name.clone(), boot.avatar.clone())),
        agent => agent.clone(),
    };
    let line = glance.last.as_ref().map(|last| {
        let words = chat.preview(last);
        if last.is_own() { [t::you(lang), ": ", &words].concat() } else { words }
    });
    let number = ["#", &glance.conversation.id.to_string()].concat();
    let when = words::age(lang, glance.at);
    let head = div("line")
        .child(el("strong").text(&name))
        .child(el("span").attr("class", "number").text(&number))
        .child(el("time").text(&when));
    let unread = (glance.unread > 0).then(|| {
        let count = el("b").attr("class", "count").attr("aria-hidden", "true").text(&glance.unread.to_string());
        let said = el("span").attr("class", "unseen-text").text(&t::unread(lang, glance.unread));
        [count, said]
    });
    let closed = chat.many.past_shown.with_untracked(|past| !*past)
        && glance.conversation.status == model::ConversationStatus::Resolved;
    let closed = closed.then(|| el("small").text(t::closed(lang)));
    let preview = el("span").attr("class", "preview").attr("dir", "auto").text(&line.unwrap_or_default());
    let below = div("line").child(preview).children(closed).children(unread.into_iter().flatten());
    let words = el("span").child(head).child(below);
    let class = if glance.unread > 0 { "enter unread" } else { "enter" };
    let conversation = glance.conversation;
    button(class, move || chat.enter(conversation)).child(avatar(&name, &picture)).child(words)
}
