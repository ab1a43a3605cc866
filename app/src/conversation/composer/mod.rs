//! Writing: a reply or a private note, with files, formatting and emoji. Nothing here ever waits for the server.

mod colleagues;
mod copies;
pub mod draft;
pub mod emoji;
mod files;
mod fill;
pub mod format;
mod keys;
mod merged;
mod quote;
mod send;
mod state;
mod toolbar;
pub mod trigger;
mod typing;
mod view;
mod waiting;

pub use keys::PickKey;
pub use state::{Writing, provide_writing, use_writing};
pub use view::Composer;
