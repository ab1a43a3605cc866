//! Canned responses.

use model::AccountId;
use model::action::StoredFile;
use model::canned::CannedResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::Dialect;

/// A canned response.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CannedResponse)]
pub struct CannedWire {
    pub id: i64,
    #[schema(value_type = i64)]
    pub account_id: AccountId,
    pub short_code: String,
    /// Markdown with variables.
    pub content: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<CannedFile>,
    /// ISO 8601.
    pub created_at: Option<String>,
    /// ISO 8601.
    pub updated_at: Option<String>,
}

/// A file that a canned response brings.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CannedFile {
    pub blob_id: i64,
    pub file_type: String,
    pub filename: String,
}

impl Dialect {
    /// A canned response.
    pub fn canned(&self, canned: CannedResponse) -> CannedWire {
        let file =
            |file: StoredFile| CannedFile { blob_id: file.id.0, file_type: file.content_type, filename: file.name };
        CannedWire {
            id: canned.id.0,
            account_id: self.account,
            short_code: canned.short_code,
            content: canned.content,
            files: canned.files.into_iter().map(file).collect(),
            created_at: self.moment(canned.created_at),
            updated_at: self.moment(canned.updated_at),
        }
    }
}
