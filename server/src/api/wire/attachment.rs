//! Files of messages.

use model::FileKind;
use model::attachment::Attachment;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::person::SenderPush;
use super::{Dialect, seconds};

/// A file of a message. Its addresses are signed and expire.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentWire {
    pub id: i64,
    pub message_id: i64,
    /// `image`, `audio`, `video` or `file`.
    pub file_type: String,
    pub account_id: i64,
    #[schema(value_type = Object)]
    pub meta: Value,
    pub extension: Option<String>,
    pub data_url: String,
    pub thumb_url: String,
    /// Bytes.
    pub file_size: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
    /// Only for sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transcribed_text: Option<&'static str>,
}

/// A file in the list of a conversation's files.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedAttachment {
    pub message_id: i64,
    pub thumb_url: String,
    pub data_url: String,
    pub file_size: i64,
    pub file_type: String,
    pub extension: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    /// Unix seconds.
    pub created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderPush>,
}

impl Dialect {
    /// A file.
    pub fn attachment(&self, file: &Attachment) -> AttachmentWire {
        AttachmentWire {
            id: file.id.0,
            message_id: file.message_id.0,
            file_type: file.kind.to_string(),
            account_id: self.account.0,
            meta: json!({}),
            extension: extension(&file.file_name),
            data_url: self.absolute(&file.url),
            thumb_url: self.absolute(&file.thumb_url),
            file_size: file.size,
            width: file.width,
            height: file.height,
            transcribed_text: (file.kind == FileKind::Audio).then_some(""),
        }
    }

    /// A file in a list.
    pub fn listed_attachment(&self, file: &Attachment, sender: Option<SenderPush>) -> ListedAttachment {
        ListedAttachment {
            message_id: file.message_id.0,
            thumb_url: self.absolute(&file.thumb_url),
            data_url: self.absolute(&file.url),
            file_size: file.size,
            file_type: file.kind.to_string(),
            extension: extension(&file.file_name),
            width: file.width,
            height: file.height,
            created_at: seconds(file.created_at),
            sender,
        }
    }
}

fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_lowercase())
}
