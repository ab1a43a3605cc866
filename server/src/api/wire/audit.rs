//! The log of who changed what, in the dialect.

use model::audit::{AuditChange, AuditEntry, AuditPage};
use model::{AuditAction, AuditSubject};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A page of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditPage)]
pub struct AuditPageWire {
    pub per_page: i64,
    pub total_entries: i64,
    pub current_page: i64,
    pub audit_logs: Vec<AuditWire>,
}

/// A line of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditLog)]
pub struct AuditWire {
    pub id: i64,
    pub auditable_id: Option<i64>,
    pub auditable_type: &'static str,
    #[schema(value_type = Option<Object>)]
    pub auditable: Value,
    pub associated_id: Option<i64>,
    pub associated_type: Option<&'static str>,
    pub user_id: Option<i64>,
    pub user_type: Option<&'static str>,
    /// The person's address.
    pub username: Option<String>,
    /// `create`, `update`, `destroy`, `sign_in`, `sign_out`, `view_as` or `stop_view_as`.
    pub action: &'static str,
    /// By field: the new value of what was made, the old of what is gone, else both in a list.
    #[schema(value_type = Object)]
    pub audited_changes: Value,
    pub version: i64,
    pub comment: Option<String>,
    pub request_uuid: String,
    /// Unix seconds.
    pub created_at: i64,
    pub remote_address: Option<String>,
}

impl AuditPageWire {
    /// A page of the log.
    pub fn new(page: AuditPage) -> Self {
        Self {
            per_page: page.per_page,
            total_entries: page.total,
            current_page: page.page,
            audit_logs: page.entries.into_iter().map(AuditWire::new).collect(),
        }
    }
}

impl AuditWire {
    fn new(entry: AuditEntry) -> Self {
        let named = (!entry.subject_name.is_empty()).then_some(&entry.subject_name);
        Self {
            id: entry.id.0,
            auditable: named.map_or(Value::Null, |name| json!({ "id": entry.subject_id, "name": name })),
            auditable_id: entry.subject_id,
            auditable_type: kind(entry.subject),
            associated_id: entry.associated.map(|(_, id)| id),
            associated_type: entry.associated.map(|(subject, _)| kind(subject)),
            user_id: entry.by.as_ref().map(|by| by.id.0),
            user_type: entry.by.as_ref().map(|_| "User"),
            username: entry.by.map(|by| by.email),
            action: entry.action.as_str(),
            audited_changes: Value::Object(changes(entry.action, entry.changes)),
            version: 1,
            comment: None,
            request_uuid: entry.request_id,
            created_at: entry.at / 1_000,
            remote_address: Some(entry.ip).filter(|ip| !ip.is_empty()),
        }
    }
}

fn changes(action: AuditAction, changes: Vec<AuditChange>) -> Map<String, Value> {
    let value = |change: AuditChange| match action {
        AuditAction::Create => (change.field, change.after),
        AuditAction::Destroy => (change.field, change.before),
        _ => (change.field, json!([change.before, change.after])),
    };
    changes.into_iter().map(value).collect()
}

/// What existing clients call things of this kind.
fn kind(subject: AuditSubject) -> &'static str {
    match subject {
        AuditSubject::Account => "Account",
        AuditSubject::Agent => "AccountUser",
        AuditSubject::Person => "User",
        AuditSubject::AccessToken => "AccessToken",
        AuditSubject::Inbox => "Inbox",
        AuditSubject::InboxMember => "InboxMember",
        AuditSubject::Team => "Team",
        AuditSubject::TeamMember => "TeamMember",
        AuditSubject::Label => "Label",
        AuditSubject::CustomAttribute => "CustomAttributeDefinition",
        AuditSubject::CannedResponse => "CannedResponse",
        AuditSubject::Macro => "Macro",
        AuditSubject::SavedView => "CustomFilter",
        AuditSubject::Contact => "Contact",
        AuditSubject::ContactImport => "DataImport",
        AuditSubject::Conversation => "Conversation",
    }
}
