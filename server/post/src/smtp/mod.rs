//! Sending by SMTP (RFC 5321, RFC 6409), and saying honestly what became of the mail.

mod login;
mod outcome;
mod send;

use crate::credentials::Credentials;
use crate::net::Server;

pub use login::connect;
pub use outcome::{Outcome, Refusal};
pub use send::send;

/// Where mail is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub server: Server,
    /// None for a relay that knows us by our address.
    pub credentials: Option<Credentials>,
    /// How we introduce ourselves: a domain. Some servers look at it.
    pub hello: String,
}

/// A mail ready to go.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    pub from: &'a str,
    pub to: &'a [String],
    pub bytes: &'a [u8],
}
