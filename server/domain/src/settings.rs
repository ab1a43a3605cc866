//! What the operator decides and the rules need to know.

use std::path::PathBuf;

use model::mailbox::{MailProvider, Place};

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
    /// Providers of mailboxes at which this installation is registered.
    pub mail_providers: Vec<ProviderSettings>,
    /// Signs and encrypts. At least 32 bytes.
    pub secret_key: Vec<u8>,
}

/// How this installation is registered with a provider of mailboxes, and where that is found.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    pub provider: MailProvider,
    pub client_id: String,
    pub client_secret: String,
    /// Where people sign in.
    pub authorize_url: String,
    /// Where codes become tokens.
    pub token_url: String,
    pub imap: Place,
    pub smtp: Place,
}
