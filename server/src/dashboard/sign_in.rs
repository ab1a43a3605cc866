//! People who come back from their mail provider. They are sent here by another site, with a cookie that says who they are.

use ::app::place;
use ::app::server::{Opened, Visit, refused};
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::response::Response;
use domain::channel::MAIL_CHANNEL;
use domain::mailbox::sign_in::{self, Landed};
use domain::{Error, Result};
use model::ErrorCode;
use model::mailbox::{MailProvider, SignInRefusal};
use serde::Deserialize;

use super::{answer, visit};
use crate::middleware::CspNonce;
use crate::state::AppState;

/// What a provider says (RFC 6749, 4.1.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    state: String,
    code: String,
    error: String,
}

/// Back from Google.
pub async fn google(State(state): State<AppState>, Query(said): Query<Said>, request: Request<Body>) -> Response {
    back(&state, MailProvider::Google, said, request).await
}

/// Back from Microsoft.
pub async fn microsoft(State(state): State<AppState>, Query(said): Query<Said>, request: Request<Body>) -> Response {
    back(&state, MailProvider::Microsoft, said, request).await
}

async fn back(state: &AppState, provider: MailProvider, said: Said, request: Request<Body>) -> Response {
    let nonce = request.extensions().get::<CspNonce>().map_or("", CspNonce::as_str).to_owned();
    let visit = visit(state, &request).await;
    let opened = match land(&visit, provider, &said).await {
        Ok(landed) => Opened::Redirect(address(&landed)),
        Err(error) => refused(&visit, &error),
    };
    answer(visit, opened, nonce, request).await
}

async fn land(visit: &Visit, provider: MailProvider, said: &Said) -> Result<Landed> {
    let word = match (said.code.as_str(), said.error.as_str()) {
        ("", "") => return Err(Error::code(ErrorCode::LinkExpired)),
        ("", error) => Err(error),
        (code, _) => Ok(code),
    };
    sign_in::finish(&visit.person()?, provider, &said.state, word).await
}

/// A new inbox goes on with its agents, one that works again shows that it does, and who was refused reads why and can try again.
fn address(landed: &Landed) -> String {
    let refused = landed.refusal.map(SignInRefusal::as_str).unwrap_or_default();
    match (landed.inbox, landed.is_new) {
        (Some(inbox), true) => place::inbox(landed.account_id, inbox, "answer"),
        (Some(inbox), false) => place::sign_in_again(landed.account_id, inbox, refused),
        (None, _) => place::sign_in(landed.account_id, MAIL_CHANNEL, landed.provider.as_str(), refused),
    }
}
