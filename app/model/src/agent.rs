//! People who answer.

use serde::{Deserialize, Serialize};

use crate::account::Membership;
use crate::{AccountId, Availability, Millis, Role, UserId};

/// An agent as rows and bubbles show them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRef {
    pub id: UserId,
    pub name: String,
    pub avatar_url: Option<String>,
}

/// A member of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    pub id: UserId,
    pub account_id: AccountId,
    pub name: String,
    /// What contacts see; the name when none is set.
    pub display_name: String,
    pub email: String,
    pub role: Role,
    /// What colleagues see: the agent's choice, offline when they are away and `auto_offline` is on.
    pub availability: Availability,
    pub auto_offline: bool,
    /// How many open conversations automatic assignment gives them; `None`: as the account says.
    pub assignment_limit: Option<i64>,
    pub confirmed: bool,
    pub avatar_url: Option<String>,
}

/// Another address that somebody wants to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChange {
    pub email: String,
    /// So long its link works.
    pub expires_at: Millis,
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub id: UserId,
    pub name: String,
    pub display_name: String,
    pub email: String,
    pub avatar_url: Option<String>,
    pub message_signature: String,
    /// `None`: the account's language.
    pub locale: Option<String>,
    pub ui_settings: serde_json::Value,
    pub memberships: Vec<Membership>,
}
