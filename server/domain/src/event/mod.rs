//! What happened. Events are written in the change's own transaction and drive everything that follows: sockets tail them.

pub mod store;
pub mod tail;

use model::live::Aside;
use model::{AccountId, BulkId, ContactId, ContactImportId, ConversationId, DisplayId, InboxId, MessageId, UserId};
use serde::{Deserialize, Serialize};

pub use tail::Cursor;

model::text_enum! {
    /// A part of a conversation that changed.
    Part {
        Status = "status",
        Assignee = "assignee_id",
        Team = "team_id",
        Priority = "priority",
        Labels = "labels",
        SnoozedUntil = "snoozed_until",
        CustomAttributes = "custom_attributes",
        AdditionalAttributes = "additional_attributes",
        WaitingSince = "waiting_since",
        FirstReply = "first_reply_created_at",
        AgentSeen = "agent_last_seen_at",
        ContactSeen = "contact_last_seen_at",
        Contact = "contact_id",
    }
}

/// Who could know of a conversation before it changed hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    pub inbox_id: InboxId,
    pub assignee_id: Option<UserId>,
}

/// Something that happened, by the ids of what it happened to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    MessageCreated {
        message_id: MessageId,
        conversation_id: ConversationId,
    },
    MessageUpdated {
        message_id: MessageId,
        conversation_id: ConversationId,
    },
    ConversationCreated {
        conversation_id: ConversationId,
    },
    ConversationUpdated {
        conversation_id: ConversationId,
        changed: Vec<Part>,
        /// Present when the change may have taken it out of somebody's sight.
        before: Option<Reach>,
    },
    ConversationDeleted {
        conversation_id: ConversationId,
        display_id: DisplayId,
        reach: Reach,
    },
    /// Something beside a conversation changed: who follows it, what waits to be sent, what runs in it.
    ConversationAside {
        conversation_id: ConversationId,
        aside: Aside,
    },
    /// A note names somebody. For them alone.
    Mentioned {
        conversation_id: ConversationId,
        message_id: MessageId,
        user_id: UserId,
    },
    ContactCreated {
        contact_id: ContactId,
    },
    ContactUpdated {
        contact_id: ContactId,
    },
    ContactMerged {
        contact_id: ContactId,
        merged_id: ContactId,
    },
    ContactDeleted {
        contact_id: ContactId,
    },
    AgentUpdated {
        user_id: UserId,
    },
    /// What somebody may reach changed: role, membership of an inbox.
    AccessChanged {
        user_id: UserId,
    },
    /// Somebody was signed out of browsers: their sockets look whether they still may listen.
    SessionsEnded {
        user_id: UserId,
    },
    InboxChanged {
        inbox_id: InboxId,
    },
    AttributesChanged,
    LabelsChanged,
    /// Canned responses or macros.
    LibraryChanged,
    TeamsChanged,
    /// Somebody's own views, or those of everybody.
    SavedViewsChanged {
        user_id: Option<UserId>,
    },
    AccountChanged,
    /// A change of many conversations went on.
    BulkChanged {
        bulk_id: BulkId,
        /// Who asked for it; nobody else hears of it.
        user_id: UserId,
    },
    /// Contacts come from a table.
    ContactImportChanged {
        import_id: ContactImportId,
    },
}

impl Event {
    /// The conversation that it is about.
    pub fn conversation_id(&self) -> Option<ConversationId> {
        match self {
            Self::MessageCreated { conversation_id, .. }
            | Self::MessageUpdated { conversation_id, .. }
            | Self::ConversationCreated { conversation_id }
            | Self::ConversationUpdated { conversation_id, .. }
            | Self::ConversationDeleted { conversation_id, .. }
            | Self::ConversationAside { conversation_id, .. }
            | Self::Mentioned { conversation_id, .. } => Some(*conversation_id),
            _ => None,
        }
    }

    /// Whether it changes lists that an account's payloads refer to: inboxes, agents, teams, the language.
    pub fn changes_lists(&self) -> bool {
        matches!(
            self,
            Self::AgentUpdated { .. }
                | Self::AccessChanged { .. }
                | Self::InboxChanged { .. }
                | Self::TeamsChanged
                | Self::AccountChanged
        )
    }

    /// Whether a conversation may wait for an agent since then, or an agent have room for one.
    pub fn concerns_assignment(&self) -> bool {
        match self {
            Self::ConversationUpdated { changed, before, .. } => {
                // Who is given a conversation that was nobody's makes no room for others.
                let was_owned = before.is_none_or(|reach| reach.assignee_id.is_some());
                changed.iter().any(|part| match part {
                    Part::Status | Part::Team => true,
                    Part::Assignee => was_owned,
                    _ => false,
                })
            }
            Self::ConversationCreated { .. }
            | Self::ConversationDeleted { .. }
            | Self::AgentUpdated { .. }
            | Self::AccessChanged { .. }
            | Self::InboxChanged { .. }
            | Self::TeamsChanged
            | Self::AccountChanged => true,
            _ => false,
        }
    }

    /// The word for this event in the table.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::MessageCreated { .. } => "message_created",
            Self::MessageUpdated { .. } => "message_updated",
            Self::ConversationCreated { .. } => "conversation_created",
            Self::ConversationUpdated { .. } => "conversation_updated",
            Self::ConversationDeleted { .. } => "conversation_deleted",
            Self::ConversationAside { .. } => "conversation_aside",
            Self::Mentioned { .. } => "mentioned",
            Self::ContactCreated { .. } => "contact_created",
            Self::ContactUpdated { .. } => "contact_updated",
            Self::ContactMerged { .. } => "contact_merged",
            Self::ContactDeleted { .. } => "contact_deleted",
            Self::AgentUpdated { .. } => "agent_updated",
            Self::AccessChanged { .. } => "access_changed",
            Self::SessionsEnded { .. } => "sessions_ended",
            Self::InboxChanged { .. } => "inbox_changed",
            Self::AttributesChanged => "attributes_changed",
            Self::LabelsChanged => "labels_changed",
            Self::LibraryChanged => "library_changed",
            Self::TeamsChanged => "teams_changed",
            Self::SavedViewsChanged { .. } => "saved_views_changed",
            Self::AccountChanged => "account_changed",
            Self::BulkChanged { .. } => "bulk_changed",
            Self::ContactImportChanged { .. } => "contact_import_changed",
        }
    }
}

/// A recorded event.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub cursor: Cursor,
    pub account_id: AccountId,
    pub event: Event,
    /// The agent who caused it, if one did.
    pub by: Option<UserId>,
    pub created_at: model::Millis,
}
