//! What arrives over the line.

use std::time::Duration;

use leptos::prelude::*;
use model::agent::Agent;
use model::live::{Change, Passing};
use model::message::Message;
use model::{MessageKind, SenderKind};

use super::{Desk, KEPT_CHANGES, Open};
use crate::live::{Heard, Link};

/// Counts that could not be followed are asked for after this quiet time.
const COUNTS_AFTER: Duration = Duration::from_millis(700);

impl Desk {
    pub(super) fn hear_all(self, cursor: String) {
        self.live.listen(move |heard: Heard| match heard {
            Heard::Change(change) => self.hear(change),
            Heard::Passing(passing) => self.hear_passing(passing),
            Heard::Reload => self.reload(),
        });
        let cursor = StoredValue::new(cursor);
        Effect::new(move |_| self.live.begin_after(cursor.get_value()));
        self.follow_counts();
        self.follow_silence();
        // A line that was lost may have swallowed messages on their way out.
        let link = self.live.link();
        Effect::new(move |before: Option<Link>| {
            let link = link.get();
            if link == Link::UpToDate && before.is_some_and(|before| before != link) {
                self.outbox.update(crate::store::Outbox::again);
                self.send_next();
            }
            link
        });
    }

    fn hear(self, change: Change) {
        self.apply(&change);
        let _ = self.heard.try_update_value(|(count, last)| {
            *count += 1;
            last.push_back(change);
            if last.len() > KEPT_CHANGES {
                last.pop_front();
            }
        });
    }

    /// How many changes were heard so far.
    pub(super) fn heard_so_far(self) -> usize {
        self.heard.with_value(|(count, _)| *count)
    }

    /// Applies again what was heard since: an answer may have been read before it.
    pub(super) fn hear_again(self, since: usize) {
        let missed: Vec<_> = self.heard.with_value(|(count, last)| {
            let before = last.len().saturating_sub(count.saturating_sub(since));
            last.iter().skip(before).cloned().collect()
        });
        missed.iter().for_each(|change| self.apply(change));
    }

    fn apply(self, change: &Change) {
        match change {
            Change::MessageCreated { message, conversation } => {
                self.put_message(message);
                self.put_conversation(conversation);
            }
            Change::MessageUpdated { message } => self.put_message(message),
            Change::ConversationCreated { conversation } => {
                if self.is_newest(conversation) {
                    self.list.update(|list| list.put_new(conversation));
                }
            }
            Change::ConversationUpdated { conversation } => self.put_conversation(conversation),
            Change::ConversationGone { conversation_id, display_id } => {
                self.list.update(|list| list.remove(*conversation_id));
                self.kept.update_value(|kept| kept.retain(|thread| thread.conversation.row.id != *conversation_id));
                if untrack(|| self.open_id()) == Some(*display_id) {
                    self.open.set(Open::Failed(*display_id, model::ErrorCode::NotFound));
                }
            }
            Change::ConversationAside { display_id, aside, .. } => {
                if untrack(|| self.open_id()) == Some(*display_id) {
                    self.aside.update(|(count, last)| (*count, *last) = (*count + 1, Some(*aside)));
                }
                // Perhaps somebody follows it from now on.
                if self.list.with_untracked(|list| list.filter().involved.is_some()) {
                    self.refresh_list();
                }
            }
            Change::ContactUpdated { contact } => self.put_contact(contact),
            // Their conversations tell for themselves.
            Change::ContactGone { .. } => {}
            // Told where contacts are listed.
            Change::ContactImportProgress { .. } => {}
            Change::AgentUpdated { agent } => self.put_agent(agent),
            Change::BulkProgress { run } => self.put_run(run.clone()),
            Change::SettingsChanged => self.workplace.refresh(),
        }
    }

    /// Takes a conversation as it is now, wherever it is shown, unless something newer is shown already.
    pub fn put_conversation(self, conversation: &model::conversation::Conversation) {
        if !self.is_newest(conversation) {
            return;
        }
        self.list.update(|list| list.put(conversation));
        let id = conversation.row.id;
        self.update_threads(|thread| {
            if thread.conversation.row.id == id {
                thread.set(conversation.clone());
            }
            let others = thread.others.iter_mut().filter(|other| other.id == id);
            others.for_each(|other| other.clone_from(&conversation.row));
        });
    }

    fn is_newest(self, conversation: &model::conversation::Conversation) -> bool {
        self.latest.try_update_value(|latest| latest.takes(conversation)).unwrap_or_default()
    }

    /// Takes a message as it is now.
    pub fn put_message(self, message: &Message) {
        if self
            .outbox
            .with_untracked(|outbox| message.echo_id.as_deref().is_some_and(|echo| outbox.get(echo).is_some()))
        {
            self.confirm(message);
        }
        let sender = message.sender.as_ref();
        let by_contact = message.kind == MessageKind::Incoming;
        let agent = sender.filter(|sender| sender.kind == SenderKind::User).map(|sender| sender.id);
        self.typing.update(|typing| typing.sent(message.conversation_id, by_contact, agent));
        let is_open = self.open.with_untracked(|open| {
            open.thread().is_some_and(|thread| thread.conversation.row.id == message.conversation_id)
        });
        let is_watched = is_open && self.is_watched.get_untracked() && self.is_at_end.get_untracked();
        self.update_threads(|thread| {
            if thread.conversation.row.id == message.conversation_id {
                thread.put(message.clone(), is_watched);
            }
        });
    }

    /// Takes a contact as they are now.
    pub fn put_contact(self, contact: &model::contact::Contact) {
        self.list.update(|list| list.set_contact(contact));
        self.update_threads(|thread| thread.set_contact(contact));
    }

    fn put_agent(self, agent: &Agent) {
        if agent.id == self.me() {
            self.workplace.me.set(agent.clone());
        }
        self.workplace.lists.update(|lists| {
            if let Some(known) = lists.agents.iter_mut().find(|known| known.id == agent.id) {
                known.clone_from(agent);
            }
        });
    }

    fn hear_passing(self, passing: Passing) {
        match passing {
            Passing::Typing { conversation_id, who, on, private, .. } => {
                let now = ui::browser::now();
                self.typing.update(|typing| typing.hear(conversation_id, who, on, private, now));
            }
            Passing::Looking { conversation_id, user_id, on } => self.hear_look(conversation_id, user_id, on),
            Passing::AgentPresence { user_id, availability } => {
                if user_id == self.me() {
                    self.workplace.me.update(|me| me.availability = availability);
                }
                self.workplace.lists.update(|lists| {
                    let agents = lists.agents.iter_mut().filter(|agent| agent.id == user_id);
                    agents.for_each(|agent| agent.availability = availability);
                });
            }
            Passing::ContactPresence { contact_id, online } => self.update_threads(|thread| {
                if thread.conversation.contact.id == contact_id {
                    thread.conversation.contact.online = online;
                }
            }),
        }
    }

    fn follow_counts(self) {
        let is_stale = Memo::new(move |_| self.list.with(crate::store::List::counts_stale));
        Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
            if let Some(waiting) = waiting.flatten() {
                waiting.clear();
            }
            is_stale.get().then(|| set_timeout_with_handle(move || self.refresh_list(), COUNTS_AFTER).ok()).flatten()
        });
    }

    /// Whoever falls silent stops typing, even if nobody says so.
    fn follow_silence(self) {
        Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
            if let Some(waiting) = waiting.flatten() {
                waiting.clear();
            }
            let now = ui::browser::now();
            let next = self.typing.with(|typing| typing.clone().expire(now))?;
            let wait = Duration::from_millis(u64::try_from(next - now).unwrap_or_default() + 50);
            let expire = move || {
                self.typing.update(|typing| {
                    typing.expire(ui::browser::now());
                });
            };
            set_timeout_with_handle(expire, wait).ok()
        });
    }
}
