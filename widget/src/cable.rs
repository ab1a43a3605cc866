//! The live connection: one WebSocket that speaks the ActionCable framing.
//!
//! It is brought up when the visitor has a session or opens the chat, and again after every loss; what was missed
//! meanwhile is read over HTTP.

use crate::dom::{self, document, window};
use reactive_graph::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, WebSocket};

use crate::boot::Conversation;
use crate::chat::{Chat, Link};
use crate::message::Message;
use crate::wire::{Json, object, stringify};
use crate::{host, outbox, session};

/// The server says something every 3 seconds; after so many milliseconds of silence the connection is dead.
const SILENCE: f64 = 10_000.0;

/// Milliseconds between two looks at that.
const CHECK: u32 = 5_000;

/// Milliseconds between two signs that the visitor is here; the server answers who else is.
const PRESENCE: f64 = 20_000.0;

/// Longest pause between two attempts, in milliseconds.
const LONGEST_PAUSE: u32 = 20_000;

#[derive(Default)]
struct Cable {
    socket: Option<WebSocket>,
    /// The callbacks of the socket, which must live as long as it does.
    listeners: Vec<Closure<dyn Fn(MessageEvent)>>,
    wanted: bool,
    attempts: u32,
    /// When the server last said anything.
    heard_at: f64,
    /// When the visitor last said that they are here.
    here_at: f64,
    /// As the present subscription is named.
    identifier: String,
    /// The place up to which everything has been heard.
    cursor: String,
    /// Counts sockets, so that a late word of an old one is not taken for the new one's.
    generation: u32,
}

thread_local! {
    static CABLE: RefCell<Cable> = RefCell::default();
}

/// Brings the connection up unless it is.
pub fn start(chat: Chat) {
    let first = CABLE.with_borrow_mut(|cable| !std::mem::replace(&mut cable.wanted, true));
    if first {
        watch(chat);
        connect(chat);
    }
}

/// From where on the page's own facts have to be followed.
pub fn begin_at(cursor: String) {
    CABLE.with_borrow_mut(|cable| cable.cursor = cursor);
}

/// Brings it up anew, for another session.
pub fn restart(chat: Chat) {
    begin_at(String::new());
    start(chat);
    connect(chat);
}

/// The network or the page came back: no use waiting any longer.
pub fn wake(chat: Chat) {
    let down = CABLE.with_borrow(|cable| cable.wanted && cable.socket.is_none());
    if down {
        connect(chat);
    }
}

fn connect(chat: Chat) {
    drop_socket();
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let host = location.host().unwrap_or_default();
    let url = [if secure { "wss://" } else { "ws://" }, &host, "/cable"].concat();
    let generation = CABLE.with_borrow_mut(|cable| {
        cable.generation += 1;
        cable.heard_at = js_sys::Date::now();
        cable.generation
    });
    let Ok(socket) = WebSocket::new_with_str(&url, "actioncable-v1-json") else { return lost(chat, generation) };
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            hear(chat, &Json::parse(&text));
        }
    });
    let close = Closure::<dyn Fn(MessageEvent)>::new(move |_| lost(chat, generation));
    socket.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    socket.set_onclose(Some(close.as_ref().unchecked_ref()));
    CABLE.with_borrow_mut(|cable| {
        cable.socket = Some(socket);
        cable.listeners = vec![hear, close];
    });
}

fn drop_socket() {
    let (socket, listeners) =
        CABLE.with_borrow_mut(|cable| (cable.socket.take(), std::mem::take(&mut cable.listeners)));
    if let Some(socket) = socket {
        socket.set_onmessage(None);
        socket.set_onclose(None);
        let _ = socket.close();
    }
    // One of them may be running right now.
    dom::later(0, move || drop(listeners)).keep();
}

/// The connection broke: try again, later each time and never all visitors at once.
fn lost(chat: Chat, generation: u32) {
    let pause = CABLE.with_borrow_mut(|cable| {
        (cable.generation == generation).then(|| {
            cable.attempts += 1;
            (500u32 << cable.attempts.min(6)).min(LONGEST_PAUSE)
        })
    });
    let Some(pause) = pause else { return };
    drop_socket();
    chat.link.set(Link::Lost);
    chat.set_typing(None);
    let jittered = (f64::from(pause) * (0.5 + js_sys::Math::random() / 2.0)) as u32;
    let again = move || {
        if CABLE.with_borrow(|cable| cable.generation == generation && cable.socket.is_none()) {
            connect(chat);
        }
    };
    dom::later(jittered, again).keep();
    if chat.is_looking() && chat.online.get_untracked() {
        // Where sockets don't get through, requests still may.
        wasm_bindgen_futures::spawn_local(async move {
            let _ = chat.catch_up().await;
        });
    }
}

/// A connection can die without a word, above all when a device slept.
fn watch(chat: Chat) {
    let (generation, dead) = CABLE.with_borrow(|cable| {
        (cable.generation, cable.socket.is_some() && js_sys::Date::now() - cable.heard_at > SILENCE)
    });
    if dead {
        lost(chat, generation);
    } else if !document().hidden() && chat.link.get_untracked() == Link::Up {
        be_here();
    }
    dom::later(CHECK, move || watch(chat)).keep();
}

/// Says that the visitor is here, now and then.
fn be_here() {
    let now = js_sys::Date::now();
    let due = CABLE.with_borrow_mut(|cable| {
        let due = now - cable.here_at > PRESENCE;
        cable.here_at = if due { now } else { cable.here_at };
        due
    });
    if due {
        let data = stringify(&object(&[("action", "update_presence".into())]));
        say("message", ("data", data.into()));
    }
}

fn say(command: &str, field: (&str, JsValue)) {
    CABLE.with_borrow(|cable| {
        let identifier = cable.identifier.as_str().into();
        let frame = stringify(&object(&[("command", command.into()), ("identifier", identifier), field]));
        // Fails only while the socket is closing, which is noticed by itself.
        cable.socket.as_ref().map(|socket| socket.send_with_str(&frame))
    });
}

/// Subscribes, behind the place we know; what came after it follows.
fn subscribe() {
    CABLE.with_borrow_mut(|cable| {
        let mut fields = vec![("channel", "RoomChannel".into()), ("pubsub_token", session::pubsub_token().into())];
        if !cable.cursor.is_empty() {
            fields.push(("since", cable.cursor.as_str().into()));
        }
        cable.identifier = stringify(&object(&fields));
    });
    say("subscribe", ("data", JsValue::UNDEFINED));
}

fn hear(chat: Chat, frame: &Json) {
    CABLE.with_borrow_mut(|cable| {
        cable.heard_at = js_sys::Date::now();
        cable.cursor = frame.text("cursor").unwrap_or_else(|| std::mem::take(&mut cable.cursor));
    });
    match frame.string("type").as_str() {
        "welcome" => subscribe(),
        // We may not listen any more, and asking again would not help.
        "disconnect" if !frame.flag("reconnect") => {
            CABLE.with_borrow_mut(|cable| cable.generation += 1);
            drop_socket();
            chat.link.set(Link::Rest);
        }
        "confirm_subscription" => {
            CABLE.with_borrow_mut(|cable| cable.attempts = 0);
            chat.link.set(Link::Up);
            outbox::wake();
            if !frame.flag("resumed") {
                wasm_bindgen_futures::spawn_local(async move {
                    let _ = chat.catch_up().await;
                });
            }
        }
        "" => {
            let message = frame.get("message");
            event(chat, &message.string("event"), &message.get("data"));
        }
        _ => {}
    }
}

fn event(chat: Chat, name: &str, data: &Json) {
    match name {
        "message.created" | "message.updated" => {
            let Some(message) = Message::read(data) else { return };
            chat.read_lists();
            if elsewhere(chat, data) {
                if chat.many.is_on() && name == "message.created" && !message.is_own() {
                    host::on_message(data);
                }
                return;
            }
            if !message.is_own() {
                chat.set_typing(None);
            }
            if chat.merge([message]) > 0 && name == "message.created" {
                host::on_message(data);
            }
            chat.account_for_unseen();
        }
        "conversation.typing_on" if !data.flag("is_private") && is_here(chat, &data.get("conversation")) => {
            let user = data.get("user");
            chat.set_typing(user.text("available_name").or_else(|| Some(user.string("name"))));
        }
        "conversation.typing_off" => chat.set_typing(None),
        "conversation.created" | "conversation.updated" | "conversation.status_changed" | "conversation.read" => {
            if let Some(news) = Conversation::read(data) {
                chat.read_lists();
                chat.follow(news);
                // Perhaps they were seen in another window.
                chat.account_for_unseen();
            }
        }
        "presence.update" => presence(chat, &data.get("users")),
        _ => {}
    }
}

/// Whether somebody types in the conversation on screen.
fn is_here(chat: Chat, conversation: &Json) -> bool {
    !chat.many.is_on() || chat.number() == conversation.int("id")
}

/// Whether a message belongs to another conversation than the one on screen.
fn elsewhere(chat: Chat, data: &Json) -> bool {
    let Some(id) = data.int("conversation_id") else { return false };
    if chat.many.is_on() {
        return chat.number() != Some(id);
    }
    if chat.restart.get_untracked() {
        return true;
    }
    match chat.conversation.get_untracked() {
        Some(now) if id < now.id => true,
        Some(now) if id == now.id => false,
        _ => {
            chat.conversation.set(Some(Conversation::numbered(id)));
            false
        }
    }
}

fn presence(chat: Chat, users: &Json) {
    chat.team.update(|team| {
        for agent in team {
            agent.online = users.string(&agent.id.to_string()) == "online";
        }
    });
    if !chat.boot.with_value(|boot| boot.has_hours) {
        chat.available.set(chat.team.with_untracked(|team| team.iter().any(|agent| agent.online)));
    }
}
