//! Accounts.

use domain::account::CacheKeys;
use model::account::Account;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::iso;

/// What this product has of the features that the dialect can switch.
const FEATURES: [&str; 6] =
    ["agent_management", "channel_website", "inbox_management", "labels", "message_reply_to", "team_management"];

/// An account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountWire {
    pub id: i64,
    pub name: String,
    /// `en` or `pt_BR`.
    pub locale: String,
    pub domain: Option<String>,
    pub support_email: Option<String>,
    pub status: &'static str,
    #[schema(value_type = Object)]
    pub settings: Value,
    /// ISO 8601.
    pub created_at: String,
    #[schema(value_type = Object)]
    pub custom_attributes: Value,
    #[schema(value_type = Object)]
    pub features: Map<String, Value>,
    pub cache_keys: CacheKeysWire,
    pub latest_chatwoot_version: Option<String>,
}

/// Values that change when a list changes, so that clients know when to read it anew.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CacheKeys)]
pub struct CacheKeysWire {
    pub label: String,
    pub inbox: String,
    pub team: String,
}

impl From<CacheKeys> for CacheKeysWire {
    fn from(keys: CacheKeys) -> Self {
        Self { label: keys.label, inbox: keys.inbox, team: keys.team }
    }
}

impl AccountWire {
    /// An account with the keys of its lists.
    pub fn new(account: Account, keys: CacheKeys) -> Self {
        let (auto, details) = (account.auto_resolve, account.details);
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            id: account.id.0,
            name: account.name,
            locale: account.locale,
            domain: said(details.domain),
            support_email: said(details.support_email),
            status: "active",
            settings: json!({
                "auto_resolve_after": auto.after,
                "auto_resolve_message": said(auto.message),
                "auto_resolve_ignore_waiting": auto.ignore_waiting,
                "audio_transcriptions": null,
                "auto_resolve_label": auto.label,
                "assignment_limit": account.assignment_limit,
            }),
            created_at: iso(account.created_at),
            custom_attributes: json!({
                "timezone": account.timezone,
                "industry": said(details.industry),
                "company_size": said(details.company_size),
            }),
            features: FEATURES.iter().map(|name| ((*name).to_owned(), Value::Bool(true))).collect(),
            cache_keys: keys.into(),
            latest_chatwoot_version: None,
        }
    }
}
