//! Telling others that something is being written: while it is, and not more often than needed.

use std::time::Duration;

use leptos::prelude::*;
use model::live::ClientFrame;

use crate::conversation::desk::Desk;

/// How often a signal is repeated, in milliseconds.
const AGAIN_AFTER: i64 = 4_000;
/// Without a key for so long nobody types any more.
const IDLE: Duration = Duration::from_secs(5);

/// The signal of one composer. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Typing {
    desk: Desk,
    /// When it was told last, and whether of a note; `None` while nobody types.
    told: StoredValue<Option<(i64, bool)>>,
    idle: StoredValue<Option<TimeoutHandle>>,
}

impl Typing {
    /// Nobody types yet.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk, told: StoredValue::new(None), idle: StoredValue::new(None) }
    }

    /// A key was pressed, and something is written or nothing is left.
    pub fn heed(self, is_written: bool, private: bool) {
        if !is_written {
            self.stop();
            return;
        }
        let now = ui::browser::now();
        let is_told = self.told.get_value().is_some_and(|(at, of_note)| of_note == private && now - at < AGAIN_AFTER);
        if !is_told {
            self.told.set_value(Some((now, private)));
            self.tell(true, private);
        }
        let next = set_timeout_with_handle(move || self.stop(), IDLE).ok();
        self.replace_timer(next);
    }

    /// Nobody types any more.
    pub fn stop(self) {
        self.replace_timer(None);
        if let Some((_, private)) = self.told.try_update_value(Option::take).flatten() {
            self.tell(false, private);
        }
    }

    fn replace_timer(self, next: Option<TimeoutHandle>) {
        if let Some(before) = self.idle.try_update_value(|idle| std::mem::replace(idle, next)).flatten() {
            before.clear();
        }
    }

    fn tell(self, on: bool, private: bool) {
        let id = untrack(|| self.desk.with_conversation(|conversation| conversation.row.id));
        if let Some(conversation_id) = id {
            self.desk.live.say(&ClientFrame::Typing { conversation_id, on, private });
        }
    }
}
