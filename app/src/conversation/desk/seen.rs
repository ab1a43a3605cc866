//! What the agent has seen: the newest message of the open conversation, while they look.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::DisplayId;

use super::Desk;
use crate::conversation::calls;
use crate::device;

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
                (conversation.row.unread_count > 0).then_some(conversation.row.display_id)
            })
            .flatten()
        });
        Effect::new(move |_| {
            let is_looked_at = self.is_watched.get() && self.is_at_end.get();
            let Some(id) = unseen.get().filter(|_| is_looked_at) else { return };
            if self.left_unseen.get_value() != Some(id) {
                self.mark_seen(id);
            }
        });
    }

    fn mark_seen(self, id: DisplayId) {
        spawn_local(async move {
            // Without an answer the next look asks again.
            if let Ok(conversation) = calls::mark_seen(self.account(), id).await {
                self.put_conversation(&conversation);
            }
        });
    }

    /// The contact's last message counts as unseen again; it stays so until the agent comes back to the conversation.
    pub fn mark_unseen(self, id: DisplayId) {
        self.left_unseen.set_value(Some(id));
        spawn_local(async move {
            match calls::mark_unseen(self.account(), id).await {
                Ok(conversation) => self.put_conversation(&conversation),
                Err(error) => self.tell_failure(&error),
            }
        });
    }
}
