//! Telling the agent that something needs them while they look elsewhere: on the desktop and by a tone, each switchable.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::live::Change;
use model::{Availability, ConversationId, DisplayId, MessageKind, UserId};
use serde::{Deserialize, Serialize};
use text::Lang;

use crate::boot::{WorkplaceContext, use_lang};
use crate::live::{Heard, Live};
use crate::{device, place};

/// Under this name the browser remembers what the agent chose.
const KEPT: &str = "cloudchat.notify";
/// Under this name the pages of one browser agree on which of them sounds.
const SOUNDED: &str = "cloudchat.sounded";

/// Which conversations are worth a notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Mine,
    #[default]
    MineAndUnassigned,
    All,
}

impl Scope {
    /// Every choice, from the quietest on.
    pub const ALL: [Self; 3] = [Self::Mine, Self::MineAndUnassigned, Self::All];

    /// The word in data.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::MineAndUnassigned => "mine_and_unassigned",
            Self::All => "all",
        }
    }
}

/// What the agent wants to be told, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    pub desktop: bool,
    pub sound: bool,
    pub scope: Scope,
}

impl Default for Wishes {
    fn default() -> Self {
        // The desktop waits for the browser's permission, which must be asked for by a press.
        Self { desktop: false, sound: true, scope: Scope::default() }
    }
}

/// Something worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    pub display_id: DisplayId,
    /// The same news on several pages has the same tag.
    pub tag: String,
    pub kind: NewsKind,
    pub contact: String,
    pub text: String,
}

/// What kind of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewsKind {
    Message,
    Assigned,
}

/// Who conversations belong to, as far as it was heard: to notice what changes hands.
#[derive(Clone, Debug, Default)]
pub struct Owners(HashMap<ConversationId, Option<UserId>>);

impl Owners {
    /// What of a change the agent should be told.
    pub fn news(&mut self, change: &Change, me: UserId, scope: Scope) -> Option<News> {
        let (conversation, message) = match change {
            Change::MessageCreated { message, conversation } => (conversation, Some(message)),
            Change::ConversationCreated { conversation } | Change::ConversationUpdated { conversation } => {
                (conversation, None)
            }
            _ => return None,
        };
        let row = &conversation.row;
        let owner = row.assignee.as_ref().map(|agent| agent.id);
        let before = self.0.insert(row.id, owner);
        let news = |kind, tag: String, text: &str| News {
            display_id: row.display_id,
            tag,
            kind,
            contact: row.contact.name.clone(),
            text: text.to_owned(),
        };
        if let Some(message) = message {
            let concerns = match owner {
                Some(owner) if owner == me => true,
                None => scope != Scope::Mine,
                Some(_) => scope == Scope::All,
            };
            let is_news = concerns && message.kind == MessageKind::Incoming && !conversation.contact.blocked;
            let text = row.preview.as_ref().map(|preview| preview.text.as_str()).unwrap_or_default();
            let tag = ["message-", &message.id.to_string()].concat();
            return is_news.then(|| news(NewsKind::Message, tag, text));
        }
        let is_handed_over = before.is_some_and(|before| before != Some(me)) && owner == Some(me);
        let text = row.preview.as_ref().map(|preview| preview.text.as_str()).unwrap_or_default();
        is_handed_over.then(|| news(NewsKind::Assigned, ["assigned-", &row.id.to_string()].concat(), text))
    }
}

/// What the page knows of notifications. See [`use_notify`].
#[derive(Clone, Copy)]
pub struct Notify {
    pub wishes: RwSignal<Wishes>,
    pub permission: RwSignal<device::Permission>,
    /// The conversation on the screen: its messages are seen anyway.
    pub on_screen: RwSignal<Option<DisplayId>>,
    /// A conversation that this page just gave to the agent: no news to them.
    pub own_doing: RwSignal<Option<DisplayId>>,
}

/// Starts telling; once per page of an account.
pub fn provide_notify(live: Live, workplace: WorkplaceContext) -> Notify {
    let notify = Notify {
        wishes: RwSignal::new(Wishes::default()),
        permission: RwSignal::new(device::Permission::default()),
        on_screen: RwSignal::new(None),
        own_doing: RwSignal::new(None),
    };
    provide_context(notify);
    let lang = use_lang();
    let navigate = use_navigate();
    let account = workplace.account_id;
    let open = Callback::new(move |id: DisplayId| navigate(&place::conversation(account, id), Default::default()));
    Effect::new(move |_| {
        if let Some(wishes) = device::kept(KEPT).and_then(|kept| crate::json::read(&kept).ok()) {
            notify.wishes.set(wishes);
        }
        notify.permission.set(device::permission());
    });
    let owners = StoredValue::new(Owners::default());
    live.listen(move |heard: Heard| {
        let Heard::Change(change) = heard else { return };
        let scope = notify.wishes.get_untracked().scope;
        let news = owners.try_update_value(|owners| owners.news(&change, workplace.user_id, scope)).flatten();
        let is_busy = workplace.me.with_untracked(|me| me.availability == Availability::Busy);
        if let Some(news) = news.filter(|_| !is_busy) {
            notify.tell(lang, news, open);
        }
    });
    notify
}

/// Notifications of the page, on pages of an account.
#[must_use]
pub fn use_notify() -> Option<Notify> {
    use_context::<Notify>()
}

impl Notify {
    /// Changes what the agent wants, and remembers it in this browser.
    pub fn wish(self, change: impl FnOnce(&mut Wishes)) {
        self.wishes.update(change);
        if let Ok(kept) = serde_json::to_string(&self.wishes.get_untracked()) {
            device::keep(KEPT, &kept);
        }
    }

    /// Switches notifications of the desktop; asks the browser when it was not asked yet. Must be called from a press.
    pub fn switch_desktop(self, on: bool) {
        if !on {
            self.wish(|wishes| wishes.desktop = false);
            return;
        }
        leptos::task::spawn_local(async move {
            let permission = device::ask_permission().await;
            let _ = self.permission.try_set(permission);
            self.wish(|wishes| wishes.desktop = permission == device::Permission::Granted);
        });
    }

    fn tell(self, lang: Lang, news: News, open: Callback<DisplayId>) {
        let is_watched = device::is_watched();
        if is_watched && self.on_screen.get_untracked() == Some(news.display_id) {
            return;
        }
        if news.kind == NewsKind::Assigned && self.own_doing.get_untracked() == Some(news.display_id) {
            return;
        }
        let wishes = self.wishes.get_untracked();
        if wishes.sound && is_first_page(&news.tag) {
            device::tone();
        }
        if wishes.desktop && !is_watched && self.permission.get_untracked() == device::Permission::Granted {
            let name = if news.contact.is_empty() { text::message::contact(lang) } else { &news.contact };
            let title = match news.kind {
                NewsKind::Message => name.to_owned(),
                NewsKind::Assigned => [text::conversation::notify::assigned_title(lang), ": ", name].concat(),
            };
            let id = news.display_id;
            device::show_notice(&title, &news.text, &news.tag, move || open.run(id));
        }
    }
}

/// Of several pages of one browser the first to come sounds.
fn is_first_page(tag: &str) -> bool {
    let is_first = device::kept(SOUNDED).as_deref() != Some(tag);
    device::keep(SOUNDED, tag);
    is_first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples::{assigned, conversation, message, reply, with};

    const ME: UserId = UserId(1);
    const OTHER: UserId = UserId(2);

    fn written(conversation: model::conversation::Conversation) -> Change {
        Change::MessageCreated { message: message(1), conversation }
    }

    fn is_news(change: &Change, scope: Scope) -> bool {
        Owners::default().news(change, ME, scope).is_some()
    }

    #[test]
    fn messages_count_by_whose_conversation_it_is() {
        let mine = written(assigned(conversation(1), ME));
        let nobodys = written(conversation(1));
        let anothers = written(assigned(conversation(1), OTHER));
        assert_eq!(Scope::ALL.map(|scope| is_news(&mine, scope)), [true, true, true]);
        assert_eq!(Scope::ALL.map(|scope| is_news(&nobodys, scope)), [false, true, true]);
        assert_eq!(Scope::ALL.map(|scope| is_news(&anothers, scope)), [false, false, true]);
    }

    #[test]
    fn only_what_a_contact_writes_is_news() {
        let answer = Change::MessageCreated { message: reply(1, 2), conversation: assigned(conversation(1), ME) };
        assert!(!is_news(&answer, Scope::All));
        let blocked = written(with(assigned(conversation(1), ME), |c| c.contact.blocked = true));
        assert!(!is_news(&blocked, Scope::All));
    }

    #[test]
    fn a_conversation_that_changes_hands_is_news_once() {
        let mut owners = Owners::default();
        let update = |conversation| Change::ConversationUpdated { conversation };
        let mut news = |change: &Change| owners.news(change, ME, Scope::Mine).map(|news| news.kind);
        assert_eq!(news(&update(assigned(conversation(1), ME))), None, "it may have been theirs before");
        assert_eq!(news(&update(assigned(conversation(1), OTHER))), None);
        assert_eq!(news(&update(assigned(conversation(1), ME))), Some(NewsKind::Assigned));
        assert_eq!(news(&update(assigned(conversation(1), ME))), None);
    }
}
