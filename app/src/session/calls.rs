//! Signing in and out, passwords, invitations.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::session::{Invitation, SecondFactor, SecondFactorSetup, Session};
use model::{AccountId, SessionId, UserId};

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
    let step = domain::session::sign_in(&visit.anonymous(), &email, password, &visit.client()).await?;
    Ok(go_on(&visit, step, next))
}

/// Signs in with a code, after the first step; where to go then.
#[server(name = SecondStep, prefix = "/app/api", endpoint = "session/second_step")]
pub async fn second_step(code: String, next: Option<String>) -> Result<String, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    // Too late, or in another browser: back to the first step.
    let lost = || CallError::new(model::ErrorCode::Unauthenticated);
    let first = visit.first_step().ok_or_else(lost)?;
    let done = domain::session::second_step(&visit.anonymous(), &first, &code, &visit.client()).await;
    let signed_in = done.map_err(|error| match error.known() {
        Some(model::ErrorCode::LinkExpired) => lost(),
        _ => error.into(),
    })?;
    server::forget_first_step(&visit);
    Ok(go_on(&visit, domain::session::Step::In(signed_in), next))
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

/// The address that a link confirms; nothing when the link no longer works.
#[server(name = ReadEmailChange, prefix = "/app/api", endpoint = "session/read_email_change")]
pub async fn read_email_change(token: String) -> Result<Option<String>, CallError> {
    let visit = server::visit()?;
    Ok(domain::agent::email::read(&visit.anonymous(), &token).await?)
}

/// Confirms a new address by a link; where to go then.
#[server(name = ConfirmEmail, prefix = "/app/api", endpoint = "session/confirm_email")]
pub async fn confirm_email(token: String) -> Result<String, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    domain::agent::email::confirm(&visit.anonymous(), &token).await?;
    let address = [place::CONFIRM_EMAIL, "?done=1"].concat();
    server::lead(&address);
    Ok(address)
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

/// Signs all other browsers out; how many there were.
#[server(name = EndOtherSessions, prefix = "/app/api", endpoint = "session/end_others", input = Json)]
pub async fn end_others() -> Result<u64, CallError> {
    let visit = server::visit()?;
    Ok(domain::session::end_others(&visit.person()?, visit.token()).await?)
}

/// Looks at the account through an agent's eyes from now on.
#[server(name = ViewAs, prefix = "/app/api", endpoint = "session/view_as", input = Json)]
pub async fn view_as(account: AccountId, user: UserId) -> Result<(), CallError> {
    let visit = server::visit()?;
    let ctx = visit.agent(account).await?;
    let token = visit.token().ok_or_else(|| CallError::new(model::ErrorCode::Unauthenticated))?;
    Ok(domain::session::view::start(&ctx, token, user).await?)
}

/// Looks through one's own eyes again; where to go then.
#[server(name = StopViewing, prefix = "/app/api", endpoint = "session/stop_viewing")]
pub async fn stop_viewing(next: Option<String>) -> Result<String, CallError> {
    let visit = server::visit()?;
    if let Some(token) = visit.token() {
        domain::session::view::stop(&visit.anonymous(), token).await?;
    }
    let address = next.filter(|next| place::is_inside(next)).unwrap_or_else(|| place::HOME.to_owned());
    server::lead(&address);
    Ok(address)
}

/// Whether one's own sign-in has a second step.
#[server(name = ReadSecondFactor, prefix = "/app/api", endpoint = "session/second_factor", input = Json)]
pub async fn second_factor() -> Result<SecondFactor, CallError> {
    Ok(domain::second_factor::read(&server::visit()?.person()?).await?)
}

/// Makes a secret for one's app.
#[server(name = BeginSecondFactor, prefix = "/app/api", endpoint = "session/begin_second_factor", input = Json)]
pub async fn begin_second_factor() -> Result<SecondFactorSetup, CallError> {
    Ok(domain::second_factor::begin(&server::visit()?.person()?).await?)
}

/// Puts the secret in force with a first code; the codes on paper.
#[server(name = ConfirmSecondFactor, prefix = "/app/api", endpoint = "session/confirm_second_factor", input = Json)]
pub async fn confirm_second_factor(code: String) -> Result<Vec<String>, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    Ok(domain::second_factor::confirm(&visit.person()?, &code).await?)
}

/// New codes on paper.
#[server(name = RenewRecoveryCodes, prefix = "/app/api", endpoint = "session/renew_recovery_codes", input = Json)]
pub async fn renew_recovery_codes(code: String) -> Result<Vec<String>, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    Ok(domain::second_factor::renew_codes(&visit.person()?, &code).await?)
}

/// Takes the second step away from one's own sign-in.
#[server(name = DisableSecondFactor, prefix = "/app/api", endpoint = "session/disable_second_factor", input = Json)]
pub async fn disable_second_factor(password: String, code: String) -> Result<(), CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    Ok(domain::second_factor::disable(&visit.person()?, password, &code).await?)
}

/// Signs another browser out.
#[server(name = EndSession, prefix = "/app/api", endpoint = "session/end", input = Json)]
pub async fn end(id: SessionId) -> Result<(), CallError> {
    let visit = server::visit()?;
    Ok(domain::session::end(&visit.person()?, id).await?)
}

#[cfg(feature = "ssr")]
pub(crate) async fn enter(visit: &Visit, user: UserId, address: &str) -> Result<String, CallError> {
    let step = domain::session::first_step(&visit.anonymous(), user, &visit.client()).await?;
    Ok(go_on(visit, step, Some(address.to_owned())))
}

/// Keeps what a step of signing in came to; where to go then.
#[cfg(feature = "ssr")]
fn go_on(visit: &Visit, step: domain::session::Step, next: Option<String>) -> String {
    let next = next.filter(|next| place::is_inside(next));
    let address = match step {
        domain::session::Step::In(signed_in) => {
            server::remember(visit, &signed_in.token);
            next.unwrap_or_else(|| place::HOME.to_owned())
        }
        domain::session::Step::Second(challenge) => {
            server::remember_first_step(visit, &challenge);
            place::second_step(next.as_deref())
        }
    };
    server::lead(&address);
    address
}
