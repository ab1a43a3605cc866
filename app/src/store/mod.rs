//! What the inbox knows, as plain data and pure functions; the signals around it are in `conversation::desk`.
//!
//! Everything here is idempotent: a change that arrives twice (as the answer of a call and from the socket, or again after a lost
//! connection) leaves the same state as once.

mod chosen;
mod latest;
mod list;
mod looking;
mod outbox;
mod thread;
mod typing;

pub use chosen::Chosen;
pub use latest::Latest;
pub use list::{List, More};
pub use looking::Looking;
pub use outbox::{Outbox, OutboxFile, Outgoing, SendState, When};
pub use thread::{Older, Thread};
pub use typing::Typing;

#[cfg(test)]
pub(crate) mod samples;
