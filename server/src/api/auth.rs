//! Signing in over the API. The answer's headers stand for the session: clients send them back with every request.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::session::{self, Client, SignedIn};
use domain::{Actor, secret};
use model::ErrorCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::{Person, session_token};
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

/// Signs in with e-mail and password.
#[utoipa::path(post, path = "/sign_in", tag = "auth", request_body = Credentials, responses((status = 200, body = SignedInAnswer)), security(()))]
async fn sign_in(
    State(state): State<AppState>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    Body(given): Body<Credentials>,
) -> Result<Response, Refusal> {
    let email = given.email.ok_or_else(|| Refusal::field("email", ErrorCode::Required))?;
    let password = given.password.ok_or_else(|| Refusal::field("password", ErrorCode::Required))?;
    let limits = &state.limits;
    let allowed = limits
        .check_address(Rule::SignIn, ClientAddress(address).household())
        .and_then(|()| limits.check_text(Rule::SignIn, &email.trim().to_lowercase()));
    allowed.map_err(|Limited(wait)| Refusal::too_many(wait.as_secs() + 1))?;
    let user_agent = headers.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let client = Client { ip: address.to_string(), user_agent };
    let anonymous = state.app.anonymous();
    let signed_in = session::sign_in(&anonymous, &email, password, &client).await?;
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
