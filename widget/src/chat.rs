//! What the visitor sees, as signals, and the changes to it.

use crate::dom::{self, document};
use model::ConversationStatus;
use reactive_graph::owner::StoredValue;
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use text::Words;

use crate::boot::{Agent, Boot, Conversation};
use crate::form::Form;
use crate::many::Many;
use crate::message::{Delivery, Message};
use crate::thread::{self, Place};
use crate::view::part::Parts;
use crate::{host, http, session};

/// Milliseconds after which a colleague who was typing is taken to have stopped.
const TYPING_FADES: u32 = 30_000;

/// Which of the two faces is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    Home,
    Thread,
}

/// How the live connection stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Not needed yet, or on its first way up.
    Rest,
    Up,
    /// It was up, and is being brought up again.
    Lost,
}

/// A message in the list. The list itself changes only when messages come and go; what changes within one is in its signals.
#[derive(Clone)]
pub struct Entry {
    pub key: String,
    pub message: RwSignal<Message>,
    pub place: RwSignal<Place>,
    /// Told when what the message says has changed, rather than how far it has come.
    pub body: RwSignal<()>,
}

/// How the page around us wants it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    pub popout_button: bool,
    pub close_button: bool,
}

impl Entry {
    /// Shows a newer state of the message.
    fn follow(&self, message: Message, place: Place) {
        let (same, same_body) = self.message.with_untracked(|shown| {
            let same_body = shown.content == message.content
                && shown.attachments == message.attachments
                && shown.deleted == message.deleted
                && shown.ask == message.ask;
            (*shown == message, same_body)
        });
        if !same {
            self.message.set(message);
        }
        if !same_body {
            self.body.set(());
        }
        // The line above the first unseen message stays where it was drawn, until the visitor answers.
        let drawn = self.place.with_untracked(|shown| shown.unseen);
        let place = Place { unseen: drawn && !place.answered, ..place };
        if self.place.get_untracked() != place {
            self.place.set(place);
        }
    }
}

#[derive(Clone, Copy)]
pub struct Chat {
    pub boot: StoredValue<Boot>,
    pub lang: RwSignal<Words>,
    pub screen: RwSignal<Screen>,
    /// Whether the panel is open, or there is no panel around us.
    pub open: RwSignal<bool>,
    pub surroundings: RwSignal<Surroundings>,
    pub entries: RwSignal<Vec<Entry>>,
    pub conversation: RwSignal<Option<Conversation>>,
    pub many: Many,
    pub form: Form,
    /// What is written in the composer.
    pub draft: RwSignal<String>,
    /// The next message begins another conversation.
    pub restart: RwSignal<bool>,
    /// The visitor is asked whether they want to end the conversation.
    pub ending: RwSignal<bool>,
    /// Whether there is more to load above.
    pub has_earlier: RwSignal<bool>,
    pub link: RwSignal<Link>,
    pub online: RwSignal<bool>,
    pub team: RwSignal<Vec<Agent>>,
    /// Whether somebody is there to answer.
    pub available: RwSignal<bool>,
    /// Whether an address of the visitor's is known.
    pub has_email: RwSignal<bool>,
    /// Who is writing to us.
    pub typing: RwSignal<Option<String>>,
    /// What has come of the program.
    pub parts: Parts,
    messages: StoredValue<Vec<Message>>,
    typing_timer: StoredValue<Option<dom::Timer>>,
    /// What the visitor saw, and the server hasn't heard of because the request was lost.
    owes_look: StoredValue<bool>,
}

impl Chat {
    pub fn new(boot: Boot) -> Self {
        let chat = Self {
            lang: RwSignal::new(boot.lang),
            screen: RwSignal::new(if boot.messages.is_empty() { Screen::Home } else { Screen::Thread }),
            open: RwSignal::new(!host::is_framed()),
            surroundings: RwSignal::default(),
            entries: RwSignal::default(),
            conversation: RwSignal::new(boot.conversation),
            many: Many::new(&boot),
            form: Form::new(boot.form.as_deref()),
            draft: RwSignal::default(),
            restart: RwSignal::new(false),
            ending: RwSignal::new(false),
            has_earlier: RwSignal::new(boot.messages.len() >= PAGE),
            link: RwSignal::new(Link::Rest),
            online: RwSignal::new(web_sys::window().is_none_or(|window| window.navigator().on_line())),
            team: RwSignal::new(boot.team.clone()),
            available: RwSignal::new(boot.available),
            has_email: RwSignal::new(boot.has_email),
            typing: RwSignal::new(None),
            parts: Parts::new(),
            messages: StoredValue::new(boot.messages.clone()),
            typing_timer: StoredValue::new(None),
            owes_look: StoredValue::new(false),
            boot: StoredValue::new(boot),
        };
        chat.show();
        chat
    }

    /// Puts messages in that arrived or are on their way. Returns how many are new.
    pub fn merge(&self, arrived: impl IntoIterator<Item = Message>) -> usize {
        let mut fresh = 0;
        self.messages.update_value(|messages| {
            for message in arrived {
                fresh += usize::from(thread::merge(messages, message));
            }
        });
        self.show();
        fresh
    }

    /// Takes a message of our own out that will not be sent.
    pub fn remove(&self, echo_id: &str) {
        self.messages.update_value(|messages| {
            messages.retain(|message| message.id.is_some() || message.echo_id.as_deref() != Some(echo_id));
        });
        self.show();
    }

    /// Shows how far a message of our own has come.
    pub fn set_delivery(&self, echo_id: &str, delivery: Delivery) {
        self.messages.update_value(|messages| {
            let own =
                messages.iter_mut().find(|message| message.id.is_none() && message.echo_id.as_deref() == Some(echo_id));
            if let Some(message) = own {
                message.delivery = delivery;
            }
        });
        self.show();
    }

    /// Whether the server is known to have it.
    pub fn is_confirmed(&self, echo_id: &str) -> bool {
        self.with_messages(|messages| {
            messages.iter().any(|message| message.id.is_some() && message.echo_id.as_deref() == Some(echo_id))
        })
    }

    pub fn with_messages<T>(&self, read: impl FnOnce(&[Message]) -> T) -> T {
        self.messages.with_value(|messages| read(messages))
    }

    /// The ids of the oldest and the newest message the server has given us.
    pub fn bounds(&self) -> (Option<i64>, Option<i64>) {
        self.with_messages(|messages| {
            let mut ids = messages.iter().filter_map(|message| message.id);
            let first = ids.next();
            (first, ids.next_back().or(first))
        })
    }

    /// Takes everything off the screen.
    pub fn wipe(&self) {
        self.messages.update_value(Vec::clear);
        self.has_earlier.set(false);
        self.show();
    }

    /// Forgets what belongs to another person or conversation; what is on its way stays.
    pub fn clear(&self) {
        self.messages.update_value(|messages| messages.retain(|message| message.id.is_none()));
        self.has_earlier.set(false);
        self.show();
    }

    /// Follows the list: signals of messages that changed, and the list when messages came or went.
    fn show(&self) {
        // What arrives before the visitor's eyes is seen.
        let seen_at = if self.is_looking() { i64::MAX } else { self.contact_seen() };
        let (messages, places) =
            self.messages.with_value(|messages| (messages.clone(), thread::places(messages, seen_at, -utc_offset())));
        let old = self.entries.get_untracked();
        let mut entries = Vec::with_capacity(messages.len());
        for (message, place) in messages.into_iter().zip(places) {
            let key = message.key();
            // Mostly at the same place as before.
            let known = old
                .get(entries.len())
                .filter(|entry| entry.key == key)
                .or_else(|| old.iter().find(|entry| entry.key == key));
            entries.push(match known {
                Some(entry) => {
                    entry.follow(message, place);
                    entry.clone()
                }
                None => {
                    Entry { key, message: RwSignal::new(message), place: RwSignal::new(place), body: RwSignal::new(()) }
                }
            });
        }
        let moved = old.len() != entries.len() || old.iter().zip(&entries).any(|(a, b)| a.key != b.key);
        if moved {
            self.entries.set(entries);
        }
    }

    fn contact_seen(&self) -> i64 {
        self.conversation.with_untracked(|conversation| conversation.map_or(0, |now| now.contact_seen))
    }

    /// Whether the visitor is looking at the messages right now.
    pub fn is_looking(&self) -> bool {
        self.open.get_untracked() && self.screen.get_untracked() == Screen::Thread && !document().hidden()
    }

    /// Tells the server what the visitor has seen, or the page around us what they have not.
    pub fn account_for_unseen(&self) {
        let seen_at = self.contact_seen();
        let (count, newest) = self.with_messages(|messages| {
            let newest = messages.iter().rev().find(|message| !message.is_own() && message.id.is_some()).cloned();
            (thread::unseen(messages, seen_at), newest)
        });
        let Some(newest) = newest.filter(|_| count > 0) else {
            if self.owes_look.get_value() {
                self.tell_look();
            }
            return self.tell_unread(0, None);
        };
        if !self.is_looking() {
            return self.tell_unread(count, Some(&newest));
        }
        self.conversation.update(|conversation| {
            if let Some(now) = conversation {
                now.contact_seen = newest.created_at;
            }
        });
        self.messages.update_value(|messages| messages.iter_mut().for_each(|message| message.seen = true));
        self.tell_unread(0, None);
        self.tell_look();
    }

    fn tell_unread(&self, count: usize, newest: Option<&Message>) {
        if self.many.is_on() {
            return self.tell_badge();
        }
        let Some(newest) = newest else { return host::unread(0, "", "") };
        let name = newest.sender.as_ref().map(|sender| sender.name.clone()).unwrap_or_default();
        host::unread(count, &name, &self.preview(newest));
    }

    /// A look that is lost on its way is told again when the line is back.
    fn tell_look(&self) {
        let owes_look = self.owes_look;
        owes_look.set_value(false);
        let query = self.query();
        wasm_bindgen_futures::spawn_local(async move {
            let told = http::call("POST", "conversations/update_last_seen", &query, http::Body::Nothing).await;
            if let Err(http::Failure::Unreachable { .. }) = told {
                owes_look.set_value(true);
            }
        });
    }

    /// A message in one line.
    pub fn preview(&self, message: &Message) -> String {
        let lang = self.lang.get_untracked();
        if message.deleted {
            return text::widget::deleted(lang).to_owned();
        }
        let words = model::markdown::plain(&message.content);
        match message.attachments.first() {
            Some(file) if words.is_empty() => crate::view::attachment::kind_name(lang, file.kind).to_owned(),
            _ => words,
        }
    }

    /// Follows what the server says about the conversation.
    pub fn follow(&self, news: Conversation) {
        let old = self.conversation.get_untracked();
        if self.many.is_on() && old.is_none_or(|old| old.id != news.id) {
            return;
        }
        if old.is_some_and(|old| news.id < old.id) || self.restart.get_untracked() {
            // The visitor has moved on to another one.
            return;
        }
        let seen = old.filter(|old| old.id == news.id).map_or(0, |old| old.contact_seen);
        self.conversation.set(Some(Conversation { contact_seen: news.contact_seen.max(seen), ..news }));
    }

    pub fn is_resolved(&self) -> bool {
        !self.restart.get() && self.conversation.get().is_some_and(|now| now.status == ConversationStatus::Resolved)
    }

    /// Somebody began or stopped writing to us.
    pub fn set_typing(&self, who: Option<String>) {
        let typing = self.typing;
        // Ends the one before.
        self.typing_timer.set_value(who.is_some().then(|| dom::later(TYPING_FADES, move || typing.set(None))));
        typing.set(who);
    }

    /// The visitor wants another conversation.
    pub fn start_anew(&self) {
        if self.many.is_on() {
            self.enter_new();
            return host::started(true);
        }
        self.restart.set(true);
        self.form.begin_anew();
        self.clear();
        self.screen.set(Screen::Thread);
        host::started(true);
    }

    /// The visitor ends the conversation.
    pub fn end(&self) {
        let chat = *self;
        let here = chat.query();
        chat.ending.set(false);
        wasm_bindgen_futures::spawn_local(async move {
            let ended = http::call("GET", "conversations/toggle_status", &here, http::Body::Nothing).await;
            if ended.is_ok() && chat.query() == here {
                chat.conversation.update(|conversation| {
                    if let Some(now) = conversation {
                        now.status = ConversationStatus::Resolved;
                    }
                });
            }
        });
    }

    /// Loads what came before the oldest message. Returns whether something was loaded.
    pub async fn load_earlier(&self) -> Result<bool, http::Failure> {
        let (Some(oldest), _) = self.bounds() else { return Ok(false) };
        let here = self.query();
        let query = [&here, "&before=", &oldest.to_string()].concat();
        let answer = http::call("GET", "messages", &query, http::Body::Nothing).await?;
        if self.query() != here {
            return Ok(false);
        }
        let page: Vec<_> = answer.list("payload").iter().filter_map(Message::read).collect();
        self.has_earlier.set(page.len() >= PAGE);
        Ok(self.merge(page) > 0)
    }

    /// Reads what happened while nobody was listening.
    pub async fn catch_up(&self) -> Result<(), http::Failure> {
        if !session::is_real() || self.restart.get_untracked() {
            return Ok(());
        }
        let here = self.query();
        if self.many.is_on() {
            self.read_lists();
            if here.is_empty() {
                return Ok(());
            }
        }
        let (_, newest) = self.bounds();
        let Some((page, _)) = self.page(&here, "").await? else { return Ok(()) };
        let oldest = page.first().and_then(|message| message.id);
        if newest.is_none() {
            self.has_earlier.set(page.len() >= PAGE);
        }
        self.merge(page);
        if let (Some(mut after), Some(oldest)) = (newest, oldest) {
            while after < oldest {
                let Some((page, Some(last))) = self.page(&here, &format!("&after={after}")).await? else { break };
                self.merge(page);
                after = last;
            }
        }
        let conversation = http::call("GET", "conversations", &here, http::Body::Nothing).await?;
        if let Some(now) = Conversation::read(&conversation) {
            self.follow(now);
        }
        self.account_for_unseen();
        Ok(())
    }

    /// Messages of the conversation that `here` names, and the id of the last; nothing if it has left the screen meanwhile.
    async fn page(&self, here: &str, which: &str) -> Result<Option<(Vec<Message>, Option<i64>)>, http::Failure> {
        let answer = http::call("GET", "messages", &[here, which].concat(), http::Body::Nothing).await?;
        let page: Vec<_> = answer.list("payload").iter().filter_map(Message::read).collect();
        let last = page.last().and_then(|message| message.id);
        Ok((self.query() == here).then_some((page, last)))
    }
}

/// Messages in a page of the HTTP interface.
const PAGE: usize = 20;

/// Minutes this browser's clock is behind UTC, as JavaScript counts it.
pub fn utc_offset() -> i64 {
    js_sys::Date::new_0().get_timezone_offset() as i64
}
