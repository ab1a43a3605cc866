//! How an answer tells to what it belongs (RFC 5322 §3.6.4).

use crate::MessageId;

/// More than this only grows the mail; the first and the latest are what programs look at.
const MOST: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Threading {
    pub in_reply_to: Option<MessageId>,
    /// The oldest first.
    pub references: Vec<MessageId>,
}

impl Threading {
    /// An answer to a mail and to what that mail refers to itself, the oldest first.
    pub fn answer(parent: MessageId, references: &[MessageId]) -> Self {
        let mut chain: Vec<MessageId> = Vec::new();
        for id in references.iter().filter(|id| **id != parent) {
            if !chain.contains(id) {
                chain.push(id.clone());
            }
        }
        chain.push(parent.clone());
        if chain.len() > MOST {
            chain.drain(1..=chain.len() - MOST);
        }
        Self { in_reply_to: Some(parent), references: chain }
    }

    /// The first mail of a conversation refers to the conversation itself, so that all that follow are one thread in every program.
    pub fn beginning(conversation: MessageId) -> Self {
        Self { in_reply_to: Some(conversation.clone()), references: vec![conversation] }
    }
}
