//! Mails as they came: a document for a frame in which nothing runs, and the file itself.

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::mailbox::{Wanted, original, page};
use domain::{Error, Result};
use model::{AccountId, MessageId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::send::refusal;
use super::visit;
use crate::state::AppState;

/// What of the mail is wanted; `1` for yes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Given {
    quoted: String,
    pictures: String,
}

/// The mail as a document. The page around it measures it; scripts, forms and other origins are shut out twice: by what was cleaned
/// and by its policy.
pub async fn shown(
    State(state): State<AppState>,
    Path((account, id)): Path<(AccountId, MessageId)>,
    Query(given): Query<Given>,
    request: Request,
) -> Response {
    let visit = visit(&state, &request).await;
    let wanted = Wanted { quoted: given.quoted == "1", pictures: given.pictures == "1" };
    let document: Result<String> = async { page(&visit.agent(account).await?, id, wanted).await }.await;
    let Ok(document) = document.map_err(log) else { return StatusCode::NOT_FOUND.into_response() };
    let policy = state.pages.mail(wanted.pictures);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
    ];
    (headers, document).into_response()
}

/// The file as it came.
pub async fn file(
    State(state): State<AppState>,
    Path((account, id)): Path<(AccountId, MessageId)>,
    request: Request,
) -> Response {
    let visit = visit(&state, &request).await;
    let found: Result<_> = async { original(&visit.agent(account).await?, id).await }.await;
    match found {
        Ok((name, bytes)) => {
            let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"mail.eml\"; filename*=UTF-8''{name}")),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => refusal(error),
    }
}

fn log(error: Error) {
    if error.known().is_none() {
        tracing::warn!(%error, "a mail could not be shown");
    }
}
