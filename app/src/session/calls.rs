//! Signing in and out, passwords, invitations.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::SessionId;
use model::session::{Invitation, Session};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::{
    place,
    server::{self, Guarded, Visit},
};

/// Signs in; where to go then.
#[server(name = SignIn, prefix = "/app/api", endpoint = "session/sign_in")]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<String, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, Some(&email.trim().to_lowercase()))?;
    let signed_in = domain::session::sign_in(&visit.anonymous(), &email, password, &visit.client()).await?;
    server::remember(&visit, &signed_in.token);
    let address = next.filter(|next| place::is_inside(next)).unwrap_or_else(|| place::HOME.to_owned());
    server::lead(&address);
    Ok(address)
}

/// Signs out; where to go then.
#[server(name = SignOut, prefix = "/app/api", endpoint = "session/sign_out")]
pub async fn sign_out() -> Result<String, CallError> {
    let visit = server::visit()?;
    if let Some(token) = visit.token() {
        domain::session::sign_out(&visit.anonymous(), token).await?;
    }
    server::forget(&visit);
    server::lead(place::LOGIN);
    Ok(place::LOGIN.to_owned())
}

/// Asks for a link to a new password. The answer is the same whether somebody has the address or not.
#[server(name = RequestReset, prefix = "/app/api", endpoint = "session/request_reset")]
pub async fn request_reset(email: String) -> Result<(), CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::PasswordReset, Some(&email.trim().to_lowercase()))?;
    domain::session::reset::request(&visit.anonymous(), &email).await?;
    server::lead(&[place::FORGOT_PASSWORD, "?sent=1"].concat());
    Ok(())
}

/// Whether a link to a new password still works.
#[server(name = CheckReset, prefix = "/app/api", endpoint = "session/check_reset")]
pub async fn check_reset(token: String) -> Result<bool, CallError> {
    let visit = server::visit()?;
    Ok(domain::session::reset::is_valid(&visit.anonymous(), &token).await?)
}

/// Chooses a new password by a link and signs in; where to go then.
#[server(name = ResetPassword, prefix = "/app/api", endpoint = "session/reset_password")]
pub async fn reset_password(token: String, password: String) -> Result<String, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    let user = domain::session::reset::redeem(&visit.anonymous(), &token, password).await?;
    enter(&visit, user, place::HOME).await
}

/// What an invitation says.
#[server(name = ReadInvitation, prefix = "/app/api", endpoint = "session/read_invitation")]
pub async fn read_invitation(token: String) -> Result<Invitation, CallError> {
    let visit = server::visit()?;
    Ok(domain::agent::invitation::read(&visit.anonymous(), &token).await?)
}

/// Accepts an invitation and signs in; where to go then.
#[server(name = AcceptInvitation, prefix = "/app/api", endpoint = "session/accept_invitation")]
pub async fn accept_invitation(token: String, name: String, password: String) -> Result<String, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    let user = domain::agent::invitation::accept(&visit.anonymous(), &token, &name, password).await?;
    enter(&visit, user, place::HOME).await
}

/// Remembers a language in this browser, for pages before the sign-in. A form without scripts comes back to its page.
#[server(name = ChooseLanguage, prefix = "/app/api", endpoint = "session/language")]
pub async fn choose_language(lang: String) -> Result<(), CallError> {
    let visit = server::visit()?;
    if let Ok(lang) = lang.parse::<text::Lang>() {
        server::remember_choice(&visit, super::LANG_COOKIE, lang.code());
    }
    Ok(())
}

/// The person's signed-in browsers.
#[server(name = ListSessions, prefix = "/app/api", endpoint = "session/list", input = Json)]
pub async fn list() -> Result<Vec<Session>, CallError> {
    let visit = server::visit()?;
    Ok(domain::session::list(&visit.person()?, visit.token()).await?)
}

/// Signs another browser out.
#[server(name = EndSession, prefix = "/app/api", endpoint = "session/end", input = Json)]
pub async fn end(id: SessionId) -> Result<(), CallError> {
    let visit = server::visit()?;
    Ok(domain::session::end(&visit.person()?, id).await?)
}

#[cfg(feature = "ssr")]
pub(crate) async fn enter(visit: &Visit, user: model::UserId, address: &str) -> Result<String, CallError> {
    let signed_in = domain::session::open(&visit.anonymous(), user, &visit.client()).await?;
    server::remember(visit, &signed_in.token);
    server::lead(address);
    Ok(address.to_owned())
}
