//! People who answer.

pub mod calls;
mod undo_time;

pub use undo_time::UndoTime;
