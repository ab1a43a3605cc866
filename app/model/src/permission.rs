//! What a role allows, as a table. Which rows it reaches (inboxes, assignment) is decided by the domain's policy.

use crate::Role;

crate::text_enum! {
    /// An action that some roles have and others do not.
    Permission {
        /// Answer, note, label, change status and priority.
        WorkConversations = "work_conversations",
        /// See conversations that are assigned to somebody else.
        SeeOthersConversations = "see_others_conversations",
        /// Give a conversation to an agent or a team.
        Assign = "assign",
        /// Delete a message that was sent.
        DeleteMessages = "delete_messages",
        /// List and search contacts as such.
        SeeContacts = "see_contacts",
        /// Create and change contacts.
        EditContacts = "edit_contacts",
        /// Write canned responses and macros.
        EditCannedResponses = "edit_canned_responses",
        /// Give saved views to everybody.
        ShareViews = "share_views",
        /// Read and download reports.
        SeeReports = "see_reports",
        /// Change the account, its inboxes, agents, teams and labels; read who did what.
        ManageAccount = "manage_account",
        /// Delete contacts and conversations, import and export.
        DeleteData = "delete_data",
    }
}

impl Permission {
    /// The whole table, one line an action: the least role that has it. Each role has all that those below it have.
    pub const fn least_role(self) -> Role {
        match self {
            Self::WorkConversations => Role::Assistant,
            Self::SeeOthersConversations => Role::Agent,
            Self::Assign => Role::Agent,
            Self::DeleteMessages => Role::Agent,
            Self::SeeContacts => Role::Agent,
            Self::EditContacts => Role::Agent,
            Self::EditCannedResponses => Role::Agent,
            Self::ShareViews => Role::Agent,
            Self::SeeReports => Role::Supervisor,
            Self::ManageAccount => Role::Administrator,
            Self::DeleteData => Role::Administrator,
        }
    }
}

impl Role {
    /// Whether this role has a permission.
    pub const fn has(self, permission: Permission) -> bool {
        self.rank() >= permission.least_role().rank()
    }

    /// Whether this role may do all that another may.
    pub const fn includes(self, other: Self) -> bool {
        self.rank() >= other.rank()
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Assistant => 0,
            Self::Agent => 1,
            Self::Supervisor => 2,
            Self::Administrator => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(role: Role) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|permission| role.has(*permission)).collect()
    }

    #[test]
    fn each_role_adds_to_the_one_below() {
        use Permission as P;
        assert_eq!(of(Role::Assistant), [P::WorkConversations]);
        let agent = [
            P::WorkConversations,
            P::SeeOthersConversations,
            P::Assign,
            P::DeleteMessages,
            P::SeeContacts,
            P::EditContacts,
            P::EditCannedResponses,
            P::ShareViews,
        ];
        assert_eq!(of(Role::Agent), agent);
        assert_eq!(of(Role::Supervisor)[agent.len()..], [P::SeeReports]);
        assert_eq!(of(Role::Administrator), Permission::ALL);
    }
}
