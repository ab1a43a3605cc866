//! The log of who changed what.

crate::text_enum! {
    /// What somebody did.
    AuditAction {
        Create = "create",
        Update = "update",
        Destroy = "destroy",
        SignIn = "sign_in",
        SignOut = "sign_out",
        /// Began to look at the dashboard as somebody else sees it.
        ViewAs = "view_as",
        StopViewAs = "stop_view_as",
    }
}

crate::text_enum! {
    /// What it was done to. One word a kind of thing; its name in every language is `audit.subject.<word>`.
    AuditSubject {
        Account = "account",
        /// A membership: role, limit, name.
        Agent = "agent",
        /// A person's own door: signing in, password, second factor, sessions.
        Person = "person",
        AccessToken = "access_token",
        Inbox = "inbox",
        InboxMember = "inbox_member",
        Team = "team",
        TeamMember = "team_member",
        Label = "label",
        CustomAttribute = "custom_attribute",
        CannedResponse = "canned_response",
        Macro = "macro",
        /// A filter that everybody has.
        SavedView = "saved_view",
        Contact = "contact",
        ContactImport = "contact_import",
        Conversation = "conversation",
    }
}

#[cfg(feature = "serde")]
pub use read::*;

#[cfg(feature = "serde")]
mod read {
    use serde::{Deserialize, Serialize};

    use super::{AuditAction, AuditSubject};
    use crate::{AuditId, Millis, UserId};

    /// One value that became another. Null: there was none, or is none.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct AuditChange {
        pub field: String,
        pub before: serde_json::Value,
        pub after: serde_json::Value,
    }

    /// Who did it, as they were called then.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct AuditPerson {
        pub id: UserId,
        pub name: String,
        pub email: String,
    }

    /// One line of the log.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct AuditEntry {
        pub id: AuditId,
        pub at: Millis,
        /// `None`: the system or the operator.
        pub by: Option<AuditPerson>,
        pub action: AuditAction,
        pub subject: AuditSubject,
        pub subject_id: Option<i64>,
        pub subject_name: String,
        /// What it belongs to.
        pub associated: Option<(AuditSubject, i64)>,
        pub changes: Vec<AuditChange>,
        /// The address it came from; empty when nobody asked from anywhere.
        pub ip: String,
        pub request_id: String,
    }

    /// Which lines are asked for.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub struct AuditFilter {
        pub by: Option<UserId>,
        pub subject: Option<AuditSubject>,
        /// Unix milliseconds, the first that counts.
        pub since: Option<Millis>,
        /// Unix milliseconds, the first that does not count any more.
        pub until: Option<Millis>,
    }

    /// A page of the log, the newest first.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct AuditPage {
        pub entries: Vec<AuditEntry>,
        /// How many there are on all pages.
        pub total: i64,
        /// From 1.
        pub page: i64,
        pub per_page: i64,
    }
}
