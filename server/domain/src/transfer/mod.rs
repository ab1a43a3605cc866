//! The whole installation in one file, and back: backups, and the way from SQLite to PostgreSQL.
//!
//! The file is a tar with, in this order: `cloudchat.json` (what it is), `tables/<name>/<number>.ndjson` (rows, parents
//! before children), `tables.json` (how many rows there must be), `files/<key>` (attachments), `end.json`. It holds no
//! secret key: what is encrypted in the database stays so, and is readable only beside the same key.

pub mod archive;
mod export;
mod import;
mod store;

use std::collections::BTreeMap;

use model::Millis;
use serde::{Deserialize, Serialize};

pub use export::{Files, backup};
pub use import::{Existing, Key, restore};
pub use store::restored_at;

/// Version of the file's own form.
const FORMAT: u32 = 1;

const MANIFEST: &str = "cloudchat.json";
const TABLES: &str = "tables.json";
const END: &str = "end.json";

/// Rows are written in entries of about this size, in bytes.
const CHUNK: usize = 1 << 20;

/// Tables that are not kept: events only tell connected clients what to read anew.
const LEFT_OUT: [&str; 1] = ["events"];

/// What a backup is, told at its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the file's form.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// Version of the schema.
    pub schema: i64,
    /// Kind of database it came from.
    pub database: String,
    /// When, in unix milliseconds.
    pub created_at: Millis,
    /// Tells whether a server has the same secret key, without telling the key.
    pub key: String,
    /// Columns of each table, in the order of the values in its rows.
    pub tables: BTreeMap<String, Vec<String>>,
}

/// How much there is in a backup.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// Number of files.
    pub files: u64,
    /// Their size together, in bytes.
    pub file_bytes: u64,
}

/// Why there is no backup, or why it was not restored.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The file cannot be written or read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The database or the storage did not do its part.
    #[error(transparent)]
    Domain(#[from] crate::Error),
    /// It was made by a program that knows more than this one.
    #[error("the backup was made by the newer version {0}; restore it with that version")]
    Newer(String),
    /// It lacks something or has too much of it.
    #[error("the backup cannot be read: {0}")]
    Incomplete(String),
    /// Somebody works here already.
    #[error("the database is not empty; say --replace if everything in it may be deleted")]
    NotEmpty,
    /// The schema here cannot hold the backup.
    #[error("the backup is from version {0} of the schema; restore it into a new database")]
    OlderSchema(i64),
    /// What is encrypted could not be read.
    #[error(
        "the backup was made with another secret key; start with that key (CLOUDCHAT_SECRET_KEY or secret.key), \
             or say --other-key and enter passwords of inboxes and API tokens anew"
    )]
    OtherKey,
}

impl From<db::Error> for TransferError {
    fn from(error: db::Error) -> Self {
        Self::Domain(error.into())
    }
}

impl From<serde_json::Error> for TransferError {
    fn from(error: serde_json::Error) -> Self {
        Self::Incomplete(error.to_string())
    }
}

/// The same for the same key, and nothing that helps to guess it.
fn key_sign(app: &crate::App) -> String {
    app.keys.sign_text("backup", "which key")
}

#[cfg(test)]
mod tests;
