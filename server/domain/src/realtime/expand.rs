//! From an event's ids to what is shown of it. Rows are read when the event is handed out, so a watcher never sees a state that is
//! older than one it saw before.

use model::agent::Agent;
use model::contact::Contact;
use model::conversation::Conversation;
use model::live::Change;
use model::message::Message;
use model::{AccountId, ConversationId, DisplayId, Permission};

use super::topic::{self, Topic};
use crate::ctx::AgentActor;
use crate::event::{Event, Reach, Recorded};
use crate::{Ctx, Result, agent, contact, conversation, message};

/// An event with the rows it is about.
#[derive(Debug, Clone)]
pub enum Expanded {
    Message {
        message: Box<Message>,
        conversation: Box<Conversation>,
    },
    Conversation(Box<Conversation>),
    ConversationDeleted {
        conversation_id: ConversationId,
        display_id: DisplayId,
        reach: Reach,
    },
    Contact(Box<Contact>),
    Agent(Box<Agent>),
    /// Lists must be read anew.
    Settings,
    /// Nothing to show.
    Nothing,
    /// It could not be read.
    Unknown,
}

impl Expanded {
    /// The contact's side that is concerned.
    pub fn visitors(&self) -> Vec<Topic> {
        match self {
            Self::Message { conversation, .. } | Self::Conversation(conversation) => {
                topic::of_conversation(conversation)
            }
            _ => Vec::new(),
        }
    }
}

/// Reads what an event is about.
pub async fn expand(ctx: &Ctx, recorded: &Recorded) -> Result<Expanded> {
    let account = recorded.account_id;
    Ok(match &recorded.event {
        Event::MessageCreated { message_id, conversation_id }
        | Event::MessageUpdated { message_id, conversation_id } => {
            let (Some(message), Some(conversation)) = (
                message::read::one(ctx, account, *message_id).await?,
                conversation::read::one(ctx, account, *conversation_id).await?,
            ) else {
                return Ok(Expanded::Nothing);
            };
            Expanded::Message { message: Box::new(message), conversation: Box::new(conversation) }
        }
        Event::ConversationCreated { conversation_id } | Event::ConversationUpdated { conversation_id, .. } => {
            match conversation::read::one(ctx, account, *conversation_id).await? {
                Some(conversation) => Expanded::Conversation(Box::new(conversation)),
                None => Expanded::Nothing,
            }
        }
        Event::ConversationDeleted { conversation_id, display_id, reach } => {
            Expanded::ConversationDeleted { conversation_id: *conversation_id, display_id: *display_id, reach: *reach }
        }
        Event::ContactCreated { contact_id }
        | Event::ContactUpdated { contact_id }
        | Event::ContactMerged { contact_id, .. } => match contact::read::one(ctx, account, *contact_id).await? {
            Some(contact) => Expanded::Contact(Box::new(contact)),
            None => Expanded::Nothing,
        },
        Event::AgentUpdated { user_id } => match agent::read::one(ctx, account, *user_id).await? {
            Some(agent) => Expanded::Agent(Box::new(agent)),
            None => Expanded::Settings,
        },
        Event::ContactDeleted { .. } => Expanded::Nothing,
        Event::AccessChanged { .. }
        | Event::InboxChanged { .. }
        | Event::LabelsChanged
        | Event::TeamsChanged
        | Event::AccountChanged => Expanded::Settings,
    })
}

/// The conversation that something passing is about.
pub async fn conversation(ctx: &Ctx, account: AccountId, id: ConversationId) -> Result<Option<Conversation>> {
    conversation::read::one(ctx, account, id).await
}

/// How much an agent may learn of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sight {
    /// What it is about.
    Whole,
    /// That a conversation they knew of is out of their sight now.
    Gone,
}

/// How much an agent may learn of it; `None`: nothing.
pub fn sight(agent: &AgentActor, recorded: &Recorded, expanded: &Expanded) -> Option<Sight> {
    let whole = |may: bool| may.then_some(Sight::Whole);
    match expanded {
        Expanded::Message { conversation, .. } => whole(sees(agent, conversation)),
        Expanded::Conversation(conversation) if sees(agent, conversation) => Some(Sight::Whole),
        Expanded::Conversation(_) => match &recorded.event {
            // Only somebody who knew of it learns that it is gone.
            Event::ConversationUpdated { before: Some(reach), .. } if agent.sees(reach.inbox_id, reach.assignee_id) => {
                Some(Sight::Gone)
            }
            _ => None,
        },
        Expanded::ConversationDeleted { reach, .. } => {
            agent.sees(reach.inbox_id, reach.assignee_id).then_some(Sight::Gone)
        }
        Expanded::Contact(_) => whole(agent.role.has(Permission::SeeContacts)),
        Expanded::Agent(_) | Expanded::Settings | Expanded::Unknown => Some(Sight::Whole),
        Expanded::Nothing => None,
    }
}

/// The change as it is shown: the same for everybody with the same sight of it.
pub fn change(recorded: &Recorded, expanded: &Expanded, sight: Sight) -> Option<Change> {
    Some(match expanded {
        Expanded::Message { message, conversation } => match recorded.event {
            Event::MessageCreated { .. } => Change::MessageCreated {
                message: message.as_ref().clone(),
                conversation: conversation.as_ref().clone(),
            },
            _ => Change::MessageUpdated { message: message.as_ref().clone() },
        },
        Expanded::Conversation(conversation) if sight == Sight::Gone => {
            Change::ConversationGone { conversation_id: conversation.row.id, display_id: conversation.row.display_id }
        }
        Expanded::Conversation(conversation) => match recorded.event {
            Event::ConversationCreated { .. } => {
                Change::ConversationCreated { conversation: conversation.as_ref().clone() }
            }
            _ => Change::ConversationUpdated { conversation: conversation.as_ref().clone() },
        },
        Expanded::ConversationDeleted { conversation_id, display_id, .. } => {
            Change::ConversationGone { conversation_id: *conversation_id, display_id: *display_id }
        }
        Expanded::Contact(contact) => Change::ContactUpdated { contact: contact.as_ref().clone() },
        Expanded::Agent(agent) => Change::AgentUpdated { agent: agent.as_ref().clone() },
        Expanded::Settings | Expanded::Unknown => Change::SettingsChanged,
        Expanded::Nothing => return None,
    })
}

/// What an agent may learn of it.
pub fn for_agent(agent: &AgentActor, recorded: &Recorded, expanded: &Expanded) -> Option<Change> {
    change(recorded, expanded, sight(agent, recorded, expanded)?)
}

fn sees(agent: &AgentActor, conversation: &Conversation) -> bool {
    agent.sees(conversation.row.inbox_id, conversation.row.assignee.as_ref().map(|assignee| assignee.id))
}
