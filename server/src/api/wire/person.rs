//! People as senders and as agents.

use model::agent::Agent;
use model::message::{Message, Sender};
use model::{SenderKind, UserId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Dialect;
use super::contact::ContactPush;

/// An agent where somebody wrote or did something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserPush {
    pub id: i64,
    pub name: String,
    /// What contacts see.
    pub available_name: String,
    pub avatar_url: String,
    /// Always `user`.
    pub r#type: &'static str,
    /// `online`, `busy` or `offline`.
    pub availability_status: String,
    pub thumbnail: String,
}

/// A member of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Agent)]
pub struct AgentWire {
    pub id: i64,
    pub account_id: i64,
    /// `online`, `busy` or `offline`.
    pub availability_status: String,
    pub auto_offline: bool,
    pub confirmed: bool,
    pub email: String,
    pub available_name: String,
    pub name: String,
    /// `administrator`, `supervisor`, `agent` or `assistant`.
    pub role: String,
    pub thumbnail: String,
    pub custom_role_id: Option<i64>,
    /// How many open conversations automatic assignment gives them; null: as the account says.
    pub assignment_limit: Option<i64>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SenderPush {
    User(UserPush),
    Contact(Box<ContactPush>),
}

/// For whom a payload is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Agent,
    /// Learns how agents call themselves towards contacts, and nothing of the work behind.
    Visitor,
}

impl Dialect {
    /// A member of the account.
    pub fn agent(&self, agent: &Agent) -> AgentWire {
        AgentWire {
            id: agent.id.0,
            account_id: agent.account_id.0,
            availability_status: agent.availability.to_string(),
            auto_offline: agent.auto_offline,
            assignment_limit: agent.assignment_limit,
            confirmed: agent.confirmed,
            email: agent.email.clone(),
            available_name: agent.display_name.clone(),
            name: agent.name.clone(),
            role: agent.role.to_string(),
            thumbnail: self.picture(agent.avatar_url.as_deref()),
            custom_role_id: None,
        }
    }

    /// Members of the account.
    pub fn agents(&self, agents: &[Agent]) -> Vec<AgentWire> {
        agents.iter().map(|agent| self.agent(agent)).collect()
    }

    /// A member of the account where they wrote or did something; `None` for who left it.
    pub fn user(&self, id: UserId, reader: Reader) -> Option<UserPush> {
        self.directory.agents.get(&id).map(|agent| self.user_push(agent, reader))
    }

    fn user_push(&self, agent: &Agent, reader: Reader) -> UserPush {
        let picture = self.picture(agent.avatar_url.as_deref());
        UserPush {
            id: agent.id.0,
            name: if reader == Reader::Visitor { agent.display_name.clone() } else { agent.name.clone() },
            available_name: agent.display_name.clone(),
            avatar_url: picture.clone(),
            r#type: "user",
            availability_status: agent.availability.to_string(),
            thumbnail: picture,
        }
    }

    /// Who wrote a message of a conversation with this contact.
    pub fn sender(
        &self,
        message: &Message,
        contact: Option<&model::contact::Contact>,
        reader: Reader,
    ) -> Option<SenderPush> {
        let sender = message.sender.as_ref()?;
        Some(match sender.kind {
            SenderKind::Contact => SenderPush::Contact(Box::new(match contact {
                Some(contact) if contact.id.0 == sender.id => self.contact_push(contact),
                _ => self.unknown_contact(sender),
            })),
            SenderKind::User | SenderKind::AgentBot => SenderPush::User(match self.user(UserId(sender.id), reader) {
                Some(user) => user,
                None => self.former_user(sender),
            }),
        })
    }

    /// Somebody who is no member any more.
    fn former_user(&self, sender: &Sender) -> UserPush {
        let picture = self.picture(sender.avatar_url.as_deref());
        UserPush {
            id: sender.id,
            name: sender.name.clone(),
            available_name: sender.name.clone(),
            avatar_url: picture.clone(),
            r#type: "user",
            availability_status: "offline".to_owned(),
            thumbnail: picture,
        }
    }

    fn unknown_contact(&self, sender: &Sender) -> ContactPush {
        ContactPush {
            additional_attributes: Value::Object(serde_json::Map::new()),
            custom_attributes: Value::Object(serde_json::Map::new()),
            email: None,
            id: sender.id,
            identifier: None,
            name: sender.name.clone(),
            phone_number: None,
            thumbnail: self.picture(sender.avatar_url.as_deref()),
            blocked: false,
            r#type: "contact",
        }
    }
}
