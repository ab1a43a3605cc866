//! What the agent has seen: the newest message of the open conversation, while they look.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::{DisplayId, ErrorCode, MessageId};

use super::Desk;
use crate::call::CallError;
use crate::conversation::calls;
use crate::device;
use crate::live::Link;

/// How soon a look is told again that no answer came to.
const SEEN_AGAIN: Duration = Duration::from_secs(2);

impl Desk {
    /// Marks the open conversation as seen whenever its end is on a screen that somebody looks at.
    pub(super) fn follow_sight(self) {
        Effect::new(move |_| {
            self.is_watched.set(device::is_watched());
            let look = move || {
                let _ = self.is_watched.try_set(device::is_watched());
            };
            let handles = ["focus", "blur", "visibilitychange"]
                .map(|event| window_event_listener_untyped(event, move |_| look()));
            on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
        });
        let unseen = Memo::new(move |_| {
            self.with_conversation(|conversation| {
                let row = &conversation.row;
                // With what is new: a look whose request was lost must not be the last one.
                (row.unread_count > 0).then_some((row.display_id, row.unread_count, row.last_activity_at))
            })
            .flatten()
        });
        let link = self.live.link();
        Effect::new(move |_| {
            let is_looked_at = self.is_watched.get() && self.is_at_end.get() && link.get() != Link::Offline;
            let Some((id, ..)) = unseen.get().filter(|_| is_looked_at) else { return };
            if self.left_unseen.get_value() != Some(id) {
                self.mark_seen(id);
            }
        });
    }

    fn mark_seen(self, id: DisplayId) {
        spawn_local(async move {
            match calls::mark_seen(self.account(), id).await {
                Ok(conversation) => self.put_conversation(&conversation),
                Err(CallError(error)) if error.code == ErrorCode::Unavailable => set_timeout(
                    move || {
                        let _ = self.is_watched.try_set(device::is_watched());
                    },
                    SEEN_AGAIN,
                ),
                // Gone, or no longer ours: the page hears of it by itself.
                Err(_) => {}
            }
        });
    }

    /// The contact's last message counts as unseen again; it stays so until the agent comes back to the conversation.
    pub fn mark_unseen(self, id: DisplayId) {
        self.mark_unseen_from(id, None);
    }

    /// The same of a message and what came after it.
    pub fn mark_unseen_from(self, id: DisplayId, message: Option<MessageId>) {
        self.left_unseen.set_value(Some(id));
        spawn_local(async move {
            match calls::mark_unseen(self.account(), id, message).await {
                Ok(conversation) => self.put_conversation(&conversation),
                Err(error) => self.tell_failure(&error),
            }
        });
    }
}
