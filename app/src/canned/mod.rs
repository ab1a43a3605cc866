//! Canned responses: what the dashboard asks the server.

pub mod calls;
