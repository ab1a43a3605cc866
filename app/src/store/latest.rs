//! Which picture of a conversation is the newest.
//!
//! Pictures come by two ways, as answers of calls and over the line, and one way may be slower than the other: an answer that was
//! read before a change may arrive after it.

use std::collections::HashMap;

use model::conversation::Conversation;
use model::{ConversationId, Millis};

/// The newest time of change seen of each conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latest {
    changed: HashMap<ConversationId, Millis>,
}

impl Latest {
    /// Whether this picture may be shown: none that is newer has been. The same one may be shown again.
    pub fn takes(&mut self, conversation: &Conversation) -> bool {
        let known = self.changed.entry(conversation.row.id).or_insert(conversation.updated_at);
        if conversation.updated_at < *known {
            return false;
        }
        *known = conversation.updated_at;
        true
    }

    /// Forgets everything, for a screen that is read anew.
    pub fn clear(&mut self) {
        self.changed.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples;

    #[test]
    fn an_older_picture_is_not_shown_over_a_newer_one() {
        let mut latest = Latest::default();
        let mut shown = samples::conversation(1);
        shown.updated_at = 20;
        assert!(latest.takes(&shown));
        let mut late = shown.clone();
        late.updated_at = 19;
        assert!(!latest.takes(&late));
        assert!(latest.takes(&shown), "the same arrives twice");
        let mut other = samples::conversation(2);
        other.updated_at = 1;
        assert!(latest.takes(&other), "each conversation has its own time");
        latest.clear();
        assert!(latest.takes(&late));
    }
}
