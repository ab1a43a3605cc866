//! Inboxes.

pub mod calls;
pub mod field;
pub mod preview;
pub mod preview_form;
