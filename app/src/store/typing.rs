//! Who is typing where, until they stop or fall silent.

use std::collections::HashMap;

use model::live::Typist;
use model::{ConversationId, Millis};

/// Without another sign somebody who typed counts as gone, in milliseconds.
const SILENCE: i64 = 12_000;

/// Everybody who is typing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typing(HashMap<ConversationId, Vec<Writer>>);

/// Somebody who types.
#[derive(Clone, Debug, PartialEq)]
pub struct Writer {
    pub who: Typist,
    /// A note that the contact will not see.
    pub private: bool,
    until: Millis,
}

impl Typing {
    /// Somebody types, or stopped.
    pub fn hear(&mut self, id: ConversationId, who: Typist, on: bool, private: bool, now: Millis) {
        let typists = self.0.entry(id).or_default();
        typists.retain(|other| !is_same(&other.who, &who));
        if on {
            typists.push(Writer { who, private, until: now + SILENCE });
        }
        if typists.is_empty() {
            self.0.remove(&id);
        }
    }

    /// Somebody's message arrived: they no longer write it.
    pub fn sent(&mut self, id: ConversationId, by_contact: bool, sender: Option<i64>) {
        let Some(typists) = self.0.get_mut(&id) else { return };
        typists.retain(|writer| match &writer.who {
            Typist::Contact { .. } => !by_contact,
            Typist::Agent { id, .. } => by_contact || sender != Some(id.0),
        });
        if typists.is_empty() {
            self.0.remove(&id);
        }
    }

    /// Forgets those who fell silent; when to look again.
    pub fn expire(&mut self, now: Millis) -> Option<Millis> {
        self.0.retain(|_, typists| {
            typists.retain(|writer| writer.until > now);
            !typists.is_empty()
        });
        self.0.values().flatten().map(|writer| writer.until).min()
    }

    /// Who types in a conversation.
    pub fn of(&self, id: ConversationId) -> impl Iterator<Item = &Typist> {
        self.writers(id).iter().map(|writer| &writer.who)
    }

    /// The same, and what they write.
    #[must_use]
    pub fn writers(&self, id: ConversationId) -> &[Writer] {
        self.0.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether the contact types in a conversation.
    #[must_use]
    pub fn has_contact(&self, id: ConversationId) -> bool {
        self.of(id).any(|who| matches!(who, Typist::Contact { .. }))
    }
}

fn is_same(a: &Typist, b: &Typist) -> bool {
    match (a, b) {
        (Typist::Contact { id: a, .. }, Typist::Contact { id: b, .. }) => a == b,
        (Typist::Agent { id: a, .. }, Typist::Agent { id: b, .. }) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use model::{ContactId, UserId};

    use super::*;

    const HERE: ConversationId = ConversationId(1);

    fn marina() -> Typist {
        Typist::Contact { id: ContactId(7), name: "Marina".to_owned() }
    }

    fn bruno() -> Typist {
        Typist::Agent { id: UserId(7), name: "Bruno".to_owned() }
    }

    #[test]
    fn each_is_there_once_until_they_stop() {
        let mut typing = Typing::default();
        typing.hear(HERE, marina(), true, false, 0);
        typing.hear(HERE, marina(), true, false, 5_000);
        typing.hear(HERE, bruno(), true, false, 5_000);
        assert_eq!(typing.of(HERE).count(), 2);
        typing.hear(HERE, marina(), false, false, 6_000);
        assert!(!typing.has_contact(HERE));
        assert_eq!(typing.of(HERE).collect::<Vec<_>>(), [&bruno()]);
    }

    #[test]
    fn silence_and_a_sent_message_end_it() {
        let mut typing = Typing::default();
        typing.hear(HERE, marina(), true, false, 0);
        assert_eq!(typing.expire(1_000), Some(SILENCE));
        assert_eq!(typing.expire(SILENCE), None);
        assert_eq!(typing, Typing::default());

        typing.hear(HERE, marina(), true, false, 0);
        typing.hear(HERE, bruno(), true, false, 0);
        typing.sent(HERE, true, None);
        typing.sent(HERE, false, Some(8));
        assert_eq!(typing.of(HERE).collect::<Vec<_>>(), [&bruno()]);
        typing.sent(HERE, false, Some(7));
        assert_eq!(typing.of(HERE).count(), 0);
    }
}
