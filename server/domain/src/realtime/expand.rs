//! From an event's ids to what is shown of it. Rows are read when the event is handed out, so a watcher never sees a state that is
//! older than one it saw before.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use model::agent::Agent;
use model::bulk::BulkRun;
use model::contact::Contact;
use model::contact_import::ContactImport;
use model::conversation::Conversation;
use model::live::Change;
use model::message::Message;
use model::{AccountId, BulkId, ContactId, ContactImportId, ConversationId, DisplayId, MessageId, Permission, UserId};

use super::topic::{self, Topic};
use crate::ctx::AgentActor;
use crate::event::{Event, Reach, Recorded};
use crate::message::read::Last;
use crate::{Ctx, Error, Result, agent, bulk, contact, conversation, message};

/// An event with the rows it is about.
#[derive(Debug, Clone)]
pub enum Expanded {
    Message {
        message: Box<Message>,
        conversation: Box<Conversation>,
    },
    Conversation {
        conversation: Box<Conversation>,
        /// Its newest messages.
        last: Box<Last>,
    },
    ConversationDeleted {
        conversation_id: ConversationId,
        display_id: DisplayId,
        reach: Reach,
    },
    /// Something beside it changed.
    Aside(Box<Conversation>),
    Contact(Box<Contact>),
    /// They are deleted, or part of another.
    ContactGone,
    Agent(Box<Agent>),
    /// Something that goes on for one agent.
    Bulk(Box<BulkRun>),
    /// Contacts from a table.
    ContactImport(Box<ContactImport>),
    /// Lists must be read anew.
    Settings,
    /// Nothing to show.
    Nothing,
    /// It could not be read.
    Unknown,
}

impl Expanded {
    /// The contact's side that is concerned.
    pub fn visitors(&self, event: &Event) -> Vec<Topic> {
        match self {
            _ if matches!(event, Event::Mentioned { .. }) => Vec::new(),
            Self::Message { conversation, .. } | Self::Conversation { conversation, .. } => {
                topic::of_conversation(conversation)
            }
            _ => Vec::new(),
        }
    }
}

/// Reads what these events are about, each row once: what several events concern is shown the same with each.
///
/// An event that cannot be shown is [`Expanded::Unknown`]. Fails only with [`Error::Unavailable`]: then the events are to be read again.
pub async fn all(ctx: &Ctx, events: Vec<Recorded>) -> Result<Vec<Arc<(Recorded, Expanded)>>> {
    let expanded = match together(ctx, &events).await {
        Ok(expanded) => expanded,
        Err(error @ Error::Unavailable(_)) => return Err(error),
        // One row that cannot be read must not hide the others.
        Err(_) => {
            let mut each = Vec::with_capacity(events.len());
            for recorded in &events {
                each.push(alone(ctx, recorded).await?);
            }
            each
        }
    };
    Ok(events.into_iter().zip(expanded).map(Arc::new).collect())
}

async fn alone(ctx: &Ctx, recorded: &Recorded) -> Result<Expanded> {
    match together(ctx, std::slice::from_ref(recorded)).await {
        Ok(mut expanded) => Ok(expanded.pop().unwrap_or(Expanded::Unknown)),
        Err(error @ Error::Unavailable(_)) => Err(error),
        Err(error) => {
            tracing::error!(%error, "event cannot be shown");
            Ok(Expanded::Unknown)
        }
    }
}

async fn together(ctx: &Ctx, events: &[Recorded]) -> Result<Vec<Expanded>> {
    let mut accounts: HashMap<AccountId, Rows> = HashMap::new();
    for recorded in events {
        accounts.entry(recorded.account_id).or_default().note(&recorded.event);
    }
    for (account, rows) in &mut accounts {
        rows.read(ctx, *account).await?;
    }
    let expand = |recorded: &Recorded| {
        accounts.get(&recorded.account_id).map_or(Expanded::Unknown, |rows| rows.expand(&recorded.event))
    };
    Ok(events.iter().map(expand).collect())
}

/// The rows of one account that events are about; `None` until they are read, and for those that are gone.
#[derive(Default)]
struct Rows {
    messages: HashMap<MessageId, Option<Message>>,
    conversations: HashMap<ConversationId, Option<Conversation>>,
    /// Of conversations that are shown for themselves.
    last: HashMap<ConversationId, Last>,
    contacts: HashMap<ContactId, Option<Contact>>,
    agents: HashMap<UserId, Option<Agent>>,
    bulk: HashMap<(BulkId, UserId), Option<BulkRun>>,
    imports: HashMap<ContactImportId, Option<ContactImport>>,
}

impl Rows {
    fn note(&mut self, event: &Event) {
        match event {
            Event::MessageCreated { message_id, conversation_id }
            | Event::MessageUpdated { message_id, conversation_id } => {
                self.messages.insert(*message_id, None);
                self.conversations.insert(*conversation_id, None);
            }
            Event::ConversationCreated { conversation_id }
            | Event::ConversationUpdated { conversation_id, .. }
            | Event::Mentioned { conversation_id, .. } => {
                self.conversations.insert(*conversation_id, None);
                self.last.insert(*conversation_id, Last::default());
            }
            Event::ConversationAside { conversation_id, .. } => {
                self.conversations.insert(*conversation_id, None);
            }
            Event::ContactCreated { contact_id }
            | Event::ContactUpdated { contact_id }
            | Event::ContactMerged { contact_id, .. } => {
                self.contacts.insert(*contact_id, None);
            }
            Event::AgentUpdated { user_id } => {
                self.agents.insert(*user_id, None);
            }
            Event::BulkChanged { bulk_id, user_id } => {
                self.bulk.insert((*bulk_id, *user_id), None);
            }
            Event::ContactImportChanged { import_id } => {
                self.imports.insert(*import_id, None);
            }
            _ => {}
        }
    }

    async fn read(&mut self, ctx: &Ctx, account: AccountId) -> Result<()> {
        let messages: Vec<_> = self.messages.keys().copied().collect();
        let conversations: Vec<_> = self.conversations.keys().copied().collect();
        let shown: Vec<_> = self.last.keys().copied().collect();
        let contacts: Vec<_> = self.contacts.keys().copied().collect();
        // Each asks nothing when there is nothing to ask for.
        let (messages, conversations, last, contacts) = tokio::try_join!(
            message::read::by_ids(ctx, account, &messages),
            conversation::read::many(ctx, account, &conversations),
            message::read::last(ctx, account, &shown),
            contact::read::many(ctx, account, &contacts),
        )?;
        self.messages.extend(messages.into_iter().map(|(id, message)| (id, Some(message))));
        let conversations = conversations.into_iter();
        self.conversations.extend(conversations.map(|conversation| (conversation.row.id, Some(conversation))));
        self.last.extend(last);
        self.contacts.extend(contacts.into_iter().map(|contact| (contact.id, Some(contact))));
        for (id, agent) in &mut self.agents {
            *agent = agent::read::one(ctx, account, *id).await?;
        }
        for ((id, user), run) in &mut self.bulk {
            *run = bulk::store::get(ctx.db(), account, *user, *id).await?;
        }
        for (id, import) in &mut self.imports {
            *import = contact::import::read(ctx.db(), account, *id).await?;
        }
        Ok(())
    }

    fn expand(&self, event: &Event) -> Expanded {
        match event {
            Event::MessageCreated { message_id, conversation_id }
            | Event::MessageUpdated { message_id, conversation_id } => {
                match (of(&self.messages, message_id), of(&self.conversations, conversation_id)) {
                    (Some(message), Some(conversation)) => {
                        Expanded::Message { message: Box::new(message), conversation: Box::new(conversation) }
                    }
                    _ => Expanded::Nothing,
                }
            }
            Event::ConversationCreated { conversation_id }
            | Event::ConversationUpdated { conversation_id, .. }
            | Event::Mentioned { conversation_id, .. } => {
                of(&self.conversations, conversation_id).map_or(Expanded::Nothing, |conversation| {
                    let last = self.last.get(conversation_id).cloned().unwrap_or_default();
                    Expanded::Conversation { conversation: Box::new(conversation), last: Box::new(last) }
                })
            }
            Event::ConversationAside { conversation_id, .. } => {
                of(&self.conversations, conversation_id).map_or(Expanded::Nothing, |it| Expanded::Aside(Box::new(it)))
            }
            Event::ConversationDeleted { conversation_id, display_id, reach } => Expanded::ConversationDeleted {
                conversation_id: *conversation_id,
                display_id: *display_id,
                reach: *reach,
            },
            Event::ContactCreated { contact_id } | Event::ContactUpdated { contact_id } => {
                of(&self.contacts, contact_id).map_or(Expanded::Nothing, |contact| Expanded::Contact(Box::new(contact)))
            }
            Event::ContactMerged { contact_id, .. } => of(&self.contacts, contact_id)
                .map_or(Expanded::ContactGone, |contact| Expanded::Contact(Box::new(contact))),
            Event::AgentUpdated { user_id } => {
                of(&self.agents, user_id).map_or(Expanded::Settings, |agent| Expanded::Agent(Box::new(agent)))
            }
            Event::BulkChanged { bulk_id, user_id } => {
                of(&self.bulk, &(*bulk_id, *user_id)).map_or(Expanded::Nothing, |run| Expanded::Bulk(Box::new(run)))
            }
            Event::ContactImportChanged { import_id } => of(&self.imports, import_id)
                .map_or(Expanded::Nothing, |import| Expanded::ContactImport(Box::new(import))),
            Event::ContactDeleted { .. } => Expanded::ContactGone,
            Event::SessionsEnded { .. } => Expanded::Nothing,
            Event::AccessChanged { .. }
            | Event::InboxChanged { .. }
            | Event::AttributesChanged
            | Event::LabelsChanged
            | Event::LibraryChanged
            | Event::TeamsChanged
            | Event::SavedViewsChanged { .. }
            | Event::AccountChanged => Expanded::Settings,
        }
    }
}

fn of<K: Eq + Hash, V: Clone>(rows: &HashMap<K, Option<V>>, id: &K) -> Option<V> {
    rows.get(id).cloned().flatten()
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
    /// The same without what its contact does elsewhere.
    Narrow,
    /// That a conversation they knew of is out of their sight now.
    Gone,
}

/// How much an agent may learn of it; `None`: nothing.
pub fn sight(agent: &AgentActor, recorded: &Recorded, expanded: &Expanded) -> Option<Sight> {
    let whole = |may: bool| may.then_some(Sight::Whole);
    if matches!(recorded.event, Event::Mentioned { user_id, .. } if user_id != agent.user_id) {
        return None;
    }
    match expanded {
        Expanded::Message { conversation, .. } | Expanded::Aside(conversation) => {
            sees(agent, conversation).then(|| of_one(agent))
        }
        Expanded::Conversation { conversation, .. } if sees(agent, conversation) => Some(of_one(agent)),
        Expanded::Conversation { .. } => match &recorded.event {
            // Only somebody who knew of it learns that it is gone.
            Event::ConversationUpdated { before: Some(reach), .. } if agent.sees(reach.inbox_id, reach.assignee_id) => {
                Some(Sight::Gone)
            }
            _ => None,
        },
        Expanded::ConversationDeleted { reach, .. } => {
            agent.sees(reach.inbox_id, reach.assignee_id).then_some(Sight::Gone)
        }
        Expanded::Contact(_) | Expanded::ContactGone => whole(agent.role.has(Permission::SeeContacts)),
        Expanded::Bulk(_) => {
            whole(matches!(recorded.event, Event::BulkChanged { user_id, .. } if user_id == agent.user_id))
        }
        Expanded::ContactImport(_) => whole(agent.role.has(Permission::DeleteData)),
        Expanded::Settings => match recorded.event {
            Event::SavedViewsChanged { user_id: Some(user) } => whole(user == agent.user_id),
            _ => Some(Sight::Whole),
        },
        Expanded::Agent(_) | Expanded::Unknown => Some(Sight::Whole),
        Expanded::Nothing => None,
    }
}

/// How much an agent learns of a conversation that they may know of.
fn of_one(agent: &AgentActor) -> Sight {
    if agent.role.has(Permission::SeeContacts) { Sight::Whole } else { Sight::Narrow }
}

/// What is left of it for this sight.
pub fn narrowed(expanded: &Expanded, sight: Sight) -> Cow<'_, Expanded> {
    if sight != Sight::Narrow {
        return Cow::Borrowed(expanded);
    }
    let mut narrow = expanded.clone();
    if let Expanded::Message { conversation, .. } | Expanded::Conversation { conversation, .. } = &mut narrow {
        conversation.contact.last_activity_at = None;
    }
    Cow::Owned(narrow)
}

/// The change as it is shown: the same for everybody with the same sight of it.
pub fn change(recorded: &Recorded, expanded: &Expanded, sight: Sight) -> Option<Change> {
    Some(match narrowed(expanded, sight).as_ref() {
        Expanded::Message { message, conversation } => match recorded.event {
            Event::MessageCreated { .. } => Change::MessageCreated {
                message: message.as_ref().clone(),
                conversation: conversation.as_ref().clone(),
            },
            _ => Change::MessageUpdated { message: message.as_ref().clone() },
        },
        Expanded::Conversation { conversation, .. } if sight == Sight::Gone => {
            Change::ConversationGone { conversation_id: conversation.row.id, display_id: conversation.row.display_id }
        }
        Expanded::Conversation { conversation, .. } => match recorded.event {
            Event::ConversationCreated { .. } => {
                Change::ConversationCreated { conversation: conversation.as_ref().clone() }
            }
            _ => Change::ConversationUpdated { conversation: conversation.as_ref().clone() },
        },
        Expanded::Aside(conversation) => match recorded.event {
            Event::ConversationAside { aside, .. } => Change::ConversationAside {
                conversation_id: conversation.row.id,
                display_id: conversation.row.display_id,
                aside,
            },
            _ => return None,
        },
        Expanded::ConversationDeleted { conversation_id, display_id, .. } => {
            Change::ConversationGone { conversation_id: *conversation_id, display_id: *display_id }
        }
        Expanded::Contact(contact) => match recorded.event {
            Event::ContactMerged { contact_id, merged_id } => {
                Change::ContactGone { contact_id: merged_id, into: Some(contact_id) }
            }
            _ => Change::ContactUpdated { contact: contact.as_ref().clone() },
        },
        Expanded::ContactGone => match recorded.event {
            Event::ContactDeleted { contact_id } => Change::ContactGone { contact_id, into: None },
            Event::ContactMerged { contact_id, merged_id } => {
                Change::ContactGone { contact_id: merged_id, into: Some(contact_id) }
            }
            _ => return None,
        },
        Expanded::Agent(agent) => Change::AgentUpdated { agent: agent.as_ref().clone() },
        Expanded::Bulk(run) => Change::BulkProgress { run: run.as_ref().clone() },
        Expanded::ContactImport(import) => Change::ContactImportProgress { import: import.as_ref().clone() },
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
