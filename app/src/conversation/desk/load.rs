//! Reading lists and threads, when the address asks for others or when too much was missed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::conversation::ConversationFilter;
use model::{DisplayId, MessageId};

use super::{Desk, KEPT_THREADS, Load, Open};
use crate::conversation::calls::{self, Opened};
use crate::store::{Chosen, List, More, Older, Thread};

/// A thread from the server's answer.
pub(super) fn thread(opened: Opened) -> Thread {
    let mut thread = Thread::new(opened.conversation, opened.messages, opened.has_older);
    thread.others = opened.others;
    thread.members = opened.members;
    thread
}

impl Desk {
    /// Loads what the address asks for whenever it changes.
    pub(super) fn follow_address(self) {
        let filter = Memo::new(move |_| self.place.read().filter());
        Effect::new(move |_| {
            let filter = filter.get();
            self.chosen.update(Chosen::clear);
            if self.list.with_untracked(|list| *list.filter() != filter) {
                self.load_list(filter);
            }
        });
        let open = Memo::new(move |_| self.place.read().open);
        Effect::new(move |_| {
            let wanted = open.get();
            if untrack(|| self.open_id()) != wanted {
                self.show(wanted);
            } else if matches!(*self.open.read_untracked(), Open::Loading(_)) {
                wanted.into_iter().for_each(|id| self.load_thread(id));
            }
            self.notify.on_screen.set(wanted);
        });
        on_cleanup(move || {
            let _ = self.notify.on_screen.try_set(None);
        });
    }

    /// Reads the first page of a list.
    pub fn load_list(self, filter: ConversationFilter) {
        let asked = self.ask(|asked| &mut asked.0);
        let since = self.heard_so_far();
        self.list_load.set(Load::Loading);
        spawn_local(async move {
            let answer = calls::list(self.account(), filter.clone()).await;
            if self.asked.try_with_value(|latest| latest.0) != Some(asked) {
                return;
            }
            match answer {
                Ok(listed) => {
                    self.list.set(List::new(self.me(), filter, listed.page, listed.counts));
                    self.list_load.set(Load::Done);
                    self.more_load.set(Load::Done);
                    self.hear_again(since);
                }
                Err(error) => self.list_load.set(Load::Failed(error.0.code)),
            }
        });
    }

    /// Reads the next page of the list, unless it is on its way or there is none.
    pub fn load_more(self) {
        let cursor = self.list.with_untracked(|list| match list.more() {
            More::After { cursor, .. } => Some((cursor.clone(), list.filter().clone())),
            More::End => None,
        });
        let Some((cursor, filter)) = cursor else { return };
        if self.more_load.get_untracked() == Load::Loading || self.list_load.get_untracked() == Load::Loading {
            return;
        }
        let asked = self.asked.with_value(|asked| asked.0);
        let since = self.heard_so_far();
        self.more_load.set(Load::Loading);
        spawn_local(async move {
            let answer = calls::more(self.account(), filter, cursor).await;
            if self.asked.try_with_value(|latest| latest.0) != Some(asked) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.list.update(|list| list.extend(page));
                    self.more_load.set(Load::Done);
                    self.hear_again(since);
                }
                Err(error) => self.more_load.set(Load::Failed(error.0.code)),
            }
        });
    }

    /// Asks anew for what the list could not follow by itself.
    pub(super) fn refresh_list(self) {
        if !self.list.with_untracked(List::is_written) {
            self.load_counts();
            return;
        }
        let filter = self.list.with_untracked(|list| list.filter().clone());
        let asked = self.asked.with_value(|asked| asked.0);
        let since = self.heard_so_far();
        spawn_local(async move {
            let Ok(listed) = calls::list(self.account(), filter).await else { return };
            if self.asked.try_with_value(|latest| latest.0) == Some(asked) {
                self.list.update(|list| list.refresh(listed.page, listed.counts));
                self.hear_again(since);
            }
        });
    }

    /// Asks for the counts anew.
    fn load_counts(self) {
        let filter = self.list.with_untracked(|list| list.filter().clone());
        let asked = self.asked.with_value(|asked| asked.0);
        spawn_local(async move {
            let Ok(counts) = calls::counts(self.account(), filter).await else { return };
            if self.asked.try_with_value(|latest| latest.0) == Some(asked) {
                self.list.update(|list| list.set_counts(counts));
            }
        });
    }

    /// Shows a conversation, from memory when it is there.
    fn show(self, wanted: Option<DisplayId>) {
        self.reply_to.set(None);
        self.left_unseen.set_value(None);
        self.is_at_end.set(true);
        let kept = wanted.and_then(|id| {
            let is_wanted = |thread: &Thread| thread.conversation.row.display_id == id;
            self.kept
                .try_update_value(|kept| kept.iter().position(is_wanted).and_then(|index| kept.remove(index)))
                .flatten()
        });
        let is_kept = kept.is_some();
        let next = match (wanted, kept) {
            (None, _) => Open::Nothing,
            (Some(_), Some(thread)) => Open::Here(Box::new(thread)),
            (Some(id), None) => Open::Loading(id),
        };
        let before = self.open.try_update(|open| std::mem::replace(open, next));
        if let Some(Open::Here(mut thread)) = before {
            thread.forget_new();
            self.kept.update_value(|kept| {
                kept.push_front(*thread);
                kept.truncate(KEPT_THREADS);
            });
        }
        if let Some(id) = wanted.filter(|_| !is_kept) {
            self.load_thread(id);
        }
    }

    /// Reads the open conversation from the server.
    pub fn load_thread(self, id: DisplayId) {
        let asked = self.ask(|asked| &mut asked.1);
        let since = self.heard_so_far();
        if self.open.with_untracked(|open| open.thread().is_none()) {
            self.open.set(Open::Loading(id));
        }
        spawn_local(async move {
            let answer = calls::open(self.account(), id).await;
            let is_late = self.asked.try_with_value(|latest| latest.1) != Some(asked);
            if is_late || untrack(|| self.open_id()) != Some(id) {
                return;
            }
            match answer {
                Ok(opened) => {
                    let is_watched = self.is_watched.get_untracked();
                    self.open.update(|open| match open.thread_mut() {
                        Some(known) => {
                            known.catch_up(opened.conversation, opened.messages, opened.has_older, is_watched);
                            known.others = opened.others;
                            known.members = opened.members;
                        }
                        None => *open = Open::Here(Box::new(thread(opened))),
                    });
                    self.hear_again(since);
                }
                Err(error) if self.open.with_untracked(|open| open.thread().is_none()) => {
                    self.open.set(Open::Failed(id, error.0.code));
                }
                // What is shown stays; the line says that it may be old.
                Err(_) => {}
            }
        });
    }

    /// Reads the open conversation as if it had never been shown: what is known of it may belong to another now.
    pub(super) fn load_anew(self, id: DisplayId) {
        self.kept.update_value(|kept| kept.retain(|thread| thread.conversation.row.display_id != id));
        self.open.set(Open::Loading(id));
        self.load_thread(id);
    }

    /// Reads the messages before the oldest one.
    pub fn load_older(self) {
        let wanted = self.open.with_untracked(|open| {
            let thread = open.thread().filter(|thread| matches!(thread.older, Older::Some | Older::Failed))?;
            Some((thread.conversation.row.display_id, thread.oldest()?))
        });
        let Some((id, before)) = wanted else { return };
        self.set_older(id, Older::Loading);
        spawn_local(async move {
            match calls::older(self.account(), id, before).await {
                Ok(page) => self.open.update(|open| {
                    let thread = open.thread_mut().filter(|thread| is_waiting(thread, id, before));
                    if let Some(thread) = thread {
                        thread.prepend(page.messages, page.has_older);
                    }
                }),
                Err(_) => self.set_older(id, Older::Failed),
            }
        });
    }

    fn set_older(self, id: DisplayId, older: Older) {
        self.open.update(|open| {
            if let Some(thread) = open.thread_mut().filter(|thread| thread.conversation.row.display_id == id) {
                thread.older = older;
            }
        });
    }

    /// Too much was missed: everything shown is read anew.
    pub(super) fn reload(self) {
        self.kept.update_value(std::collections::VecDeque::clear);
        self.latest.update_value(crate::store::Latest::clear);
        self.load_list(self.list.with_untracked(|list| list.filter().clone()));
        if let Some(id) = untrack(|| self.open_id()) {
            self.load_thread(id);
        }
        self.workplace.refresh();
    }

    fn ask(self, which: impl Fn(&mut (u32, u32)) -> &mut u32) -> u32 {
        let next = self.asked.try_update_value(|asked| {
            let number = which(asked);
            *number += 1;
            *number
        });
        next.unwrap_or_default()
    }
}

fn is_waiting(thread: &Thread, id: DisplayId, before: MessageId) -> bool {
    thread.conversation.row.display_id == id && thread.oldest() == Some(before)
}
