//! The rules. One folder per noun: `mod.rs` holds the rules, `store.rs` the SQL.
//!
//! A function here takes a [`Ctx`] (who is asking, and everything the rules need), checks access first, makes its changes in one
//! [`work::Work`], and returns a read model. It knows nothing of HTTP, sockets or Leptos.

pub mod access;
pub mod account;
pub(crate) mod action;
pub mod agent;
pub mod assignment;
pub mod attribute;
pub mod audit;
pub mod avatar;
pub mod blob;
pub mod bulk;
pub mod canned;
pub mod channel;
pub mod clock;
pub mod contact;
pub(crate) mod continuity;
pub mod conversation;
pub mod csat;
pub mod ctx;
pub mod delivery;
pub mod demo;
pub mod error;
pub mod event;
pub mod filter;
pub mod hours;
pub mod inbox;
pub mod input;
mod installation;
pub mod job;
pub mod label;
pub mod macros;
pub mod mail;
pub mod mailbox;
pub mod message;
pub mod notification;
pub mod realtime;
pub mod saved_view;
pub mod search;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod settings;
pub mod stored_file;
pub mod team;
pub mod testing;
pub mod transfer;
pub mod variable;
pub mod visitor;
pub mod webhook;
pub mod work;

pub use ctx::{Actor, App, Ctx};
pub use error::{Error, OnUnique, Result};
pub use settings::Settings;
