//! What opens a mailbox.

use std::fmt;

/// How a password is sent. All are equal over TLS; some servers offer only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Whatever the server offers.
    #[default]
    Any,
    Plain,
    Login,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    Password {
        user: String,
        password: String,
        method: Method,
    },
    /// An access token of OAuth 2; the user is the mailbox's address.
    Token {
        user: String,
        token: String,
    },
}

impl Credentials {
    pub fn password(user: &str, password: &str) -> Self {
        Self::Password { user: user.to_owned(), password: password.to_owned(), method: Method::Any }
    }

    pub fn token(user: &str, token: &str) -> Self {
        Self::Token { user: user.to_owned(), token: token.to_owned() }
    }

    /// The first answer of `XOAUTH2`, before base64.
    pub(crate) fn xoauth2(user: &str, token: &str) -> String {
        format!("user={user}\x01auth=Bearer {token}\x01\x01")
    }

    /// A line end in a name or a password would be a command of its own.
    pub(crate) fn is_sendable(&self) -> bool {
        let (user, secret) = match self {
            Self::Password { user, password, .. } => (user, password),
            Self::Token { user, token } => (user, token),
        };
        let bad = |char: char| matches!(char, '\r' | '\n' | '\0' | '\x01');
        !user.is_empty() && !user.contains(bad) && !secret.contains(bad)
    }
}

/// Secrets stay out of logs.
impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { user, method, .. } => write!(formatter, "Password({user}, {method:?})"),
            Self::Token { user, .. } => write!(formatter, "Token({user})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn xoauth2_is_written_as_published() {
        let written = Credentials::xoauth2("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
        let published = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==";
        assert_eq!(STANDARD.encode(written), published);
    }

    #[test]
    fn secrets_are_not_shown_nor_split() {
        let password = Credentials::password("ana", "geheim");
        assert!(!format!("{password:?} {:?}", Credentials::token("ana", "geheim")).contains("geheim"));
        assert!(password.is_sendable());
        assert!(!Credentials::password("ana", "a\r\nb").is_sendable() && !Credentials::token("", "x").is_sendable());
    }
}
