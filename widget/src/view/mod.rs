//! What is on screen. Plain functions from the chat's state to elements; each part in its own file.

use part::Piece;

use crate::dom::{self, El, div, document, window};
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

use crate::chat::{Chat, Screen};
use crate::{cable, host, outbox, session};

mod ask;
pub mod attachment;
mod avatar;
mod composer;
mod emoji;
mod form;
mod home;
mod icon;
mod lists;
mod log;
mod markdown;
mod message;
mod notice;
pub mod part;
mod thread;

/// Replaces the greeting the server drew by the living thing.
pub fn mount(chat: Chat) {
    if let Some(drawn) = document().get_element_by_id("cloudchat") {
        drawn.remove();
    }
    if host::is_framed()
        && let Some(page) = document().document_element()
    {
        let _ = page.set_attribute("data-framed", "");
    }
    dom::mount(&root(chat));
}

fn root(chat: Chat) -> El {
    div("frame")
        .attr("id", "cloudchat")
        .live(move || {
            Some(match chat.screen.get() {
                Screen::Home => home::home(chat),
                Screen::Thread => part::draw(chat, Piece::Thread),
            })
        })
        // The conversation is fetched when somebody moves towards it.
        .on("pointerover", move |_| chat.parts.fetch(Piece::Thread))
        .on("focusin", move |_| chat.parts.fetch(Piece::Thread))
        .on("keydown", move |event| {
            if !event.default_prevented() && key(&event) == "Escape" {
                host::close();
            }
        })
}

/// The key of a keyboard event.
fn key(event: &Event) -> String {
    event.unchecked_ref::<KeyboardEvent>().key()
}

/// Follows what happens around the chat: the network, the tab, the panel.
pub fn watch(chat: Chat) {
    let network = move |online: bool| {
        chat.online.set(online);
        if online {
            chat.parts.retry();
            cable::wake(chat);
            outbox::wake();
        }
    };
    let window = window();
    dom::on(&window, "online", move |_| network(true));
    dom::on(&window, "offline", move |_| network(false));
    dom::on(&document(), "visibilitychange", move |_| {
        if !document().hidden() {
            cable::wake(chat);
            chat.account_for_unseen();
        }
    });
    dom::effect(move || {
        if chat.open.get() || session::is_real() {
            cable::start(chat);
        }
        if chat.open.get() && chat.screen.get() == Screen::Thread {
            chat.account_for_unseen();
        }
    });
}

/// Runs once the browser has laid out what was just changed.
fn after_layout(then: impl FnOnce() + 'static) {
    dom::next_frame(move || dom::later(0, then).keep());
}
