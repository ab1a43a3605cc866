//! The cookie of people who are signed in to the dashboard.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::session::{self, SignedIn};
use domain::{Actor, App, Ctx, Result};

use crate::config::Config;

/// Name of the cookie.
pub const COOKIE: &str = "cloudchat_session";

/// The token that the browser sent.
pub fn token(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// A context for whoever sent the request; anonymous when they are not signed in.
pub async fn ctx(app: &Arc<App>, headers: &HeaderMap) -> Result<Ctx> {
    let anonymous = app.anonymous();
    let Some(token) = token(headers) else { return Ok(anonymous) };
    match session::authenticate(&anonymous, &token).await? {
        Some(user) => Ok(anonymous.with(Actor::User(user))),
        None => Ok(anonymous),
    }
}

/// The header that signs a browser in.
pub fn sign_in(config: &Config, signed_in: &SignedIn, now: model::Millis) -> Option<HeaderValue> {
    cookie(config, signed_in.token.clone(), (signed_in.expires_at - now) / 1_000)
}

/// The header that signs a browser out.
pub fn sign_out(config: &Config) -> Option<HeaderValue> {
    cookie(config, String::new(), 0)
}

fn cookie(config: &Config, token: String, seconds: i64) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(COOKIE, token);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_secure(config.is_secure());
    // Links from mails must find the person signed in; changes are guarded by `cross_site`.
    cookie.set_same_site(SameSite::Lax);
    let text = format!("{cookie}; Max-Age={seconds}");
    HeaderValue::from_str(&text).ok()
}

/// The response header in which the cookie is set.
pub const SET: axum::http::HeaderName = header::SET_COOKIE;
