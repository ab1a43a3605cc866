//! Inboxes.

use domain::channel;
use model::inbox::Inbox;
use model::{InboxId, Permission, Role};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::Dialect;
use super::hours::{self, WorkingHours};

/// What an inbox's channel may have; the keys are always there.
const CHANNEL_KEYS: [&str; 12] = [
    "widget_color",
    "website_url",
    "hmac_mandatory",
    "welcome_title",
    "welcome_tagline",
    "web_widget_script",
    "website_token",
    "selected_feature_flags",
    "reply_time",
    "messaging_service_sid",
    "phone_number",
    "provider",
];

/// An inbox where something else is the topic.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InboxSlim {
    pub id: i64,
    pub avatar_url: String,
    pub channel_id: i64,
    pub name: String,
    pub channel_type: String,
    pub provider: Option<String>,
}

/// An inbox. Settings of its channel stand beside the common ones.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Inbox)]
pub struct InboxWire {
    pub id: i64,
    pub avatar_url: String,
    pub channel_id: i64,
    pub name: String,
    pub channel_type: String,
    pub greeting_enabled: bool,
    pub greeting_message: String,
    pub working_hours_enabled: bool,
    pub enable_email_collect: bool,
    pub csat_survey_enabled: bool,
    #[schema(value_type = Object)]
    pub csat_config: Value,
    pub enable_auto_assignment: bool,
    #[schema(value_type = Object)]
    pub auto_assignment_config: Value,
    pub out_of_office_message: String,
    pub working_hours: Vec<WorkingHours>,
    pub timezone: String,
    pub callback_webhook_url: Option<String>,
    pub allow_messages_after_resolved: bool,
    pub lock_to_single_conversation: bool,
    pub sender_name_type: &'static str,
    pub business_name: Option<String>,
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub channel: Map<String, Value>,
}

impl Dialect {
    /// An inbox by its id where something else is the topic.
    pub fn inbox_slim(&self, id: InboxId) -> Option<InboxSlim> {
        let inbox = self.directory.inboxes.get(&id)?;
        Some(InboxSlim {
            id: inbox.id.0,
            avatar_url: self.picture(inbox.avatar_url.as_deref()),
            channel_id: inbox.id.0,
            name: inbox.name.clone(),
            channel_type: self.channel(id),
            provider: None,
        })
    }

    /// An inbox as a role sees it. `secrets` are shown to those who manage the account.
    pub fn inbox(&self, inbox: &Inbox, role: Role, secrets: Option<&Value>) -> InboxWire {
        let known = channel::by_key(&inbox.channel).ok();
        let mut settings: Map<String, Value> =
            CHANNEL_KEYS.iter().map(|key| ((*key).to_owned(), Value::Null)).collect();
        settings.extend(inbox.config.as_object().cloned().unwrap_or_default());
        if let Some(channel) = known {
            settings.extend(channel.wire(inbox, &self.base));
        }
        let may_see_secrets = role.has(Permission::ManageAccount);
        if let Some(secrets) = secrets.and_then(Value::as_object).filter(|_| may_see_secrets) {
            settings.extend(secrets.clone());
        }
        InboxWire {
            id: inbox.id.0,
            avatar_url: self.picture(inbox.avatar_url.as_deref()),
            channel_id: inbox.id.0,
            name: inbox.name.clone(),
            channel_type: known.map(|channel| channel.wire_type().to_owned()).unwrap_or_default(),
            greeting_enabled: inbox.greeting_enabled,
            greeting_message: inbox.greeting_message.clone(),
            working_hours_enabled: inbox.working_hours_enabled,
            enable_email_collect: inbox.enable_email_collect,
            csat_survey_enabled: inbox.csat_survey_enabled,
            csat_config: json!({}),
            enable_auto_assignment: inbox.enable_auto_assignment,
            auto_assignment_config: json!({}),
            out_of_office_message: inbox.out_of_office_message.clone(),
            working_hours: hours::rows(&inbox.working_hours),
            timezone: inbox.timezone.clone(),
            callback_webhook_url: None,
            allow_messages_after_resolved: inbox.allow_messages_after_resolved,
            lock_to_single_conversation: inbox.lock_to_single_conversation,
            sender_name_type: "friendly",
            business_name: None,
            channel: settings,
        }
    }
}
