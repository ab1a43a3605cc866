//! Connections: where to, how encrypted, for how long.

mod address;
mod dial;
mod tls;
mod wire;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;

pub use address::{is_loopback, is_public};
pub use dial::{may_send_password, within};
pub use wire::{Bounds, Wire, of_io};

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// TLS from the first byte.
    Tls,
    /// Plain text that turns into TLS; without it nothing is sent.
    StartTls,
    /// Passwords go only to this machine or the network beside it.
    None,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    /// Off only where the operator of a mailbox says so.
    pub check_certificate: bool,
}

impl Server {
    pub fn new(host: &str, port: u16, encryption: Encryption) -> Self {
        Self { host: host.to_owned(), port, encryption, check_certificate: true }
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Finding the host and being let in, each.
    pub connect: Duration,
    /// Until the next word of an answer.
    pub answer: Duration,
    /// Reading a whole batch or sending a whole mail.
    pub transfer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), answer: Duration::from_secs(60), transfer: Duration::from_secs(600) }
    }
}

/// Which addresses may be connected to.
pub type Allows = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Opens connections.
#[derive(Clone)]
pub struct Dialer {
    allows: Allows,
    tls: tls::Configs,
    pub timeouts: Timeouts,
}

impl std::fmt::Debug for Dialer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Dialer({:?})", self.timeouts)
    }
}

impl Dialer {
    /// Connects to addresses that `allows` agrees to; usually [`is_public`] and what the operator adds to it.
    pub fn new(allows: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self { allows: Arc::new(allows), tls: tls::Configs::new(&[]), timeouts: Timeouts::default() }
    }

    /// Also believes certificates that these vouch for.
    pub fn with_roots(mut self, roots: &[CertificateDer<'static>]) -> Self {
        self.tls = tls::Configs::new(roots);
        self
    }

    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }
}
