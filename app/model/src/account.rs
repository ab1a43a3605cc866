//! The company that uses the product.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Millis, Role};

/// Bounds of the time after which conversations are resolved by themselves, in minutes: ten minutes to a thousand days.
pub const AUTO_RESOLVE_MINUTES: std::ops::RangeInclusive<i64> = 10..=1_439_856;

/// Most conversations that a limit may allow.
pub const MAX_ASSIGNMENT_LIMIT: i64 = 10_000;

/// An account's own facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    /// Language of texts that go to contacts: `en` or `pt-BR`.
    pub locale: String,
    /// IANA name, such as `America/Sao_Paulo`.
    pub timezone: String,
    /// How many open conversations automatic assignment gives to one agent; `None`: any number. Agents may have limits of their own.
    pub assignment_limit: Option<i64>,
    pub auto_resolve: AutoResolve,
    pub details: AccountDetails,
    pub created_at: Millis,
}

/// When open conversations are resolved by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoResolve {
    /// Minutes without activity; `None`: never.
    pub after: Option<i64>,
    /// What the contact is told; empty: nothing.
    pub message: String,
    /// Conversations in which the contact waits for an answer stay open.
    pub ignore_waiting: bool,
    /// Title of a label that such conversations get.
    pub label: Option<String>,
}

/// What an account says about itself. Kept as one object; what it lacks has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountDetails {
    /// Where answers to its mail come in.
    pub domain: String,
    pub support_email: String,
    pub industry: String,
    pub company_size: String,
    /// See [`AutoResolve::label`].
    pub auto_resolve_label: Option<String>,
}

/// An account as the signed-in person's account switch lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    pub account_id: AccountId,
    pub account_name: String,
    pub role: Role,
}
