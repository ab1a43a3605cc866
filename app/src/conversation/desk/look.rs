//! Telling colleagues which conversation is on the screen, and hearing which is on theirs.

use std::time::Duration;

use leptos::prelude::*;
use model::live::ClientFrame;
use model::{ConversationId, UserId};

use super::Desk;
use crate::live::Link;

/// How often a look is told again, and those who fell silent are forgotten.
const AGAIN: Duration = Duration::from_secs(20);

impl Desk {
    /// Tells of the open conversation while somebody looks at the page.
    pub(super) fn follow_looks(self) {
        let here = Memo::new(move |_| self.with_conversation(|conversation| conversation.row.id));
        let link = self.live.link();
        Effect::new(move |before: Option<Option<ConversationId>>| {
            let now = here.get();
            let is_new = before.flatten() != now;
            if let Some(left) = before.flatten().filter(|_| is_new) {
                self.tell_look(left, false);
            }
            // A line that was built anew knows nothing of it.
            let is_heard = link.get() == Link::UpToDate;
            if let Some(id) = now.filter(|_| is_heard && self.is_watched.get()) {
                self.tell_look(id, true);
            }
            now
        });
        let again = move || {
            let now = ui::browser::now();
            self.looking.update(|looking| looking.expire(now));
            if let Some(id) = here.get_untracked().filter(|_| self.is_watched.get_untracked()) {
                self.tell_look(id, true);
            }
        };
        Effect::new(move |_| {
            let handle = set_interval_with_handle(again, AGAIN);
            on_cleanup(move || {
                if let Ok(handle) = handle {
                    handle.clear();
                }
            });
        });
    }

    /// A colleague looks at a conversation. Who comes to the one that is open here is told that somebody is there already.
    pub(super) fn hear_look(self, id: ConversationId, who: UserId, on: bool) {
        let now = ui::browser::now();
        let is_new = self.looking.try_update(|looking| looking.hear(id, who, on, now)).unwrap_or_default();
        let is_here = untrack(|| self.with_conversation(|conversation| conversation.row.id)) == Some(id);
        if is_new && is_here && self.is_watched.get_untracked() {
            self.tell_look(id, true);
        }
    }

    fn tell_look(self, conversation_id: ConversationId, on: bool) {
        self.live.say(&ClientFrame::Looking { conversation_id, on });
    }

    /// Names and pictures of the colleagues who look at the open conversation.
    #[must_use]
    pub fn lookers(self) -> Vec<(String, Option<String>)> {
        let Some(id) = self.with_conversation(|conversation| conversation.row.id) else { return Vec::new() };
        let there = self.looking.with(|looking| looking.of(id));
        self.workplace.lists.with(|lists| {
            let agent = |who: &UserId| lists.agents.iter().find(|agent| agent.id == *who);
            let found = there.iter().filter_map(agent);
            found.map(|agent| (agent.name.clone(), agent.avatar_url.clone())).collect()
        })
    }
}
