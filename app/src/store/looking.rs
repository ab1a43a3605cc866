//! Which colleagues have which conversation on their screen, until they leave it or fall silent.

use std::collections::HashMap;

use model::{ConversationId, Millis, UserId};

/// Without another sign somebody who looked counts as gone, in milliseconds. Signs come every 20 seconds.
const SILENCE: i64 = 45_000;

/// Everybody who is looking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looking(HashMap<ConversationId, Vec<(UserId, Millis)>>);

impl Looking {
    /// Somebody looks, or left; true when they were not there before.
    pub fn hear(&mut self, id: ConversationId, who: UserId, on: bool, now: Millis) -> bool {
        let there = self.0.entry(id).or_default();
        let known = there.iter().position(|(other, _)| *other == who);
        match (known, on) {
            (Some(at), true) => there[at].1 = now + SILENCE,
            (Some(at), false) => {
                there.remove(at);
            }
            (None, true) => there.push((who, now + SILENCE)),
            (None, false) => {}
        }
        if there.is_empty() {
            self.0.remove(&id);
        }
        on && known.is_none()
    }

    /// Forgets those who fell silent.
    pub fn expire(&mut self, now: Millis) {
        self.0.retain(|_, there| {
            there.retain(|(_, until)| *until > now);
            !there.is_empty()
        });
    }

    /// Who looks at a conversation, in the order in which they came.
    #[must_use]
    pub fn of(&self, id: ConversationId) -> Vec<UserId> {
        self.0.get(&id).into_iter().flatten().map(|(who, _)| *who).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_there_once_until_they_leave_or_fall_silent() {
        let (here, bia, caio) = (ConversationId(1), UserId(7), UserId(8));
        let mut looking = Looking::default();
        assert!(looking.hear(here, bia, true, 0));
        assert!(looking.hear(here, caio, true, 1));
        assert!(!looking.hear(here, bia, true, 20_000));
        assert_eq!(looking.of(here), [bia, caio]);
        looking.expire(SILENCE + 1);
        assert_eq!(looking.of(here), [bia]);
        assert!(!looking.hear(here, bia, false, 30_000));
        assert_eq!(looking, Looking::default());
        assert!(!looking.hear(here, bia, false, 30_000));
    }
}
