//! The four roles of an account.

crate::text_enum! {
    /// What a person may do in an account. The rules are in [`crate::permission`] and in the domain's policy.
    Role {
        /// Everything.
        Administrator = "administrator",
        /// An agent who also reads all reports.
        Supervisor = "supervisor",
        /// Answers the conversations of their inboxes.
        Agent = "agent",
        /// Sees only what is theirs or nobody's, in their inboxes.
        Assistant = "assistant",
    }
}
