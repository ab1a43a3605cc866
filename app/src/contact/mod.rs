//! Contacts, as the inbox shows them beside a conversation.

mod card;
mod field;

pub use card::ContactCard;
