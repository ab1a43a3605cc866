//! Reading frames. What serde derives for tagged enums can read every type within twice, from JSON and from a copy in memory, and
//! a browser downloads both. Here each enum is read as one flat record, and then sorted out.

use serde::Deserialize;

use super::{Aside, Change, Frame, Passing, Typist};
use crate::agent::Agent;
use crate::bulk::BulkRun;
use crate::contact::Contact;
use crate::contact_import::ContactImport;
use crate::conversation::Conversation;
use crate::message::Message;
use crate::{Availability, ContactId, ConversationId, DisplayId, UserId};

/// What is wrong with a frame that lacks a field which frames of its kind have.
type Incomplete = &'static str;

fn need<T>(field: Option<T>) -> Result<T, Incomplete> {
    field.ok_or("a field is missing")
}

#[derive(Deserialize)]
pub(super) struct FlatFrame {
    r#type: FrameKind,
    cursor: Option<String>,
    change: Option<Box<Change>>,
    passing: Option<Passing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FrameKind {
    Ready,
    Event,
    Reload,
    Passing,
    Ping,
    Bye,
}

impl TryFrom<FlatFrame> for Frame {
    type Error = Incomplete;

    fn try_from(flat: FlatFrame) -> Result<Self, Incomplete> {
        Ok(match flat.r#type {
            FrameKind::Ready => Self::Ready { cursor: need(flat.cursor)? },
            FrameKind::Event => Self::Event { cursor: need(flat.cursor)?, change: need(flat.change)? },
            FrameKind::Reload => Self::Reload { cursor: need(flat.cursor)? },
            FrameKind::Passing => Self::Passing { passing: need(flat.passing)? },
            FrameKind::Ping => Self::Ping,
            FrameKind::Bye => Self::Bye,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct FlatChange {
    kind: ChangeKind,
    message: Option<Message>,
    conversation: Option<Conversation>,
    conversation_id: Option<ConversationId>,
    display_id: Option<DisplayId>,
    aside: Option<Aside>,
    contact: Option<Contact>,
    contact_id: Option<ContactId>,
    into: Option<ContactId>,
    agent: Option<Agent>,
    run: Option<BulkRun>,
    import: Option<ContactImport>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeKind {
    MessageCreated,
    MessageUpdated,
    ConversationCreated,
    ConversationUpdated,
    ConversationGone,
    ConversationAside,
    ContactUpdated,
    ContactGone,
    AgentUpdated,
    BulkProgress,
    ContactImportProgress,
    SettingsChanged,
}

impl TryFrom<FlatChange> for Change {
    type Error = Incomplete;

    fn try_from(flat: FlatChange) -> Result<Self, Incomplete> {
        Ok(match flat.kind {
            ChangeKind::MessageCreated => {
                Self::MessageCreated { message: need(flat.message)?, conversation: need(flat.conversation)? }
            }
            ChangeKind::MessageUpdated => Self::MessageUpdated { message: need(flat.message)? },
            ChangeKind::ConversationCreated => Self::ConversationCreated { conversation: need(flat.conversation)? },
            ChangeKind::ConversationUpdated => Self::ConversationUpdated { conversation: need(flat.conversation)? },
            ChangeKind::ConversationGone => Self::ConversationGone {
                conversation_id: need(flat.conversation_id)?,
                display_id: need(flat.display_id)?,
            },
            ChangeKind::ConversationAside => Self::ConversationAside {
                conversation_id: need(flat.conversation_id)?,
                display_id: need(flat.display_id)?,
                aside: need(flat.aside)?,
            },
            ChangeKind::ContactUpdated => Self::ContactUpdated { contact: need(flat.contact)? },
            ChangeKind::ContactGone => Self::ContactGone { contact_id: need(flat.contact_id)?, into: flat.into },
            ChangeKind::AgentUpdated => Self::AgentUpdated { agent: need(flat.agent)? },
            ChangeKind::BulkProgress => Self::BulkProgress { run: need(flat.run)? },
            ChangeKind::ContactImportProgress => Self::ContactImportProgress { import: need(flat.import)? },
            ChangeKind::SettingsChanged => Self::SettingsChanged,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct FlatPassing {
    kind: PassingKind,
    conversation_id: Option<ConversationId>,
    display_id: Option<DisplayId>,
    who: Option<Typist>,
    on: Option<bool>,
    private: Option<bool>,
    user_id: Option<UserId>,
    availability: Option<Availability>,
    contact_id: Option<ContactId>,
    online: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PassingKind {
    Typing,
    Looking,
    AgentPresence,
    ContactPresence,
}

impl TryFrom<FlatPassing> for Passing {
    type Error = Incomplete;

    fn try_from(flat: FlatPassing) -> Result<Self, Incomplete> {
        Ok(match flat.kind {
            PassingKind::Typing => Self::Typing {
                conversation_id: need(flat.conversation_id)?,
                display_id: need(flat.display_id)?,
                who: need(flat.who)?,
                on: need(flat.on)?,
                private: need(flat.private)?,
            },
            PassingKind::Looking => Self::Looking {
                conversation_id: need(flat.conversation_id)?,
                user_id: need(flat.user_id)?,
                on: need(flat.on)?,
            },
            PassingKind::AgentPresence => {
                Self::AgentPresence { user_id: need(flat.user_id)?, availability: need(flat.availability)? }
            }
            PassingKind::ContactPresence => {
                Self::ContactPresence { contact_id: need(flat.contact_id)?, online: need(flat.online)? }
            }
        })
    }
}

#[derive(Deserialize)]
pub(super) struct FlatTypist {
    kind: TypistKind,
    id: i64,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TypistKind {
    Contact,
    Agent,
}

impl From<FlatTypist> for Typist {
    fn from(flat: FlatTypist) -> Self {
        match flat.kind {
            TypistKind::Contact => Self::Contact { id: ContactId(flat.id), name: flat.name },
            TypistKind::Agent => Self::Agent { id: UserId(flat.id), name: flat.name },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survives(frame: &Frame) {
        let text = serde_json::to_string(frame).unwrap();
        assert_eq!(serde_json::from_str::<Frame>(&text).unwrap(), *frame, "{text}");
    }

    #[test]
    fn frames_are_read_as_they_are_written() {
        let cursor = || "12".to_owned();
        survives(&Frame::Ready { cursor: cursor() });
        survives(&Frame::Reload { cursor: cursor() });
        survives(&Frame::Ping);
        survives(&Frame::Bye);
        survives(&Frame::Event { cursor: cursor(), change: Box::new(Change::SettingsChanged) });
        let gone = Change::ConversationGone { conversation_id: ConversationId(4), display_id: DisplayId(2) };
        survives(&Frame::Event { cursor: cursor(), change: Box::new(gone) });
        for who in [
            Typist::Agent { id: UserId(3), name: "Bia".into() },
            Typist::Contact { id: ContactId(5), name: String::new() },
        ] {
            let (conversation_id, display_id) = (ConversationId(4), DisplayId(2));
            survives(&Frame::Passing {
                passing: Passing::Typing { conversation_id, display_id, who, on: true, private: false },
            });
        }
        let looking = Passing::Looking { conversation_id: ConversationId(4), user_id: UserId(3), on: false };
        survives(&Frame::Passing { passing: looking });
        survives(&Frame::Passing {
            passing: Passing::AgentPresence { user_id: UserId(3), availability: Availability::Busy },
        });
        survives(&Frame::Passing { passing: Passing::ContactPresence { contact_id: ContactId(5), online: true } });
    }

    #[test]
    fn a_frame_without_what_it_is_about_is_none() {
        for text in [r#"{"type":"event","cursor":"1"}"#, r#"{"type":"ready"}"#, r#"{"type":"other"}"#, "{}"] {
            assert!(serde_json::from_str::<Frame>(text).is_err(), "{text}");
        }
    }
}
