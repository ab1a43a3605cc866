//! Keys pressed before the conversation that they mean was read: they work once it is there.

use leptos::prelude::*;
use model::DisplayId;

use super::Tools;
use crate::command::{Command, Group, TABLE};
use crate::conversation::desk::{Desk, Open};

/// Somebody who presses more than that does not type commands.
const MOST: usize = 4;

impl Tools {
    /// Keeps a command for the open conversation while that is on its way; whether it is.
    pub(super) fn keep_for(self, desk: Desk, command: Command) -> bool {
        let is_about_it = TABLE.iter().any(|entry| entry.command == command && entry.group == Group::Conversation);
        let Open::Loading(id) = *desk.open.read_untracked() else { return false };
        // Those that are ticked are here, and mean that the command is about them.
        if !is_about_it || desk.chosen.with_untracked(|chosen| !chosen.is_empty()) {
            return false;
        }
        self.waiting.update_value(|waiting| {
            waiting.retain(|(of, _)| *of == id);
            if waiting.len() < MOST {
                waiting.push((id, command));
            }
        });
        true
    }

    /// Does what was kept when its conversation is there, and forgets it when another one is wanted instead.
    pub(super) fn follow_waiting(self) {
        Effect::new(move |_| {
            let Some(desk) = self.desk.get() else { return };
            let here = desk.open.with(|open| match open {
                Open::Loading(id) => Some((*id, false)),
                Open::Here(thread) => Some((thread.conversation.row.display_id, true)),
                Open::Nothing | Open::Failed(..) => None,
            });
            let kept = self.waiting.with_value(|waiting| waiting.first().map(|(id, _)| *id));
            match (kept, here) {
                (None, _) => {}
                (Some(kept), Some((id, is_here))) if kept == id => {
                    if is_here {
                        // Drawn by then: writing an answer needs the field.
                        request_animation_frame(move || self.catch_up(desk, id));
                    }
                }
                _ => self.waiting.set_value(Vec::new()),
            }
        });
    }

    fn catch_up(self, desk: Desk, id: DisplayId) {
        let Some(waiting) = self.waiting.try_update_value(std::mem::take) else { return };
        for (of, command) in waiting {
            let is_here = desk.open.try_with_untracked(|open| {
                open.thread().is_some_and(|thread| thread.conversation.row.display_id == id)
            });
            if of == id && is_here == Some(true) {
                let _ = self.can(command) && self.act(desk, command);
            }
        }
    }
}
