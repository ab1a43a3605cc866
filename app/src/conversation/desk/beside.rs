//! What lies beside the open conversation: who follows it, what waits to be sent, what macros did. Read when it is opened, and again
//! when it changed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::action::MacroRun;
use model::conversation::{ConversationRow, Merged};
use model::live::Aside;
use model::scheduled::Scheduled;
use model::{ContactId, DisplayId, UserId};

use super::Desk;
use crate::conversation::beside as calls;
use crate::conversation::composer::Writing;

pub use crate::conversation::beside::Beside;

/// A dialog that is wanted.
#[derive(Clone)]
pub enum Asked {
    /// When to send what is written.
    SendLater(Writing),
    /// Another text or time for what waits.
    ChangeWaiting(Scheduled),
    /// A conversation with a contact, by their name.
    NewMessage(ContactId, String),
    /// Where what was said in the open conversation is to be sent.
    Transcript,
    /// Another conversation of the contact, to be put into the open one.
    Merge(ConversationRow),
}

impl Desk {
    /// Reads what lies beside the open conversation whenever another is opened or something there changed.
    pub(super) fn follow_beside(self) {
        let here = Memo::new(move |_| {
            let is_here = self.open.with(|open| open.thread().is_some());
            self.open_id().filter(|_| is_here)
        });
        let owner = self.conversation_memo(|conversation| conversation.row.assignee.as_ref().map(|agent| agent.id));
        Effect::new(move |_| {
            let id = here.get();
            owner.track();
            let (_, last) = self.aside.get();
            if self.beside.with_untracked(|beside| beside.as_ref().map(|beside| beside.id)) != id {
                self.beside.set(None);
            }
            if let (Some(id), Some(Aside::Messages)) = (id, last) {
                // Messages came from another conversation or went to one: what was loaded is not the thread any more.
                self.aside.update_untracked(|(_, last)| *last = None);
                self.load_anew(id);
            }
            if id.is_some() {
                self.read_beside();
            }
        });
    }

    /// Reads it.
    pub(super) fn read_beside(self) {
        let Some(id) = untrack(|| self.open_id()) else { return };
        spawn_local(async move {
            // Without an answer the old stays; the next change asks again.
            if let Ok(beside) = calls::all(self.account(), id).await
                && self.open.try_with_untracked(|_| ()).is_some()
                && untrack(|| self.open_id()) == Some(id)
            {
                self.beside.set(Some(beside));
            }
        });
    }

    /// Who follows the open conversation.
    #[must_use]
    pub fn followers(self) -> Vec<UserId> {
        self.beside.with(|beside| beside.as_ref().map(|beside| beside.participants.clone()).unwrap_or_default())
    }

    /// What waits to be sent in the open conversation. What is only held stands in the thread.
    #[must_use]
    pub fn waiting(self) -> Vec<Scheduled> {
        let waiting = |beside: &Beside| beside.waiting.iter().filter(|it| !it.is_held).cloned().collect();
        self.beside.with(|beside| beside.as_ref().map(waiting).unwrap_or_default())
    }

    /// Where the open conversation was put, if it was put into another.
    #[must_use]
    pub fn merged(self) -> Option<Merged> {
        self.beside.with(|beside| beside.as_ref().and_then(|beside| beside.merged))
    }

    /// Takes the merge apart by which a conversation went into another.
    pub fn undo_merge(self, from: DisplayId) {
        spawn_local(async move {
            match calls::undo_merge(self.account(), from).await {
                Ok(conversation) => {
                    self.put_conversation(&conversation);
                    self.toasts.done(text::conversation::merge::undone(self.lang));
                }
                Err(error) => self.toasts.fail(error.words(self.lang)),
            }
        });
    }

    /// What macros did in the open conversation lately.
    #[must_use]
    pub fn runs(self) -> Vec<MacroRun> {
        self.beside.with(|beside| beside.as_ref().map(|beside| beside.runs.clone()).unwrap_or_default())
    }

    /// Lets somebody follow the open conversation, or not.
    pub fn set_follower(self, user: UserId, follows: bool) {
        let Some(id) = untrack(|| self.open_id()) else { return };
        self.put_followers(id, |all| {
            all.retain(|other| *other != user);
            if follows {
                all.push(user);
            }
        });
        spawn_local(async move {
            match calls::set_participant(self.account(), id, user, follows).await {
                Ok(now) => self.put_followers(id, |all| *all = now),
                Err(error) => {
                    self.tell_failure(&error);
                    self.read_beside();
                }
            }
        });
    }

    fn put_followers(self, id: DisplayId, change: impl FnOnce(&mut Vec<UserId>)) {
        self.beside.update(|beside| {
            if let Some(beside) = beside.as_mut().filter(|beside| beside.id == id) {
                change(&mut beside.participants);
            }
        });
    }
}
