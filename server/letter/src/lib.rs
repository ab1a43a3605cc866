//! Understanding and composing mail. Nothing here does I/O, reads a clock or knows a database: bytes in, meaning out, and back.
//!
//! - [`Incoming::read`] turns any bytes into what an agent must see of them. It never fails: what cannot be parsed is left out and
//!   said so in [`Incoming::damage`]; the original is the caller's to keep.
//! - [`SafeHtml`] is the only HTML of strangers that may reach a browser.
//! - [`Draft::compose`] turns an answer into a mail that other programs thread, decode and accept.

mod address;
mod compose;
mod html;
mod id;
mod incoming;
mod quote;
mod text;

pub use address::Address;
pub use compose::{Attachment, Automatic, Content, Draft, DraftError, Envelope, Letter, Threading, reply_subject};
pub use html::SafeHtml;
pub use id::{MessageId, OwnId};
pub use incoming::{
    Body, Bounce, Damage, File, FileKind, Incoming, Invitation, Kind, Own, People, Permanence, Recipient, ThreadKey,
    limits,
};
pub use quote::split_text;
