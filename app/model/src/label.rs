//! Labels (tags) of an account.

use serde::{Deserialize, Serialize};

use crate::LabelId;

/// A label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    pub id: LabelId,
    pub title: String,
    pub description: String,
    /// `#rrggbb`.
    pub color: String,
    pub show_on_sidebar: bool,
}
