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
    /// Whether there may be more than that: nobody counted on.
    #[serde(default)]
    pub at_least: bool,
    pub has_more: bool,
}

/// How many there are on all pages of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    pub number: i64,
    /// Whether there may be more: nobody counted on.
    pub at_least: bool,
}

impl Total {
    /// Whether there is something behind page `page` (from 1) of `size`, on which there are `rows`.
    #[must_use]
    pub fn has_more(self, page: i64, size: i64, rows: usize) -> bool {
        if self.at_least {
            i64::try_from(rows).is_ok_and(|rows| rows == size)
        } else {
            page.saturating_mul(size) < self.number
        }
    }
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
