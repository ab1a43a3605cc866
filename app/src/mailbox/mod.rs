//! How inboxes read and send mail.

pub mod calls;
