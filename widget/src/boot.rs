//! What the server wrote into the page: the inbox, the team, and what has been said so far.

use model::ConversationStatus;
use text::Words;
use wasm_bindgen::JsValue;

use crate::many::Glance;
use crate::message::Message;
use crate::wire::Json;
use crate::words;

/// Someone who may answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub id: i64,
    pub name: String,
    pub avatar: String,
    pub online: bool,
}

/// The visitor's present conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub id: i64,
    pub status: ConversationStatus,
    /// Unix seconds of the last look at it, from each side; 0 for never.
    pub contact_seen: i64,
    pub agent_seen: i64,
}

impl Conversation {
    /// One of which only the number is known.
    pub fn numbered(id: i64) -> Self {
        Self { id, status: ConversationStatus::Open, contact_seen: 0, agent_seen: 0 }
    }

    /// Reads it from an answer, the page or an event; `None` when there is none yet.
    pub fn read(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.int("id")?,
            status: json.string("status").parse().unwrap_or(ConversationStatus::Open),
            contact_seen: json.int("contact_last_seen_at").unwrap_or_default(),
            agent_seen: json.int("agent_last_seen_at").unwrap_or_default(),
        })
    }
}

#[derive(Clone, Debug)]
pub struct Boot {
    pub website_token: String,
    /// The server's address as it calls itself.
    pub server: String,
    pub website_name: String,
    pub avatar: String,
    pub title: Option<String>,
    pub tagline: Option<String>,
    pub reply_time: String,
    pub available: bool,
    /// Whether the clock says who is there, rather than who has a page open.
    pub has_hours: bool,
    /// Unix milliseconds.
    pub opens_at: Option<i64>,
    pub away_message: Option<String>,
    pub lang: Words,
    pub team: Vec<Agent>,
    /// Whether a resolved conversation opens again when the visitor writes.
    pub reopens: bool,
    pub attachments: bool,
    pub emoji: bool,
    /// Whether the visitor may end a conversation.
    pub ends: bool,
    /// Whether the server knows this visitor.
    pub session: bool,
    pub conversation: Option<Conversation>,
    /// Whether everybody is kept to one conversation.
    pub single: bool,
    /// Whether this person has several, and those that go on.
    pub many: bool,
    pub active: Vec<Glance>,
    /// What is asked before the first message.
    pub form: Option<String>,
    pub messages: Vec<Message>,
    /// What is told here was true up to this place in the order of events.
    pub cursor: String,
    /// Whether the visitor can have the conversation by mail, as far as the inbox is concerned.
    pub transcript: bool,
    /// Whether an address of theirs is known.
    pub has_email: bool,
}

/// A text variable of the page.
pub fn global_text(name: &str) -> String {
    global(name).as_text().unwrap_or_default()
}

fn global(name: &str) -> Json {
    web_sys::window().map_or_else(|| JsValue::NULL.into(), |window| Json::from(JsValue::from(window)).get(name))
}

/// Everything about the inbox, for the page around us.
pub fn channel_config() -> Json {
    global("cloudchatBoot")
}

impl Boot {
    pub fn read() -> Self {
        let json = channel_config();
        let features: Vec<_> = json.list("enabledFeatures").iter().filter_map(Json::as_text).collect();
        let has = |feature: &str| features.iter().any(|enabled| enabled == feature);
        Self {
            website_token: json.string("websiteToken"),
            server: json.string("apiHost"),
            website_name: json.string("websiteName"),
            avatar: json.string("avatarUrl"),
            title: json.text("welcomeTitle"),
            tagline: json.text("welcomeTagline"),
            reply_time: json.string("replyTime"),
            available: json.flag("available"),
            has_hours: json.flag("workingHoursEnabled"),
            opens_at: json.int("opensAt"),
            away_message: json.text("outOfOfficeMessage"),
            lang: words::read(&global("cloudchatWords")).unwrap_or(Words::none()),
            team: team(&json.list("members")),
            reopens: json.flag("allowMessagesAfterResolved"),
            attachments: has("attachments"),
            emoji: has("emoji_picker"),
            ends: has("end_conversation"),
            session: json.flag("session"),
            conversation: Conversation::read(&json.get("conversation")),
            single: json.flag("lockToSingleConversation"),
            many: json.flag("hasManyConversations"),
            active: Glance::list(&json, "conversations"),
            form: Some(json.get("preChat")).filter(|form| !form.is_null()).map(|form| form.stringify()),
            messages: json.list("messages").iter().filter_map(Message::read).collect(),
            cursor: json.string("cursor"),
            transcript: json.flag("transcript"),
            has_email: json.get("contact").flag("has_email"),
        }
    }
}

/// The team as listed by the server.
pub fn team(members: &[Json]) -> Vec<Agent> {
    members
        .iter()
        .map(|member| Agent {
            id: member.int("id").unwrap_or_default(),
            name: member.string("name"),
            avatar: member.string("avatar_url"),
            online: member.string("availability_status") == "online",
        })
        .collect()
}
