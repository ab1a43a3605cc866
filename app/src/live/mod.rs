//! The dashboard's line to the server: one socket per page, from the moment the page comes alive.
//!
//! The page is drawn as of a change (its cursor); the socket begins behind it, so nothing falls between the two. A lost connection
//! is built again from the newest change seen. A page at rest asks nothing: everything comes through here.

mod line;

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::live::{ClientFrame, Frame};
use model::{AccountId, ErrorCode};

use crate::call::CallError;
use crate::device::{self, Socket, SocketEvent};
use crate::{browser, place};

pub use line::{Heard, Line, Link};

/// How often the page says that somebody is there.
const ALIVE_EVERY: Duration = Duration::from_secs(20);
/// After so many tries without a connection the session may be over.
const SUSPICIOUS: usize = 3;

thread_local! {
    /// The browser's half; it can be in no signal, because signals also live on the server's threads.
    static SOCKET: RefCell<Option<Socket>> = const { RefCell::new(None) };
}

type Listener = (u32, Callback<Heard>);

/// The line of this page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Live {
    account: AccountId,
    link: RwSignal<Link>,
    line: StoredValue<Line>,
    listeners: StoredValue<Vec<Listener>>,
    /// Heard while the page catches up; told together, because each telling draws the page anew.
    held: StoredValue<Vec<Heard>>,
    next: StoredValue<u32>,
    /// The first connection was tried.
    is_begun: StoredValue<bool>,
    redial: StoredValue<Option<TimeoutHandle>>,
}

/// Makes the line available below; once per page of an account. It is dialled when the page has come alive.
pub fn provide_live(account: AccountId) -> Live {
    let live = Live {
        account,
        link: RwSignal::new(Link::default()),
        line: StoredValue::new(Line::default()),
        listeners: StoredValue::new(Vec::new()),
        held: StoredValue::new(Vec::new()),
        next: StoredValue::new(0),
        is_begun: StoredValue::new(false),
        redial: StoredValue::new(None),
    };
    provide_context(live);
    Effect::new(move |_| live.start());
    live
}

/// The line of this page, on pages of an account.
#[must_use]
pub fn use_live() -> Option<Live> {
    use_context::<Live>()
}

impl Live {
    /// Whether what the page shows is up to date.
    #[must_use]
    pub fn link(self) -> ReadSignal<Link> {
        self.link.read_only()
    }

    /// Calls with everything that is heard, until the owner goes.
    pub fn listen(self, hear: impl Fn(Heard) + Send + Sync + 'static) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let hear = Callback::new(hear);
        self.listeners.update_value(|listeners| listeners.push((number, hear)));
        on_cleanup(move || {
            let _ = self.listeners.try_update_value(|listeners| listeners.retain(|(other, _)| *other != number));
        });
    }

    /// What the page shows was read as of this change: nothing after it may be missed.
    pub fn begin_after(self, cursor: String) {
        let is_known = self.line.with_value(|line| line.cursor.is_some());
        if is_known {
            return;
        }
        self.line.update_value(|line| line.cursor = Some(cursor));
        if self.is_begun.get_value() {
            self.dial();
        }
    }

    /// Tells the server something; without a connection it is lost.
    pub fn say(self, frame: &ClientFrame) {
        let Ok(text) = serde_json::to_string(frame) else { return };
        SOCKET.with_borrow(|socket| {
            if let Some(socket) = socket {
                socket.send(&text);
            }
        });
    }

    /// Tries at once instead of waiting.
    pub fn try_now(self) {
        if self.link.get_untracked() != Link::UpToDate {
            self.dial();
        }
    }

    fn start(self) {
        // What is drawn below says in the same turn from where to begin.
        let begin = move || {
            let _ = self.is_begun.try_set_value(true);
            self.dial();
        };
        set_timeout(begin, Duration::ZERO);
        let alive = set_interval_with_handle(move || self.watch(), ALIVE_EVERY);
        let online = window_event_listener_untyped("online", move |_| self.try_now());
        let offline = window_event_listener_untyped("offline", move |_| self.lost());
        let shown = window_event_listener_untyped("focus", move |_| self.watch());
        on_cleanup(move || {
            if let Ok(alive) = alive {
                alive.clear();
            }
            online.remove();
            offline.remove();
            shown.remove();
            SOCKET.with_borrow_mut(Option::take);
        });
    }

    fn dial(self) {
        if let Some(waiting) = self.redial.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        let Some(cursor) = self.line.try_with_value(|line| line.cursor.clone()) else { return };
        self.line.update_value(|line| line.dial(ui::browser::now()));
        let socket = Socket::open(&address(self.account, cursor.as_deref()), move |event| match event {
            SocketEvent::Text(text) => self.hear(&text),
            SocketEvent::Closed => self.lost(),
            SocketEvent::Dismissed => {
                self.lost();
                self.check_session();
            }
        });
        let is_open = socket.is_some();
        let before = SOCKET.with_borrow_mut(|held| std::mem::replace(held, socket));
        drop(before);
        if !is_open {
            self.lost();
        }
    }

    fn hear(self, text: &str) {
        let Ok(frame) = crate::json::read::<Frame>(text) else { return };
        let is_last = frame == Frame::Bye;
        let is_first = matches!(frame, Frame::Ready { .. });
        let Some(heard) = self.line.try_update_value(|line| line.hear(frame, ui::browser::now())) else { return };
        self.held.update_value(|held| held.extend(heard));
        if self.line.with_value(|line| line.link == Link::UpToDate) {
            self.tell();
        }
        if is_first {
            self.say(&ClientFrame::Alive);
        }
        self.show();
        if is_last {
            self.lost();
        }
    }

    fn tell(self) {
        let held = self.held.try_update_value(std::mem::take).unwrap_or_default();
        if held.is_empty() {
            return;
        }
        let listeners = self.listeners.get_value();
        for heard in held {
            listeners.iter().for_each(|(_, hear)| hear.run(heard.clone()));
        }
    }

    fn lost(self) {
        // The next connection begins behind what was heard on this one.
        self.tell();
        let socket = SOCKET.with_borrow_mut(Option::take);
        drop(socket);
        let (is_online, luck) = (device::is_online(), device::luck());
        let Some(wait) = self.line.try_update_value(|line| line.lose(is_online, luck)) else { return };
        self.show();
        let wait = Duration::from_millis(u64::try_from(wait).unwrap_or_default());
        let again = set_timeout_with_handle(move || self.dial(), wait).ok();
        if let Some(waiting) = self.redial.try_update_value(|held| std::mem::replace(held, again)).flatten() {
            waiting.clear();
        }
        if self.line.with_value(Line::tries) == SUSPICIOUS {
            self.check_session();
        }
    }

    /// Says that somebody is there, and notices a line that died without a word (a laptop that slept).
    fn watch(self) {
        let is_dead = self.line.with_value(|line| line.link == Link::UpToDate && line.is_dead(ui::browser::now()));
        if is_dead {
            self.lost();
        } else {
            self.say(&ClientFrame::Alive);
        }
    }

    fn show(self) {
        let link = self.line.with_value(|line| line.link);
        if self.link.try_get_untracked().is_some_and(|shown| shown != link) {
            self.link.set(link);
        }
    }

    /// A socket cannot say why it was refused; a call can.
    fn check_session(self) {
        spawn_local(async move {
            let answer = crate::account::calls::workplace(self.account).await;
            let is_over = |error: &CallError| {
                matches!(error.0.code, ErrorCode::Unauthenticated | ErrorCode::Forbidden | ErrorCode::NotFound)
            };
            if answer.is_err_and(|error| is_over(&error)) {
                browser::go(place::HOME);
            }
        });
    }
}

fn address(account: AccountId, cursor: Option<&str>) -> String {
    let location = window().location();
    let scheme = if location.protocol().as_deref() == Ok("https:") { "wss://" } else { "ws://" };
    let host = location.host().unwrap_or_default();
    let after = cursor.map(|cursor| ["&since=", cursor].concat()).unwrap_or_default();
    [scheme, &host, "/live?account_id=", &account.to_string(), &after].concat()
}
