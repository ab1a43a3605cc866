//! The rules. One folder per noun: `mod.rs` holds the rules, `store.rs` the SQL.
//!
//! A function here takes a [`Ctx`] (who is asking, and everything the rules need), checks access first, makes its changes in one
//! [`work::Work`], and returns a read model. It knows nothing of HTTP, sockets or Leptos.

pub mod access;
pub mod blob;
pub mod clock;
pub mod ctx;
pub mod error;
pub mod event;
pub mod job;
pub mod realtime;
pub mod secret;
pub mod settings;
pub mod work;

pub use ctx::{Actor, App, Ctx};
pub use error::{Error, OnUnique, Result};
pub use settings::Settings;
