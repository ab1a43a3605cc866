//! The dashboard.

pub mod store;
