//! Custom attributes: their definitions and their values.

pub mod calls;
mod editor;
mod words;

pub use editor::{AttributeEditor, Changed, Owner};
pub use words::{kind_name, value_words};
