//! Customers and visitors.

use serde::{Deserialize, Serialize};

use crate::{ContactId, Millis};

/// A contact with everything the details pane and the API show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    pub name: String,
    pub email: Option<String>,
    /// E.164.
    pub phone_number: Option<String>,
    pub identifier: Option<String>,
    pub avatar_url: Option<String>,
    pub blocked: bool,
    pub additional_attributes: serde_json::Value,
    pub custom_attributes: serde_json::Value,
    pub last_activity_at: Option<Millis>,
    pub created_at: Millis,
    pub online: bool,
}
