//! Canned responses.

use model::AccountId;
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
    /// ISO 8601.
    pub created_at: Option<String>,
    /// ISO 8601.
    pub updated_at: Option<String>,
}

impl Dialect {
    /// A canned response.
    pub fn canned(&self, canned: CannedResponse) -> CannedWire {
        CannedWire {
            id: canned.id.0,
            account_id: self.account,
            short_code: canned.short_code,
            content: canned.content,
            created_at: self.moment(canned.created_at),
            updated_at: self.moment(canned.updated_at),
        }
    }
}
