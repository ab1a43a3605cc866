//! Who is calling: the inbox by its website token, the browser by the token it got from us, and the language: that of the
//! request (a setting of the page, or of the chat on screen), else the browser's, else the account's.

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use domain::{Ctx, visitor};
use model::DisplayId;
use model::inbox::Inbox;
use serde::Deserialize;
use text::VisitorLang;

use super::failure::{Answer, Failure};
use super::form::{self, Form};
use super::origin;
use crate::middleware::{ClientAddress, Rule};
use crate::state::AppState;

/// Header in which clients send the visitor's token.
const TOKEN: &str = "x-auth-token";

/// What every address of the widget may carry.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    pub website_token: Option<String>,
    /// The visitor's token, where no header can be set.
    pub cw_conversation: Option<String>,
    pub locale: Option<String>,
    pub theme: Option<String>,
    /// Whose names the page's script uses.
    pub brand: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Number of the conversation that is meant, of somebody who has several.
    pub conversation_id: Option<String>,
    /// Which closed conversations are looked for.
    pub since: Option<String>,
    pub until: Option<String>,
    pub id: Option<String>,
}

/// A visitor who was let in.
pub struct Visit {
    pub ctx: Ctx,
    pub inbox: Inbox,
    pub lang: VisitorLang,
    pub asked: Asked,
    pub headers: HeaderMap,
    state: AppState,
    address: Option<ClientAddress>,
}

impl Visit {
    /// Lets a request in.
    pub async fn enter(parts: &mut Parts, state: &AppState, website_token: Option<&str>) -> Answer<Self> {
        let Query(asked) = Query::<Asked>::from_request_parts(parts, state).await.unwrap_or_default();
        let wanted =
            asked.locale.as_deref().and_then(|code| code.parse().ok()).or_else(|| browser_lang(&parts.headers));
        let fallback = wanted.unwrap_or_default();
        let refused = |error| Failure::Rule(error, fallback);
        let website = website_token.or(asked.website_token.as_deref()).unwrap_or_default();
        let header = parts.headers.get(TOKEN).and_then(|token| token.to_str().ok());
        // In an address only where no header can be set: addresses end in logs and links.
        let is_without_headers = matches!(parts.uri.path(), "/widget" | "/unread");
        let address = asked.cw_conversation.as_deref().filter(|_| is_without_headers);
        let token = header.or(address).filter(|token| !token.is_empty());
        let entered = visitor::enter(&state.app.anonymous(), website, token).await.map_err(refused)?;
        let own = state.config.url.origin();
        if origin::named(&parts.headers).is_some_and(|origin| !origin::permits(&entered.inbox, own, origin)) {
            return Err(Failure::Elsewhere);
        }
        let lang = wanted.unwrap_or_else(|| entered.locale.parse().unwrap_or_default());
        let ctx = match asked.conversation_id.as_deref().filter(|number| !number.is_empty()) {
            // What is no number names nobody's conversation.
            Some(number) => {
                let number = DisplayId(number.parse().unwrap_or_default());
                visitor::many::choose(&entered.ctx, &entered.inbox, number).await.map_err(refused)?
            }
            None => entered.ctx,
        };
        Ok(Self {
            ctx,
            inbox: entered.inbox,
            lang,
            asked,
            headers: parts.headers.clone(),
            state: state.clone(),
            address: parts.extensions.get().copied(),
        })
    }

    /// Turns an error of a rule into an answer in the visitor's language.
    pub fn refused(&self) -> impl Fn(domain::Error) -> Failure + use<> {
        let lang = self.lang;
        move |error| Failure::Rule(error, lang)
    }

    /// Counts one request of this address against a limit of its own.
    pub fn count(&self, rule: Rule) -> Answer<()> {
        let Some(address) = self.address else { return Ok(()) };
        Ok(self.state.limits.check_address(rule, address.household())?)
    }
}

/// The language the browser asks for, where visitors are spoken to in it.
pub fn browser_lang(headers: &HeaderMap) -> Option<VisitorLang> {
    VisitorLang::accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?)
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        Self::enter(parts, state, None).await
    }
}

/// A visitor with what they send. The website token may be in the body.
pub struct Sent {
    pub visit: Visit,
    pub form: Form,
}

impl FromRequest<AppState> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let form = form::read(&parts.headers, body, state).await?;
        let visit = Visit::enter(&mut parts, state, form.text("website_token")).await?;
        Ok(Self { visit, form })
    }
}
