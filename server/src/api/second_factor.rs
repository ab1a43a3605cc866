//! The second step of one's own sign-in.

use axum::Json;
use axum::http::StatusCode;
use domain::{Error, second_factor};
use model::ErrorCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::Person;
use super::lenient;
use super::refusal::{Answer, Refusal};
use crate::state::AppState;

/// Routes below `/api/v1`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(show_mfa, begin_mfa, disable_mfa))
        .routes(routes!(verify_mfa))
        .routes(routes!(renew_mfa_codes))
}

/// A code, and the password where it is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = SecondFactorInput)]
struct Given {
    /// From the app, or one of those on paper.
    #[serde(deserialize_with = "lenient::text")]
    otp_code: Option<String>,
    /// For taking the second step away.
    #[serde(deserialize_with = "lenient::text")]
    password: Option<String>,
}

impl Input for Given {
    const NAME: &'static str = "mfa";
}

impl Given {
    fn code(&self) -> Result<&str, Refusal> {
        self.otp_code.as_deref().ok_or_else(|| Refusal::field("otp_code", ErrorCode::Required))
    }
}

/// What is wrong, by the names that the fields have here.
fn refused(error: Error) -> Refusal {
    match error {
        Error::Known(error) => match (error.field.as_deref(), error.code) {
            (Some("code"), code) | (None, code @ ErrorCode::Conflict) => Refusal::field("otp_code", code),
            (Some("current_password"), code) => Refusal::field("password", code),
            _ => Error::Known(error).into(),
        },
        other => other.into(),
    }
}

/// Whether there is a second step.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactor)]
struct Shown {
    feature_available: bool,
    enabled: bool,
    backup_codes_generated: bool,
}

/// A secret for the app.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactorSetup)]
struct Setup {
    /// `otpauth://…`, for apps.
    provisioning_url: String,
    /// For typing it in.
    secret: String,
}

/// Codes on paper, shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryCodes)]
struct Codes {
    enabled: bool,
    backup_codes: Vec<String>,
}

/// Whether the person's sign-in has a second step.
#[utoipa::path(get, path = "/profile/mfa", tag = "profile", responses((status = 200, body = Shown)))]
async fn show_mfa(Person(ctx): Person) -> Answer<Shown> {
    let found = second_factor::read(&ctx).await?;
    let enabled = found.enabled_at.is_some();
    Ok(Json(Shown { feature_available: true, enabled, backup_codes_generated: found.recovery_codes_left > 0 }))
}

/// Makes a secret; it is in force once a code from it was right.
#[utoipa::path(post, path = "/profile/mfa", tag = "profile", responses((status = 200, body = Setup)))]
async fn begin_mfa(Person(ctx): Person) -> Answer<Setup> {
    let setup = second_factor::begin(&ctx).await?;
    Ok(Json(Setup { provisioning_url: setup.address, secret: setup.secret }))
}

/// Puts the secret in force with a first code.
#[utoipa::path(post, path = "/profile/mfa/verify", tag = "profile", request_body = Given, responses((status = 200, body = Codes)))]
async fn verify_mfa(Person(ctx): Person, Body(given): Body<Given>) -> Answer<Codes> {
    let backup_codes = second_factor::confirm(&ctx, given.code()?).await.map_err(refused)?;
    Ok(Json(Codes { enabled: true, backup_codes }))
}

/// New codes on paper; the old ones are void.
#[utoipa::path(post, path = "/profile/mfa/backup_codes", tag = "profile", request_body = Given, responses((status = 200, body = Codes)))]
async fn renew_mfa_codes(Person(ctx): Person, Body(given): Body<Given>) -> Answer<Codes> {
    let backup_codes = second_factor::renew_codes(&ctx, given.code()?).await.map_err(refused)?;
    Ok(Json(Codes { enabled: true, backup_codes }))
}

/// Takes the second step away; asks for the password and a code.
#[utoipa::path(delete, path = "/profile/mfa", tag = "profile", request_body = Given, responses((status = 200)))]
async fn disable_mfa(Person(ctx): Person, Body(given): Body<Given>) -> Result<StatusCode, Refusal> {
    let password = given.password.clone().ok_or_else(|| Refusal::field("password", ErrorCode::Required))?;
    second_factor::disable(&ctx, password, given.code()?).await.map_err(refused)?;
    Ok(StatusCode::OK)
}
