//! The texts of the chat in one language: the page in the frame brings them, and whoever changes the language asks for them.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use text::{VisitorLang, Words};

use super::visit::browser_lang;
use crate::reply;

/// Which texts are wanted.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    locale: String,
    /// The edition that the chat on screen was built with; the places of texts are others in another.
    #[serde(default)]
    edition: String,
}

/// The texts of a language. They belong to nobody, and those of an edition never change.
pub async fn show(headers: HeaderMap, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    let Some(lang) = asked.locale.parse().ok().or_else(|| browser_lang(&headers)) else {
        return reply::not_found();
    };
    if asked.edition != text::widget::EDITION {
        return reply::error(StatusCode::GONE, "These texts are of another edition; load the chat anew");
    }
    let kept = [(header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (kept, Json(shape(lang))).into_response()
}

/// The launcher's few words, for pages that set another language than the browser's.
pub async fn of_launcher(headers: HeaderMap, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    let lang = asked.locale.parse().ok().or_else(|| browser_lang(&headers)).unwrap_or_default();
    let words = json!({
        "lang": &lang.html()[..2],
        "chat": text::launcher::chat(lang),
        "close": text::launcher::close(lang),
    });
    let kept = [(header::CACHE_CONTROL, "public, max-age=3600"), (header::VARY, "accept-language")];
    (kept, Json(words)).into_response()
}

/// The language and its texts in their order.
pub fn shape(lang: VisitorLang) -> Value {
    json!({ "lang": lang.code(), "texts": Words::of(lang).texts() })
}
