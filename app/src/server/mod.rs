//! What pages and server functions know of the request they answer. Only on the server.

mod cookie;
mod open;

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use domain::ctx::Origin;
use domain::{Actor, Ctx};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use model::{AccountId, ErrorCode};

use crate::call::CallError;
use crate::part::needed_at;

pub use cookie::SESSION_COOKIE;
pub use open::{Opened, open, prepare, refused, render};

/// What is guarded against being tried too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarded {
    SignIn,
    PasswordReset,
    Install,
}

/// What the server gives to the pages.
pub trait Host: Send + Sync {
    /// The rules and what they stand on.
    fn domain(&self) -> &Arc<domain::App>;

    /// Address of a file by its logical name.
    fn asset(&self, name: &str) -> String;

    /// Addresses of the modules that a part of the dashboard's program is made of.
    fn part(&self, name: &str) -> Vec<String>;

    /// Counts a try by somebody (an address, an e-mail); the time to wait when there were too many.
    fn check(&self, what: Guarded, who: &str) -> Result<(), Duration>;
}

/// One request and who makes it.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

struct Inner {
    host: Arc<dyn Host>,
    headers: HeaderMap,
    /// The client's address.
    address: String,
    /// The name of the request in the log.
    reference: String,
    token: Option<String>,
    /// The signed-in person, or why nobody could find out.
    actor: Result<Option<Actor>, String>,
}

impl Visit {
    /// Finds out who is asking. Trouble in doing so is told to whoever wants to know the person, see [`Visit::person`].
    pub async fn begin(host: Arc<dyn Host>, headers: HeaderMap, address: String, reference: String) -> Self {
        let token = cookie::read(&headers, SESSION_COOKIE);
        let actor = match &token {
            Some(token) => domain::session::actor(&host.domain().anonymous(), token).await,
            None => Ok(None),
        };
        let actor = actor.map_err(|error| {
            tracing::error!(%error, "a session could not be read");
            error.to_string()
        });
        Self(Arc::new(Inner { host, headers, address, reference, token, actor }))
    }

    /// Address of a file by its logical name.
    pub fn asset(&self, name: &str) -> String {
        self.0.host.asset(name)
    }

    /// Addresses of the modules that the page at a path is drawn with.
    pub fn modules(&self, path: &str) -> Vec<String> {
        let mut modules: Vec<String> = needed_at(path).iter().flat_map(|part| self.0.host.part(part.name())).collect();
        modules.sort();
        modules.dedup();
        modules
    }

    /// The token of the session.
    pub fn token(&self) -> Option<&str> {
        self.0.token.as_deref()
    }

    /// What the first step of signing in gave.
    pub fn first_step(&self) -> Option<String> {
        self.cookie(cookie::FIRST_STEP_COOKIE)
    }

    /// For what anybody may ask.
    pub fn anonymous(&self) -> Ctx {
        let origin = Origin { ip: self.0.address.clone(), request_id: self.0.reference.clone() };
        self.0.host.domain().anonymous().coming_from(origin)
    }

    /// For what a signed-in person may ask.
    pub fn person(&self) -> domain::Result<Ctx> {
        let actor = self.0.actor.clone().map_err(domain::Error::Unavailable)?;
        let actor = actor.ok_or_else(domain::Error::unauthenticated)?;
        Ok(self.anonymous().with(actor))
    }

    /// For what a member of an account may ask.
    pub async fn agent(&self, account: AccountId) -> domain::Result<Ctx> {
        domain::access::enter(&self.person()?, account).await
    }

    /// The browser, as its session remembers it.
    pub fn client(&self) -> domain::session::Client {
        let user_agent = self.header(header::USER_AGENT).unwrap_or_default().to_owned();
        domain::session::Client { ip: self.0.address.clone(), user_agent }
    }

    /// Counts a try, by the client's address and by what is tried (an e-mail).
    pub fn guard(&self, what: Guarded, subject: Option<&str>) -> domain::Result<()> {
        let who = std::iter::once(self.0.address.as_str()).chain(subject);
        for who in who {
            self.0.host.check(what, who).map_err(|wait| domain::Error::Limited { retry_after: wait.as_secs() + 1 })?;
        }
        Ok(())
    }

    fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.0.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn cookie(&self, name: &str) -> Option<String> {
        cookie::read(&self.0.headers, name)
    }

    fn is_secure(&self) -> bool {
        self.0.host.domain().settings.base_url.starts_with("https://")
    }
}

/// The request that a server function answers.
pub fn visit() -> Result<Visit, CallError> {
    use_context::<Visit>().ok_or_else(|| CallError::new(ErrorCode::Internal))
}

/// Keeps somebody signed in in this browser.
pub fn remember(visit: &Visit, token: &str) {
    add_header(header::SET_COOKIE, &cookie::session(token, visit.is_secure()));
}

/// Keeps what the first step of signing in gave, for the second.
pub fn remember_first_step(visit: &Visit, challenge: &str) {
    add_header(header::SET_COOKIE, &cookie::first_step(challenge, visit.is_secure()));
}

/// Forgets the first step.
pub fn forget_first_step(visit: &Visit) {
    add_header(header::SET_COOKIE, &cookie::no_first_step(visit.is_secure()));
}

/// Forgets who was signed in in this browser.
pub fn forget(visit: &Visit) {
    add_header(header::SET_COOKIE, &cookie::no_session(visit.is_secure()));
}

/// Remembers a small choice in this browser.
pub fn remember_choice(visit: &Visit, name: &str, value: &str) {
    add_header(header::SET_COOKIE, &cookie::choice(name, value, visit.is_secure()));
}

/// Sends a form that was posted without scripts to its next page; with scripts the page goes there itself.
pub fn lead(address: &str) {
    if is_plain_form()
        && let Some(response) = use_context::<ResponseOptions>()
    {
        response.set_status(StatusCode::SEE_OTHER);
        add_header(header::LOCATION, address);
    }
}

/// Whether the answer goes to a browser that posted a form itself, and not to a page's own call or a page being drawn.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        parts.method == Method::POST && accept.is_some_and(|accept| accept.contains("text/html"))
    })
}

fn add_header(name: header::HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        response.append_header(name, value);
    }
}

/// Gives the answer the status that belongs to an error.
pub(crate) fn refuse(code: ErrorCode, cause: &dyn std::fmt::Display) {
    if code == ErrorCode::Internal {
        tracing::error!(%cause, "a call of the dashboard failed");
    }
    // A plain form is sent back to its page, which tells the error.
    if !is_plain_form()
        && let Some(response) = use_context::<ResponseOptions>()
    {
        response.set_status(status(code));
    }
}

/// The status of an error code.
pub fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Forbidden | ErrorCode::ReadOnly | ErrorCode::Suspended | ErrorCode::AlreadyInstalled => {
            StatusCode::FORBIDDEN
        }
        ErrorCode::Unauthenticated | ErrorCode::WrongCredentials => StatusCode::UNAUTHORIZED,
        ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::LinkExpired => StatusCode::GONE,
        ErrorCode::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<domain::Error> for CallError {
    fn from(error: domain::Error) -> Self {
        let reference = || use_context::<Visit>().map(|visit| visit.0.reference.clone());
        let known = match &error {
            domain::Error::Known(known) => known.clone(),
            domain::Error::Limited { retry_after } => {
                add_header(header::RETRY_AFTER, &retry_after.to_string());
                model::Error::new(ErrorCode::TooMany)
            }
            domain::Error::Unavailable(_) => {
                tracing::warn!(%error, "a call of the dashboard must be tried again");
                model::Error::new(ErrorCode::Unavailable)
            }
            domain::Error::Internal(_) => {
                model::Error { reference: reference(), ..model::Error::new(ErrorCode::Internal) }
            }
        };
        refuse(known.code, &error);
        Self(known)
    }
}
