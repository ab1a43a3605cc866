//! Who this browser is to the server: the tokens of the session, and whether the server has written it down yet.
//!
//! Tokens are good from the start, but nothing about the visitor is stored until they write or the page says who they are.
//! Only then the session is *real*, and the page around us may keep its token in a cookie.

use std::cell::RefCell;

use crate::boot;
use crate::host;
use crate::wire::Json;

#[derive(Default)]
struct Session {
    website_token: String,
    token: String,
    pubsub_token: String,
    real: bool,
}

thread_local! {
    static SESSION: RefCell<Session> = RefCell::default();
}

/// Takes over what the server wrote into the page.
pub fn start(boot: &boot::Boot) {
    SESSION.set(Session {
        website_token: boot.website_token.clone(),
        token: boot::global_text("authToken"),
        pubsub_token: boot::global_text("chatwootPubsubToken"),
        real: boot.session,
    });
    if boot.session {
        // Renews the cookie's lifetime.
        host::keep_session(&token());
    }
}

pub fn website_token() -> String {
    SESSION.with_borrow(|session| session.website_token.clone())
}

pub fn token() -> String {
    SESSION.with_borrow(|session| session.token.clone())
}

pub fn pubsub_token() -> String {
    SESSION.with_borrow(|session| session.pubsub_token.clone())
}

/// Whether the server knows this visitor.
pub fn is_real() -> bool {
    SESSION.with_borrow(|session| session.real)
}

/// Takes over tokens from an answer. Every answer that made the session real or changed who it belongs to carries them;
/// `made_real` says that a plain success did it. Returns whether this is now another session.
pub fn adopt(answer: &Json, made_real: bool) -> bool {
    let fresh = answer.text("widget_auth_token");
    let pubsub = answer.text("pubsub_token");
    let (changed, became_real) = SESSION.with_borrow_mut(|session| {
        let changed = fresh.as_ref().is_some_and(|token| *token != session.token);
        let became_real = (made_real || fresh.is_some()) && !session.real;
        session.real |= became_real;
        if let Some(token) = fresh {
            session.token = token;
        }
        if let Some(token) = pubsub {
            session.pubsub_token = token;
        }
        (changed, became_real)
    });
    if changed || became_real {
        host::keep_session(&token());
    }
    changed
}
