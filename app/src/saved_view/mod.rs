//! Saved views.

pub mod calls;
