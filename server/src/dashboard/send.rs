//! A message of an agent with its files, and pictures of contacts. Not server functions: only a plain form tells the browser how far an upload has come.

use ::app::server::{Visit, status};
use axum::Json;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use domain::message::attachment::Upload;
use domain::message::send::{self, Draft};
use domain::{Error, Result, avatar};
use model::content::MAX_ATTACHMENTS;
use model::{AccountId, ContactId, DisplayId, ErrorCode};

use super::visit;
use crate::state::AppState;

/// Fields: `content`, `private`, `echo_id`, `in_reply_to`, and `attachments[]` for each file. Answers with the message.
pub async fn message(
    State(state): State<AppState>,
    Path((account, id)): Path<(AccountId, DisplayId)>,
    request: Request,
) -> Response {
    let visit = visit(&state, &request).await;
    let sent = match Multipart::from_request(request, &state).await {
        Ok(form) => deliver(&visit, account, id, form).await,
        Err(_) => Err(Error::code(ErrorCode::Invalid)),
    };
    sent.unwrap_or_else(refusal)
}

/// A contact's picture: the file `avatar`.
pub async fn contact_picture(
    State(state): State<AppState>,
    Path((account, id)): Path<(AccountId, ContactId)>,
    request: Request,
) -> Response {
    let visit = visit(&state, &request).await;
    let kept = match Multipart::from_request(request, &state).await {
        Ok(form) => keep_picture(&visit, account, id, form).await,
        Err(_) => Err(Error::code(ErrorCode::Invalid)),
    };
    kept.unwrap_or_else(refusal)
}

async fn keep_picture(visit: &Visit, account: AccountId, id: ContactId, mut form: Multipart) -> Result<Response> {
    let ctx = visit.agent(account).await?;
    domain::contact::get(&ctx, id).await?;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("avatar") {
            let upload = Upload {
                file_name: String::new(),
                content_type: String::new(),
                bytes: field.bytes().await.map_err(broken)?,
            };
            avatar::set_contact(&ctx, id, Some(avatar::Picture::of(upload).await?)).await?;
            return Ok(Json(domain::contact::get(&ctx, id).await?).into_response());
        }
    }
    Err(Error::field("avatar", ErrorCode::Required))
}

async fn deliver(visit: &Visit, account: AccountId, id: DisplayId, form: Multipart) -> Result<Response> {
    // Whoever may not write here does not get to send forty megabytes first.
    let ctx = visit.agent(account).await?;
    domain::conversation::access(&ctx, id).await?;
    let draft = read(form).await?;
    Ok(Json(send::send(&ctx, id, draft).await?).into_response())
}

async fn read(mut form: Multipart) -> Result<Draft> {
    let mut draft = Draft::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "content" => draft.content = text(field).await?,
            "private" => draft.private = text(field).await? == "true",
            "echo_id" => draft.echo_id = Some(text(field).await?),
            "in_reply_to" => {
                let id = text(field).await?.parse::<i64>();
                let id = id.map_err(|_| Error::field("in_reply_to", ErrorCode::Invalid))?;
                draft.content_attributes = serde_json::json!({ "in_reply_to": id });
            }
            "attachments[]" if draft.files.len() == MAX_ATTACHMENTS => {
                return Err(Error::field("attachments", ErrorCode::TooManyFiles));
            }
            "attachments[]" => {
                let file_name = field.file_name().unwrap_or_default().to_owned();
                let content_type = field.content_type().unwrap_or_default().to_owned();
                draft.files.push(Upload { file_name, content_type, bytes: field.bytes().await.map_err(broken)? });
            }
            _ => {}
        }
    }
    Ok(draft)
}

async fn text(field: Field<'_>) -> Result<String> {
    field.text().await.map_err(broken)
}

fn broken(error: MultipartError) -> Error {
    match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Error::field("attachments", ErrorCode::FileTooLarge),
        _ => Error::code(ErrorCode::Invalid),
    }
}

pub fn refusal(error: Error) -> Response {
    let known = match error {
        Error::Known(known) => known,
        Error::Limited { .. } => model::Error::new(ErrorCode::TooMany),
        Error::Unavailable(cause) => {
            tracing::warn!(%cause, "a message must be sent again");
            model::Error::new(ErrorCode::Unavailable)
        }
        Error::Internal(error) => {
            tracing::error!(%error, "a message could not be sent");
            model::Error::new(ErrorCode::Internal)
        }
    };
    (status(known.code), Json(known)).into_response()
}
