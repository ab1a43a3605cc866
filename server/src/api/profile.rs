//! The signed-in person.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use domain::agent::{self, email, profile, token};
use domain::{Ctx, avatar};
use model::{AccountId, Availability, ErrorCode};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::word;
use super::body::{Body, Form, Input};
use super::caller::{self, Person};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::profile::{ProfileWire, Tokens};
use crate::state::AppState;

/// Routes below `/api/v1`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(show, update))
        .routes(routes!(delete_avatar))
        .routes(routes!(availability))
        .routes(routes!(auto_offline))
        .routes(routes!(set_active_account))
        .routes(routes!(reset_access_token))
}

/// What a person can change of themselves. A form can bring a picture in `avatar`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ProfileInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    display_name: Option<String>,
    /// Another address to sign in with. In force once the link that goes there is opened.
    #[serde(deserialize_with = "lenient::text")]
    email: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    message_signature: Option<String>,
    /// Keys that are to be set; others stay.
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    ui_settings: Option<Value>,
    /// Needed for a new password and for another e-mail.
    #[serde(deserialize_with = "lenient::text")]
    current_password: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    password: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    password_confirmation: Option<String>,
}

impl Input for Given {
    const NAME: &'static str = "profile";
}

/// What a person sets in one of their accounts.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct SeatInput {
    #[serde(deserialize_with = "lenient::int")]
    account_id: Option<i64>,
    /// `online`, `busy` or `offline`.
    #[serde(deserialize_with = "lenient::text")]
    availability: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    auto_offline: Option<bool>,
}

impl Input for SeatInput {
    const NAME: &'static str = "profile";
}

impl SeatInput {
    async fn enter(&self, person: &Ctx) -> Result<Ctx, Refusal> {
        let account = self.account_id.ok_or_else(|| Refusal::field("account_id", ErrorCode::Required))?;
        caller::enter(person, AccountId(account)).await
    }
}

/// The signed-in person with their accounts and tokens.
#[utoipa::path(get, path = "/profile", tag = "profile", responses((status = 200, body = ProfileWire)))]
async fn show(Person(ctx): Person) -> Answer<ProfileWire> {
    shown(&ctx).await.map(Json)
}

/// A person's own profile.
pub async fn shown(ctx: &Ctx) -> Result<ProfileWire, Refusal> {
    let user = ctx.user_id()?;
    let tokens = Tokens { access: token::own(ctx).await?, pubsub: agent::pubsub_token(ctx, user).await? };
    let (profile, seats) = (profile::read(ctx).await?, profile::seats(ctx).await?);
    Ok(ProfileWire::new(profile, &seats, tokens, &ctx.app.settings.base_url))
}

/// Changes the person's own facts, and their password.
#[utoipa::path(put, path = "/profile", tag = "profile", request_body = Given, responses((status = 200, body = ProfileWire)))]
async fn update(Person(ctx): Person, headers: HeaderMap, mut form: Form<Given>) -> Answer<ProfileWire> {
    let picture = form.picture().await?;
    let given = form.input;
    let own = profile::read(&ctx).await?;
    let new_email = given.email.filter(|email| !email.trim().eq_ignore_ascii_case(&own.email));
    if let Some(new) = new_email {
        email::request(&ctx, &new, given.current_password.clone().unwrap_or_default()).await?;
    }
    if let Some(new) = given.password.filter(|password| !password.is_empty()) {
        if given.password_confirmation.is_some_and(|again| again != new) {
            return Err(Refusal::field("password_confirmation", ErrorCode::Invalid));
        }
        let current = given.current_password.unwrap_or_default();
        profile::change_password(&ctx, current, new, caller::session_token(&headers)).await?;
    }
    let change = profile::ProfileChange {
        name: given.name,
        display_name: given.display_name,
        message_signature: given.message_signature,
        locale: None,
        ui_settings: given.ui_settings.and_then(|settings| settings.as_object().cloned()),
    };
    profile::update(&ctx, change).await?;
    if picture.is_some() {
        avatar::set_own(&ctx, picture).await?;
    }
    shown(&ctx).await.map(Json)
}

/// Takes the person's picture away.
#[utoipa::path(delete, path = "/profile/avatar", tag = "profile", responses((status = 200, body = ProfileWire)))]
async fn delete_avatar(Person(ctx): Person) -> Answer<ProfileWire> {
    avatar::set_own(&ctx, None).await?;
    shown(&ctx).await.map(Json)
}

/// Says whether the person wants to receive conversations in an account.
#[utoipa::path(post, path = "/profile/availability", tag = "profile", request_body = SeatInput, responses((status = 200, body = ProfileWire)))]
async fn availability(Person(ctx): Person, Body(given): Body<SeatInput>) -> Answer<ProfileWire> {
    let availability = word::<Availability>("availability", given.availability.as_deref())?;
    let availability = availability.ok_or_else(|| Refusal::field("availability", ErrorCode::Required))?;
    profile::set_availability(&given.enter(&ctx).await?, availability).await?;
    shown(&ctx).await.map(Json)
}

/// Says whether the person counts as offline while no page of theirs is open.
#[utoipa::path(post, path = "/profile/auto_offline", tag = "profile", request_body = SeatInput, responses((status = 200, body = ProfileWire)))]
async fn auto_offline(Person(ctx): Person, Body(given): Body<SeatInput>) -> Answer<ProfileWire> {
    let on = given.auto_offline.ok_or_else(|| Refusal::field("auto_offline", ErrorCode::Required))?;
    profile::set_auto_offline(&given.enter(&ctx).await?, on).await?;
    shown(&ctx).await.map(Json)
}

/// The person turned to an account.
#[utoipa::path(put, path = "/profile/set_active_account", tag = "profile", request_body = SeatInput, responses((status = 200)))]
async fn set_active_account(Person(ctx): Person, Body(given): Body<SeatInput>) -> Result<StatusCode, Refusal> {
    profile::turn_to(&given.enter(&ctx).await?).await?;
    Ok(StatusCode::OK)
}

/// Replaces the API token; the old one is void at once.
#[utoipa::path(post, path = "/profile/reset_access_token", tag = "profile", responses((status = 200, body = ProfileWire)))]
async fn reset_access_token(Person(ctx): Person) -> Answer<ProfileWire> {
    token::rotate(&ctx).await?;
    shown(&ctx).await.map(Json)
}
