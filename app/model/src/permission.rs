//! What a role allows, as a table. Which rows it reaches (inboxes, assignment) is decided by the domain's policy.

use crate::Role;

crate::text_enum! {
    /// An action that some roles have and others do not.
    Permission {
        /// Change the account, its inboxes, agents, teams and labels.
        ManageAccount = "manage_account",
        /// See conversations that are assigned to somebody else.
        SeeOthersConversations = "see_others_conversations",
        /// Answer, note, label, change status and priority.
        WorkConversations = "work_conversations",
        /// Give a conversation to an agent or a team.
        Assign = "assign",
        /// Delete a message that was sent.
        DeleteMessages = "delete_messages",
        /// Create and change contacts.
        EditContacts = "edit_contacts",
        /// List and search contacts as such.
        SeeContacts = "see_contacts",
        /// Write canned responses and macros.
        EditCannedResponses = "edit_canned_responses",
        /// Give saved views to everybody.
        ShareViews = "share_views",
        /// Read and download reports.
        SeeReports = "see_reports",
        /// Delete contacts and conversations, import and export.
        DeleteData = "delete_data",
    }
}

impl Role {
    /// Whether this role has a permission.
    pub const fn has(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => true,
            Self::Supervisor => !matches!(permission, P::ManageAccount | P::DeleteData),
            Self::Agent => !matches!(permission, P::ManageAccount | P::DeleteData | P::SeeReports),
            Self::Assistant => matches!(permission, P::WorkConversations),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assistant_only_works_conversations() {
        let allowed: Vec<_> = Permission::ALL.iter().filter(|p| Role::Assistant.has(**p)).collect();
        assert_eq!(allowed, [&Permission::WorkConversations]);
    }

    #[test]
    fn only_administrators_manage_the_account() {
        let managers: Vec<_> = Role::ALL.iter().filter(|r| r.has(Permission::ManageAccount)).collect();
        assert_eq!(managers, [&Role::Administrator]);
    }
}
