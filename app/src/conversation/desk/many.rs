//! What is done with many conversations at once: begun here, done by the server, followed over the line.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::bulk::{BulkAct, BulkRun, BulkState};
use model::{BulkId, ConversationId, DisplayId};
use text::bulk as t;

use super::Desk;
use crate::bulk::calls;
use crate::store::Chosen;

impl Desk {
    /// Ticks a row, or all up to it.
    pub fn tick(self, id: ConversationId, number: DisplayId, is_range: bool) {
        if is_range {
            let order = self.list.with_untracked(crate::store::List::numbers);
            self.chosen.update(|chosen| chosen.extend_to(id, &order));
        } else {
            self.chosen.update(|chosen| chosen.toggle(id, number));
        }
    }

    /// Ticks every row that is loaded.
    pub fn tick_all(self) {
        let order = self.list.with_untracked(crate::store::List::numbers);
        self.chosen.update(|chosen| chosen.all(&order));
    }

    /// Does something with all ticked conversations.
    pub fn act_on_chosen(self, acts: Vec<BulkAct>) {
        let chosen = self.chosen.get_untracked();
        if chosen.is_empty() || acts.is_empty() {
            return;
        }
        let filter = self.list.with_untracked(|list| list.filter().clone());
        let (ids, matching) =
            if chosen.is_everything() { (Vec::new(), Some(filter)) } else { (chosen.numbers(), None) };
        self.chosen.update(Chosen::clear);
        spawn_local(async move {
            match calls::start(self.account(), ids, matching, acts).await {
                Ok(run) => self.put_run(run),
                Err(error) => {
                    // What was meant is still meant.
                    let _ = self.chosen.try_set(chosen);
                    self.tell_failure(&error);
                }
            }
        });
    }

    /// Takes a run back.
    pub fn undo_run(self, id: BulkId) {
        spawn_local(async move {
            match calls::undo(self.account(), id).await {
                Ok(run) => self.put_run(run),
                Err(error) => self.tell_failure(&error),
            }
        });
    }

    /// Takes a run as it is now. At its end it is told, with the way back.
    pub fn put_run(self, run: BulkRun) {
        let known = self.runs.with_untracked(|runs| runs.iter().find(|known| known.id == run.id).cloned());
        // An answer may come behind what was heard over the line.
        if known.as_ref().is_some_and(|known| known.done + known.skipped > run.done + run.skipped) {
            return;
        }
        let was_running = known.as_ref().is_none_or(|known| known.state == BulkState::Running);
        self.runs.update(|runs| {
            runs.retain(|known| known.id != run.id);
            runs.push(run.clone());
            // Those that are over are only kept to know them again.
            if runs.len() > 20 {
                runs.remove(0);
            }
        });
        if run.state != BulkState::Running && was_running {
            self.tell_end(&run);
        }
    }

    /// What was at work when the page came alive.
    pub(super) fn follow_runs(self) {
        Effect::new(move |_| {
            spawn_local(async move {
                if let Ok(runs) = calls::running(self.account()).await {
                    runs.into_iter().for_each(|run| self.put_run(run));
                }
            });
        });
    }

    fn tell_end(self, run: &BulkRun) {
        let (toasts, lang) = (self.toasts, self.lang);
        let mut words = if run.is_undo { t::undone(lang, run.done) } else { t::done(lang, run.done) };
        if run.skipped > 0 {
            words = [&words, " ", &t::skipped(lang, run.skipped)].concat();
        }
        if run.can_be_undone() {
            let id = run.id;
            toasts.offer(words, text::common::undo(lang), Callback::new(move |()| self.undo_run(id)));
        } else {
            toasts.done(words);
        }
    }
}
