//! Messages that wait for their time.

use model::scheduled::Scheduled;
use serde::Serialize;
use utoipa::ToSchema;

use super::Dialect;
use super::person::{Reader, UserPush};

/// A message that waits for its time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ScheduledMessage)]
pub struct ScheduledWire {
    pub id: i64,
    pub conversation_id: i64,
    pub content: String,
    pub private: bool,
    pub attachments: Vec<ScheduledFileWire>,
    /// Unix seconds.
    pub send_at: i64,
    /// Why it was not sent at its time.
    pub error: Option<String>,
    pub sender: Option<UserPush>,
    /// ISO 8601.
    pub created_at: Option<String>,
    /// ISO 8601.
    pub updated_at: Option<String>,
}

/// A file that waits with its message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ScheduledFile)]
pub struct ScheduledFileWire {
    pub file_name: String,
    pub file_size: i64,
    pub file_type: String,
}

impl Dialect {
    /// A message that waits.
    pub fn scheduled(&self, scheduled: Scheduled) -> ScheduledWire {
        let file = |file: model::scheduled::ScheduledFile| ScheduledFileWire {
            file_name: file.name,
            file_size: file.size,
            file_type: file.kind.as_str().to_owned(),
        };
        ScheduledWire {
            id: scheduled.id.0,
            conversation_id: scheduled.display_id.0,
            content: scheduled.content,
            private: scheduled.private,
            attachments: scheduled.files.into_iter().map(file).collect(),
            send_at: scheduled.send_at / 1_000,
            error: scheduled.error.map(|code| code.as_str().to_owned()),
            sender: self.user(scheduled.user_id, Reader::Agent),
            created_at: self.moment(scheduled.created_at),
            updated_at: self.moment(scheduled.updated_at),
        }
    }
}
