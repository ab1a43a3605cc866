//! What is true of the whole installation, whatever the account.

mod store;

pub(crate) use store::{Note, forget, note, noted};
