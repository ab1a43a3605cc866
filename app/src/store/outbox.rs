//! What the agent has written and the server has not confirmed.
//!
//! Messages of one conversation leave one after the other, in the order in which they were written. Each carries an id of its
//! own (`echo_id`), by which the server keeps it once however often it is sent.

use model::message::Message;
use model::{ConversationId, DisplayId, ErrorCode, FileKind, MessageId, Millis, ScheduledId};
use serde::{Deserialize, Serialize};

/// How far a message has come on its way out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SendState {
    /// Waits for its turn, or for the connection.
    #[default]
    Waiting,
    /// On its way; how much of its files is sent, in percent.
    Sending(Option<u8>),
    /// The server holds it for a moment, and then sends it; until then it can be taken back.
    Held(ScheduledId),
    /// Refused; it can be tried again or thrown away.
    Failed(ErrorCode),
}

/// When a message is to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    #[default]
    Now,
    /// In so many seconds, until which it can be taken back.
    Held(i64),
    At(Millis),
}

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxFile {
    pub name: String,
    /// Bytes.
    pub size: i64,
    pub kind: FileKind,
    /// An address at which this page can show it; empty without one.
    pub preview: String,
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    pub echo_id: String,
    pub display_id: DisplayId,
    pub conversation_id: ConversationId,
    pub content: String,
    pub private: bool,
    pub in_reply_to: Option<MessageId>,
    /// Who else gets it, openly and not; `None`: whoever was in the conversation.
    #[serde(default)]
    pub copies: Option<(String, String)>,
    /// The files themselves are kept beside; without them the message cannot be sent after a reload.
    #[serde(default)]
    pub files: Vec<OutboxFile>,
    pub created_at: Millis,
    #[serde(default)]
    pub when: When,
    #[serde(skip)]
    pub state: SendState,
}

impl Outgoing {
    /// A message that an earlier page kept.
    #[must_use]
    pub fn kept(json: &str) -> Option<Self> {
        crate::json::read(json).ok()
    }

    /// Whether nothing is to be done about it for now: others need not wait for it.
    fn is_settled(&self) -> bool {
        matches!(self.state, SendState::Failed(_) | SendState::Held(_))
    }

    /// What a later page can send; `None` for messages with files.
    #[must_use]
    pub fn to_keep(&self) -> Option<String> {
        if self.files.is_empty() { serde_json::to_string(self).ok() } else { None }
    }
}

/// All messages on their way out, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox(Vec<Outgoing>);

impl Outbox {
    /// Whether closing the page would lose something: files cannot be kept.
    #[must_use]
    pub fn would_lose(&self) -> bool {
        // What the server holds already is not lost.
        self.0.iter().any(|message| !message.files.is_empty() && !matches!(message.state, SendState::Held(_)))
    }

    /// Puts a message in, in the order of writing; one that is there already stays as it is.
    pub fn push(&mut self, message: Outgoing) {
        if self.get(&message.echo_id).is_none() {
            let index = self.0.partition_point(|other| other.created_at <= message.created_at);
            self.0.insert(index, message);
        }
    }

    /// A message by its own id.
    #[must_use]
    pub fn get(&self, echo_id: &str) -> Option<&Outgoing> {
        self.0.iter().find(|message| message.echo_id == echo_id)
    }

    /// Messages for a conversation.
    pub fn of(&self, id: DisplayId) -> impl Iterator<Item = &Outgoing> {
        self.0.iter().filter(move |message| message.display_id == id)
    }

    /// The messages whose turn it is: of each conversation the first, unless it is on its way. Refused ones hold nobody up.
    #[must_use]
    pub fn due(&self) -> Vec<String> {
        let mut busy: Vec<DisplayId> = Vec::new();
        let mut due = Vec::new();
        for message in self.0.iter().filter(|message| !message.is_settled()) {
            if busy.contains(&message.display_id) {
                continue;
            }
            busy.push(message.display_id);
            if message.state == SendState::Waiting {
                due.push(message.echo_id.clone());
            }
        }
        due
    }

    /// Says how far a message has come.
    pub fn set_state(&mut self, echo_id: &str, state: SendState) {
        if let Some(message) = self.0.iter_mut().find(|message| message.echo_id == echo_id) {
            message.state = state;
        }
    }

    /// Takes a message out: it was confirmed, or thrown away.
    pub fn remove(&mut self, echo_id: &str) -> Option<Outgoing> {
        let index = self.0.iter().position(|message| message.echo_id == echo_id)?;
        Some(self.0.remove(index))
    }

    /// A message arrived from the server: if it is one of these, it is on its way no more.
    pub fn confirm(&mut self, message: &Message) -> Option<Outgoing> {
        self.remove(message.echo_id.as_deref()?)
    }

    /// After a lost connection: what was on its way goes again.
    pub fn again(&mut self) {
        for message in &mut self.0 {
            if matches!(message.state, SendState::Sending(_)) {
                message.state = SendState::Waiting;
            }
        }
    }

    /// Whether nothing is on its way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples::{reply, with};

    fn outgoing(echo: &str, display: i64) -> Outgoing {
        Outgoing {
            echo_id: echo.to_owned(),
            display_id: DisplayId(display),
            conversation_id: ConversationId(display),
            content: echo.to_owned(),
            private: false,
            in_reply_to: None,
            copies: None,
            files: Vec::new(),
            created_at: 0,
            when: When::Now,
            state: SendState::Waiting,
        }
    }

    fn outbox() -> Outbox {
        let mut outbox = Outbox::default();
        [("a", 1), ("b", 1), ("c", 2)].into_iter().for_each(|(echo, display)| outbox.push(outgoing(echo, display)));
        outbox
    }

    #[test]
    fn messages_of_a_conversation_leave_one_after_the_other() {
        let mut outbox = outbox();
        assert_eq!(outbox.due(), ["a", "c"]);
        outbox.set_state("a", SendState::Sending(None));
        assert_eq!(outbox.due(), ["c"]);
        outbox.confirm(&with(reply(9, 1), |m| m.echo_id = Some("a".into())));
        assert_eq!(outbox.due(), ["b", "c"]);
    }

    #[test]
    fn a_refused_message_holds_nobody_up() {
        let mut outbox = outbox();
        outbox.set_state("a", SendState::Failed(ErrorCode::FileTooLarge));
        assert_eq!(outbox.due(), ["b", "c"]);
        outbox.set_state("a", SendState::Waiting);
        assert_eq!(outbox.due(), ["a", "c"]);
    }

    #[test]
    fn what_was_on_its_way_goes_again_after_a_lost_connection() {
        let mut outbox = outbox();
        outbox.set_state("a", SendState::Sending(Some(40)));
        outbox.again();
        assert_eq!(outbox.due(), ["a", "c"]);
    }

    #[test]
    fn texts_survive_the_page_and_files_do_not() {
        let text = with(outgoing("a", 1), |message| message.state = SendState::Sending(None));
        let kept = Outgoing::kept(&text.to_keep().unwrap()).unwrap();
        assert_eq!(kept, outgoing("a", 1));
        assert_eq!(Outgoing::kept("nonsense"), None);

        let file = OutboxFile { name: "a.pdf".into(), size: 1, kind: FileKind::File, preview: String::new() };
        let with_file = with(outgoing("d", 3), |message| message.files = vec![file]);
        assert_eq!(with_file.to_keep(), None);
        let mut outbox = outbox();
        assert!(!outbox.would_lose());
        outbox.push(with_file);
        assert!(outbox.would_lose());
    }

    #[test]
    fn a_kept_message_comes_back_once_and_in_its_place() {
        let mut outbox = outbox();
        outbox.push(with(outgoing("b", 1), |message| message.content = "twice".into()));
        outbox.push(with(outgoing("early", 1), |message| message.created_at = -1));
        let echoes: Vec<_> = outbox.of(DisplayId(1)).map(|message| message.echo_id.as_str()).collect();
        assert_eq!(echoes, ["early", "a", "b"]);
        assert_eq!(outbox.get("b").map(|message| message.content.as_str()), Some("b"));
    }

    #[test]
    fn only_its_own_echo_confirms_a_message() {
        let mut outbox = outbox();
        assert!(outbox.confirm(&reply(9, 1)).is_none());
        assert!(outbox.confirm(&with(reply(9, 1), |m| m.echo_id = Some("x".into()))).is_none());
        assert_eq!(outbox.of(DisplayId(1)).count(), 2);
    }
}
