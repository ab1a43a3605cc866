//! Errors in the dialect's forms. Who may not do something is told 401, as the dialect has it.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Error;
use model::ErrorCode;
use rand::Rng as _;
use serde_json::{Value, json};
use text::Lang;
use text::api as t;

/// Language of errors: they are for programmers.
const LANG: Lang = Lang::En;

/// A request that was not done.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    body: Value,
    /// Seconds.
    retry_after: Option<u64>,
}

/// What a handler answers.
pub type Answer<T> = Result<Json<T>, Refusal>;

impl Refusal {
    /// A refusal with a sentence.
    pub fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, body: json!({ "error": error.into() }), retry_after: None }
    }

    /// There is no such thing, or it is not the caller's.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, t::not_found(LANG))
    }

    /// No token, or one of nobody.
    pub fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, t::invalid_token(LANG))
    }

    /// The caller does not belong to the account.
    pub fn foreign_account() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, t::foreign_account(LANG))
    }

    /// Something is wrong with one input.
    pub fn field(field: &str, code: ErrorCode) -> Self {
        Self::about(field, code, None)
    }

    fn about(field: &str, code: ErrorCode, detail: Option<&str>) -> Self {
        let message = problem(field, code);
        let message = match detail {
            Some(detail) => t::problem::with_detail(LANG, &message, detail),
            None => message,
        };
        // Some clients read `error`, others `message`.
        let body = json!({ "message": message, "attributes": [field], "error": message });
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, body, retry_after: None }
    }

    /// The body is not JSON.
    pub fn bad_json(detail: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, t::bad_json(LANG, detail))
    }

    /// The body is not the form it says it is.
    pub fn bad_form(detail: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, t::bad_form(LANG, detail))
    }

    /// The body is no object.
    pub fn wrong_type() -> Self {
        Self::new(StatusCode::BAD_REQUEST, t::wrong_type(LANG))
    }

    /// E-mail and password do not belong together.
    pub fn wrong_credentials() -> Self {
        let body = json!({ "success": false, "errors": [t::wrong_credentials(LANG)] });
        Self { status: StatusCode::UNAUTHORIZED, body, retry_after: None }
    }

    /// Too many requests.
    pub fn too_many(seconds: u64) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, t::unavailable(LANG));
        Self { retry_after: Some(seconds), ..refusal }
    }

    /// The same refusal under another status.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    fn known(error: model::Error) -> Self {
        match (error.code, error.field) {
            (ErrorCode::NotFound | ErrorCode::LinkExpired, None) => Self::not_found(),
            (ErrorCode::Forbidden, None) => Self::new(StatusCode::UNAUTHORIZED, t::forbidden(LANG)),
            (ErrorCode::ReadOnly, None) => Self::new(StatusCode::FORBIDDEN, t::read_only(LANG)),
            (ErrorCode::Unauthenticated, None) => Self::invalid_token(),
            (ErrorCode::Suspended, None) => Self::new(StatusCode::UNAUTHORIZED, t::suspended(LANG)),
            (ErrorCode::WrongCredentials, None) => Self::wrong_credentials(),
            (code, field) => Self::about(field.as_deref().unwrap_or("base"), code, error.detail.as_deref()),
        }
    }

    fn internal(error: &Error) -> Self {
        let reference = format!("{:08x}", rand::rng().random::<u32>());
        tracing::error!(reference, error = ?error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, t::internal(LANG, &reference))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Known(known) => Self::known(known),
            Error::Limited { retry_after } => Self::too_many(retry_after),
            Error::Unavailable(cause) => {
                tracing::warn!(cause, "a request could not be done now");
                Self { retry_after: Some(1), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, t::unavailable(LANG)) }
            }
            Error::Internal(_) => Self::internal(&error),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What is wrong with an input, as a sentence that begins with its name.
fn problem(field: &str, code: ErrorCode) -> String {
    use text::api::problem as p;
    let sentence = match code {
        ErrorCode::Required => p::required,
        ErrorCode::TooLong => p::too_long,
        ErrorCode::TooShort => p::too_short,
        ErrorCode::Taken => p::taken,
        ErrorCode::WeakPassword => p::weak_password,
        ErrorCode::InvalidEmail => p::not_an_email,
        ErrorCode::InvalidUrl => p::not_a_url,
        ErrorCode::InvalidColor => p::not_a_color,
        ErrorCode::InvalidNumber => p::not_a_number,
        ErrorCode::InvalidDate => p::not_a_date,
        ErrorCode::InvalidPattern => p::not_a_pattern,
        ErrorCode::PatternMismatch => p::pattern_mismatch,
        ErrorCode::NotInList => p::not_in_list,
        ErrorCode::NotConnected => p::not_connected,
        ErrorCode::FileTooLarge => p::file_too_large,
        ErrorCode::FileTypeNotAllowed => p::file_type,
        ErrorCode::TooManyFiles => p::too_many_files,
        ErrorCode::WrongCredentials => p::wrong_password,
        ErrorCode::WrongCode => p::wrong_code,
        ErrorCode::Conflict => p::conflict,
        ErrorCode::Forbidden => p::forbidden,
        ErrorCode::TooMany => p::too_many,
        ErrorCode::NotATable => p::not_a_table,
        ErrorCode::UnknownColumns => p::unknown_columns,
        ErrorCode::UnknownLabels => p::unknown_labels,
        ErrorCode::NobodyNamed => p::nobody_named,
        _ => p::invalid,
    };
    sentence(LANG, field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_input() {
        let refusal = Refusal::from(Error::field("title", ErrorCode::Taken));
        assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refusal.body["attributes"], json!(["title"]));
        assert_eq!(refusal.body["message"], "title has already been taken");
    }

    #[test]
    fn an_inner_mistake_tells_only_where_to_look() {
        let refusal = Refusal::from(Error::Internal(anyhow::anyhow!("secret detail")));
        assert_eq!(refusal.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!refusal.body.to_string().contains("secret"));
    }
}
