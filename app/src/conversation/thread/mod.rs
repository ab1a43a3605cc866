//! The messages of the open conversation.

mod activity;
mod asked;
mod attachments;
mod audio;
mod bubble;
mod found;
mod group;
mod group_view;
mod lightbox;
mod mail;
mod pane;
mod quote;
mod scroll;
mod ticks;
mod typing;

pub use lightbox::{Lightbox, provide_pictures};
pub use pane::ThreadPane;
pub use quote::words as quote_words;
