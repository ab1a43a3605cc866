//! The inbox: the list of conversations, the open one, and its details.

pub(crate) mod aid;
mod assign;
pub mod beside;
pub mod calls;
pub mod composer;
mod connection;
pub mod desk;
mod details;
mod frame;
mod header;
mod list;
mod markdown;
mod page;
mod pane;
pub mod place;
pub(crate) mod snooze;
mod status;
mod thread;

pub use header::status_name;
pub use page::{Page, Pane, Routes};
