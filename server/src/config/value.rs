//! The kinds of value an option can have and how each is written.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::Uri;
use model::mailbox::{Place, Security};

/// A value that can be read from the text of an option.
pub trait Parse: Sized {
    /// Reads the text, or says in a few words what was expected.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value when the option is not set and has no default.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Parse> Parse for Option<T> {
    fn parse(text: &str) -> Result<Self, String> {
        T::parse(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl Parse for String {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl Parse for PathBuf {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }
}

impl Parse for SocketAddr {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "expected ADDRESS:PORT, such as 0.0.0.0:3000".to_owned())
    }
}

impl Parse for bool {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "expected true or false".to_owned())
    }
}

impl Parse for u32 {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "expected a whole number".to_owned())
    }
}

impl Parse for f64 {
    fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<Self>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(number),
            _ => Err("expected a number that is not negative".to_owned()),
        }
    }
}

/// Text that must not appear in logs or on screens.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Parse for Secret {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

/// An `http` or `https` address without query, fragment and trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it uses TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Scheme, host and port, as browsers write them in the `Origin` header.
    pub fn origin(&self) -> &str {
        let start = self.0.find("://").map_or(0, |at| at + 3);
        match self.0[start..].find('/') {
            Some(slash) => &self.0[..start + slash],
            None => &self.0,
        }
    }

    /// Host and port, as browsers write them in the `Host` header.
    pub fn host(&self) -> &str {
        let origin = self.origin();
        origin.find("://").map_or(origin, |at| &origin[at + 3..])
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Parse for BaseUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "expected http://HOST or https://HOST without query".to_owned();
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if !is_web || has_user || uri.query().is_some() || text.contains('#') {
            return Err(wrong());
        }
        // Browsers write hosts in lower case and leave out a scheme's own port; so do we, to compare plainly.
        let scheme = uri.scheme_str().unwrap_or_default().to_ascii_lowercase();
        let host = uri.host().ok_or_else(wrong)?.to_ascii_lowercase();
        let port = match (scheme.as_str(), uri.port_u16()) {
            (_, None) | ("http", Some(80)) | ("https", Some(443)) => String::new(),
            (_, Some(port)) => format!(":{port}"),
        };
        Ok(Self(format!("{scheme}://{host}{port}{}", uri.path().trim_end_matches('/'))))
    }
}

/// A mail server: how it is protected, its host and its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailUrl(pub Place);

impl Parse for MailUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "expected imaps://HOST:PORT, smtps://HOST:PORT or the same without s for STARTTLS".to_owned();
        let (scheme, server) = text.split_once("://").ok_or_else(wrong)?;
        let encryption = match scheme {
            "imaps" | "smtps" => Security::Tls,
            "imap" | "smtp" => Security::StartTls,
            // Servers on this machine, in tests: passwords and tokens go nowhere else like this.
            "imap+plain" | "smtp+plain" => Security::None,
            _ => return Err(wrong()),
        };
        let (host, port) = server.rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| wrong())?;
        if host.is_empty() {
            return Err(wrong());
        }
        Ok(Self(Place { host: host.to_owned(), port, encryption }))
    }
}

/// A time span in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub u64);

impl Seconds {
    /// The same as a duration.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl Parse for Seconds {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| "expected a number of seconds".to_owned())
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// JSON unless standard output is a terminal.
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

impl Parse for LogFormat {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err("expected auto, json or text".to_owned()),
        }
    }
}
