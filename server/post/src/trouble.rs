//! Everything that can go wrong with a mail server, told apart as far as somebody could act on it.

use std::time::Duration;

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateFault {
    Expired,
    /// It is for other names.
    WrongName,
    /// Nobody known vouches for it; self-signed, for instance.
    UnknownIssuer,
    Other,
}

/// Why it did not work. `said` is always the server's own words, cleaned and cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("there is no host {host}")]
    HostNotFound { host: String },
    #[error("{host} has an address that must not be connected to")]
    Forbidden { host: String },
    #[error("{host} does not accept connections at port {port}")]
    ConnectionRefused { host: String, port: u16 },
    #[error("{host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    #[error("the server did not answer in time while {doing}")]
    TimedOut { doing: &'static str },
    #[error("the server's certificate is not good: {reason}")]
    Certificate { fault: CertificateFault, reason: String },
    /// TLS was expected, the server speaks plain text: STARTTLS may be right.
    #[error("the server does not speak TLS at this port")]
    NotTls,
    /// Plain text was expected, the server speaks TLS.
    #[error("the server speaks TLS from the beginning at this port")]
    OnlyTls,
    #[error("the server does not offer STARTTLS")]
    NoStartTls,
    #[error("encryption failed: {reason}")]
    Tls { reason: String },
    #[error("a password must not go over this connection unencrypted")]
    Unencrypted,
    #[error("the login was refused: {said}")]
    LoginRefused { said: String },
    /// Somebody has to sign in at the provider again; `said` is the provider's.
    #[error("the provider asks to sign in again: {said}")]
    SignInLost { said: String },
    /// Neither the way asked for nor any we know.
    #[error("the server offers none of the known ways to log in")]
    NoLoginMethod,
    #[error("the server asks to wait: {said}")]
    Throttled { said: String, wait: Option<Duration> },
    #[error("the server closed the connection{}", after(.said))]
    Closed { said: String },
    #[error("the server refused {doing}: {said}")]
    Refused { doing: &'static str, said: String },
    #[error("the server's answer makes no sense: {reason}")]
    Nonsense { reason: String },
    #[error("the server sent more than is accepted")]
    TooLarge,
}

fn after(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": {words}") }
}

impl Trouble {
    /// Whether waiting alone may help. Everything else needs somebody who changes something.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::ConnectionRefused { .. }
                | Self::Unreachable { .. }
                | Self::TimedOut { .. }
                | Self::Throttled { .. }
                | Self::Closed { .. }
                | Self::Refused { .. }
                | Self::Nonsense { .. }
                | Self::HostNotFound { .. }
                | Self::Tls { .. }
        )
    }

    /// Whether the credentials are what is wrong.
    pub fn is_login(&self) -> bool {
        matches!(self, Self::LoginRefused { .. })
    }
}

/// A server's words: one line, without control characters, not too long.
pub fn words(said: &str) -> String {
    const LONGEST: usize = 500;
    let spaced: String = said.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST).collect()
}
