//! Searching everything: people, conversations, messages.

pub mod calls;
mod page;
mod rows;

pub use page::{Page, Routes};
