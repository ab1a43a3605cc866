//! Files of messages.

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, FileKind, MessageId, Millis};

/// A file as it is shown. The addresses are signed and expire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub message_id: MessageId,
    pub kind: FileKind,
    pub file_name: String,
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Pixels, for pictures.
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub url: String,
    /// A small picture; the file itself when it is small already, empty when there is none.
    pub thumb_url: String,
    pub created_at: Millis,
}
