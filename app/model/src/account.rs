//! The company that uses the product.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Millis, Role};

/// An account's own facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    /// Language of texts that go to contacts: `en` or `pt-BR`.
    pub locale: String,
    /// IANA name, such as `America/Sao_Paulo`.
    pub timezone: String,
    pub created_at: Millis,
}

/// An account as the signed-in person's account switch lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    pub account_id: AccountId,
    pub account_name: String,
    pub role: Role,
}
