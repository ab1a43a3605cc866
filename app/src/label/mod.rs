//! Labels.

pub mod calls;
