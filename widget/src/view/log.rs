//! The list of messages: where it stands when something is added above or below.

use crate::dom::{self, El, div, el};
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use web_sys::Element;

use super::icon::{DOWN, button, icon};
use super::{after_layout, message};
use crate::chat::Chat;
use crate::message::Message;

/// Pixels from the end within which the visitor counts as reading the newest.
const NEAR: i32 = 80;

/// Pixels from the top at which earlier messages are loaded.
const EARLY: i32 = 120;

#[derive(Clone, Copy)]
struct Log {
    chat: Chat,
    place: StoredValue<Element, LocalStorage>,
    at_end: RwSignal<bool>,
    /// Messages that came while the visitor was reading above.
    below: RwSignal<i64>,
    loading: RwSignal<bool>,
    failed: RwSignal<bool>,
}

pub fn log(chat: Chat) -> El {
    let place = div("log");
    let log = Log {
        chat,
        place: StoredValue::new_local(place.element().clone()),
        at_end: RwSignal::new(true),
        below: RwSignal::new(0),
        loading: RwSignal::new(false),
        failed: RwSignal::new(false),
    };
    let lang = chat.lang;
    let place = place
        .attr("role", "log")
        .attr("tabindex", "0")
        .live_attr("aria-label", move || Some(text::widget::messages(lang.get()).to_owned()))
        .live_attr("aria-busy", move || Some(log.loading.get().to_string()))
        .on("scroll", move |_| log.scrolled())
        // The arrival of a picture does not come up, but it can be caught on the way down.
        .on_capture("load", move |_| log.keep())
        .live(move || log.earlier());
    dom::keyed(&place, move || chat.entries.get(), |entry| entry.key.clone(), move |entry| message::row(chat, entry));
    log.follow();
    div("log-frame").child(place).live(move || log.pill())
}

impl Log {
    /// Keeps to the end when the visitor is there: when messages come, when the keyboard opens.
    fn follow(self) {
        let mut known = None::<String>;
        dom::effect(move || {
            let last = self.chat.entries.with(|entries| entries.last().cloned());
            let key = last.as_ref().map(|entry| entry.key.clone());
            if known == key {
                return;
            }
            let first = known.is_none();
            known = key;
            let own = last.is_some_and(|entry| entry.message.with_untracked(Message::is_own));
            if first || own || self.at_end.get_untracked() {
                after_layout(move || self.to_end());
            } else {
                self.below.update(|below| *below += 1);
            }
        });
        dom::effect(move || {
            // Opening the panel gives the list its height.
            if self.chat.open.get() {
                after_layout(move || self.to_end());
            }
        });
        // The keyboard, a notice or a growing composer take height away.
        dom::on_resize(&self.place.get_value(), move || self.keep());
    }

    fn keep(self) {
        if self.at_end.try_get_untracked().unwrap_or_default() {
            self.to_end();
        }
    }

    /// Nothing if the list has left the screen meanwhile.
    fn to_end(self) {
        let Some(place) = self.place.try_get_value() else { return };
        self.below.set(0);
        place.set_scroll_top(place.scroll_height());
    }

    fn scrolled(self) {
        let Some(place) = self.place.try_get_value() else { return };
        let at_end = place.scroll_height() - place.scroll_top() - place.client_height() < NEAR;
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        if at_end && self.below.get_untracked() > 0 {
            self.below.set(0);
        }
        if place.scroll_top() < EARLY && !self.failed.get_untracked() {
            self.load_earlier();
        }
    }

    fn load_earlier(self) {
        if self.loading.get_untracked() || !self.chat.has_earlier.get_untracked() {
            return;
        }
        self.loading.set(true);
        wasm_bindgen_futures::spawn_local(async move {
            let Some(place) = self.place.try_get_value() else { return };
            let height = place.scroll_height();
            let outcome = self.chat.load_earlier().await;
            // What the visitor was reading stays where it was.
            after_layout(move || {
                if self.failed.try_set(outcome.is_err()).is_some() {
                    return;
                }
                let grown = place.scroll_height() - height;
                if place.scroll_top() < EARLY && grown > 0 {
                    place.set_scroll_top(place.scroll_top() + grown);
                }
                self.loading.set(false);
            });
        });
    }

    /// The way to earlier messages for those who do not scroll, and after a failure.
    fn earlier(self) -> Option<El> {
        if !self.chat.has_earlier.get() {
            return None;
        }
        let lang = self.chat.lang.get();
        let failed =
            move || self.failed.get().then(|| el("p").attr("role", "alert").text(text::widget::load_failed(lang)));
        let load = button("link", move || self.load_earlier())
            .live_attr("disabled", move || self.loading.get().then(String::new))
            .text(text::widget::earlier(lang));
        Some(div("earlier").live(failed).child(load))
    }

    /// The way back to the newest message.
    fn pill(self) -> Option<El> {
        if self.at_end.get() {
            return None;
        }
        let lang = self.chat.lang.get();
        let below = self.below.get();
        let words = if below > 0 { text::widget::new_messages(lang, below) } else { String::new() };
        let pill = button("pill", move || self.to_end()).attr("aria-label", text::widget::latest(lang));
        Some(pill.text(&words).child(icon(DOWN)))
    }
}
