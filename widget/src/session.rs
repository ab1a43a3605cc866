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
    /// The server's address as it calls itself.
    server: String,
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
        server: boot.server.clone(),
    });
    if boot.session {
        // Renews the cookie's lifetime.
        host::keep_session(&token());
    }
}

/// The server's own addresses without its name: it may be reached by another one than it knows.
pub fn local(url: String) -> String {
    SESSION.with_borrow(|session| match url.strip_prefix(session.server.as_str()) {
        Some(path) if path.starts_with('/') => path.to_owned(),
        _ => url,
    })
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
    let (changed, is_news) = SESSION.with_borrow_mut(|session| {
        // The token is a new one each time; the stream is named after the place in the inbox.
        let changed = pubsub.as_ref().is_some_and(|stream| *stream != session.pubsub_token);
        let renewed = fresh.is_some();
        let became_real = (made_real || fresh.is_some()) && !session.real;
        session.real |= became_real;
        if let Some(token) = fresh {
            session.token = token;
        }
        if let Some(token) = pubsub {
            session.pubsub_token = token;
        }
        (changed, became_real || renewed)
    });
    if is_news {
        host::keep_session(&token());
    }
    changed
}
