//! What the dashboard's socket carries.

mod read;

use serde::{Deserialize, Serialize};

use crate::agent::Agent;
use crate::bulk::BulkRun;
use crate::contact::Contact;
use crate::contact_import::ContactImport;
use crate::conversation::Conversation;
use crate::message::Message;
use crate::{Availability, ContactId, ConversationId, DisplayId, UserId};

/// A frame from the server to the dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "read::FlatFrame", tag = "type", rename_all = "snake_case")]
pub enum Frame {
    /// The socket is up and everything after the named cursor has been or will be sent.
    Ready { cursor: String },
    /// A recorded change. A client keeps the newest cursor and names it when it connects again.
    Event { cursor: String, change: Box<Change> },
    /// The cursor is too old: read everything anew.
    Reload { cursor: String },
    /// Something that is not recorded.
    Passing { passing: Passing },
    /// Sent every 25 seconds; a client that misses two connects again.
    Ping,
    /// The server is going away; connect again.
    Bye,
}

crate::text_enum! {
    /// What lies beside a conversation and is read by itself.
    Aside {
        /// Who follows it.
        Participants = "participants",
        /// Messages that are to be sent later.
        Scheduled = "scheduled",
        /// Messages came from another conversation or went to one: read the thread anew.
        Messages = "messages",
        /// What macros did in it.
        Runs = "runs",
    }
}

/// A recorded change with what is needed to show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "read::FlatChange", tag = "kind", rename_all = "snake_case")]
pub enum Change {
    MessageCreated {
        message: Message,
        conversation: Conversation,
    },
    MessageUpdated {
        message: Message,
    },
    ConversationCreated {
        conversation: Conversation,
    },
    /// Status, assignee, team, priority, labels, attributes or read state changed.
    ConversationUpdated {
        conversation: Conversation,
    },
    /// The reader may no longer see this conversation, or it was deleted.
    ConversationGone {
        conversation_id: ConversationId,
        display_id: DisplayId,
    },
    /// Something beside a conversation changed: read it anew where it is shown.
    ConversationAside {
        conversation_id: ConversationId,
        display_id: DisplayId,
        aside: Aside,
    },
    ContactUpdated {
        contact: Contact,
    },
    /// A contact was deleted, or became part of another one.
    ContactGone {
        contact_id: ContactId,
        into: Option<ContactId>,
    },
    AgentUpdated {
        agent: Agent,
    },
    /// A change of many conversations that this agent asked for went on.
    BulkProgress {
        run: BulkRun,
    },
    /// Contacts from a table are on their way.
    ContactImportProgress {
        import: ContactImport,
    },
    /// Inboxes, labels, teams or agents changed: read the lists anew.
    SettingsChanged,
}

/// Something that is true now and not recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "read::FlatPassing", tag = "kind", rename_all = "snake_case")]
pub enum Passing {
    Typing {
        conversation_id: ConversationId,
        display_id: DisplayId,
        who: Typist,
        on: bool,
        private: bool,
    },
    /// An agent has a conversation on their screen, said again every 20 seconds, or left it.
    Looking {
        conversation_id: ConversationId,
        user_id: UserId,
        on: bool,
    },
    AgentPresence {
        user_id: UserId,
        availability: Availability,
    },
    ContactPresence {
        contact_id: ContactId,
        online: bool,
    },
}

/// Who is typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "read::FlatTypist", tag = "kind", rename_all = "snake_case")]
pub enum Typist {
    Contact { id: ContactId, name: String },
    Agent { id: UserId, name: String },
}

/// A frame from the dashboard to the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// Sent every 20 seconds while the page is alive: keeps the agent online.
    Alive,
    Typing {
        conversation_id: ConversationId,
        on: bool,
        private: bool,
    },
    /// A conversation is on the screen, or was left. Said again every 20 seconds, and to whoever comes to it.
    Looking {
        conversation_id: ConversationId,
        on: bool,
    },
}
