//! One's own picture, uploaded by a plain form.

use ::app::server::Visit;
use axum::Json;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use domain::agent::profile;
use domain::message::attachment::Upload;
use domain::{Error, Result, avatar};
use model::ErrorCode;

use super::send::refusal;
use super::visit;
use crate::state::AppState;

/// Field: `avatar`. Answers with the person's profile.
pub async fn own(State(state): State<AppState>, request: Request) -> Response {
    let visit = visit(&state, &request).await;
    let done = match Multipart::from_request(request, &state).await {
        Ok(form) => keep(&visit, form).await,
        Err(_) => Err(Error::code(ErrorCode::Invalid)),
    };
    done.unwrap_or_else(refusal)
}

async fn keep(visit: &Visit, mut form: Multipart) -> Result<Response> {
    let ctx = visit.person()?;
    // Whoever may change nothing now does not get to send megabytes first.
    ctx.require_own_eyes()?;
    let broken = |_| Error::field("avatar", ErrorCode::FileTooLarge);
    let missing = || Error::field("avatar", ErrorCode::Required);
    let field = form.next_field().await.map_err(broken)?.ok_or_else(missing)?;
    let file_name = field.file_name().unwrap_or_default().to_owned();
    let content_type = field.content_type().unwrap_or_default().to_owned();
    let upload = Upload { file_name, content_type, bytes: field.bytes().await.map_err(broken)? };
    let picture = avatar::Picture::of(upload).await?;
    avatar::set_own(&ctx, Some(picture)).await?;
    Ok(Json(profile::read(&ctx).await?).into_response())
}
