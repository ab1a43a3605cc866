//! Filters that people keep under a name.

use serde::{Deserialize, Serialize};

use crate::filter::{Condition, Subject};
use crate::{Millis, SavedViewId, UserId};

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: SavedViewId,
    /// What it filters: conversations, or contacts (a segment).
    pub kind: Subject,
    pub name: String,
    pub conditions: Vec<Condition>,
    /// Everybody of the account has it.
    pub shared: bool,
    /// Whoever made it.
    pub user_id: UserId,
    pub created_at: Millis,
    pub updated_at: Millis,
}
