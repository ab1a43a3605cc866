//! Canned responses: texts that answers are made of.

use serde::{Deserialize, Serialize};

use crate::action::StoredFile;
use crate::{CannedId, Millis};

/// A text under a short code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CannedResponse {
    pub id: CannedId,
    /// Typed after `/`; unique in the account whatever its capitals.
    pub short_code: String,
    /// Markdown with variables.
    pub content: String,
    /// What goes with it into the composer.
    pub files: Vec<StoredFile>,
    pub created_at: Millis,
    pub updated_at: Millis,
}
