//! The product's vocabulary: plain types that the server, the dashboard and the website chat share.
//!
//! No I/O, no clock, no randomness, no framework. Times are unix milliseconds in UTC ([`Millis`]).

pub mod id;
mod text_enum;
pub use text_enum::UnknownWord;

pub mod audit;
pub mod availability;
pub mod content;
pub mod conversation;
pub mod markdown;
pub mod mention;
pub mod permission;
pub mod role;
pub mod variable;

#[cfg(feature = "serde")]
pub mod account;
#[cfg(feature = "serde")]
pub mod action;
#[cfg(feature = "serde")]
pub mod agent;
#[cfg(feature = "serde")]
pub mod attachment;
#[cfg(feature = "serde")]
pub mod attribute;
#[cfg(feature = "serde")]
pub mod bulk;
#[cfg(feature = "serde")]
pub mod canned;
#[cfg(feature = "serde")]
pub mod channel;
#[cfg(feature = "serde")]
pub mod contact;
#[cfg(feature = "serde")]
pub mod contact_import;
#[cfg(feature = "serde")]
pub mod csat;
#[cfg(feature = "serde")]
pub mod error;
#[cfg(feature = "serde")]
pub mod filter;
#[cfg(feature = "serde")]
pub mod hours;
#[cfg(feature = "serde")]
pub mod inbox;
#[cfg(feature = "serde")]
pub mod label;
#[cfg(feature = "serde")]
pub mod live;
#[cfg(feature = "serde")]
pub mod mailbox;
#[cfg(feature = "serde")]
pub mod message;
#[cfg(feature = "serde")]
pub mod notification;
#[cfg(feature = "serde")]
pub mod pre_chat;
#[cfg(feature = "serde")]
pub mod saved_view;
#[cfg(feature = "serde")]
pub mod scheduled;
#[cfg(feature = "serde")]
pub mod search;
#[cfg(feature = "serde")]
pub mod session;
#[cfg(feature = "serde")]
pub mod team;

pub use audit::{AuditAction, AuditSubject};
pub use availability::Availability;
pub use content::{ContentKind, FileKind, MessageKind, MessageStatus, SenderKind};
pub use conversation::{ConversationStatus, Priority};
pub use id::*;
pub use permission::Permission;
pub use role::Role;

#[cfg(feature = "serde")]
pub use error::{Error, ErrorCode};

#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde;
#[cfg(feature = "sqlx")]
#[doc(hidden)]
pub use sqlx;

/// Unix time in milliseconds, UTC.
pub type Millis = i64;
