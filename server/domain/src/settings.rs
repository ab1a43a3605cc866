//! What the operator decides and the rules need to know.

use std::path::PathBuf;

/// Settings that the rules read. The server fills them from the environment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Public base address, without a slash at the end.
    pub base_url: String,
    pub data_dir: PathBuf,
    /// Where files are kept: `file:///folder` or `s3://bucket/prefix?region=…&endpoint=…&access_key=…&secret_key=…`.
    pub storage_url: String,
    /// `smtp://…` or `smtps://…`; without it system mail is written to the log.
    pub smtp_url: Option<String>,
    /// Sender of system mail.
    pub mail_from: String,
    /// Whether mail servers of inboxes may be on this machine or the network behind it.
    pub private_mail_servers: bool,
    /// Whether webhooks may go to addresses that are not public.
    pub private_webhooks: bool,
    /// Signs and encrypts. At least 32 bytes.
    pub secret_key: Vec<u8>,
}
