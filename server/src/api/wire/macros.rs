//! Macros.

use model::UserId;
use model::action::{Macro, StoredFile};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Dialect;
use super::person::AgentWire;

/// A macro.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Macro)]
pub struct MacroWire {
    pub id: i64,
    pub account_id: i64,
    pub name: String,
    /// `personal` or `global`.
    pub visibility: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<AgentWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<AgentWire>,
    /// Each with `action_name` and `action_params`.
    #[schema(value_type = Vec<Object>)]
    pub actions: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<MacroFile>,
}

/// A file that a macro sends.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MacroFile {
    pub id: i64,
    pub blob_id: i64,
    pub macro_id: i64,
    pub account_id: i64,
    pub file_type: String,
    pub filename: String,
}

impl Dialect {
    /// A macro.
    pub fn macro_(&self, found: &Macro) -> MacroWire {
        let person = |id: Option<UserId>| {
            let agent = id.and_then(|id| self.directory().agents.get(&id).cloned());
            agent.map(|agent| self.agent(&agent))
        };
        let file = |file: &StoredFile| MacroFile {
            id: file.id.0,
            blob_id: file.id.0,
            macro_id: found.id.0,
            account_id: self.account.0,
            file_type: file.content_type.clone(),
            filename: file.name.clone(),
        };
        MacroWire {
            id: found.id.0,
            account_id: self.account.0,
            name: found.name.clone(),
            visibility: found.visibility.as_str().to_owned(),
            created_by: person(found.created_by),
            updated_by: person(found.updated_by),
            actions: serde_json::to_value(&found.actions).unwrap_or_default(),
            files: found.files.iter().map(file).collect(),
        }
    }
}
