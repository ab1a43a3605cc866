//! Customers and visitors.

use serde::{Deserialize, Serialize};

use crate::agent::AgentRef;
use crate::{ContactId, MergeId, Millis, NoteId};

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

/// A contact as the list shows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactRow {
    pub contact: Contact,
    /// Titles, in order.
    pub labels: Vec<String>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactPage {
    pub items: Vec<ContactRow>,
    /// How many there are on all pages.
    pub total: i64,
    pub has_more: bool,
}

/// A note about a contact, for colleagues only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactNote {
    pub id: NoteId,
    pub content: String,
    /// `None` when they are no longer there.
    pub author: Option<AgentRef>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// Somebody who was merged into a contact and can be taken out again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactMerge {
    pub id: MergeId,
    /// Who they were: a name, or what else is known of them.
    pub name: String,
    pub merged_at: Millis,
    pub by: Option<AgentRef>,
    /// Until when it can be undone.
    pub until: Millis,
}
