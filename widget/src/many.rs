//! Several conversations of one person: the lists, and which of them is on screen.
//!
//! Whatever is heard of any conversation reads the list of active ones anew, a moment later and once for many: so it is right after
//! every reconnection and on every device.

use reactive_graph::owner::StoredValue;
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use crate::boot::{Boot, Conversation};
use crate::chat::{Chat, Screen};
use crate::http::{self, Body};
use crate::message::Message;
use crate::wire::Json;
use crate::{cable, dom, host, outbox, session};

/// Milliseconds in which what is heard leads to one reading.
const PAUSE: u32 = 150;

/// A line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    pub conversation: Conversation,
    /// Unix seconds.
    pub at: i64,
    pub unread: i64,
    /// Whose it is, empty for nobody's: name and picture.
    pub agent: (String, String),
    pub last: Option<Message>,
}

impl Glance {
    fn read(json: &Json) -> Option<Self> {
        let agent = json.get("agent");
        Some(Self {
            conversation: Conversation::read(json)?,
            at: json.int("last_activity_at").unwrap_or_default(),
            unread: json.int("unread_count").unwrap_or_default(),
            agent: (agent.string("name"), session::local(agent.string("avatar_url"))),
            last: Message::read(&json.get("last_message")),
        })
    }

    /// The lines of a list.
    pub fn list(json: &Json, key: &str) -> Vec<Self> {
        json.list(key).iter().filter_map(Self::read).collect()
    }
}

/// What closed conversations are looked for by: days as the browser writes them, and a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub from: String,
    pub to: String,
    pub number: String,
}

/// Closed conversations as far as they were read.
#[derive(Clone, Debug, Default)]
pub struct Past {
    pub list: Vec<Glance>,
    pub has_more: bool,
    pub loading: bool,
    pub failed: bool,
    /// Whether anything was read at all.
    pub known: bool,
}

#[derive(Clone, Copy)]
pub struct Many {
    /// Whether this person has several.
    pub on: RwSignal<bool>,
    pub active: RwSignal<Vec<Glance>>,
    /// Whether the list of closed ones is in front.
    pub past_shown: RwSignal<bool>,
    pub past: RwSignal<Past>,
    pub filter: RwSignal<Filter>,
    /// What was written and not sent, for each that is not on screen; without a number for a new one.
    drafts: StoredValue<Vec<(Option<i64>, String)>>,
    /// Names the new conversation on screen, until it has a number.
    pub fresh: StoredValue<i64>,
    /// The page asked for this one before it was known who the visitor is.
    wanted: StoredValue<Option<i64>>,
    timer: StoredValue<Option<dom::Timer>>,
}

impl Many {
    pub fn new(boot: &Boot) -> Self {
        Self {
            on: RwSignal::new(boot.many),
            active: RwSignal::new(boot.active.clone()),
            past_shown: RwSignal::new(false),
            past: RwSignal::default(),
            filter: RwSignal::default(),
            drafts: StoredValue::default(),
            fresh: StoredValue::new(0),
            wanted: StoredValue::new(None),
            timer: StoredValue::new(None),
        }
    }

    pub fn is_on(&self) -> bool {
        self.on.get_untracked()
    }
}

impl Chat {
    /// The number of the conversation on screen.
    pub fn number(&self) -> Option<i64> {
        self.conversation.with_untracked(|now| now.map(|now| now.id))
    }

    /// What names the conversation on screen in a request, where there are several.
    pub fn query(&self) -> String {
        match self.number().filter(|_| self.many.is_on()) {
            Some(number) => ["&conversation_id=", &number.to_string()].concat(),
            None => String::new(),
        }
    }

    /// The server says whether this person has several.
    pub fn set_many(&self, on: bool) {
        let many = self.many;
        if on != many.is_on() {
            many.on.set(on);
            self.leave();
            // What was heard so far was of this browser only.
            cable::restart(*self);
        }
        if on {
            many.past.set(Past::default());
            self.read_lists();
        }
        if let Some(number) = many.wanted.get_value() {
            self.open_number(number);
        }
    }

    /// Forgets what belongs to another person.
    pub fn forget_many(&self) {
        if self.many.is_on() {
            self.leave();
        }
        self.many.active.set(Vec::new());
        self.many.past.set(Past::default());
        self.many.filter.set(Filter::default());
        self.many.drafts.set_value(Vec::new());
    }

    /// The page wants a conversation of the visitor on screen. Of somebody who has but one it is that.
    pub fn open_number(&self, number: i64) {
        if !self.many.is_on() {
            return self.many.wanted.set_value(Some(number));
        }
        self.many.wanted.set_value(None);
        self.enter(Conversation::numbered(number));
    }

    /// Puts a conversation on screen.
    pub fn enter(&self, conversation: Conversation) {
        let number = conversation.id;
        self.switch(Some(conversation));
        self.screen.set(Screen::Thread);
        let chat = *self;
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(http::Failure::Refused { .. }) = chat.catch_up().await
                && chat.number() == Some(number)
            {
                // It is not theirs, or gone.
                chat.go_home();
            }
        });
    }

    /// Begins another one on screen.
    pub fn enter_new(&self) {
        self.switch(None);
        self.screen.set(Screen::Thread);
    }

    /// Back to the lists.
    pub fn go_home(&self) {
        if self.many.is_on() {
            self.leave();
            self.read_lists();
        }
        self.screen.set(Screen::Home);
    }

    fn leave(&self) {
        self.switch(None);
        self.screen.set(Screen::Home);
    }

    fn switch(&self, to: Option<Conversation>) {
        let left = (self.number(), self.draft.get_untracked());
        let entered = to.map(|to| to.id);
        let mut draft = String::new();
        self.many.drafts.update_value(|drafts| {
            drafts.retain(|(number, _)| *number != left.0);
            drafts.push(left);
            if let Some(kept) = drafts.iter_mut().find(|(number, _)| *number == entered) {
                draft = std::mem::take(&mut kept.1);
            }
        });
        self.wipe();
        self.ending.set(false);
        self.set_typing(None);
        if to.is_none() {
            self.form.begin_anew();
            self.many.fresh.set_value(js_sys::Date::now() as i64);
        }
        self.conversation.set(to);
        self.draft.set(draft);
        outbox::show(*self);
    }

    /// Something happened in some conversation.
    pub fn read_lists(&self) {
        let chat = *self;
        if !chat.many.is_on() {
            return;
        }
        let read = move || {
            wasm_bindgen_futures::spawn_local(async move {
                // Without an answer the next event, or the connection when it is back, leads here again.
                let Ok(answer) = http::call("GET", "conversations/active", "", Body::Nothing).await else { return };
                if chat.many.is_on() {
                    chat.many.active.set(Glance::list(&answer, "payload"));
                    chat.account_for_unseen();
                }
            });
            if chat.many.past.with_untracked(|past| past.known) {
                chat.read_past(true);
            }
        };
        chat.many.timer.set_value(Some(dom::later(PAUSE, read)));
    }

    /// Reads the first closed conversations that fit the filter, or the next ones.
    pub fn read_past(&self, from_start: bool) {
        let chat = *self;
        let many = chat.many;
        let filter = many.filter.get_untracked();
        let shown = many.past.with_untracked(|past| past.list.last().map(|last| last.conversation.id));
        let mut query = filter.query();
        if let Some(last) = shown.filter(|_| !from_start) {
            query = [&query, "&before=", &last.to_string()].concat();
        }
        many.past.update(|past| (past.loading, past.failed) = (true, false));
        wasm_bindgen_futures::spawn_local(async move {
            let answer = http::call("GET", "conversations/history", &query, Body::Nothing).await;
            if many.filter.get_untracked() != filter {
                // Something else is looked for by now.
                return;
            }
            many.past.update(|past| {
                past.loading = false;
                let Ok(answer) = &answer else {
                    past.failed = true;
                    return;
                };
                past.known = true;
                let mut page = Glance::list(answer, "payload");
                let next_page = !from_start && !past.list.is_empty();
                if next_page {
                    past.list.retain(|old| !page.iter().any(|new| new.conversation.id == old.conversation.id));
                    past.list.append(&mut page);
                } else {
                    past.list = page;
                }
                past.has_more = answer.get("meta").flag("has_more");
            });
        });
    }

    /// Tells the page around us how many messages are unseen, over all conversations.
    pub fn tell_badge(&self) {
        let here = self.number().filter(|_| self.is_looking());
        let (count, newest) = self.many.active.with_untracked(|active| {
            let unseen = active.iter().filter(|glance| glance.unread > 0 && Some(glance.conversation.id) != here);
            let count: i64 = unseen.clone().map(|glance| glance.unread).sum();
            (usize::try_from(count).unwrap_or_default(), unseen.into_iter().find_map(|glance| glance.last.clone()))
        });
        match newest {
            Some(newest) => {
                let name = newest.sender.as_ref().map(|sender| sender.name.clone()).unwrap_or_default();
                host::unread(count, &name, &self.preview(&newest));
            }
            None => host::unread(count, "", ""),
        }
    }
}

impl Filter {
    /// Days begin where the visitor is; the last one counts whole.
    fn query(&self) -> String {
        let midnight = |day: &str, later: f64| {
            let at = js_sys::Date::parse(&[day, "T00:00"].concat()) / 1000.0 + later;
            (!at.is_nan()).then(|| (at as i64).to_string())
        };
        let fields = [
            ("&since=", midnight(&self.from, 0.0)),
            ("&until=", midnight(&self.to, 86_400.0)),
            ("&id=", Some(String::from(js_sys::encode_uri_component(self.number.trim()))).filter(|id| !id.is_empty())),
        ];
        fields.into_iter().filter_map(|(name, value)| Some([name, &value?].concat())).collect()
    }
}
