//! Conversations.

use domain::channel;
use domain::message::read::Last;
use model::InboxId;
use model::conversation::Conversation;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::contact::{ContactPush, ContactWire};
use super::message::MessagePush;
use super::person::{AgentWire, Reader, UserPush};
use super::team::{TeamPush, TeamWire};
use super::{Dialect, fraction, iso, seconds};

/// Most unread messages that the dialect counts.
const MOST_UNREAD: i64 = 10;

/// A conversation as REST answers show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationWire {
    pub meta: Meta,
    /// The conversation's number.
    pub id: i64,
    /// The newest message, of any kind.
    pub messages: Vec<MessagePush>,
    pub account_id: i64,
    pub uuid: String,
    #[schema(value_type = Object)]
    pub additional_attributes: Value,
    pub agent_last_seen_at: i64,
    pub assignee_last_seen_at: i64,
    pub can_reply: bool,
    pub contact_last_seen_at: i64,
    #[schema(value_type = Object)]
    pub custom_attributes: Value,
    pub inbox_id: i64,
    pub labels: Vec<String>,
    pub muted: bool,
    /// ISO 8601.
    pub snoozed_until: Option<String>,
    /// `open`, `pending`, `snoozed` or `resolved`.
    pub status: String,
    pub created_at: i64,
    pub updated_at: f64,
    pub timestamp: i64,
    /// 0 when nobody answered yet.
    pub first_reply_created_at: i64,
    /// At most 10.
    pub unread_count: i64,
    /// The newest message that somebody wrote.
    pub last_non_activity_message: Option<MessagePush>,
    pub last_activity_at: i64,
    /// `low`, `medium`, `high` or `urgent`.
    pub priority: Option<String>,
    /// 0 when nobody waits.
    pub waiting_since: i64,
    pub sla_policy_id: Option<i64>,
}

/// The people of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ConversationMeta)]
pub struct Meta {
    pub sender: ContactWire,
    pub channel: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<AgentWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamWire>,
    pub hmac_verified: bool,
}

/// A conversation in socket payloads.
#[derive(Debug, Clone, Serialize)]
pub struct ConversationPush {
    pub additional_attributes: Value,
    pub can_reply: bool,
    pub channel: String,
    pub contact_inbox: Value,
    pub id: i64,
    pub inbox_id: i64,
    pub messages: Vec<MessagePush>,
    pub labels: Vec<String>,
    pub meta: PushMeta,
    pub status: String,
    pub custom_attributes: Value,
    pub snoozed_until: Option<String>,
    pub unread_count: i64,
    pub first_reply_created_at: Option<String>,
    pub priority: Option<String>,
    pub waiting_since: i64,
    pub agent_last_seen_at: i64,
    pub contact_last_seen_at: i64,
    pub last_activity_at: i64,
    pub timestamp: i64,
    pub created_at: i64,
    pub updated_at: f64,
}

/// The people of a conversation in socket payloads.
#[derive(Debug, Clone, Serialize)]
pub struct PushMeta {
    pub sender: ContactPush,
    pub assignee: Option<UserPush>,
    pub team: Option<TeamPush>,
    pub hmac_verified: bool,
}

impl Dialect {
    /// A conversation with its newest messages.
    pub fn conversation(&self, conversation: &Conversation, last: &Last) -> ConversationWire {
        let row = &conversation.row;
        let push = |message: &model::message::Message| self.message_push(message, conversation, Reader::Agent);
        ConversationWire {
            meta: self.meta(conversation),
            id: row.display_id.0,
            messages: last.newest.iter().map(push).collect(),
            account_id: self.account.0,
            uuid: conversation.uuid.clone(),
            additional_attributes: conversation.additional_attributes.clone(),
            agent_last_seen_at: seconds(conversation.agent_last_seen_at),
            assignee_last_seen_at: seconds(conversation.assignee_last_seen_at),
            can_reply: conversation.can_reply,
            contact_last_seen_at: seconds(conversation.contact_last_seen_at),
            custom_attributes: conversation.custom_attributes.clone(),
            inbox_id: row.inbox_id.0,
            labels: row.labels.clone(),
            muted: conversation.contact.blocked,
            snoozed_until: row.snoozed_until.map(iso),
            status: row.status.to_string(),
            created_at: seconds(row.created_at),
            updated_at: fraction(conversation.updated_at),
            timestamp: seconds(row.last_activity_at),
            first_reply_created_at: conversation.first_reply_created_at.map(seconds).unwrap_or_default(),
            unread_count: row.unread_count.min(MOST_UNREAD),
            last_non_activity_message: last.spoken.as_ref().map(push),
            last_activity_at: seconds(row.last_activity_at),
            priority: row.priority.map(|priority| priority.to_string()),
            waiting_since: row.waiting_since.map(seconds).unwrap_or_default(),
            sla_policy_id: None,
        }
    }

    fn meta(&self, conversation: &Conversation) -> Meta {
        let row = &conversation.row;
        let assignee = row.assignee.as_ref().and_then(|assignee| self.directory.agents.get(&assignee.id));
        let team = row.team.as_ref().and_then(|team| self.directory.teams.get(&team.id));
        Meta {
            sender: self.contact(&conversation.contact),
            channel: self.channel(row.inbox_id),
            assignee: assignee.map(|agent| self.agent(agent)),
            team: team.map(|team| self.team(team)),
            hmac_verified: conversation.hmac_verified,
        }
    }

    /// A conversation in payloads. A visitor learns only what their chat shows.
    pub fn conversation_push(&self, conversation: &Conversation, last: &Last, reader: Reader) -> ConversationPush {
        let row = &conversation.row;
        let message = last.public.as_ref().map(|message| self.message_push(message, conversation, reader));
        let whole = ConversationPush {
            additional_attributes: conversation.additional_attributes.clone(),
            can_reply: conversation.can_reply,
            channel: self.channel(row.inbox_id),
            contact_inbox: json!({
                "id": conversation.contact_inbox_id,
                "contact_id": row.contact.id,
                "inbox_id": row.inbox_id,
                "source_id": conversation.source_id,
                "hmac_verified": conversation.hmac_verified,
            }),
            id: row.display_id.0,
            inbox_id: row.inbox_id.0,
            messages: message.into_iter().collect(),
            labels: row.labels.clone(),
            meta: PushMeta {
                sender: self.contact_push(&conversation.contact),
                assignee: row.assignee.as_ref().and_then(|assignee| self.user(assignee.id, reader)),
                team: row.team.as_ref().map(|team| TeamPush { id: team.id.0, name: team.name.clone() }),
                hmac_verified: conversation.hmac_verified,
            },
            status: row.status.to_string(),
            custom_attributes: conversation.custom_attributes.clone(),
            snoozed_until: row.snoozed_until.map(iso),
            unread_count: row.unread_count,
            first_reply_created_at: conversation.first_reply_created_at.map(iso),
            priority: row.priority.map(|priority| priority.to_string()),
            waiting_since: row.waiting_since.map(seconds).unwrap_or_default(),
            agent_last_seen_at: seconds(conversation.agent_last_seen_at),
            contact_last_seen_at: seconds(conversation.contact_last_seen_at),
            last_activity_at: seconds(row.last_activity_at),
            timestamp: seconds(row.last_activity_at),
            created_at: seconds(row.created_at),
            updated_at: fraction(conversation.updated_at),
        };
        if reader == Reader::Visitor { trimmed(whole) } else { whole }
    }

    /// `Channel::…`, as the dialect calls the inbox's channel.
    pub fn channel(&self, inbox: InboxId) -> String {
        let known = self.directory.inboxes.get(&inbox).and_then(|inbox| channel::by_key(&inbox.channel).ok());
        known.map(|channel| channel.wire_type().to_owned()).unwrap_or_default()
    }
}

/// The keys stay, what is the agents' own business goes.
fn trimmed(whole: ConversationPush) -> ConversationPush {
    let sender = ContactPush {
        additional_attributes: json!({}),
        custom_attributes: json!({}),
        identifier: None,
        ..whole.meta.sender
    };
    ConversationPush {
        additional_attributes: json!({}),
        contact_inbox: json!({ "source_id": whole.contact_inbox["source_id"] }),
        labels: Vec::new(),
        meta: PushMeta { sender, team: None, ..whole.meta },
        custom_attributes: json!({}),
        snoozed_until: None,
        unread_count: 0,
        first_reply_created_at: None,
        priority: None,
        waiting_since: 0,
        ..whole
    }
}
