//! From an event's ids to what is shown of it. Rows are read when the event is handed out, so a watcher never sees a state that is
//! older than one it saw before.

use model::agent::Agent;
use model::contact::Contact;
use model::conversation::Conversation;
use model::live::Change;
use model::message::Message;
use model::{ContactInboxId, ConversationId, DisplayId, Permission};

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
    /// The visitor's browser that is concerned.
    pub fn visitor(&self) -> Option<ContactInboxId> {
        match self {
            Self::Message { conversation, .. } | Self::Conversation(conversation) => {
                Some(conversation.contact_inbox_id)
            }
            _ => None,
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
        Event::ContactCreated { contact_id } | Event::ContactUpdated { contact_id } => {
            match contact::read::one(ctx, account, *contact_id).await? {
                Some(contact) => Expanded::Contact(Box::new(contact)),
                None => Expanded::Nothing,
            }
        }
        Event::AgentUpdated { user_id } => match agent::read::one(ctx, account, *user_id).await? {
            Some(agent) => Expanded::Agent(Box::new(agent)),
            None => Expanded::Settings,
        },
        Event::ContactMerged { .. } | Event::ContactDeleted { .. } => Expanded::Nothing,
        Event::AccessChanged { .. }
        | Event::InboxChanged { .. }
        | Event::LabelsChanged
        | Event::TeamsChanged
        | Event::AccountChanged => Expanded::Settings,
    })
}

/// What an agent may learn of it.
pub fn for_agent(agent: &AgentActor, recorded: &Recorded, expanded: &Expanded) -> Option<Change> {
    match expanded {
        Expanded::Message { message, conversation } => {
            if !sees(agent, conversation) {
                return None;
            }
            Some(match recorded.event {
                Event::MessageCreated { .. } => Change::MessageCreated {
                    message: message.as_ref().clone(),
                    conversation: conversation.as_ref().clone(),
                },
                _ => Change::MessageUpdated { message: message.as_ref().clone() },
            })
        }
        Expanded::Conversation(conversation) if sees(agent, conversation) => Some(match recorded.event {
            Event::ConversationCreated { .. } => {
                Change::ConversationCreated { conversation: conversation.as_ref().clone() }
            }
            _ => Change::ConversationUpdated { conversation: conversation.as_ref().clone() },
        }),
        Expanded::Conversation(conversation) => match &recorded.event {
            // Only somebody who knew of it learns that it is gone.
            Event::ConversationUpdated { before: Some(reach), .. } if agent.sees(reach.inbox_id, reach.assignee_id) => {
                Some(Change::ConversationGone {
                    conversation_id: conversation.row.id,
                    display_id: conversation.row.display_id,
                })
            }
            _ => None,
        },
        Expanded::ConversationDeleted { conversation_id, display_id, reach } => agent
            .sees(reach.inbox_id, reach.assignee_id)
            .then_some(Change::ConversationGone { conversation_id: *conversation_id, display_id: *display_id }),
        Expanded::Contact(contact) => agent
            .role
            .has(Permission::SeeContacts)
            .then(|| Change::ContactUpdated { contact: contact.as_ref().clone() }),
        Expanded::Agent(agent) => Some(Change::AgentUpdated { agent: agent.as_ref().clone() }),
        Expanded::Settings | Expanded::Unknown => Some(Change::SettingsChanged),
        Expanded::Nothing => None,
    }
}

fn sees(agent: &AgentActor, conversation: &Conversation) -> bool {
    agent.sees(conversation.row.inbox_id, conversation.row.assignee.as_ref().map(|assignee| assignee.id))
}
