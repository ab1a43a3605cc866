//! What can go wrong in the rules.

use model::ErrorCode;

/// An error of a rule, or of what it stands on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something the caller can understand and mend.
    #[error(transparent)]
    Known(#[from] model::Error),
    /// Too much in too little time.
    #[error("too many requests, retry after {retry_after} s")]
    Limited { retry_after: u64 },
    /// The database, the disk or a provider does not answer; trying later may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A mistake of ours. Logged where it is handled, never shown.
    #[error(transparent)]
    Internal(anyhow::Error),
}

/// A result of a rule.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// It is not there, or not for the caller: the answer is the same.
    pub fn not_found() -> Self {
        model::Error::new(ErrorCode::NotFound).into()
    }

    /// The caller's role does not allow it.
    pub fn forbidden() -> Self {
        model::Error::new(ErrorCode::Forbidden).into()
    }

    /// Nobody is signed in.
    pub fn unauthenticated() -> Self {
        model::Error::new(ErrorCode::Unauthenticated).into()
    }

    /// An error without a field.
    pub fn code(code: ErrorCode) -> Self {
        model::Error::new(code).into()
    }

    /// An error about one input.
    pub fn field(field: &str, code: ErrorCode) -> Self {
        model::Error::field(code, field).into()
    }

    /// Whether it is the same answer however often one tries.
    pub fn is_refusal(&self) -> bool {
        matches!(self.known(), Some(code) if code != ErrorCode::Unavailable)
    }

    /// The code, for errors that have one.
    pub fn known(&self) -> Option<ErrorCode> {
        match self {
            Self::Known(error) => Some(error.code),
            _ => None,
        }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unavailable(cause) => Self::Unavailable(cause.to_string()),
            other => Self::Internal(anyhow::Error::new(other)),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(anyhow::Error::new(error))
    }
}

/// Turns a violated uniqueness rule into an error about a field.
pub trait OnUnique<T> {
    fn on_unique(self, field: &str) -> Result<T>;
}

impl<T> OnUnique<T> for db::Result<T> {
    fn on_unique(self, field: &str) -> Result<T> {
        self.map_err(|error| match error {
            db::Error::Unique(_) => Error::field(field, ErrorCode::Taken),
            other => other.into(),
        })
    }
}
