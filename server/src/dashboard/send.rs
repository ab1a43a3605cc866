//! A message of an agent with its files, and pictures of contacts. Not server functions: only a plain form tells the browser how far an upload has come.

use ::app::server::{Visit, status};
use axum::Json;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::conversation::create::{self, NewConversation};
use domain::message::attachment::Upload;
use domain::message::scheduled::{self, Outcome, When};
use domain::message::send::{self, Draft};
use domain::{Error, Result, avatar, stored_file};
use model::content::MAX_ATTACHMENTS;
use model::{AccountId, ContactId, DisplayId, ErrorCode, InboxId, StoredFileId};

use super::visit;
use crate::state::AppState;

/// Longest subject of a conversation, in characters.
const MAX_SUBJECT: usize = 500;

/// Fields: `content`, `private`, `echo_id`, `in_reply_to`, and `attachments[]` for each file. Answers with the message; with
/// `hold` (seconds) or `send_at` (unix milliseconds) with 202 and what waits.
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
    let Given { draft, when, .. } = read(form).await?;
    let Some(when) = when else { return Ok(Json(send::send(&ctx, id, draft).await?).into_response()) };
    Ok(match scheduled::schedule(&ctx, id, draft, when).await? {
        Outcome::Waits(scheduled) => (StatusCode::ACCEPTED, Json(scheduled)).into_response(),
        Outcome::Sent(message) => Json(message).into_response(),
    })
}

/// A conversation that an agent begins. Fields: `contact_id`, `inbox_id`, `subject`, and those of a message. Answers with the conversation.
pub async fn conversation(State(state): State<AppState>, Path(account): Path<AccountId>, request: Request) -> Response {
    let visit = visit(&state, &request).await;
    let opened = match Multipart::from_request(request, &state).await {
        Ok(form) => begin(&visit, account, form).await,
        Err(_) => Err(Error::code(ErrorCode::Invalid)),
    };
    opened.unwrap_or_else(refusal)
}

async fn begin(visit: &Visit, account: AccountId, form: Multipart) -> Result<Response> {
    let ctx = visit.agent(account).await?;
    let Given { draft, contact, inbox, subject, .. } = read(form).await?;
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    if subject.chars().count() > MAX_SUBJECT {
        return Err(Error::field("subject", ErrorCode::TooLong));
    }
    let new = NewConversation {
        inbox_id: inbox.map(InboxId),
        contact_id: contact.map(ContactId),
        assignee_id: Some(ctx.agent()?.user_id),
        message: Some(draft),
        additional_attributes: (!subject.is_empty()).then(|| serde_json::json!({ "mail_subject": subject })),
        ..NewConversation::default()
    };
    Ok(Json(create::create(&ctx, new).await?).into_response())
}

/// A file that is kept for messages to come. Field: `attachments[]`. Answers with what is kept.
pub async fn file(State(state): State<AppState>, Path(account): Path<AccountId>, request: Request) -> Response {
    let visit = visit(&state, &request).await;
    let kept = match Multipart::from_request(request, &state).await {
        Ok(form) => keep(&visit, account, form).await,
        Err(_) => Err(Error::code(ErrorCode::Invalid)),
    };
    kept.unwrap_or_else(refusal)
}

/// A file that is kept for messages to come, for whoever puts it into an answer. Never shown, only ever a download.
pub async fn kept_file(
    State(state): State<AppState>,
    Path((account, id)): Path<(AccountId, StoredFileId)>,
    request: Request,
) -> Response {
    let visit = visit(&state, &request).await;
    match fetch(&visit, account, id).await {
        Ok(bytes) => {
            let headers =
                [(header::CONTENT_TYPE, "application/octet-stream"), (header::CONTENT_DISPOSITION, "attachment")];
            (headers, bytes).into_response()
        }
        Err(error) => refusal(error),
    }
}

async fn fetch(visit: &Visit, account: AccountId, id: StoredFileId) -> Result<bytes::Bytes> {
    let ctx = visit.agent(account).await?;
    Ok(stored_file::read(&ctx, id).await?.1)
}

async fn keep(visit: &Visit, account: AccountId, form: Multipart) -> Result<Response> {
    let ctx = visit.agent(account).await?;
    let given = read(form).await?;
    let file = given.draft.files.into_iter().next();
    let file = file.ok_or_else(|| Error::field("attachments", ErrorCode::Required))?;
    Ok(Json(stored_file::create(&ctx, file).await?).into_response())
}

/// What a form brings.
#[derive(Default)]
struct Given {
    draft: Draft,
    when: Option<When>,
    contact: Option<i64>,
    inbox: Option<i64>,
    subject: String,
}

fn put(attributes: &mut serde_json::Value, key: &str, value: serde_json::Value) {
    if !attributes.is_object() {
        *attributes = serde_json::json!({});
    }
    attributes[key] = value;
}

async fn read(mut form: Multipart) -> Result<Given> {
    let mut given = Given::default();
    let draft = &mut given.draft;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "content" => draft.content = text(field).await?,
            "private" => draft.private = text(field).await? == "true",
            "echo_id" => draft.echo_id = Some(text(field).await?),
            "in_reply_to" => {
                let id = text(field).await?.parse::<i64>();
                let id = id.map_err(|_| Error::field("in_reply_to", ErrorCode::Invalid))?;
                put(&mut draft.content_attributes, "in_reply_to", id.into());
            }
            key @ ("cc_emails" | "bcc_emails") => {
                let key = key.to_owned();
                put(&mut draft.content_attributes, &key, text(field).await?.into());
            }
            "subject" => given.subject = text(field).await?,
            "contact_id" => given.contact = Some(number("contact_id", field).await?),
            "inbox_id" => given.inbox = Some(number("inbox_id", field).await?),
            "hold" => given.when = Some(When::Held(number("hold", field).await?)),
            "send_at" => given.when = Some(When::At(number("send_at", field).await?)),
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
    Ok(given)
}

async fn number(name: &str, field: Field<'_>) -> Result<i64> {
    text(field).await?.parse().map_err(|_| Error::field(name, ErrorCode::Invalid))
}

async fn text(field: Field<'_>) -> Result<String> {
    field.text().await.map_err(broken)
}

fn broken(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::field("attachments", ErrorCode::FileTooLarge),
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
