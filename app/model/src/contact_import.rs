//! Contacts that come from a table.

use serde::{Deserialize, Serialize};

use crate::{ContactImportId, Millis};

/// Largest table, in bytes.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// Most rows of a table.
pub const MOST_ROWS: usize = 100_000;

crate::text_enum! {
    /// How far an import is.
    ContactImportState {
        Running = "running",
        Done = "done",
        /// Before its end, because whoever asked for it may not import any more, or a column lost its meaning.
        Stopped = "stopped",
    }
}

/// An import, as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactImport {
    pub id: ContactImportId,
    pub file_name: String,
    pub state: ContactImportState,
    /// Rows of the table.
    pub total: i64,
    /// Contacts that are new.
    pub created: i64,
    /// Contacts that were there already.
    pub updated: i64,
    /// Rows that could not be taken.
    pub failed: i64,
    pub created_at: Millis,
}

impl ContactImport {
    /// Rows that were looked at.
    #[must_use]
    pub fn done(&self) -> i64 {
        self.created + self.updated + self.failed
    }
}
