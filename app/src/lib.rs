//! The dashboard: pages, components, and what they ask the server.
//!
//! The server renders a page, the browser brings it to life. Both begin from the same [`boot::Boot`]: language, person, account.
//! What a page asks later goes through server functions (`<noun>/calls.rs`), which are thin: the rules are in `domain`.

// Deeply nested views make deeply nested types.
#![recursion_limit = "512"]

pub mod account;
pub mod agent;
pub mod attribute;
pub mod audit;
pub mod boot;
pub mod browser;
pub mod bulk;
pub mod call;
pub mod canned;
pub mod command;
pub mod contact;
pub mod conversation;
pub mod device;
pub mod form;
pub mod hours;
pub mod inbox;
pub mod json;
pub mod label;
pub mod layout;
pub mod live;
pub mod macros;
pub mod mailbox;
pub mod notification;
pub mod notify;
mod part;
pub mod place;
pub mod public;
pub mod routes;
pub mod saved_view;
pub mod search;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod settings;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "hydrate")]
mod start;
pub mod store;
pub mod team;
pub mod theme;
pub mod tool;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
#[cfg(feature = "hydrate")]
pub use start::start;
