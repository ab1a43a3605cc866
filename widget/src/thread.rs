//! The order of messages and how they stand together. Pure functions; the view only follows.

use crate::message::Message;

/// Messages of one author within so many seconds stand together.
const GROUP_SECONDS: i64 = 5 * 60;

/// How a message stands among its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The first of its day: the day is written above it.
    pub new_day: bool,
    /// The first of its author's group.
    pub first: bool,
    /// The last of its author's group.
    pub last: bool,
    /// The newest of the visitor's own: the one that shows how far it came.
    pub newest_own: bool,
    /// The first the visitor has not seen.
    pub unseen: bool,
    /// The visitor has written after it.
    pub answered: bool,
}

/// Puts a message in: in place of the one it is a newer state of, else where it belongs. A message the server has comes
/// before those still on their way. Returns whether it is new to the list.
pub fn merge(messages: &mut Vec<Message>, mut message: Message) -> bool {
    let same = |other: &Message| {
        (message.id.is_some() && other.id == message.id)
            || (message.echo_id.is_some() && other.echo_id == message.echo_id)
    };
    let known = messages.iter().position(same);
    if let Some(at) = known {
        let old = messages.remove(at);
        if old.id.is_some() && message.id.is_none() {
            // What the server has confirmed is not undone by a late failure of the same request.
            messages.insert(at, old);
            return false;
        }
        message.echo_id = old.echo_id.or(message.echo_id);
        // A state from before the look may arrive after it.
        message.seen |= old.seen;
        if old.id == message.id {
            messages.insert(at, message);
            return false;
        }
    }
    let at = match message.id {
        Some(id) => messages.iter().rposition(|other| other.id.is_some_and(|other| other < id)).map_or(0, |at| at + 1),
        None => messages.len(),
    };
    messages.insert(at, message);
    known.is_none()
}

/// The place of every message. `seen_at` is when the visitor last looked, `offset` the minutes east of UTC.
pub fn places(messages: &[Message], seen_at: i64, offset: i64) -> Vec<Place> {
    let day = |message: &Message| (message.created_at + offset * 60).div_euclid(86_400);
    let together = |a: &Message, b: &Message| {
        a.is_own() == b.is_own()
            && a.sender.as_ref().map(|sender| sender.id) == b.sender.as_ref().map(|sender| sender.id)
            && (b.created_at - a.created_at).abs() < GROUP_SECONDS
            && day(a) == day(b)
    };
    let newest_own = messages.iter().rposition(Message::is_own);
    let first_unseen = messages.iter().position(|message| is_unseen(message, seen_at));
    (0..messages.len())
        .map(|at| {
            let message = &messages[at];
            let before = at.checked_sub(1).map(|at| &messages[at]);
            let after = messages.get(at + 1);
            Place {
                new_day: before.is_none_or(|before| day(before) != day(message)),
                first: before.is_none_or(|before| !together(before, message)),
                last: after.is_none_or(|after| !together(message, after)),
                newest_own: newest_own == Some(at),
                unseen: first_unseen == Some(at) && at > 0,
                answered: newest_own.is_some_and(|own| own > at),
            }
        })
        .collect()
}

/// Times are whole seconds: of what came in the second of the last look only the message itself knows.
fn is_unseen(message: &Message, seen_at: i64) -> bool {
    !message.is_own() && !message.seen && message.created_at >= seen_at
}

/// Messages of the team that are newer than the visitor's last look.
pub fn unseen(messages: &[Message], seen_at: i64) -> usize {
    messages.iter().filter(|message| is_unseen(message, seen_at)).count()
}

#[cfg(test)]
mod tests {
    use model::MessageKind;

    use super::*;
    use crate::message::{Delivery, Sender};

    fn message(id: Option<i64>, echo: Option<&str>, own: bool, at: i64) -> Message {
        Message {
            id,
            echo_id: echo.map(str::to_owned),
            kind: if own { MessageKind::Incoming } else { MessageKind::Outgoing },
            content: format!("{id:?}{echo:?}"),
            created_at: at,
            sender: (!own).then(|| Sender { id: 1, ..Sender::default() }),
            attachments: Vec::new(),
            deleted: false,
            ask: None,
            seen: false,
            delivery: if id.is_some() { Delivery::Sent } else { Delivery::Waiting },
        }
    }

    fn keys(messages: &[Message]) -> Vec<String> {
        messages.iter().map(Message::key).collect()
    }

    #[test]
    fn the_server_decides_the_order_and_what_waits_comes_last() {
        let mut list = Vec::new();
        assert!(merge(&mut list, message(None, Some("a"), true, 10)));
        assert!(merge(&mut list, message(None, Some("b"), true, 11)));
        assert!(merge(&mut list, message(Some(7), None, false, 12)));
        assert!(merge(&mut list, message(Some(5), None, false, 9)));
        assert_eq!(keys(&list), ["5", "7", "a", "b"]);
        assert!(!merge(&mut list, message(Some(6), Some("b"), true, 12)));
        assert_eq!(keys(&list), ["5", "b", "7", "a"]);
    }

    #[test]
    fn the_same_message_by_socket_and_by_answer_is_one() {
        let mut list = vec![message(None, Some("a"), true, 10)];
        assert!(!merge(&mut list, message(Some(3), Some("a"), true, 10)));
        assert!(!merge(&mut list, message(Some(3), None, true, 10)));
        assert_eq!(keys(&list), ["a"]);
        let mut late = message(None, Some("a"), true, 10);
        late.delivery = Delivery::Failed(None);
        assert!(!merge(&mut list, late));
        assert_eq!((list[0].id, &list[0].delivery), (Some(3), &Delivery::Sent));
    }

    #[test]
    fn groups_end_with_author_time_and_day() {
        let list = [
            message(Some(1), None, false, 1_000),
            message(Some(2), None, false, 1_100),
            message(Some(3), None, true, 1_150),
            message(Some(4), None, true, 9_000),
            message(Some(5), None, true, 86_401),
        ];
        let places = places(&list, 1_050, 0);
        let shown: Vec<_> = places.iter().map(|place| (place.new_day, place.first, place.last)).collect();
        assert_eq!(
            shown,
            [(true, true, false), (false, false, true), (false, true, true), (false, true, true), (true, true, true)]
        );
        assert_eq!(places.iter().position(|place| place.newest_own), Some(4));
        assert_eq!(places.iter().position(|place| place.unseen), Some(1));
        assert_eq!(unseen(&list, 1_050), 1);
    }

    #[test]
    fn a_message_in_the_second_of_the_last_look_is_unseen_until_it_is_seen() {
        let mut list = vec![message(Some(1), None, false, 1_000), message(Some(2), None, false, 1_000)];
        list[0].seen = true;
        assert_eq!(unseen(&list, 1_000), 1);
        assert_eq!(unseen(&list, 1_001), 0);
        list[1].seen = true;
        assert!(!merge(&mut list, message(Some(2), None, false, 1_000)));
        assert_eq!(unseen(&list, 1_000), 0, "what was seen stays so");
    }
}
