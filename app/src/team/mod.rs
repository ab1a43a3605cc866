//! Teams.

pub mod calls;
