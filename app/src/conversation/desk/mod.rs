//! The inbox as one agent works in it: signals around the plain state of `store`, and what can be done.

mod act;
mod beside;
mod hear;
mod load;
mod look;
mod many;
mod seen;
mod send;

use std::collections::VecDeque;

use leptos::prelude::*;
use model::bulk::BulkRun;
use model::conversation::{Conversation, ConversationRow};
use model::live::{Aside, Change};
use model::{AccountId, DisplayId, ErrorCode, MessageId, UserId};
use text::Lang;
use ui::Toasts;

use super::calls::Beginning;
use super::composer::draft::Drafts;
use super::place::Place;
use crate::boot::{WorkplaceContext, use_lang};
use crate::live::Live;
use crate::notify::Notify;
use crate::store::{Chosen, Latest, List, Looking, Outbox, Thread, Typing};
use crate::tool::use_tools;

pub use act::{Act, priority_name};
pub use beside::{Asked, Beside};
pub use send::Written;

pub use crate::store::When;

/// How something that is loaded stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Load {
    #[default]
    Done,
    Loading,
    Failed(ErrorCode),
}

/// What the middle of the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Open {
    /// No conversation is chosen.
    #[default]
    Nothing,
    /// It is on its way.
    Loading(DisplayId),
    /// It cannot be shown.
    Failed(DisplayId, ErrorCode),
    Here(Box<Thread>),
}

impl Open {
    /// The open thread.
    #[must_use]
    pub fn thread(&self) -> Option<&Thread> {
        if let Self::Here(thread) = self { Some(thread) } else { None }
    }

    fn thread_mut(&mut self) -> Option<&mut Thread> {
        if let Self::Here(thread) = self { Some(thread) } else { None }
    }
}

/// Threads that are kept after they were left, to be there at once when the agent comes back.
const KEPT_THREADS: usize = 12;
/// Changes that are kept, to be applied again over an answer that was read before them.
const KEPT_CHANGES: usize = 400;

/// Everything the panes of the inbox share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    pub workplace: WorkplaceContext,
    pub lang: Lang,
    pub live: Live,
    pub notify: Notify,
    pub toasts: Toasts,
    /// Where the page stands, by its address.
    pub place: Memo<Place>,
    pub list: RwSignal<List>,
    /// The first page of the list.
    pub list_load: RwSignal<Load>,
    /// The next page of the list.
    pub more_load: RwSignal<Load>,
    /// Rows of the list that are ticked.
    pub chosen: RwSignal<Chosen>,
    /// Changes of many conversations that are at work, or just came to their end.
    pub runs: RwSignal<Vec<BulkRun>>,
    pub open: RwSignal<Open>,
    pub outbox: RwSignal<Outbox>,
    pub typing: RwSignal<Typing>,
    /// Colleagues who have conversations on their screens.
    pub looking: RwSignal<Looking>,
    pub drafts: RwSignal<Drafts>,
    /// The message that the next reply answers.
    pub reply_to: RwSignal<Option<MessageId>>,
    /// The newest message of the thread can be seen.
    pub is_at_end: RwSignal<bool>,
    /// Somebody can see the page and uses it.
    pub is_watched: RwSignal<bool>,
    /// What lies beside the open conversation changed: how often, and what last.
    pub aside: RwSignal<(u32, Option<Aside>)>,
    /// What lies beside the open conversation, once it was read.
    pub beside: RwSignal<Option<Beside>>,
    /// The dialog that is wanted.
    pub asked_for: RwSignal<Option<Asked>>,
    /// A message that was taken back, for the composer: where, whether a note, what it said.
    pub returned: RwSignal<Option<(DisplayId, bool, String)>>,
    kept: StoredValue<VecDeque<Thread>>,
    /// All changes heard so far were that many; the last of them.
    heard: StoredValue<(usize, VecDeque<Change>)>,
    /// The number of the latest question for the list and for a thread: answers to earlier ones come too late.
    asked: StoredValue<(u32, u32)>,
    latest: StoredValue<Latest>,
    left_unseen: StoredValue<Option<DisplayId>>,
}

/// Makes the desk from what the page begins with, and lets it hear and ask once the page is alive.
pub fn provide_desk(
    workplace: WorkplaceContext,
    live: Live,
    notify: Notify,
    place: Memo<Place>,
    beginning: Beginning,
) -> Desk {
    let first = place.get_untracked();
    let list = List::new(workplace.user_id, first.filter(), beginning.list.page, beginning.list.counts);
    let open = match (first.open, beginning.opened) {
        (Some(_), Some(Ok(opened))) => Open::Here(Box::new(load::thread(opened))),
        (Some(id), Some(Err(error))) => Open::Failed(id, error.0.code),
        (Some(id), None) => Open::Loading(id),
        (None, _) => Open::Nothing,
    };
    let desk = Desk {
        workplace,
        lang: use_lang(),
        live,
        notify,
        toasts: ui::use_toasts(),
        place,
        list: RwSignal::new(list),
        list_load: RwSignal::new(Load::Done),
        more_load: RwSignal::new(Load::Done),
        chosen: RwSignal::new(Chosen::default()),
        runs: RwSignal::new(Vec::new()),
        open: RwSignal::new(open),
        outbox: RwSignal::new(Outbox::default()),
        typing: RwSignal::new(Typing::default()),
        looking: RwSignal::new(Looking::default()),
        drafts: RwSignal::new(Drafts::new()),
        reply_to: RwSignal::new(None),
        is_at_end: RwSignal::new(true),
        is_watched: RwSignal::new(false),
        aside: RwSignal::new((0, None)),
        beside: RwSignal::new(None),
        asked_for: RwSignal::new(None),
        returned: RwSignal::new(None),
        kept: StoredValue::new(VecDeque::new()),
        heard: StoredValue::new((0, VecDeque::new())),
        asked: StoredValue::new((0, 0)),
        latest: StoredValue::new(Latest::default()),
        left_unseen: StoredValue::new(None),
    };
    provide_context(desk);
    if let Some(tools) = use_tools() {
        tools.desk.set(Some(desk));
        on_cleanup(move || {
            let _ = tools.desk.try_set(None);
        });
    }
    desk.hear_all(beginning.cursor);
    desk.follow_address();
    desk.follow_sight();
    desk.follow_runs();
    desk.follow_looks();
    desk.send_what_waits();
    desk.follow_beside();
    desk
}

/// The desk of the page. Only below [`provide_desk`].
#[must_use]
pub fn use_desk() -> Desk {
    expect_context::<Desk>()
}

impl Desk {
    /// The account.
    #[must_use]
    pub fn account(self) -> AccountId {
        self.workplace.account_id
    }

    /// The agent.
    #[must_use]
    pub fn me(self) -> UserId {
        self.workplace.user_id
    }

    /// Reads something of the open conversation, and follows it.
    pub fn with_conversation<T>(self, read: impl FnOnce(&Conversation) -> T) -> Option<T> {
        self.open.with(|open| open.thread().map(|thread| read(&thread.conversation)))
    }

    /// Reads something of the open thread, and follows it.
    pub fn with_thread<T>(self, read: impl FnOnce(&Thread) -> T) -> Option<T> {
        self.open.with(|open| open.thread().map(read))
    }

    /// Follows something of the open conversation, and tells only when it changed.
    pub fn conversation_memo<T: PartialEq + Default + Send + Sync + 'static>(
        self,
        read: impl Fn(&Conversation) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.with_conversation(&read).unwrap_or_default())
    }

    /// The number of the open conversation, whether it is here yet or not.
    #[must_use]
    pub fn open_id(self) -> Option<DisplayId> {
        self.open.with(|open| match open {
            Open::Nothing => None,
            Open::Loading(id) | Open::Failed(id, _) => Some(*id),
            Open::Here(thread) => Some(thread.conversation.row.display_id),
        })
    }

    /// The row of the list for a number, if it is loaded.
    #[must_use]
    pub fn row_of(self, id: DisplayId) -> Option<ConversationRow> {
        self.list.with(|list| list.find(id).cloned())
    }

    /// Name of an inbox, and the key of its channel.
    #[must_use]
    pub fn inbox(self, id: model::InboxId) -> Option<(String, String)> {
        self.workplace.lists.with(|lists| {
            lists.inboxes.iter().find(|inbox| inbox.id == id).map(|inbox| (inbox.name.clone(), inbox.channel.clone()))
        })
    }

    /// Changes every thread that is in memory, the open one and those kept.
    fn update_threads(self, change: impl Fn(&mut Thread)) {
        self.kept.update_value(|kept| kept.iter_mut().for_each(&change));
        if self.open.with_untracked(|open| open.thread().is_some()) {
            self.open.update(|open| open.thread_mut().into_iter().for_each(&change));
        }
    }
}

/// The name to show for a contact who may have none.
#[must_use]
pub fn contact_name(lang: Lang, name: &str, id: model::ContactId) -> String {
    if name.trim().is_empty() { text::contact::visitor(lang, &id.to_string()) } else { name.to_owned() }
}
