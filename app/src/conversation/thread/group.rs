//! How messages stand together: days, groups of one author, runs of activity, the line before what is new.

use std::collections::HashMap;

use model::message::{Message, Sender};
use model::{ContentKind, MessageId, MessageKind, Millis, SenderKind};
use text::time::Civil;

use crate::store::Outgoing;

/// Messages of one author closer together than this stand in one group, in milliseconds.
const CLOSE: i64 = 5 * 60_000;
/// Longer runs of activity are folded.
const SHOWN_ACTIVITIES: usize = 2;

/// One line of the thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A day begins; a moment of it.
    Day(Millis),
    /// What follows is new.
    New,
    /// What was done, folded when it is much.
    Activity { ids: Vec<MessageId>, is_folded: bool },
    /// Messages of one author.
    Group(Group),
}

impl Item {
    /// Stays the same while the line stays the same one.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Day(at) => ["day-", &at.to_string()].concat(),
            Self::New => "new".to_owned(),
            Self::Activity { ids, .. } => {
                ["activity-", &ids.first().map(ToString::to_string).unwrap_or_default()].concat()
            }
            Self::Group(group) => ["group-", &group.key].concat(),
        }
    }
}

/// Messages of one author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    key: String,
    pub side: Side,
    pub author: Option<Author>,
    /// By `bubble_key`.
    pub bubbles: Vec<Bubble>,
}

/// Where messages stand and on which ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From the contact.
    Other,
    /// From an agent to the contact.
    Own,
    /// Among agents.
    Note,
    /// Sent by the system.
    Auto,
}

/// Who wrote a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub kind: SenderKind,
    pub id: i64,
    pub name: String,
    pub avatar_url: Option<String>,
}

impl From<&Sender> for Author {
    fn from(sender: &Sender) -> Self {
        Self { kind: sender.kind, id: sender.id, name: sender.name.clone(), avatar_url: sender.avatar_url.clone() }
    }
}

/// One message of a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bubble {
    /// One that the server has.
    Kept(MessageId, Option<String>),
    /// One on its way out, by its echo id.
    Outgoing(String),
}

impl Bubble {
    /// Stays the same when the message on its way out arrives, so that its bubble does not blink.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Kept(_, Some(echo)) | Self::Outgoing(echo) => ["echo-", echo].concat(),
            Self::Kept(id, None) => ["id-", &id.to_string()].concat(),
        }
    }
}

/// The reader, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Who messages on their way out are from.
    pub author: Author,
    /// Minutes ahead of UTC.
    pub offset: i32,
}

/// The lines of a thread. `first_new` is the message before which the line "new" stands.
#[must_use]
pub fn items<'a>(
    messages: &[Message],
    outgoing: impl Iterator<Item = &'a Outgoing>,
    first_new: Option<MessageId>,
    reader: &Reader,
) -> Vec<Item> {
    let mut lines = Lines { items: Vec::new(), last_at: None, offset: reader.offset };
    for message in messages {
        lines.day(message.created_at);
        if first_new == Some(message.id) {
            lines.push(Item::New);
        }
        if message.kind == MessageKind::Activity {
            lines.activity(message.id);
        } else {
            let author = message.sender.as_ref().map(Author::from);
            let bubble = Bubble::Kept(message.id, message.echo_id.clone());
            lines.bubble(side(message), author, bubble, message.created_at);
        }
        lines.last_at = Some(message.created_at);
    }
    for message in outgoing {
        // The clock of this computer may be behind the server's: what is on its way is never older than what is there.
        let at = lines.last_at.map_or(message.created_at, |last| last.max(message.created_at));
        lines.day(at);
        let side = if message.private { Side::Note } else { Side::Own };
        lines.bubble(side, Some(reader.author.clone()), Bubble::Outgoing(message.echo_id.clone()), at);
        lines.last_at = Some(at);
    }
    lines.items
}

/// Where each key stands: in a long conversation every line looks for itself after each change.
#[must_use]
pub fn places(keys: impl Iterator<Item = String>) -> HashMap<String, usize> {
    keys.enumerate().map(|(place, key)| (key, place)).collect()
}

/// On which side a message stands.
#[must_use]
pub fn side(message: &Message) -> Side {
    let is_person = message.sender.as_ref().is_some_and(|sender| sender.kind == SenderKind::User);
    match message.kind {
        _ if message.private => Side::Note,
        MessageKind::Incoming | MessageKind::Activity => Side::Other,
        MessageKind::Outgoing if is_person || message.content_kind == ContentKind::IncomingEmail => Side::Own,
        MessageKind::Outgoing | MessageKind::Template => Side::Auto,
    }
}

struct Lines {
    items: Vec<Item>,
    last_at: Option<Millis>,
    offset: i32,
}

impl Lines {
    fn push(&mut self, item: Item) {
        self.items.push(item);
    }

    fn day(&mut self, at: Millis) {
        let day = |at| Civil::new(at, self.offset).days;
        if self.last_at.is_none_or(|last| day(last) != day(at)) {
            self.push(Item::Day(at));
        }
    }

    fn activity(&mut self, id: MessageId) {
        if let Some(Item::Activity { ids, is_folded }) = self.items.last_mut() {
            ids.push(id);
            *is_folded = ids.len() > SHOWN_ACTIVITIES;
        } else {
            self.push(Item::Activity { ids: vec![id], is_folded: false });
        }
    }

    fn bubble(&mut self, side: Side, author: Option<Author>, bubble: Bubble, at: Millis) {
        let is_close = self.last_at.is_some_and(|last| at - last < CLOSE);
        if let Some(Item::Group(group)) = self.items.last_mut() {
            let is_same = match (&group.author, &author) {
                (Some(a), Some(b)) => (a.kind, a.id) == (b.kind, b.id),
                (None, None) => true,
                _ => false,
            };
            if is_close && is_same && group.side == side {
                group.bubbles.push(bubble);
                return;
            }
        }
        self.push(Item::Group(Group { key: bubble.key(), side, author, bubbles: vec![bubble] }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples::{activity, message, reply, with};
    use crate::store::{Outgoing, SendState};

    fn reader() -> Reader {
        let author = Author { kind: SenderKind::User, id: 1, name: "Ana".into(), avatar_url: None };
        Reader { author, offset: -180 }
    }

    fn shape(messages: &[Message], first_new: Option<i64>) -> Vec<String> {
        let items = items(messages, std::iter::empty(), first_new.map(MessageId), &reader());
        items
            .iter()
            .map(|item| match item {
                Item::Day(_) => "day".to_owned(),
                Item::New => "new".to_owned(),
                Item::Activity { ids, is_folded } => format!("activity {} {is_folded}", ids.len()),
                Item::Group(group) => format!("{:?} {}", group.side, group.bubbles.len()),
            })
            .collect()
    }

    #[test]
    fn messages_of_one_author_stand_together_for_five_minutes() {
        let messages = [message(0), message(60), message(359), message(700), reply(710, 1), reply(720, 2)];
        assert_eq!(shape(&messages, None), ["day", "Other 3", "Other 1", "Own 1", "Own 1"]);
    }

    #[test]
    fn notes_and_automatic_messages_stand_apart() {
        let note = with(reply(2, 1), |m| m.private = true);
        let auto = with(reply(3, 1), |m| {
            m.kind = MessageKind::Template;
            m.sender = None;
        });
        assert_eq!(shape(&[reply(1, 1), note, auto, reply(4, 1)], None), ["day", "Own 1", "Note 1", "Auto 1", "Own 1"]);
    }

    #[test]
    fn days_are_the_readers() {
        // 02:59 and 03:00 UTC are two days in São Paulo.
        let before = message(2 * 3_600 + 59 * 60);
        let after = message(3 * 3_600);
        assert_eq!(shape(&[before, after], None), ["day", "Other 1", "day", "Other 1"]);
    }

    #[test]
    fn the_line_breaks_a_group() {
        assert_eq!(shape(&[message(1), message(2), message(3)], Some(2)), ["day", "Other 1", "new", "Other 2"]);
    }

    #[test]
    fn much_activity_is_folded() {
        let little = [message(1), activity(2), activity(3), message(4)];
        assert_eq!(shape(&little, None), ["day", "Other 1", "activity 2 false", "Other 1"]);
        assert_eq!(shape(&[activity(1), activity(2), activity(3)], None), ["day", "activity 3 true"]);
    }

    #[test]
    fn a_message_keeps_its_place_and_key_when_it_is_confirmed() {
        let outgoing = Outgoing {
            echo_id: "e1".into(),
            display_id: model::DisplayId(1),
            conversation_id: model::ConversationId(1),
            content: "oi".into(),
            private: false,
            in_reply_to: None,
            copies: None,
            files: Vec::new(),
            created_at: 0,
            when: crate::store::When::Now,
            state: SendState::Waiting,
        };
        let before = items(&[reply(10, 1)], [&outgoing].into_iter(), None, &reader());
        let confirmed = with(reply(11, 1), |m| m.echo_id = Some("e1".into()));
        let after = items(&[reply(10, 1), confirmed], std::iter::empty(), None, &reader());
        let keys = |items: &[Item]| match &items[1] {
            Item::Group(group) => (items[1].key(), group.bubbles.iter().map(Bubble::key).collect::<Vec<_>>()),
            other => panic!("{other:?}"),
        };
        assert_eq!(keys(&before), keys(&after));
    }
}
