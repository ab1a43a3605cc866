//! What is to be sent, one after the other: the order the visitor wrote in is the order that arrives.
//!
//! A message that could not be delivered is tried again until it is, under the same id, so the server takes it once.
//! One that was refused steps aside for the visitor to decide, and the next ones go on.

use std::cell::RefCell;
use std::collections::VecDeque;

use crate::dom::{self, window};
use js_sys::{Function, Promise};
use model::MessageKind;
use reactive_graph::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, Url};

use crate::boot::Conversation;
use crate::chat::Chat;
use crate::http::{self, Body, Failure};
use crate::message::{Attachment, Delivery, Message};
use crate::wire::{Json, array, object, stringify};
use crate::{cable, host, page_call, session, storage};

/// Attempts in vain after which a message is shown as not sent, though it goes on being tried.
const PATIENT_ATTEMPTS: u32 = 3;

/// Longest pause between two attempts, in seconds.
const LONGEST_PAUSE: u32 = 30;

/// What must be there before a call of the page makes sense.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// A contact: the server knows the visitor, or is about to because a message waits.
    Person,
    Conversation,
}

type Then = Box<dyn Fn(Chat, Result<&Json, &Failure>)>;

/// A request of the page around us.
pub struct Call {
    method: &'static str,
    path: String,
    needs: Needs,
    body: Option<String>,
    then: Option<Then>,
}

impl Call {
    pub fn new(method: &'static str, path: &str, needs: Needs, body: &JsValue) -> Self {
        let body = (!body.is_null()).then(|| stringify(body));
        Self { method, path: path.to_owned(), needs, body, then: None }
    }

    /// What to do with the outcome.
    pub fn then(mut self, then: impl Fn(Chat, Result<&Json, &Failure>) + 'static) -> Self {
        self.then = Some(Box::new(then));
        self
    }
}

/// A message on its way.
#[derive(Clone)]
struct Outgoing {
    echo_id: String,
    content: String,
    files: Vec<File>,
    /// It begins another conversation.
    restart: bool,
    /// The conversation it belongs to, where there are several and this one is known.
    conversation: Option<i64>,
    /// Names the new conversation it belongs to.
    fresh: i64,
    /// What the form said of the conversation that it begins.
    attributes: Option<Json>,
}

impl Outgoing {
    /// Whether it belongs to what is on screen.
    fn is_here(&self, chat: Chat) -> bool {
        if !chat.many.is_on() {
            return true;
        }
        let here = chat.number();
        self.conversation == here && (here.is_some() || self.fresh == chat.many.fresh.get_value())
    }

    fn attributes(&self) -> JsValue {
        self.attributes.as_ref().map_or(JsValue::NULL, |attributes| attributes.raw().clone())
    }

    fn shown(&self, delivery: Delivery) -> Message {
        Message {
            id: None,
            echo_id: Some(self.echo_id.clone()),
            kind: MessageKind::Incoming,
            content: self.content.clone(),
            created_at: (js_sys::Date::now() / 1000.0) as i64,
            sender: None,
            attachments: self.files.iter().map(attachment).collect(),
            deleted: false,
            ask: None,
            seen: true,
            delivery,
        }
    }
}

#[derive(Default)]
struct Outbox {
    calls: VecDeque<Call>,
    messages: VecDeque<Outgoing>,
    refused: Vec<Outgoing>,
    running: bool,
    /// Ends the pause between two attempts.
    wake: Option<Function>,
}

enum Job {
    Call(Call),
    Message(Outgoing),
}

thread_local! {
    static OUTBOX: RefCell<Outbox> = RefCell::default();
}

/// Queues a request of the page around us.
pub fn call(chat: Chat, call: Call) {
    OUTBOX.with_borrow_mut(|outbox| outbox.calls.push_back(call));
    run(chat);
}

/// Queues a message and shows it at once.
pub fn send(chat: Chat, content: String, files: Vec<File>) {
    let many = chat.many.is_on();
    let restart = chat.restart.get_untracked();
    let conversation = chat.number().filter(|_| many);
    let attributes = chat.form.take_attributes();
    enqueue(
        chat,
        Outgoing {
            echo_id: new_id(),
            content,
            files,
            restart: restart || attributes.is_some() || (many && conversation.is_none()),
            conversation,
            fresh: chat.many.fresh.get_value(),
            attributes,
        },
    );
    if restart {
        // The ones after it belong to the conversation it begins.
        chat.restart.set(false);
        chat.conversation.set(None);
    }
    keep();
    run(chat);
}

fn enqueue(chat: Chat, message: Outgoing) {
    if message.is_here(chat) {
        chat.merge([message.shown(Delivery::Sending(None))]);
    }
    OUTBOX.with_borrow_mut(|outbox| outbox.messages.push_back(message));
}

/// Shows what is on its way in the conversation that came on screen.
pub fn show(chat: Chat) {
    let mine = OUTBOX.with_borrow(|outbox| {
        let waiting = outbox.messages.iter().map(|message| (message, Delivery::Waiting));
        let refused = outbox.refused.iter().map(|message| (message, Delivery::Failed(None)));
        let here = waiting.chain(refused).filter(|(message, _)| message.is_here(chat));
        here.map(|(message, delivery)| message.shown(delivery)).collect::<Vec<_>>()
    });
    if !mine.is_empty() {
        chat.merge(mine);
    }
}

/// A file that is still here, shown from memory.
fn attachment(file: &File) -> Attachment {
    let url = Url::create_object_url_with_blob(file).unwrap_or_default();
    let size = file.size() as u64;
    Attachment {
        kind: model::FileKind::of_mime(&file.type_()),
        name: file.name(),
        thumb: url.clone(),
        url,
        size,
        pixels: None,
    }
}

/// Tries a message again that was refused, or ends the pause of one that waits.
pub fn retry(chat: Chat, echo_id: &str) {
    let again = OUTBOX.with_borrow_mut(|outbox| {
        let at = outbox.refused.iter().position(|message| message.echo_id == echo_id)?;
        Some(outbox.refused.remove(at))
    });
    if let Some(message) = again {
        chat.set_delivery(echo_id, Delivery::Waiting);
        OUTBOX.with_borrow_mut(|outbox| outbox.messages.push_back(message));
        keep();
    }
    wake();
    run(chat);
}

/// Gives a message up.
pub fn discard(chat: Chat, echo_id: &str) {
    OUTBOX.with_borrow_mut(|outbox| {
        outbox.refused.retain(|message| message.echo_id != echo_id);
        outbox.messages.retain(|message| message.echo_id != echo_id);
    });
    keep();
    chat.remove(echo_id);
}

/// The connection may be back: no use waiting any longer.
pub fn wake() {
    if let Some(wake) = OUTBOX.with_borrow_mut(|outbox| outbox.wake.take()) {
        let _ = wake.call0(&JsValue::NULL);
    }
}

/// Brings back what an earlier page had not sent.
pub fn restore(chat: Chat, kept: &str) {
    let Some((draft, messages)) = storage::restore(kept) else { return };
    if chat.draft.with_untracked(String::is_empty) {
        chat.draft.set(draft);
    }
    for message in messages {
        let outgoing = Outgoing {
            echo_id: message.string("echo_id"),
            content: message.string("content"),
            files: Vec::new(),
            restart: message.flag("restart"),
            conversation: message.int("conversation"),
            fresh: message.int("fresh").unwrap_or_default(),
            attributes: Some(message.get("attributes")).filter(|attributes| !attributes.is_null()),
        };
        let queued = OUTBOX.with_borrow(|outbox| outbox.messages.iter().any(|other| other.echo_id == outgoing.echo_id));
        if !outgoing.echo_id.is_empty() && !queued && !chat.is_confirmed(&outgoing.echo_id) {
            enqueue(chat, outgoing);
        }
    }
    keep();
    run(chat);
}

/// Forgets what another person at the same device has not sent.
pub fn forget(chat: Chat) {
    let given_up = OUTBOX.with_borrow_mut(|outbox| {
        let refused = std::mem::take(&mut outbox.refused);
        outbox.messages.drain(..).chain(refused).map(|message| message.echo_id).collect::<Vec<_>>()
    });
    for echo_id in given_up {
        chat.remove(&echo_id);
    }
    chat.draft.set(String::new());
    storage::clear();
}

/// Writes down what is not sent yet. Files can't be kept.
fn keep() {
    let text = OUTBOX.with_borrow(|outbox| {
        let kept: Vec<_> = outbox
            .messages
            .iter()
            .filter(|message| message.files.is_empty())
            .map(|message| {
                object(&[
                    ("echo_id", message.echo_id.as_str().into()),
                    ("content", message.content.as_str().into()),
                    ("restart", message.restart.into()),
                    ("conversation", message.conversation.map_or(JsValue::NULL, |number| (number as f64).into())),
                    ("fresh", (message.fresh as f64).into()),
                    ("attributes", message.attributes()),
                ])
            })
            .collect();
        if kept.is_empty() { String::new() } else { stringify(&array(kept)) }
    });
    storage::keep_outbox(text);
}

/// 128 random bits. Not `randomUUID`, which pages without encryption don't have.
fn new_id() -> String {
    let mut bits = [0; 16];
    if let Ok(crypto) = window().crypto() {
        // Fails for far longer arrays only.
        let _ = crypto.get_random_values_with_u8_array(&mut bits);
    }
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bits.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

/// Starts the worker unless it runs.
fn run(chat: Chat) {
    let idle = OUTBOX.with_borrow_mut(|outbox| !std::mem::replace(&mut outbox.running, true));
    if idle {
        wasm_bindgen_futures::spawn_local(async move {
            work(chat).await;
            OUTBOX.with_borrow_mut(|outbox| outbox.running = false);
        });
    }
}

async fn work(chat: Chat) {
    let mut attempts = 0;
    while let Some(job) = next(chat) {
        let outcome = match &job {
            Job::Call(call) => {
                let body = call.body.clone().map_or(Body::Nothing, Body::Json);
                let query = if call.needs == Needs::Conversation { chat.query() } else { String::new() };
                http::call(call.method, &call.path, &query, body).await
            }
            Job::Message(message) => deliver(chat, message).await,
        };
        if let Err(Failure::Unreachable { busy }) = outcome {
            attempts += 1;
            put_back(chat, job, attempts, busy);
            pause(attempts).await;
            continue;
        }
        attempts = 0;
        match job {
            Job::Call(call) => {
                if let Some(then) = call.then {
                    then(chat, outcome.as_ref());
                }
            }
            Job::Message(message) => settle(chat, message, outcome),
        }
    }
}

/// The next thing to do: what the page says about the visitor goes before what they say themselves.
fn next(chat: Chat) -> Option<Job> {
    let has_conversation = chat.conversation.get_untracked().is_some();
    OUTBOX.with_borrow_mut(|outbox| {
        let has_person = session::is_real() || !outbox.messages.is_empty();
        let ready = |call: &Call| match call.needs {
            Needs::Nothing => true,
            Needs::Person => has_person,
            Needs::Conversation => has_conversation,
        };
        if let Some(at) = outbox.calls.iter().position(ready) {
            return outbox.calls.remove(at).map(Job::Call);
        }
        outbox.messages.front().cloned().map(Job::Message)
    })
}

async fn deliver(chat: Chat, message: &Outgoing) -> Result<Json, Failure> {
    if chat.is_confirmed(&message.echo_id) {
        // The answer was lost, but the socket told us.
        return Ok(JsValue::NULL.into());
    }
    let path = if message.restart { "conversations" } else { "messages" };
    let query = match message.conversation {
        Some(number) => ["&conversation_id=", &number.to_string()].concat(),
        None => String::new(),
    };
    let body = if message.files.is_empty() { written(message) } else { with_files(chat, message) };
    chat.set_delivery(&message.echo_id, Delivery::Sending(None));
    http::call("POST", path, &query, body).await
}

fn written(message: &Outgoing) -> Body {
    let fields = object(&[
        ("content", message.content.as_str().into()),
        ("echo_id", message.echo_id.as_str().into()),
        ("referer_url", page_call::referrer().into()),
        ("timestamp", String::from(js_sys::Date::new_0().to_string()).into()),
    ]);
    Body::Json(stringify(&object(&[("message", fields), ("custom_attributes", message.attributes())])))
}

fn with_files(chat: Chat, message: &Outgoing) -> Body {
    let Ok(form) = FormData::new() else { return written(message) };
    let fields = [
        ("message[content]", message.content.as_str()),
        ("message[echo_id]", &message.echo_id),
        ("message[referer_url]", &page_call::referrer()),
    ];
    for (name, value) in fields {
        let _ = form.append_with_str(name, value);
    }
    if let Some(attributes) = &message.attributes {
        for (key, value) in attributes.fields() {
            let _ = form.append_with_str(&["custom_attributes[", &key, "]"].concat(), &value);
        }
    }
    for file in &message.files {
        let _ = form.append_with_blob_and_filename("message[attachments][]", file, &file.name());
    }
    let echo_id = message.echo_id.clone();
    Body::Form(form, Box::new(move |percent| chat.set_delivery(&echo_id, Delivery::Sending(Some(percent)))))
}

/// The server has decided about a message.
fn settle(chat: Chat, message: Outgoing, outcome: Result<Json, Failure>) {
    OUTBOX.with_borrow_mut(|outbox| outbox.messages.retain(|other| other.echo_id != message.echo_id));
    match outcome {
        Ok(answer) => {
            accept(chat, &message, &answer);
        }
        Err(failure) => {
            chat.set_delivery(&message.echo_id, Delivery::Failed(failure.reason()));
            OUTBOX.with_borrow_mut(|outbox| outbox.refused.push(message));
        }
    }
    keep();
}

fn accept(chat: Chat, message: &Outgoing, answer: &Json) {
    session::adopt(answer, true);
    let told = if message.restart { answer.list("messages").pop() } else { Some(answer.clone()) };
    let is_here = message.is_here(chat);
    let id = if message.restart { answer.int("id") } else { answer.int("conversation_id") };
    if let Some(id) = id {
        settled(chat, message, id, is_here);
    }
    if let Some(mut taken) = told.as_ref().and_then(Message::read).filter(|_| is_here) {
        taken.echo_id = Some(message.echo_id.clone());
        chat.merge([taken]);
    }
    if let Some(told) = told.filter(|told| !told.is_null()) {
        host::on_message(&told);
    }
    chat.read_lists();
    cable::start(chat);
}

/// The server says in which conversation a message is.
fn settled(chat: Chat, message: &Outgoing, id: i64, is_here: bool) {
    let many = chat.many.is_on();
    let known = chat.number();
    let is_news = if many { is_here && known != Some(id) } else { known.is_none_or(|known| known < id) };
    if is_news {
        chat.conversation.set(Some(Conversation::numbered(id)));
    }
    if many && message.conversation != Some(id) {
        // What was written behind it belongs there too.
        OUTBOX.with_borrow_mut(|outbox| {
            let same = |other: &&mut Outgoing| {
                other.conversation == message.conversation
                    && (other.conversation.is_some() || other.fresh == message.fresh)
            };
            for other in outbox.messages.iter_mut().chain(&mut outbox.refused).filter(same) {
                (other.conversation, other.restart) = (Some(id), false);
            }
        });
    }
}

fn put_back(chat: Chat, job: Job, attempts: u32, busy: bool) {
    if let Job::Call(call) = job {
        return OUTBOX.with_borrow_mut(|outbox| outbox.calls.push_front(call));
    }
    let delivery = if busy {
        Delivery::Delayed
    } else if attempts >= PATIENT_ATTEMPTS && chat.online.get_untracked() {
        Delivery::Failed(None)
    } else {
        Delivery::Waiting
    };
    let waiting: Vec<_> =
        OUTBOX.with_borrow(|outbox| outbox.messages.iter().map(|message| message.echo_id.clone()).collect());
    for echo_id in waiting {
        chat.set_delivery(&echo_id, delivery.clone());
    }
}

/// Waits before the next attempt, longer each time, or until something wakes us.
async fn pause(attempts: u32) {
    let seconds = (1 << attempts.min(6)).min(LONGEST_PAUSE);
    let pause = Promise::new(&mut |resolve, _| {
        let end = resolve.clone();
        dom::later(seconds * 1000, move || drop(end.call0(&JsValue::NULL))).keep();
        OUTBOX.with_borrow_mut(|outbox| outbox.wake = Some(resolve));
    });
    let _ = JsFuture::from(pause).await;
}
