//! One conversation with the part of its messages that is loaded.

use model::contact::Contact;
use model::conversation::{Conversation, ConversationRow};
use model::message::Message;
use model::{MessageId, MessageKind, UserId};

/// Whether there are older messages than those loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Older {
    /// The conversation's first message is here.
    #[default]
    None,
    /// There may be more.
    Some,
    /// They are on their way.
    Loading,
    /// They could not be loaded.
    Failed,
}

/// A conversation as it is open. Its messages are one piece without holes, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    pub conversation: Conversation,
    messages: Vec<Message>,
    pub older: Older,
    /// Other conversations of the contact, newest first.
    pub others: Vec<ConversationRow>,
    /// Agents who can be given the conversation.
    pub members: Vec<UserId>,
    /// The first message that was news when the agent came, or that arrived while they looked elsewhere.
    first_new: Option<MessageId>,
}

impl Thread {
    /// A conversation that was just opened.
    #[must_use]
    pub fn new(conversation: Conversation, messages: Vec<Message>, has_older: bool) -> Self {
        let seen_until = conversation.agent_last_seen_at;
        let is_news = |message: &&Message| message.kind == MessageKind::Incoming && message.created_at > seen_until;
        let first_new = (conversation.row.unread_count > 0)
            .then(|| messages.iter().find(is_news).map(|message| message.id))
            .flatten();
        let older = if has_older { Older::Some } else { Older::None };
        Self { conversation, messages, older, others: Vec::new(), members: Vec::new(), first_new }
    }

    /// The loaded messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// A loaded message.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.binary_search_by_key(&id, |message| message.id).ok().map(|index| &self.messages[index])
    }

    /// The oldest message loaded.
    #[must_use]
    pub fn oldest(&self) -> Option<MessageId> {
        self.messages.first().map(|message| message.id)
    }

    /// The newest message loaded.
    #[must_use]
    pub fn newest(&self) -> Option<MessageId> {
        self.messages.last().map(|message| message.id)
    }

    /// Before which message the line "new" is drawn.
    #[must_use]
    pub fn first_new(&self) -> Option<MessageId> {
        self.first_new
    }

    /// The line is no longer needed: the agent has answered.
    pub fn forget_new(&mut self) {
        self.first_new = None;
    }

    /// Takes a message as it is now; one that was deleted or changed replaces what was there. `is_watched`: the agent sees it come.
    pub fn put(&mut self, message: Message, is_watched: bool) {
        match self.messages.binary_search_by_key(&message.id, |known| known.id) {
            Ok(index) if self.messages[index].updated_at <= message.updated_at => self.messages[index] = message,
            Ok(_) => {}
            // Older than what is loaded: it comes with its page.
            Err(0) if self.older != Older::None && !self.messages.is_empty() => {}
            Err(index) => {
                let is_last = index == self.messages.len();
                if is_last && !is_watched && self.first_new.is_none() && message.kind == MessageKind::Incoming {
                    self.first_new = Some(message.id);
                }
                self.messages.insert(index, message);
            }
        }
    }

    /// Takes the conversation as it is now.
    pub fn set(&mut self, conversation: Conversation) {
        if conversation.updated_at >= self.conversation.updated_at {
            let online = self.conversation.contact.online;
            self.conversation = conversation;
            // Presence is not recorded; what was heard last counts.
            self.conversation.contact.online |= online;
        }
    }

    /// Takes the contact as they are now.
    pub fn set_contact(&mut self, contact: &Contact) {
        if contact.id == self.conversation.contact.id {
            self.conversation.row.contact.name.clone_from(&contact.name);
            self.conversation.row.contact.avatar_url.clone_from(&contact.avatar_url);
            self.conversation.contact = contact.clone();
        }
    }

    /// Puts older messages in front. A page shorter than asked for is the last.
    pub fn prepend(&mut self, page: Vec<Message>, has_older: bool) {
        let oldest = self.oldest();
        let mut older: Vec<_> =
            page.into_iter().filter(|message| oldest.is_none_or(|oldest| message.id < oldest)).collect();
        older.append(&mut self.messages);
        self.messages = older;
        self.older = if has_older { Older::Some } else { Older::None };
    }

    /// Takes the newest page after an absence. When it does not join what is loaded, it replaces it.
    pub fn catch_up(&mut self, conversation: Conversation, newest: Vec<Message>, has_older: bool, is_watched: bool) {
        let joins = match (self.newest(), newest.first()) {
            (Some(known), Some(first)) => first.id <= known || !has_older,
            _ => true,
        };
        self.conversation = conversation;
        if !joins {
            self.older = if has_older { Older::Some } else { Older::None };
            self.messages = newest;
            return;
        }
        for message in newest {
            self.put(message, is_watched);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples::{conversation, message, reply, with};

    fn thread(ids: std::ops::RangeInclusive<i64>, has_older: bool) -> Thread {
        Thread::new(conversation(1), ids.map(message).collect(), has_older)
    }

    fn ids(thread: &Thread) -> Vec<i64> {
        thread.messages().iter().map(|message| message.id.0).collect()
    }

    #[test]
    fn a_message_that_arrives_twice_is_there_once() {
        let mut thread = thread(1..=2, false);
        thread.put(message(4), true);
        thread.put(message(3), true);
        thread.put(message(4), true);
        assert_eq!(ids(&thread), [1, 2, 3, 4]);
    }

    #[test]
    fn an_older_state_never_replaces_a_newer_one() {
        let mut thread = thread(1..=1, false);
        thread.put(
            with(message(1), |m| {
                m.content = "edited".into();
                m.updated_at += 5;
            }),
            true,
        );
        thread.put(message(1), true);
        assert_eq!(thread.messages()[0].content, "edited");
    }

    #[test]
    fn older_messages_come_with_their_page_only() {
        let mut thread = thread(10..=12, true);
        thread.put(message(5), true);
        assert_eq!(ids(&thread), [10, 11, 12]);
        thread.prepend((8..=10).map(message).collect(), true);
        assert_eq!((ids(&thread), thread.older), (vec![8, 9, 10, 11, 12], Older::Some));
        thread.prepend((5..=7).map(message).collect(), false);
        assert_eq!((ids(&thread), thread.older), ((5..=12).collect(), Older::None));
    }

    #[test]
    fn the_line_stands_before_the_first_unseen_message() {
        let opened = with(conversation(1), |c| {
            c.row.unread_count = 2;
            c.agent_last_seen_at = 2_500;
        });
        let thread = Thread::new(opened, vec![message(1), message(2), reply(3, 1), message(4), message(5)], false);
        assert_eq!(thread.first_new(), Some(MessageId(4)));
    }

    #[test]
    fn the_line_appears_when_nobody_watches() {
        let mut thread = thread(1..=2, false);
        thread.put(message(3), true);
        assert_eq!(thread.first_new(), None);
        thread.put(reply(4, 2), false);
        thread.put(message(5), false);
        thread.put(message(6), false);
        assert_eq!(thread.first_new(), Some(MessageId(5)));
        thread.forget_new();
        assert_eq!(thread.first_new(), None);
    }

    #[test]
    fn after_an_absence_no_hole_is_left() {
        let mut joined = thread(1..=5, false);
        joined.catch_up(conversation(1), (4..=8).map(message).collect(), true, true);
        assert_eq!((ids(&joined), joined.older), ((1..=8).collect(), Older::None));

        let mut far = thread(1..=5, false);
        far.catch_up(conversation(1), (20..=25).map(message).collect(), true, true);
        assert_eq!((ids(&far), far.older), ((20..=25).collect(), Older::Some));
    }
}
