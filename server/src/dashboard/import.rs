//! Tables with contacts: sent by a plain form, which tells the browser how far it has come, and downloaded.

use ::app::server::Visit;
use axum::Json;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::contact::import;
use domain::{Error, Result};
use model::{AccountId, ContactImportId, ErrorCode, Permission};

use super::send::refusal;
use super::visit;
use crate::state::AppState;

/// Field: `import_file`. Answers with the import that began.
pub async fn start(State(state): State<AppState>, Path(account): Path<AccountId>, request: Request) -> Response {
    let visit = visit(&state, &request).await;
    let started = match Multipart::from_request(request, &state).await {
        Ok(form) => take(&visit, account, form).await,
        Err(_) => Err(Error::code(ErrorCode::Invalid)),
    };
    started.unwrap_or_else(refusal)
}

async fn take(visit: &Visit, account: AccountId, mut form: Multipart) -> Result<Response> {
    let ctx = visit.agent(account).await?;
    // Whoever may not import does not get to send megabytes first.
    ctx.agent()?.require(Permission::DeleteData)?;
    ctx.require_own_eyes()?;
    let broken = |_| Error::field("import_file", ErrorCode::FileTooLarge);
    let missing = || Error::field("import_file", ErrorCode::Required);
    let field = form.next_field().await.map_err(broken)?.ok_or_else(missing)?;
    let name = field.file_name().unwrap_or_default().to_owned();
    let bytes = field.bytes().await.map_err(broken)?;
    Ok(Json(import::start(&ctx, &name, &bytes).await?).into_response())
}

/// A table to begin with.
pub async fn template(State(state): State<AppState>, Path(account): Path<AccountId>, request: Request) -> Response {
    let visit = visit(&state, &request).await;
    let text: Result<String> = async { import::template(&visit.agent(account).await?).await }.await;
    table("contacts.csv", text)
}

/// The rows that could not be taken.
pub async fn failures(
    State(state): State<AppState>,
    Path((account, id)): Path<(AccountId, ContactImportId)>,
    request: Request,
) -> Response {
    let visit = visit(&state, &request).await;
    let text: Result<String> = async { import::failures(&visit.agent(account).await?, id).await }.await;
    table(&format!("contacts-{id}.csv"), text)
}

fn table(name: &str, text: Result<String>) -> Response {
    match text {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, text).into_response()
        }
        Err(error) => refusal(error),
    }
}
