//! The log of who changed what.

pub mod calls;
