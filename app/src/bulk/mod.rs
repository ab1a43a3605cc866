//! Changing many conversations at once.

pub mod calls;
