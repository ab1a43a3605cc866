//! Macros: what the dashboard asks the server, and what their steps are called.

pub mod calls;
pub mod step;
