//! How calls to the server fail.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use model::ErrorCode;
use serde::{Deserialize, Serialize};
use text::Lang;

/// The error of every server function: a code, the field it is about, and where to find the details in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallError(pub model::Error);

impl CallError {
    /// An error that is about no particular input.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self(model::Error::new(code))
    }

    /// What to tell the reader.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let words = words(lang, self.0.code);
        match &self.0.reference {
            Some(reference) => text::error::with_reference(lang, words, reference),
            None => words.to_owned(),
        }
    }
}

/// What an error code means, in the reader's language.
#[must_use]
pub fn words(lang: Lang, code: ErrorCode) -> &'static str {
    text::error::by_key(lang, code.as_str()).unwrap_or_else(|| text::error::internal(lang))
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for CallError {}

impl FromServerFnError for CallError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match &error {
            // No answer, or one from a proxy that stands before a server which is down.
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => ErrorCode::Unavailable,
            // On the server: a request that our own pages would not have made.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_)
                if cfg!(feature = "ssr") =>
            {
                ErrorCode::Invalid
            }
            ServerFnErrorErr::Deserialization(_) => ErrorCode::Unavailable,
            _ => ErrorCode::Internal,
        };
        #[cfg(feature = "ssr")]
        crate::server::refuse(code, &error);
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_every_language() {
        for lang in Lang::ALL {
            for code in ErrorCode::ALL {
                assert!(text::error::by_key(lang, code.as_str()).is_some(), "{code} in {}", lang.code());
            }
        }
    }
}
