//! Browsers in which somebody is signed in.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Millis, SessionId, UserId};

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

/// The second step of somebody's sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Since when it is asked for; `None`: it is not.
    pub enabled_at: Option<Millis>,
    pub recovery_codes_left: i64,
}

/// A secret on its way into an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorSetup {
    /// For typing it in: letters and digits of base32.
    pub secret: String,
    /// For apps on the same device: `otpauth://…`.
    pub address: String,
    /// The address for the camera of a phone.
    pub picture: QrPicture,
}

/// A QR code: dark squares as an SVG path, in a square of so many units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrPicture {
    pub side: u32,
    pub path: String,
}

/// Somebody looks at an account as one of its agents sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewing {
    pub account_id: AccountId,
    pub user_id: UserId,
    /// The agent's name.
    pub name: String,
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
