//! Errors as the dashboard and the API learn of them: a code and the field, never an internal text.

use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// What went wrong. Each code has a text in every language (`locales/*/error.json`).
    ErrorCode {
        NotFound = "not_found",
        Forbidden = "forbidden",
        Unauthenticated = "unauthenticated",
        WrongCredentials = "wrong_credentials",
        WrongCode = "wrong_code",
        ReadOnly = "read_only",
        Suspended = "suspended",
        Required = "required",
        Invalid = "invalid",
        TooLong = "too_long",
        TooShort = "too_short",
        Taken = "taken",
        WeakPassword = "weak_password",
        InvalidEmail = "invalid_email",
        InvalidUrl = "invalid_url",
        InvalidColor = "invalid_color",
        InvalidNumber = "invalid_number",
        InvalidDate = "invalid_date",
        InvalidPattern = "invalid_pattern",
        /// A text is not of the form that the account asks for; the hint is in the error's detail.
        PatternMismatch = "pattern_mismatch",
        NotInList = "not_in_list",
        /// A server could not be used as asked; its own words are in the error's detail.
        NotConnected = "not_connected",
        FileTooLarge = "file_too_large",
        FileTypeNotAllowed = "file_type_not_allowed",
        TooManyFiles = "too_many_files",
        /// A file that is no table with headings and rows.
        NotATable = "not_a_table",
        /// Headings of a table that nobody knows; they are in the error's detail.
        UnknownColumns = "unknown_columns",
        /// Labels that the account does not have; they are in the error's detail.
        UnknownLabels = "unknown_labels",
        /// Nothing says who somebody is: neither e-mail nor phone number nor identifier.
        NobodyNamed = "nobody_named",
        LinkExpired = "link_expired",
        AlreadyInstalled = "already_installed",
        Conflict = "conflict",
        TooMany = "too_many",
        Unavailable = "unavailable",
        Internal = "internal",
    }
}

/// An error that may be shown to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    pub code: ErrorCode,
    /// The input it is about, by its name in the request.
    pub field: Option<String>,
    /// Where to find the details in the log, for internal errors.
    pub reference: Option<String>,
    /// What helps to mend it: the account's own hint, the number of the contact who has it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Error {
    /// An error that is about no particular input.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, field: None, reference: None, detail: None }
    }

    /// An error about one input.
    pub fn field(code: ErrorCode, field: impl Into<String>) -> Self {
        Self { code, field: Some(field.into()), reference: None, detail: None }
    }

    /// The same with what helps to mend it.
    #[must_use]
    pub fn with_detail(self, detail: Option<String>) -> Self {
        Self { detail, ..self }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{}: {}", field, self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

impl std::error::Error for Error {}
