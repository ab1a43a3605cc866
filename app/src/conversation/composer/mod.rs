//! Writing: a reply or a private note, with files, formatting and emoji. Nothing here ever waits for the server.

mod colleagues;
pub mod draft;
pub mod emoji;
mod files;
pub mod format;
mod keys;
mod quote;
mod send;
mod state;
mod toolbar;
mod typing;
mod view;

pub use state::{Writing, provide_writing, use_writing};
pub use view::Composer;
