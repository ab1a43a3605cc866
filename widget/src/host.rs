//! The page around the frame: strings that begin with `cloudchat-widget:` in both directions.
//!
//! A native web view has no page around us; there the same strings go through `ReactNativeWebView`, and come in from our
//! own window. What we send holds nothing the page around us did not give us or may not know, so it goes to whoever frames us;
//! who may do that is the server's decision (`frame-ancestors`).

use crate::dom::{self, document, window};
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

use crate::chat::{Chat, Screen};
use crate::wire::{Json, object, stringify};
use crate::{boot, outbox, page_call, session, words};

const PREFIX: &str = "cloudchat-widget:";

#[wasm_bindgen]
extern "C" {
    /// The bridge of a native web view.
    type Native;
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &Native, message: &str);
}

/// Whether a page is around us.
pub fn is_framed() -> bool {
    let window = window();
    window.parent().ok().flatten().is_some_and(|parent| parent != window)
}

/// Whether an app is around us.
pub fn is_native() -> bool {
    native().is_some()
}

fn native() -> Option<Native> {
    let bridge = js_sys::Reflect::get(&window(), &"ReactNativeWebView".into()).ok()?;
    bridge.is_object().then(|| bridge.unchecked_into())
}

fn post(fields: &[(&str, JsValue)]) {
    let message = [PREFIX, &stringify(&object(fields))].concat();
    if let Some(native) = native() {
        native.post_message(&message);
    } else if is_framed()
        && let Ok(Some(parent)) = window().parent()
    {
        // Fails only if the page around us is being torn down.
        let _ = parent.post_message(&message.into(), "*");
    }
}

fn event(name: &str, fields: &[(&str, JsValue)]) {
    let mut all = vec![("event", JsValue::from_str(name))];
    all.extend_from_slice(fields);
    post(&all);
}

/// We are there and can be talked to.
pub fn loaded() {
    let config =
        object(&[("authToken", session::token().into()), ("channelConfig", boot::channel_config().raw().clone())]);
    event("loaded", &[("config", config)]);
}

/// The session is worth a cookie.
pub fn keep_session(token: &str) {
    event("setAuthCookie", &[("data", object(&[("widgetAuthToken", token.into())]))]);
}

/// The page around us may keep a draft for us.
pub fn keep(text: &str) {
    event("keep", &[("data", text.into())]);
}

/// Messages the visitor has not seen, and the newest of them.
pub fn unread(count: usize, name: &str, text: &str) {
    let number = JsValue::from_f64(count as f64);
    let fields =
        [("unreadMessageCount", number.clone()), ("count", number), ("name", name.into()), ("text", text.into())];
    event("handleNotificationDot", &fields);
}

/// The visitor begins a conversation; `again` if they have had one.
pub fn started(again: bool) {
    tell("cloudchat:on-start-conversation", &object(&[("hasConversation", again.into())]));
}

/// A message arrived or was sent.
pub fn on_message(message: &Json) {
    tell("cloudchat:on-message", message.raw());
}

fn tell(name: &str, data: &JsValue) {
    event("onEvent", &[("eventIdentifier", name.into()), ("data", data.clone())]);
}

/// `setUser` went through, or did not.
pub fn user_set(outcome: Result<(), &Json>) {
    match outcome {
        Ok(()) => event("userSet", &[]),
        Err(body) => event("error", &[("errorType", "SET_USER_ERROR".into()), ("data", body.raw().clone())]),
    }
}

pub fn close() {
    match native() {
        Some(_) => post(&[("type", "close-widget".into())]),
        None => event("closeWindow", &[]),
    }
}

pub fn pop_out() {
    event("popoutChatWindow", &[]);
}

/// Listens to the page around us for as long as the page lives.
pub fn listen(chat: Chat) {
    dom::on(&window(), "message", move |event| {
        let message: &MessageEvent = event.unchecked_ref();
        let window = window();
        let expected = if is_framed() { window.parent().ok().flatten() } else { Some(window) };
        let from_there = message.source().zip(expected).is_some_and(|(a, b)| JsValue::from(a) == JsValue::from(b));
        let text = message.data().as_string();
        if let Some(json) = text.as_deref().and_then(|text| text.strip_prefix(PREFIX)).filter(|_| from_there) {
            hear(chat, &Json::parse(json));
        }
    });
}

fn hear(chat: Chat, message: &Json) {
    match message.string("event").as_str() {
        "config-set" => {
            set_theme(&message.string("darkMode"));
            words::change(chat, &message.string("locale"));
            outbox::restore(chat, &message.string("kept"));
            let popout_button = message.flag("showPopoutButton");
            chat.surroundings.update(|now| now.popout_button = popout_button);
        }
        "toggle-open" => {
            let open = message.flag("isOpen");
            chat.open.set(open);
            if open && !chat.many.is_on() && !chat.with_messages(<[_]>::is_empty) {
                chat.screen.set(Screen::Thread);
            }
            if open {
                page_call::record("webwidget.triggered");
            }
        }
        "toggle-close-button" => {
            let close_button = message.flag("isMobile");
            chat.surroundings.update(|now| now.close_button = close_button);
        }
        "set-color-scheme" => set_theme(&message.string("darkMode")),
        "set-locale" => words::change(chat, &message.string("locale")),
        "change-url" => page_call::set_referrer(message.string("referrerURL")),
        "open" => page_call::open(chat, message),
        "set-user" => page_call::set_user(chat, message),
        "set-custom-attributes" => page_call::set_contact_attributes(chat, message),
        "delete-custom-attribute" => page_call::delete_contact_attribute(chat, message),
        "set-conversation-custom-attributes" => page_call::set_conversation_attributes(chat, message),
        "delete-conversation-custom-attribute" => page_call::delete_conversation_attribute(chat, message),
        "set-label" => page_call::set_label(chat, message),
        "remove-label" => page_call::remove_label(chat, message),
        _ => {}
    }
}

/// `light`, `dark`, or `auto` for what the system says.
fn set_theme(mode: &str) {
    let Some(page) = document().document_element() else { return };
    let _ = match mode {
        "light" | "dark" => page.set_attribute("data-theme", mode),
        "auto" => page.remove_attribute("data-theme"),
        _ => Ok(()),
    };
}
