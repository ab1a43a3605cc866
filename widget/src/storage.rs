//! What survives a reload: the draft, and messages that are not sent yet.
//!
//! Browsers often refuse a frame its own storage, so the page around us keeps it; where there is no page around us, our own
//! storage does. If neither works nothing is kept, and nothing else changes.

use std::cell::RefCell;

use web_sys::Storage;

use crate::dom::window;
use crate::wire::{Json, object, stringify};
use crate::{host, session};

#[derive(Default)]
struct Kept {
    draft: String,
    /// The messages as a JSON array.
    outbox: String,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

pub fn keep_draft(text: &str) {
    KEPT.with_borrow_mut(|kept| text.clone_into(&mut kept.draft));
    write();
}

pub fn keep_outbox(messages: String) {
    KEPT.with_borrow_mut(|kept| kept.outbox = messages);
    write();
}

/// Forgets everything, for another person at the same device.
pub fn clear() {
    KEPT.take();
    write();
}

/// What an earlier page kept, when no page around us has it.
pub fn own() -> Option<String> {
    own_storage()?.get_item(&key()).ok()?
}

/// Takes over what an earlier page kept, unless it is another person's: the draft and the messages.
pub fn restore(text: &str) -> Option<(String, Vec<Json>)> {
    let kept = Json::parse(text);
    if kept.string("person") != person() {
        return None;
    }
    let draft = kept.string("draft");
    KEPT.with_borrow_mut(|now| draft.clone_into(&mut now.draft));
    Some((draft, kept.list("outbox")))
}

fn write() {
    let text = KEPT.with_borrow(|kept| {
        if kept.draft.is_empty() && kept.outbox.is_empty() {
            return String::new();
        }
        let outbox = Json::parse(&kept.outbox);
        let fields =
            [("person", person().into()), ("draft", kept.draft.as_str().into()), ("outbox", outbox.raw().clone())];
        stringify(&object(&fields))
    });
    if host::is_framed() {
        host::keep(&text);
    } else if let Some(storage) = own_storage() {
        // Full storage loses the draft, not the chat.
        let _ = storage.set_item(&key(), &text);
    }
}

/// Whose draft it is: nobody's yet, or that of the place in the inbox which the stream's name names.
fn person() -> String {
    let stream = session::pubsub_token();
    if session::is_real() { stream.split('.').next().unwrap_or_default().to_owned() } else { String::new() }
}

fn own_storage() -> Option<Storage> {
    window().local_storage().ok()?
}

fn key() -> String {
    ["cloudchat:", &session::website_token()].concat()
}
