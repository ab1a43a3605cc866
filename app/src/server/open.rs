//! Opening a page: who may see it, what it begins with, and drawing it.

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};
use axum::response::Response;
use domain::{Error, Result};
use leptos::nonce::Nonce;
use leptos::prelude::*;
use model::{AccountId, ErrorCode};
use text::Lang;

use super::{Visit, cookie, status};
use crate::boot::{Boot, Workplace};
use crate::theme::{self, Theme};
use crate::{account, place, shell};

/// What comes of asking for a page.
pub enum Opened {
    /// It is drawn from these facts.
    Page(Box<Boot>, StatusCode),
    /// Another page is what this visitor needs.
    Redirect(String),
}

/// Decides what somebody who asks for a page gets to see.
pub async fn open(visit: &Visit, uri: &Uri) -> Opened {
    match decide(visit, uri).await {
        Ok(opened) => opened,
        Err(error) => refused(visit, &error),
    }
}

/// The page that says why there is none.
pub fn refused(visit: &Visit, error: &Error) -> Opened {
    let code = error.known().unwrap_or(match error {
        Error::Unavailable(_) => ErrorCode::Unavailable,
        _ => ErrorCode::Internal,
    });
    if !matches!(error, Error::Known(_)) {
        tracing::error!(%error, "a page could not be opened");
    }
    let boot = Boot { trouble: Some(code), is_installed: true, ..begin(visit) };
    Opened::Page(Box::new(boot), status(code))
}

async fn decide(visit: &Visit, uri: &Uri) -> Result<Opened> {
    let mut boot = begin(visit);
    boot.is_installed = domain::account::is_installed(&visit.anonymous()).await?;
    match visit.person() {
        Ok(person) => {
            // In their own language, through whoever's eyes they look.
            let profile = domain::agent::profile::read(&domain::session::view::oneself(&person)?).await?;
            boot.viewing = domain::session::view::current(&person).await?;
            if let Some(locale) = &profile.locale {
                boot.lang.clone_from(locale);
            }
            boot.profile = Some(profile);
        }
        Err(Error::Known(_)) => {}
        Err(error) => return Err(error),
    }
    let path = uri.path().trim_end_matches('/');
    if !boot.is_installed && path != place::ONBOARDING {
        return Ok(Opened::Redirect(place::ONBOARDING.to_owned()));
    }
    match path {
        place::ONBOARDING => {
            let status = if boot.is_installed { StatusCode::FORBIDDEN } else { StatusCode::OK };
            Ok(page(boot, status))
        }
        place::HOME => Ok(home(visit, boot).await?),
        place::LOGIN if boot.profile.is_some() => Ok(Opened::Redirect(wanted(uri).unwrap_or(place::HOME.to_owned()))),
        _ => match account_in(path) {
            Some(account) => enter(visit, boot, account, uri).await,
            None => Ok(page(boot, StatusCode::OK)),
        },
    }
}

/// What is known without asking the rules.
fn begin(visit: &Visit) -> Boot {
    let lang = visit
        .cookie(crate::session::LANG_COOKIE)
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| Lang::accepted(visit.header(header::ACCEPT_LANGUAGE).unwrap_or_default()));
    Boot {
        lang: lang.code().to_owned(),
        theme: visit.cookie(theme::COOKIE).map(|name| Theme::parse(&name)).unwrap_or_default(),
        offset: visit.cookie(crate::session::OFFSET_COOKIE).and_then(|text| text.parse().ok()).unwrap_or_default(),
        has_details: visit.cookie(crate::layout::DETAILS_COOKIE).as_deref() != Some("shut"),
        is_rail_wide: visit.cookie(crate::layout::RAIL_COOKIE).as_deref() == Some("wide"),
        emoji_url: visit.asset("emoji.json"),
        base_url: visit.anonymous().app.settings.base_url.clone(),
        ..Boot::default()
    }
}

fn page(boot: Boot, status: StatusCode) -> Opened {
    Opened::Page(Box::new(boot), status)
}

/// The front door: on to the first account, or to whoever can open it.
async fn home(visit: &Visit, boot: Boot) -> Result<Opened> {
    let Some(profile) = &boot.profile else {
        return Ok(Opened::Redirect(place::LOGIN.to_owned()));
    };
    let last = visit.cookie(crate::session::ACCOUNT_COOKIE).and_then(|id| id.parse().ok()).map(AccountId);
    let belongs = |id: &AccountId| profile.memberships.iter().any(|membership| membership.account_id == *id);
    let account = last.filter(belongs).or_else(|| profile.memberships.first().map(|membership| membership.account_id));
    Ok(match account {
        Some(account) => Opened::Redirect(place::conversations(account)),
        // Somebody who was removed from their last account.
        None => page(boot, StatusCode::OK),
    })
}

/// A page of an account, for its members.
async fn enter(visit: &Visit, mut boot: Boot, account: AccountId, uri: &Uri) -> Result<Opened> {
    if boot.profile.is_none() {
        let asked = uri.path_and_query().map_or(uri.path(), |path| path.as_str());
        return Ok(Opened::Redirect(format!("{}?next={}", place::LOGIN, place::encoded(asked))));
    }
    let agent = visit.agent(account).await;
    let workplace = match &agent {
        Ok(agent) => account::read_workplace(agent).await?,
        // An account that one does not belong to is as good as one that does not exist.
        Err(Error::Known(error)) if error.code == ErrorCode::Forbidden => return Err(Error::not_found()),
        Err(_) => return agent.map(|_| Opened::Redirect(place::HOME.to_owned())),
    };
    if uri.path().trim_end_matches('/') == place::account(account) {
        return Ok(Opened::Redirect(place::conversations(account)));
    }
    let Workplace { account, .. } = &workplace;
    if boot.profile.as_ref().is_some_and(|profile| profile.locale.is_none()) {
        boot.lang.clone_from(&account.locale);
    }
    if boot.viewing.as_ref().is_some_and(|viewing| viewing.account_id == account.id) {
        boot.profile = Some(domain::session::view::profile(&agent?).await?);
    }
    boot.workplace = Some(workplace);
    Ok(page(boot, StatusCode::OK))
}

fn account_in(path: &str) -> Option<AccountId> {
    let rest = path.strip_prefix("/app/accounts/")?;
    rest.split('/').next()?.parse().ok().map(AccountId)
}

/// Where somebody wanted to go before they had to sign in.
fn wanted(uri: &Uri) -> Option<String> {
    let pair = uri.query()?.split('&').find_map(|pair| pair.strip_prefix("next="))?;
    let address = decoded(pair)?;
    place::is_inside(&address).then_some(address)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Makes drawing possible. Called once per process; again does nothing.
pub fn prepare() {
    // An error says that it was done before.
    let _ = any_spawner::Executor::init_tokio();
}

/// Draws a page. `nonce` lets its own inline scripts run.
pub async fn render(visit: Visit, boot: Boot, code: StatusCode, nonce: String, request: Request<Body>) -> Response {
    let cookies = cookies(&visit, &boot);
    let draw = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(visit.clone());
            provide_context(boot.clone());
            provide_context(Nonce::from_value(nonce.as_str()));
        },
        shell,
    );
    let mut response = draw(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = code;
    }
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// A page prolongs the cookie of its session, and the front door remembers the account.
fn cookies(visit: &Visit, boot: &Boot) -> Vec<String> {
    let mut cookies = Vec::new();
    if let (Some(token), Some(_)) = (visit.token(), &boot.profile) {
        cookies.push(cookie::session(token, visit.is_secure()));
    }
    if let Some(workplace) = &boot.workplace {
        let id = workplace.account.id.to_string();
        cookies.push(cookie::choice(crate::session::ACCOUNT_COOKIE, &id, visit.is_secure()));
    }
    cookies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_the_way_through_the_sign_in() {
        let asked = "/app/accounts/1/conversations/7?q=olá & tchau";
        let uri: Uri = format!("/app/login?next={}", place::encoded(asked)).parse().unwrap();
        assert_eq!(wanted(&uri).as_deref(), Some(asked));
        let uri: Uri = "/app/login?next=%2F%2Fevil.example".parse().unwrap();
        assert_eq!(wanted(&uri), None);
        assert_eq!(decoded("%4"), None);
    }

    #[test]
    fn accounts_are_found_in_addresses() {
        assert_eq!(account_in("/app/accounts/12/settings"), Some(AccountId(12)));
        assert_eq!(account_in("/app/accounts/x"), None);
        assert_eq!(account_in("/app/login"), None);
    }
}
