//! The crate that knows there are two databases.
//!
//! Everything above speaks one SQL text with `$1` placeholders through [`sql!`] and [`Builder`], on a [`Db`] (reads) or in
//! a [`Tx`] (writes). SQLite has one writing connection and several reading ones; PostgreSQL has a pool.

mod builder;
pub mod dump;
mod error;
mod later;
mod maintain;
mod migrate;
mod notify;
mod pool;
mod query;
pub mod testing;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub use builder::Builder;
pub use error::{Error, Result};
pub use later::PostgresTx;
pub use maintain::{check, forget_probe, probe};
pub use migrate::{latest_version, migrate, migrate_to, pending, version, versions};
pub use notify::{Listener, MAX_NOTICE};
pub use pool::{Conn, Db, Options, Tx};
pub use query::{Query, Row, Statement, statements};
pub use sqlx::types::Json;
pub use value::Value;
pub use writer::{SqliteTx, Writer};

#[doc(hidden)]
pub use inventory;

/// A query from a fixed text, which is registered so that a test can prepare every statement on both databases.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        $crate::inventory::submit! { $crate::Statement { text: $text, file: file!(), line: line!() } }
        $crate::Query::fixed($text)
    }};
}
