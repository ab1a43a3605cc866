//! What people of the team are told by mail while they are not looking.

use serde::{Deserialize, Serialize};

use crate::{Permission, Role};

crate::text_enum! {
    /// What a mail tells. The words are those by which integrations know them.
    NotificationKind {
        /// A conversation was given to them.
        Assignment = "conversation_assignment",
        /// A note names them.
        Mention = "conversation_mention",
        /// The contact wrote in a conversation that is theirs.
        NewMessage = "assigned_conversation_new_message",
        /// An inbox works no more before somebody does something.
        InboxLost = "inbox_lost",
    }
}

impl NotificationKind {
    /// Whether people with this role are told such things at all.
    pub fn is_for(self, role: Role) -> bool {
        self != Self::InboxLost || role.has(Permission::ManageAccount)
    }
}

/// Whether somebody wants to be told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationSwitch {
    pub kind: NotificationKind,
    pub on: bool,
}
