//! Messages that wait for their time.

use serde::{Deserialize, Serialize};

use crate::{DisplayId, ErrorCode, FileKind, Millis, ScheduledId, UserId};

/// A file that waits with its message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduledFile {
    pub name: String,
    /// Bytes.
    pub size: i64,
    pub kind: FileKind,
}

/// A message that is to be sent later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scheduled {
    pub id: ScheduledId,
    pub display_id: DisplayId,
    /// Who writes.
    pub user_id: UserId,
    pub content: String,
    pub private: bool,
    pub files: Vec<ScheduledFile>,
    pub send_at: Millis,
    /// Held for a moment only, so that sending can be undone.
    pub is_held: bool,
    /// Why it was not sent at its time.
    pub error: Option<ErrorCode>,
    pub echo_id: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// For how many seconds sending can be undone at most.
pub const MAX_HOLD_SECONDS: i64 = 60;
