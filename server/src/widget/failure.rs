//! Errors of the rules as the widget's clients know them. Texts are in the visitor's language, because the widget shows them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::ErrorCode;
use serde_json::json;
use text::VisitorLang;

use crate::middleware::limit::{self, Limited};
use crate::reply;

/// Why a request got no answer.
pub enum Failure {
    /// A rule refused it.
    Rule(domain::Error, VisitorLang),
    /// It could not be read: the field and what is wrong with it.
    Unreadable(&'static str, String),
    /// Too many from this address.
    Limited(Limited),
    /// The page that embeds the chat is not on the inbox's list.
    Elsewhere,
}

pub type Answer<T> = Result<T, Failure>;

impl From<Limited> for Failure {
    fn from(limited: Limited) -> Self {
        Self::Limited(limited)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Rule(error, lang) => refusal(error, lang),
            Self::Unreadable(field, message) => refused_field(field, &message),
            Self::Limited(limited) => limit::refusal(limited),
            Self::Elsewhere => reply::error(StatusCode::FORBIDDEN, "This site may not use this chat"),
        }
    }
}

fn refusal(error: domain::Error, lang: VisitorLang) -> Response {
    let known = match error {
        domain::Error::Known(known) => known,
        domain::Error::Limited { retry_after } => {
            return limit::refusal(Limited(std::time::Duration::from_secs(retry_after)));
        }
        domain::Error::Unavailable(cause) => {
            tracing::warn!(cause, "the widget was refused: something does not answer");
            return reply::error(StatusCode::SERVICE_UNAVAILABLE, "Not available right now; try again");
        }
        domain::Error::Internal(error) => {
            tracing::error!(?error, "a widget request failed");
            return reply::error(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side");
        }
    };
    match (known.code, known.field.as_deref()) {
        (ErrorCode::NotFound, _) => reply::not_found(),
        (ErrorCode::Suspended, _) => reply::error(StatusCode::UNAUTHORIZED, "Account is suspended"),
        (ErrorCode::Unauthenticated, Some("identifier_hash")) => {
            reply::error(StatusCode::UNAUTHORIZED, "HMAC failed: Invalid Identifier Hash Provided")
        }
        (ErrorCode::Unauthenticated, _) => reply::error(StatusCode::UNAUTHORIZED, "Invalid token"),
        (ErrorCode::Forbidden, _) => reply::error(StatusCode::FORBIDDEN, "This is not allowed here"),
        (code, field) => {
            // An empty field of a form is something else than an empty message.
            let is_of_form = code == ErrorCode::Required && field.is_some_and(|field| field != "content");
            let key = ["refusal.", if is_of_form { "missing" } else { code.as_str() }].concat();
            let usual = text::widget::by_key(lang, &key).unwrap_or_else(|| text::widget::refusal::invalid(lang));
            // The account's own hint says best what it wants.
            let hint = known.detail.as_deref().filter(|_| code == ErrorCode::PatternMismatch);
            refused_field(field.unwrap_or("base"), hint.unwrap_or(usual))
        }
    }
}

fn refused_field(field: &str, message: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message, "attributes": [field] }))).into_response()
}
