//! Mail over the network: reading a mailbox by IMAP, sending by SMTP, signing in by OAuth 2. No database, no state that outlives a
//! connection: what must be remembered ([`Mark`], [`Tokens`]) is given in and handed out.
//!
//! Whatever a server does (hang, close, lie, send a gigabyte), a call ends within its time and memory with a typed [`Trouble`].

mod check;
mod credentials;
mod imap;
mod net;
mod oauth;
mod preset;
mod smtp;
mod trouble;

pub use check::{check_imap, check_smtp};
pub use credentials::{Credentials, Method};
pub use imap::{Batch, Begin, Contents, Continuation, HowFar, Inbox, Mail, Mailbox, Mark, ReadLimits, Settle, Wake};
pub use net::{Dialer, Encryption, Server, Timeouts, is_loopback, is_public};
pub use oauth::{Consent, Http, Identity, OAuthTrouble, Pending, Provider, ProviderKind, Tokens};
pub use preset::{Hint, Preset, preset};
pub use smtp::{Account, Outcome, Parcel, Refusal, send};
pub use trouble::{CertificateFault, Trouble};
