//! Refuses changes that another site's page asks for in the name of a signed-in person.
//!
//! Server functions are plain form posts and the browser adds the cookie to them wherever they come from.
//! Browsers say where: `Sec-Fetch-Site`, and older ones `Origin`. A request with neither is no browser's
//! and carries no one else's cookie.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::BaseUrl;
use crate::reply;

/// The origin under which browsers know this server.
#[derive(Debug, Clone)]
pub struct OwnOrigin(Arc<str>);

impl OwnOrigin {
    /// From the option `url`.
    pub fn new(url: &BaseUrl) -> Self {
        Self(url.origin().into())
    }
}

/// Lets through what the own pages ask for.
pub async fn layer(State(own): State<OwnOrigin>, request: Request, next: Next) -> Response {
    if is_own(&own, request.method(), request.headers()) {
        return next.run(request).await;
    }
    metrics::counter!("cross_site_requests_refused_total").increment(1);
    reply::error(StatusCode::FORBIDDEN, "This request came from another site")
}

/// Whether the own pages, or no browser at all, ask for this.
pub fn is_own(own: &OwnOrigin, method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key("sec-fetch-site") {
        return matches!(text(header::HeaderName::from_static("sec-fetch-site")), Some("same-origin" | "none"));
    }
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    // The host covers servers that are reached under other names than the configured one.
    let Some(origin) = text(header::ORIGIN) else { return false };
    let is_host = |host: &str| origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host));
    origin.eq_ignore_ascii_case(&own.0) || text(header::HOST).is_some_and(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Parse as _;
    use axum::http::HeaderValue;

    fn is_allowed(method: Method, headers: &[(&'static str, &'static str)]) -> bool {
        let own = OwnOrigin::new(&BaseUrl::parse("https://chat.example.com/desk").unwrap());
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        is_own(&own, &method, &headers.collect())
    }

    #[test]
    fn the_own_pages_may_change_things() {
        assert!(is_allowed(Method::POST, &[("sec-fetch-site", "same-origin")]));
        assert!(is_allowed(Method::POST, &[("origin", "https://chat.example.com")]));
        assert!(is_allowed(Method::DELETE, &[("origin", "http://10.0.0.5:3000"), ("host", "10.0.0.5:3000")]));
        assert!(is_allowed(Method::POST, &[]));
    }

    #[test]
    fn other_sites_may_not() {
        assert!(!is_allowed(Method::POST, &[("sec-fetch-site", "cross-site")]));
        assert!(!is_allowed(Method::POST, &[("sec-fetch-site", "same-site"), ("origin", "https://chat.example.com")]));
        assert!(!is_allowed(Method::PUT, &[("origin", "https://evil.example"), ("host", "chat.example.com")]));
        assert!(!is_allowed(Method::PATCH, &[("origin", "null")]));
        assert!(!is_allowed(Method::POST, &[("origin", "https://chat.example.com.evil.example")]));
        assert!(!is_allowed(Method::POST, &[("sec-fetch-site", "")]));
    }

    #[test]
    fn reading_is_nobodys_secret() {
        assert!(is_allowed(Method::GET, &[("sec-fetch-site", "cross-site")]));
    }
}
