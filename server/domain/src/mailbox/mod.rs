//! Mailboxes: mail that comes in becomes conversations, each mail once whatever happens.
//!
//! [`read`] goes through a mailbox, [`receive`] takes one mail. A mail, its message and the mark up to which the mailbox is read are
//! one change. Whoever dies in between reads the mail again and finds it neither stored nor passed; whoever reads it twice finds it
//! stored.

pub(crate) mod api;
mod bounce;
mod connect;
mod keep;
pub(crate) mod onward;
pub(crate) mod outgoing;
mod read;
mod receive;
mod setup;
mod show;
pub mod sign_in;
pub mod store;
pub(crate) mod trouble;
pub mod watch;
mod written;

use letter::Own;
use model::mailbox::AfterReading;
use model::{AccountId, ConversationId, InboxId, MessageId};

pub use connect::{connect, connect_sender, set_after, switch};
pub use keep::read_through;
pub(crate) use keep::{read_due, read_one};
pub use read::{Read, Source, Stopped, read};
pub use receive::{Raw, receive, receive_all};
pub use setup::{preset, save_connection, save_sender, state};
pub use show::{Wanted, original, page};
pub(crate) use written::complete;

/// The setting of an inbox that names the provider at which it signs in.
pub const PROVIDER: &str = "provider";

/// An inbox as far as mail is concerned.
#[derive(Debug, Clone)]
pub struct MailInbox {
    pub account_id: AccountId,
    pub inbox_id: InboxId,
    /// Addresses from which it writes, in lower case.
    pub addresses: Vec<String>,
    /// What becomes of mails on their server once they are here.
    pub after: AfterReading,
}

impl MailInbox {
    /// A word in mails of ours by which they are known when they come back.
    pub fn loop_mark(&self) -> String {
        format!("cloudchat-{}-{}", self.account_id.0, self.inbox_id.0)
    }

    /// Calls with what tells our own mails from others.
    fn with_own<T>(&self, with: impl FnOnce(Own<'_>) -> T) -> T {
        let addresses: Vec<&str> = self.addresses.iter().map(String::as_str).collect();
        with(Own { addresses: &addresses, loop_mark: Some(&self.loop_mark()) })
    }
}

/// A place in a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub uid_validity: u32,
    pub uid: u32,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It began a conversation.
    Began(ConversationId, MessageId),
    /// It joined one.
    Joined(ConversationId, MessageId),
    /// It says of a message of ours that it did not arrive, or not yet.
    Bounced(MessageId),
    /// It was stored before.
    Known,
    /// Nothing an agent needs to see: our own mail, a report of arrival.
    Passed,
}

#[cfg(test)]
mod tests;
