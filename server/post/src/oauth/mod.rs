//! Signing in at Google and Microsoft by OAuth 2: authorisation code with PKCE, refreshing, and telling a final no from a passing one.

mod identity;
mod provider;
mod token;

use std::fmt;
use std::time::Duration;

pub use identity::Identity;
pub use provider::{Consent, Pending, Provider, ProviderKind};
pub use token::Http;

/// What opens the mailbox. Providers may hand out a new refresh token with every answer: what is stored is replaced by these, at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    pub access: String,
    /// The new one, or the old one where the provider keeps it.
    pub refresh: Option<String>,
    /// How long the access token is good for.
    pub expires_in: Duration,
    /// Who signed in, where the provider says it.
    pub identity: Option<Identity>,
}

/// Secrets stay out of logs.
impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Tokens(for {:?}, {:?})", self.expires_in, self.identity)
    }
}

/// Why there are no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthTrouble {
    /// The person must sign in again: revoked, expired, password changed. Trying again is useless.
    #[error("the sign-in is not valid any more: {said}")]
    InvalidGrant { said: String },
    /// Our own registration at the provider is wrong.
    #[error("the provider does not accept this installation: {said}")]
    InvalidClient { said: String },
    /// The person said no, or an administrator forbids it.
    #[error("the access was not given: {said}")]
    Denied { said: String },
    /// Reading or sending was not allowed to us; people can untick it.
    #[error("the permission {missing} was not given")]
    MissingPermission { missing: String },
    /// The answer is not to what was asked.
    #[error("the sign-in does not belong to this request")]
    WrongState,
    /// The provider cannot be reached or is in trouble itself.
    #[error("the provider does not answer: {reason}")]
    Passing { reason: String },
    #[error("the provider's answer makes no sense: {reason}")]
    Nonsense { reason: String },
}

impl OAuthTrouble {
    /// Whether somebody has to sign in again.
    pub fn needs_sign_in(&self) -> bool {
        matches!(self, Self::InvalidGrant { .. } | Self::Denied { .. } | Self::MissingPermission { .. })
    }
}
