//! Conversations: their states and the two shapes in which they are read.

crate::text_enum! {
    /// Where a conversation stands.
    ConversationStatus { Open = "open", Pending = "pending", Snoozed = "snoozed", Resolved = "resolved" }
}

crate::text_enum! {
    /// How urgent a conversation is.
    Priority { Low = "low", Medium = "medium", High = "high", Urgent = "urgent" }
}

#[cfg(feature = "serde")]
pub use read::*;

#[cfg(feature = "serde")]
mod read {
    use serde::{Deserialize, Serialize};

    use super::{ConversationStatus, Priority};
    use crate::agent::AgentRef;
    use crate::contact::Contact;
    use crate::filter::Condition;
    use crate::{
        ContactId, ContactInboxId, ConversationId, DisplayId, FileKind, InboxId, MessageId, MessageKind, MessageStatus,
        Millis, SavedViewId, TeamId, UserId,
    };

    /// The contact as a list row shows them.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct ContactRef {
        pub id: ContactId,
        pub name: String,
        pub avatar_url: Option<String>,
    }

    /// The team as a row shows it.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct TeamRef {
        pub id: TeamId,
        pub name: String,
    }

    /// The last message in one line.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Preview {
        pub message_id: MessageId,
        pub kind: MessageKind,
        pub private: bool,
        /// At most 160 characters, Markdown marks removed.
        pub text: String,
        /// Kind of the first file when there is one.
        pub file: Option<FileKind>,
        pub status: MessageStatus,
        /// The agent who wrote it, when one did.
        pub author_id: Option<UserId>,
    }

    /// A conversation as the list shows it.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct ConversationRow {
        pub id: ConversationId,
        pub display_id: DisplayId,
        pub inbox_id: InboxId,
        pub status: ConversationStatus,
        pub priority: Option<Priority>,
        pub contact: ContactRef,
        pub assignee: Option<AgentRef>,
        pub team: Option<TeamRef>,
        pub labels: Vec<String>,
        /// Messages from the contact that no agent has seen.
        pub unread_count: i64,
        pub preview: Option<Preview>,
        pub last_activity_at: Millis,
        pub created_at: Millis,
        pub waiting_since: Option<Millis>,
        pub snoozed_until: Option<Millis>,
    }

    /// Where a conversation went that was put into another.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Merged {
        pub into: DisplayId,
        /// Whether whoever asks can still take the two apart.
        pub can_undo: bool,
    }

    /// A conversation with everything the conversation page and the API show.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Conversation {
        pub row: ConversationRow,
        pub uuid: String,
        pub contact_inbox_id: ContactInboxId,
        /// The contact's name in the channel: a random id for a browser, an address, a number.
        pub source_id: String,
        /// Whether the contact proved who they are (identity validation).
        pub hmac_verified: bool,
        pub contact: Contact,
        /// Page, browser, language and other facts from the channel.
        pub additional_attributes: serde_json::Value,
        pub custom_attributes: serde_json::Value,
        pub agent_last_seen_at: Millis,
        pub assignee_last_seen_at: Millis,
        pub contact_last_seen_at: Millis,
        pub first_reply_created_at: Option<Millis>,
        pub updated_at: Millis,
        pub can_reply: bool,
    }

    /// What agents decide about a conversation: what an undo brings back.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Standing {
        pub status: ConversationStatus,
        pub snoozed_until: Option<Millis>,
        pub priority: Option<Priority>,
        pub assignee_id: Option<UserId>,
        pub team_id: Option<TeamId>,
        /// By title, in order.
        pub labels: Vec<String>,
    }

    impl From<&ConversationRow> for Standing {
        fn from(row: &ConversationRow) -> Self {
            Self {
                status: row.status,
                snoozed_until: row.snoozed_until,
                priority: row.priority,
                assignee_id: row.assignee.as_ref().map(|agent| agent.id),
                team_id: row.team.as_ref().map(|team| team.id),
                labels: row.labels.clone(),
            }
        }
    }

    /// How many conversations each tab of the list holds under the current filter.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub struct TabCounts {
        pub mine: i64,
        pub unassigned: i64,
        pub assigned: i64,
        pub all: i64,
        #[serde(default)]
        pub counted: Counted,
    }

    /// What of [`TabCounts`] was counted to the end. Of the rest there may be more.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Counted {
        #[default]
        Whole,
        /// What is the reader's and what is nobody's, which people watch; not what there is beside it.
        Watched,
        Nothing,
    }

    impl TabCounts {
        /// How many a tab holds.
        #[must_use]
        pub fn of(self, tab: Tab) -> i64 {
            match tab {
                Tab::Mine => self.mine,
                Tab::Unassigned => self.unassigned,
                Tab::Assigned => self.assigned,
                Tab::All => self.all,
            }
        }

        /// The same where so many of a tab were seen: no tab holds fewer than that.
        #[must_use]
        pub fn having_seen(mut self, tab: Tab, seen: i64) -> Self {
            if self.is_at_least(tab) {
                let number = match tab {
                    Tab::Mine => &mut self.mine,
                    Tab::Unassigned => &mut self.unassigned,
                    Tab::Assigned => &mut self.assigned,
                    Tab::All => &mut self.all,
                };
                *number = (*number).max(seen);
                self.all = self.all.max(seen);
            }
            self
        }

        /// Whether a tab may hold more than the number says.
        #[must_use]
        pub fn is_at_least(self, tab: Tab) -> bool {
            match self.counted {
                Counted::Whole => false,
                Counted::Watched => matches!(tab, Tab::Assigned | Tab::All),
                Counted::Nothing => true,
            }
        }
    }

    /// How many open conversations are behind the links of the rail. What is not named has none.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub struct FolderCounts {
        pub inboxes: Vec<(InboxId, i64)>,
        pub teams: Vec<(TeamId, i64)>,
        /// By title.
        pub labels: Vec<(String, i64)>,
        /// Counted up to a hundred, as are those below.
        pub views: Vec<(SavedViewId, i64)>,
        /// Those whose notes name the reader.
        pub mentioned: i64,
        /// Those that the reader follows.
        pub participating: i64,
        /// Without an answer yet, or waiting for one.
        pub unattended: i64,
    }

    crate::text_enum! {
        /// The tabs of the list, by assignee.
        Tab { Mine = "me", Unassigned = "unassigned", Assigned = "assigned", All = "all" }
    }

    crate::text_enum! {
        /// The order of the list.
        SortBy {
            LastActivityDesc = "last_activity_at_desc",
            LastActivityAsc = "last_activity_at_asc",
            CreatedDesc = "created_at_desc",
            CreatedAsc = "created_at_asc",
            PriorityDesc = "priority_desc",
            PriorityAsc = "priority_asc",
            WaitingSinceAsc = "waiting_since_asc",
            WaitingSinceDesc = "waiting_since_desc",
        }
    }

    /// What the list is asked for.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct ConversationFilter {
        /// `None`: every status.
        pub status: Option<ConversationStatus>,
        pub tab: Tab,
        pub inbox_id: Option<InboxId>,
        pub team_id: Option<TeamId>,
        /// Any of these labels.
        pub labels: Vec<String>,
        pub sort: SortBy,
        /// Only conversations of which a message holds this text.
        pub query: Option<String>,
        /// Only conversations of this contact.
        pub contact_id: Option<ContactId>,
        /// Only conversations without a human reply yet, or waiting for one.
        pub unattended: bool,
        /// Only those that a saved view is about.
        #[serde(default)]
        pub view: Option<SavedViewId>,
        /// Only those that meet these conditions.
        #[serde(default)]
        pub conditions: Vec<Condition>,
        /// Only conversations that the reader has to do with in this way.
        pub involved: Option<Involvement>,
    }

    crate::text_enum! {
        /// What somebody has to do with a conversation that need not be theirs. Words of the API's `conversation_type`.
        Involvement {
            /// A note names them.
            Mentioned = "mention",
            /// They follow it.
            Participating = "participating",
        }
    }

    impl Default for ConversationFilter {
        fn default() -> Self {
            Self {
                status: Some(ConversationStatus::Open),
                tab: Tab::All,
                inbox_id: None,
                team_id: None,
                labels: Vec::new(),
                sort: SortBy::LastActivityDesc,
                query: None,
                contact_id: None,
                unattended: false,
                view: None,
                conditions: Vec::new(),
                involved: None,
            }
        }
    }

    /// One page of a list. `next` is opaque; `None` at the end.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Page<T> {
        pub items: Vec<T>,
        pub next: Option<String>,
    }
}
