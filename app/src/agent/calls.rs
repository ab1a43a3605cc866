//! People: the colleagues of an account, and one's own profile.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::agent::{Agent, EmailChange, Profile};
use model::{AccountId, Availability, Role, UserId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server::{self, Guarded};

/// Somebody to be invited, or a change of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentInput {
    pub name: String,
    pub email: String,
    pub role: Role,
    /// How many open conversations automatic assignment gives them; `None`: as the account says.
    pub assignment_limit: Option<i64>,
}

/// Invites somebody.
#[server(name = AddAgent, prefix = "/app/api", endpoint = "agent/add", input = Json)]
pub async fn add(account: AccountId, new: AgentInput) -> Result<Agent, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let new = domain::agent::NewAgent {
        name: new.name,
        email: new.email,
        role: new.role,
        availability: None,
        auto_offline: None,
        assignment_limit: new.assignment_limit,
    };
    Ok(domain::agent::add(&ctx, new).await?)
}

/// Sends an invitation once more.
#[server(name = InviteAgain, prefix = "/app/api", endpoint = "agent/invite_again", input = Json)]
pub async fn invite_again(account: AccountId, user: UserId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::agent::invite_again(&ctx, user).await?)
}

/// Gives a colleague another name, role or limit.
#[server(name = UpdateAgent, prefix = "/app/api", endpoint = "agent/update", input = Json)]
pub async fn update(account: AccountId, user: UserId, change: AgentInput) -> Result<Agent, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let change = domain::agent::AgentChange {
        name: Some(change.name),
        role: Some(change.role),
        assignment_limit: Some(change.assignment_limit),
        ..Default::default()
    };
    Ok(domain::agent::update(&ctx, user, change).await?)
}

/// Who of the colleagues has a second step of signing in. For administrators.
#[server(name = ListSecured, prefix = "/app/api", endpoint = "agent/secured", input = Json)]
pub async fn secured(account: AccountId) -> Result<Vec<UserId>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::second_factor::secured(&ctx).await?)
}

/// Takes the second step away from the sign-in of a colleague who lost what it takes.
#[server(name = ResetSecondFactor, prefix = "/app/api", endpoint = "agent/reset_second_factor", input = Json)]
pub async fn reset_second_factor(account: AccountId, user: UserId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::second_factor::reset(&ctx, user).await?)
}

/// Takes somebody out of the account.
#[server(name = RemoveAgent, prefix = "/app/api", endpoint = "agent/remove", input = Json)]
pub async fn remove(account: AccountId, user: UserId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::agent::remove(&ctx, user).await?)
}

/// Mail that could not be sent, for an administrator to pass on.
#[server(name = KeptMails, prefix = "/app/api", endpoint = "agent/kept_mails", input = Json)]
pub async fn kept_mails(account: AccountId) -> Result<Vec<model::session::KeptMail>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::mail::kept(&ctx).await?)
}

/// What somebody says about themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileInput {
    pub name: String,
    pub display_name: String,
    pub message_signature: String,
    /// Empty: the account's language.
    pub locale: String,
}

/// Changes one's own profile.
#[server(name = UpdateProfile, prefix = "/app/api", endpoint = "agent/profile", input = Json)]
pub async fn update_profile(change: ProfileInput) -> Result<Profile, CallError> {
    let ctx = server::visit()?.person()?;
    let change = domain::agent::profile::ProfileChange {
        name: Some(change.name),
        display_name: Some(change.display_name),
        message_signature: Some(change.message_signature),
        locale: Some(Some(change.locale).filter(|locale| !locale.is_empty())),
        ui_settings: None,
    };
    Ok(domain::agent::profile::update(&ctx, change).await?)
}

/// Changes one's own language.
#[server(name = SetLocale, prefix = "/app/api", endpoint = "agent/locale", input = Json)]
pub async fn set_locale(locale: String) -> Result<(), CallError> {
    let ctx = server::visit()?.person()?;
    let change = domain::agent::profile::ProfileChange { locale: Some(Some(locale)), ..Default::default() };
    domain::agent::profile::update(&ctx, change).await?;
    Ok(())
}

/// Keeps settings of the interface; other keys stay as they are.
#[server(name = SaveUiSettings, prefix = "/app/api", endpoint = "agent/ui_settings", input = Json)]
pub async fn save_ui_settings(settings: serde_json::Map<String, serde_json::Value>) -> Result<(), CallError> {
    let ctx = server::visit()?.person()?;
    let change = domain::agent::profile::ProfileChange { ui_settings: Some(settings), ..Default::default() };
    domain::agent::profile::update(&ctx, change).await?;
    Ok(())
}

/// Takes one's own picture away.
#[server(name = RemoveAvatar, prefix = "/app/api", endpoint = "agent/remove_avatar", input = Json)]
pub async fn remove_avatar() -> Result<Profile, CallError> {
    let ctx = server::visit()?.person()?;
    domain::avatar::set_own(&ctx, None).await?;
    Ok(domain::agent::profile::read(&ctx).await?)
}

/// The address that one has asked for, if its link still works.
#[server(name = PendingEmail, prefix = "/app/api", endpoint = "agent/pending_email", input = Json)]
pub async fn pending_email() -> Result<Option<EmailChange>, CallError> {
    Ok(domain::agent::email::pending(&server::visit()?.person()?).await?)
}

/// Asks for another address to sign in with; a link goes there.
#[server(name = RequestEmail, prefix = "/app/api", endpoint = "agent/request_email", input = Json)]
pub async fn request_email(email: String, current_password: String) -> Result<EmailChange, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::SignIn, None)?;
    Ok(domain::agent::email::request(&visit.person()?, &email, current_password).await?)
}

/// Keeps the address that one has.
#[server(name = CancelEmail, prefix = "/app/api", endpoint = "agent/cancel_email", input = Json)]
pub async fn cancel_email() -> Result<(), CallError> {
    Ok(domain::agent::email::cancel(&server::visit()?.person()?).await?)
}

/// Replaces one's own password; other browsers are signed out.
#[server(name = ChangePassword, prefix = "/app/api", endpoint = "agent/password", input = Json)]
pub async fn change_password(current: String, new: String) -> Result<(), CallError> {
    let visit = server::visit()?;
    let person = visit.person()?;
    visit.guard(Guarded::SignIn, None)?;
    Ok(domain::agent::profile::change_password(&person, current, new, visit.token()).await?)
}

/// Says whether one wants to receive conversations.
#[server(name = SetAvailability, prefix = "/app/api", endpoint = "agent/availability", input = Json)]
pub async fn set_availability(account: AccountId, availability: Availability) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::agent::profile::set_availability(&ctx, availability).await?)
}

/// Says whether one counts as offline while no page is open.
#[server(name = SetAutoOffline, prefix = "/app/api", endpoint = "agent/auto_offline", input = Json)]
pub async fn set_auto_offline(account: AccountId, auto_offline: bool) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::agent::profile::set_auto_offline(&ctx, auto_offline).await?)
}

/// One's own API token.
#[server(name = OwnToken, prefix = "/app/api", endpoint = "agent/token", input = Json)]
pub async fn own_token() -> Result<String, CallError> {
    let ctx = server::visit()?.person()?;
    Ok(domain::agent::token::own(&ctx).await?)
}

/// Replaces one's own API token.
#[server(name = RotateToken, prefix = "/app/api", endpoint = "agent/rotate_token", input = Json)]
pub async fn rotate_token() -> Result<String, CallError> {
    let ctx = server::visit()?.person()?;
    Ok(domain::agent::token::rotate(&ctx).await?)
}
