//! Cookies, read and written.

use axum::http::{HeaderMap, header};

/// Holds the token of a session.
pub const SESSION_COOKIE: &str = "cloudchat_session";

/// Holds what the first step of signing in gave, until the second.
pub const FIRST_STEP_COOKIE: &str = "cloudchat_first_step";

/// Seconds for which a browser keeps small choices.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// A cookie of the request.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Keeps somebody signed in for as long as the session lasts; scripts cannot read it, other sites cannot use it.
pub fn session(token: &str, is_secure: bool) -> String {
    let seconds = domain::session::LASTS / 1000;
    format!("{SESSION_COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{}", secure(is_secure))
}

/// Takes the session away.
pub fn no_session(is_secure: bool) -> String {
    format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{}", secure(is_secure))
}

/// Keeps the outcome of the first step for as long as the second may come.
pub fn first_step(challenge: &str, is_secure: bool) -> String {
    let seconds = domain::second_factor::CHALLENGE_LASTS / 1000;
    let secure = secure(is_secure);
    format!("{FIRST_STEP_COOKIE}={challenge}; Path=/app; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// Takes it away.
pub fn no_first_step(is_secure: bool) -> String {
    format!("{FIRST_STEP_COOKIE}=; Path=/app; Max-Age=0; HttpOnly; SameSite=Lax{}", secure(is_secure))
}

/// A small choice that scripts may read.
pub fn choice(name: &str, value: &str, is_secure: bool) -> String {
    format!("{name}={value}; Path=/; Max-Age={YEAR}; SameSite=Lax{}", secure(is_secure))
}

fn secure(is_secure: bool) -> &'static str {
    if is_secure { "; Secure" } else { "" }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; cloudchat_session=abc-_ ; b=2"));
        assert_eq!(read(&headers, SESSION_COOKIE).as_deref(), Some("abc-_"));
        assert_eq!(read(&headers, "session"), None);
    }

    #[test]
    fn a_session_is_nobody_elses() {
        let cookie = session("abc", true);
        for part in ["cloudchat_session=abc;", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=2592000"] {
            assert!(cookie.contains(part), "{part}");
        }
        assert!(!session("abc", false).contains("Secure"));
    }
}
