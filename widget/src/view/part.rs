//! Parts of the chat that come when they are needed: the conversation, and the lists of somebody who has several.
//! `xtask/src/site/split.rs` cuts the program up along them.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use reactive_graph::owner::StoredValue;
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::home::tools;
use super::icon::button;
use super::{lists, thread};
use crate::chat::Chat;
use crate::dom::{El, div, el, window};
use crate::session;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Away,
    Here,
    /// It was asked for and did not come.
    Lost,
}

/// Something that is drawn by a part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    Thread,
    Lists,
}

/// How a part stands.
#[derive(Clone, Copy)]
struct Part {
    stage: RwSignal<Stage>,
    /// It was asked for: whoever moves over the chat while it comes, or after it got lost, asks for nothing more.
    is_asked: StoredValue<bool>,
}

impl Part {
    fn new() -> Self {
        Self { stage: RwSignal::new(Stage::Away), is_asked: StoredValue::new(false) }
    }
}

/// Which parts are there.
#[derive(Clone, Copy)]
pub struct Parts {
    thread: Part,
    lists: Part,
    /// The visitor has asked again by hand.
    insisted: StoredValue<bool>,
}

impl Parts {
    pub fn new() -> Self {
        Self { thread: Part::new(), lists: Part::new(), insisted: StoredValue::new(false) }
    }

    fn of(self, piece: Piece) -> Part {
        match piece {
            Piece::Thread => self.thread,
            Piece::Lists => self.lists,
        }
    }

    /// Fetches what a piece is drawn by, once.
    pub fn fetch(self, piece: Piece) {
        let Part { stage, is_asked } = self.of(piece);
        if is_asked.get_value() {
            return;
        }
        is_asked.set_value(true);
        wasm_bindgen_futures::spawn_local(async move {
            let came = match piece {
                Piece::Thread => load_thread().await,
                Piece::Lists => load_lists().await,
            };
            stage.set(if came.is_ok() { Stage::Here } else { Stage::Lost });
        });
    }

    /// Lets what did not come be asked for again, now that the network is back.
    pub fn retry(self) {
        for Part { stage, is_asked } in [self.thread, self.lists] {
            if stage.get_untracked() == Stage::Lost {
                is_asked.set_value(false);
                stage.set(Stage::Away);
            }
        }
    }
}

/// A piece, or what stands in its place while it is on its way; to be called where changes of signals are followed.
pub fn draw(chat: Chat, piece: Piece) -> El {
    match chat.parts.of(piece).stage.get() {
        Stage::Here => {
            let drawn = match piece {
                Piece::Thread => at_once(draw_thread(chat)),
                Piece::Lists => at_once(draw_lists(chat)),
            };
            drawn.and_then(Result::ok).unwrap_or_else(|| div(""))
        }
        Stage::Away => {
            chat.parts.fetch(piece);
            frame(chat, piece).attr("aria-busy", "true")
        }
        Stage::Lost => {
            let lang = chat.lang.get();
            let words = el("p").text(text::widget::lists_failed(lang));
            let again = button("button", move || insist(chat)).text(text::widget::retry(lang));
            frame(chat, piece).child(div("missing").attr("role", "alert").child(words).child(again))
        }
    }
}

/// Asks once more. What does not come although there is a network belongs to an older version of the program: then all of it
/// begins anew, with the visitor's session.
fn insist(chat: Chat) {
    if chat.parts.insisted.get_value() && chat.online.get_untracked() {
        let token = session::website_token();
        let address = ["/widget?website_token=", &token, "&cw_conversation=", &session::token()].concat();
        // Fails for no address of our own.
        let _ = window().location().replace(&address);
        return;
    }
    chat.parts.insisted.set_value(true);
    chat.parts.retry();
}

/// What is the same before and after.
fn frame(chat: Chat, piece: Piece) -> El {
    match piece {
        Piece::Thread => el("main").attr("class", "thread").child(el("header").attr("class", "bar").child(tools(chat))),
        Piece::Lists => div("card"),
    }
}

#[wasm_split(thread, fallible, preload(load_thread))]
fn draw_thread(chat: Chat) -> Result<El, SplitLoaderError> {
    Ok(thread::thread(chat))
}

#[wasm_split(lists, fallible, preload(load_lists))]
fn draw_lists(chat: Chat) -> Result<El, SplitLoaderError> {
    Ok(lists::lists(chat))
}

/// What a future gives without waiting.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
