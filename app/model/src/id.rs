//! Identifiers. Each table has its own type, so that an id of one cannot be used for another.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
            #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
            pub struct $name(pub i64);

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(f)
                }
            }

            impl std::str::FromStr for $name {
                type Err = std::num::ParseIntError;
                fn from_str(s: &str) -> Result<Self, Self::Err> {
                    s.parse().map(Self)
                }
            }

            impl From<$name> for i64 {
                fn from(id: $name) -> i64 {
                    id.0
                }
            }
        )*

        /// Calls a macro with the list of all id types: the one place where they are listed.
        #[macro_export]
        macro_rules! for_each_id {
            ($call:ident) => { $call!($($name),*); };
        }
    };
}

ids! {
    /// A company that uses the product.
    AccountId,
    /// A person who signs in. May belong to several accounts.
    UserId,
    /// A signed-in browser.
    SessionId,
    /// A configured channel.
    InboxId,
    /// A customer or visitor.
    ContactId,
    /// A contact as one inbox knows them (a browser, a phone number, an address).
    ContactInboxId,
    /// A conversation's internal id; people see its [`DisplayId`].
    ConversationId,
    /// A conversation's ticket number, counted per account.
    DisplayId,
    /// One utterance, in or out.
    MessageId,
    /// A file of a message.
    AttachmentId,
    /// The definition of a custom attribute.
    AttributeId,
    /// A note about a contact.
    NoteId,
    /// Two contacts that became one.
    MergeId,
    /// A label of an account.
    LabelId,
    /// A team of an account.
    TeamId,
    /// A filter that somebody keeps under a name.
    SavedViewId,
    /// A change of many conversations at once.
    BulkId,
    /// Contacts that come from a table.
    ContactImportId,
    /// A line of the log of who changed what.
    AuditId,
    /// A text that is kept for answers.
    CannedId,
    /// A message that waits for its time.
    ScheduledId,
    /// What a contact said of a conversation.
    CsatId,
    /// Steps under a name.
    MacroId,
    /// A macro at work in a conversation.
    MacroRunId,
    /// A file that is kept for messages to come.
    StoredFileId,
    /// Something that somebody is to be told.
    NotificationId,
    /// A recorded change.
    EventId,
    /// A piece of work to be done.
    JobId,
}
