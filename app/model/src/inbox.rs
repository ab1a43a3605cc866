//! Inboxes: a channel with its settings.

use serde::{Deserialize, Serialize};

use crate::hours::{Hours, Week};
use crate::{InboxId, Millis};

crate::text_enum! {
    /// What keeps an inbox from working until somebody does something about it.
    InboxTrouble {
        /// Its provider wants somebody to sign in again.
        SignIn = "sign_in",
        /// Anything else; its settings tell.
        Broken = "broken",
    }
}

/// An inbox with its settings. Secrets are not part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    pub id: InboxId,
    pub name: String,
    /// Key of the channel in the registry.
    pub channel: String,
    /// Public name of the inbox in its channel: the website token, a phone number, an address.
    pub identifier: String,
    pub avatar_url: Option<String>,
    pub greeting_enabled: bool,
    pub greeting_message: String,
    pub enable_auto_assignment: bool,
    pub enable_email_collect: bool,
    pub csat_survey_enabled: bool,
    pub working_hours_enabled: bool,
    /// Known to the server only: a browser asks for the hours where it needs them.
    #[serde(skip)]
    pub working_hours: Week,
    pub out_of_office_message: String,
    pub timezone: String,
    pub allow_messages_after_resolved: bool,
    pub lock_to_single_conversation: bool,
    /// Whether its messages can go to further people, its conversations have a subject, and pictures can stand in its texts.
    #[serde(default)]
    pub has_copies: bool,
    /// What keeps it from working; nothing while all is well.
    #[serde(default)]
    pub trouble: Option<InboxTrouble>,
    /// Settings of the channel; which ones is the channel's business.
    pub config: serde_json::Value,
    pub created_at: Millis,
}

impl Inbox {
    /// When it answers. On the server only.
    pub fn hours(&self) -> Hours {
        Hours {
            enabled: self.working_hours_enabled,
            week: self.working_hours.clone(),
            timezone: self.timezone.clone(),
            message: self.out_of_office_message.clone(),
        }
    }

    /// A text setting of the channel; empty when it is not set.
    pub fn config_str(&self, key: &str) -> &str {
        self.config.get(key).and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// Where contacts find it, for lists: the site's address, a number, an address.
    pub fn place(&self) -> &str {
        let site = self.config_str("website_url");
        if site.is_empty() { &self.identifier } else { site }
    }

    /// Whether a flag of the channel is among those that are set.
    pub fn has_flag(&self, flag: &str) -> bool {
        let flags = self.config.get("selected_feature_flags").and_then(serde_json::Value::as_array);
        flags.is_some_and(|flags| flags.iter().any(|set| set == flag))
    }

    /// A switch of the channel; off when it is not set.
    pub fn config_bool(&self, key: &str) -> bool {
        self.config.get(key).and_then(serde_json::Value::as_bool).unwrap_or_default()
    }
}
