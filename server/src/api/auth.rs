//! Signing in over the API. The answer's headers stand for the session: clients send them back with every request.

use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::session::{self, Client, SignedIn, Step};
use domain::{Actor, secret};
use model::ErrorCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::{Person, origin, session_token};
use super::lenient;
use super::profile;
use super::refusal::{Answer, Refusal};
use super::wire::profile::ProfileWire;
use crate::middleware::limit::Limited;
use crate::middleware::{ClientAddress, Rule};
use crate::state::AppState;

/// Routes below `/auth`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in)).routes(routes!(sign_out)).routes(routes!(validate_token))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Credentials {
    #[serde(deserialize_with = "lenient::text")]
    email: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    password: Option<String>,
    /// What the first step gave to somebody who needs a code too.
    #[serde(deserialize_with = "lenient::text")]
    mfa_token: Option<String>,
    /// The code from their app.
    #[serde(deserialize_with = "lenient::text")]
    otp_code: Option<String>,
    /// Or one of their codes on paper.
    #[serde(deserialize_with = "lenient::text")]
    backup_code: Option<String>,
}

impl Input for Credentials {
    const NAME: &'static str = "session";
}

#[derive(Serialize, ToSchema)]
struct SignedInAnswer {
    data: ProfileWire,
}

#[derive(Serialize, ToSchema)]
struct Validated {
    payload: ValidatedPayload,
}

#[derive(Serialize, ToSchema)]
struct ValidatedPayload {
    success: bool,
    data: ProfileWire,
}

/// The first step went well, and there is a second.
#[derive(Serialize, ToSchema)]
struct SecondStepWanted {
    mfa_required: bool,
    /// To be sent with the code, within ten minutes.
    mfa_token: String,
}

/// Signs in with e-mail and password. Somebody with a second step gets 206 and signs in with `mfa_token` and a code.
#[utoipa::path(post, path = "/sign_in", tag = "auth", request_body = Credentials, responses((status = 200, body = SignedInAnswer), (status = 206, body = SecondStepWanted)), security(()))]
async fn sign_in(
    State(state): State<AppState>,
    Extension(client_address): Extension<ClientAddress>,
    headers: HeaderMap,
    extensions: Extensions,
    Body(given): Body<Credentials>,
) -> Result<Response, Refusal> {
    let limited = |Limited(wait): Limited| Refusal::too_many(wait.as_secs() + 1);
    state.limits.check_address(Rule::SignIn, client_address.household()).map_err(limited)?;
    let user_agent = headers.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let client = Client { ip: client_address.0.to_string(), user_agent };
    let anonymous = state.app.anonymous().coming_from(origin(&extensions));
    let step = match given.mfa_token {
        Some(challenge) => {
            let code = given.otp_code.or(given.backup_code);
            let code = code.ok_or_else(|| Refusal::field("otp_code", ErrorCode::Required))?;
            let done = session::second_step(&anonymous, &challenge, &code, &client).await;
            Step::In(done.map_err(|error| match error.known() {
                Some(ErrorCode::LinkExpired | ErrorCode::WrongCode) => Refusal::wrong_credentials(),
                _ => error.into(),
            })?)
        }
        None => {
            let email = given.email.ok_or_else(|| Refusal::field("email", ErrorCode::Required))?;
            let password = given.password.ok_or_else(|| Refusal::field("password", ErrorCode::Required))?;
            state.limits.check_text(Rule::SignIn, &email.trim().to_lowercase()).map_err(limited)?;
            session::sign_in(&anonymous, &email, password, &client).await?
        }
    };
    let signed_in = match step {
        Step::In(signed_in) => signed_in,
        Step::Second(mfa_token) => {
            let wanted = SecondStepWanted { mfa_required: true, mfa_token };
            return Ok((StatusCode::PARTIAL_CONTENT, Json(wanted)).into_response());
        }
    };
    let data = profile::shown(&anonymous.with(Actor::User(signed_in.user_id))).await?;
    let mut response = Json(SignedInAnswer { data: data.clone() }).into_response();
    for (name, value) in session_headers(&signed_in, &data.email) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}

fn session_headers(signed_in: &SignedIn, email: &str) -> [(&'static str, String); 5] {
    [
        ("access-token", signed_in.token.clone()),
        ("token-type", "Bearer".to_owned()),
        ("client", secret::short_token()),
        ("expiry", (signed_in.expires_at / 1_000).to_string()),
        ("uid", email.to_owned()),
    ]
}

/// Ends the session that the headers stand for.
#[utoipa::path(delete, path = "/sign_out", tag = "auth", responses((status = 200)))]
async fn sign_out(Person(ctx): Person, headers: HeaderMap) -> Result<StatusCode, Refusal> {
    if let Some(token) = session_token(&headers) {
        session::sign_out(&ctx, token).await?;
    }
    Ok(StatusCode::OK)
}

/// Whether the headers still stand for a session.
#[utoipa::path(get, path = "/validate_token", tag = "auth", responses((status = 200, body = Validated)))]
async fn validate_token(Person(ctx): Person) -> Answer<Validated> {
    let data = profile::shown(&ctx).await?;
    Ok(Json(Validated { payload: ValidatedPayload { success: true, data } }))
}
