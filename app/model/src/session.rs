//! Browsers in which somebody is signed in.

use serde::{Deserialize, Serialize};

use crate::{Millis, SessionId};

/// A signed-in browser, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub ip: String,
    /// What the browser says about itself.
    pub user_agent: String,
    pub created_at: Millis,
    /// Exact to ten minutes.
    pub last_seen_at: Millis,
    /// Whether it is the browser that asks.
    pub current: bool,
}

/// What somebody who was invited sees before they accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub account_name: String,
    pub email: String,
    /// What the inviter called them.
    pub name: String,
}

/// A mail that could not be sent, for the administrators to pass on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMail {
    pub to: String,
    pub subject: String,
    pub body: String,
    pub created_at: Millis,
}
