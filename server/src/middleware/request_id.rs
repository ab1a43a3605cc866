//! A name for each request, in the log, in the answer and in the reference that a person can quote.

use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use rand::Rng as _;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken over from a proxy.
const LONGEST: usize = 64;

/// The id of a request; handlers get it with `Extension<RequestId>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn random() -> Self {
        Self(format!("{:016x}", rand::rng().random::<u64>()).into())
    }

    /// An id made by a proxy in front, if it is nothing but an id.
    fn given(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let is_id = (8..=LONGEST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_id.then(|| Self(text.into()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives the request its id and puts it on the answer.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let id = request.headers().get(HEADER).and_then(RequestId::given).unwrap_or_else(RequestId::random);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_are_taken_over() {
        let given = |text: &'static str| RequestId::given(&HeaderValue::from_static(text));
        assert_eq!(given("4bf92f3577b34da6-1").unwrap().as_str(), "4bf92f3577b34da6-1");
        assert!(given("short").is_none());
        assert!(given("has space and <tags>").is_none());
        assert_ne!(RequestId::random(), RequestId::random());
    }
}
