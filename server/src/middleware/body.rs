//! How large a request may be.

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use model::content::{MAX_ATTACHMENTS, MAX_FILE_BYTES};

use crate::reply;

/// Largest body of ordinary requests, in bytes. The longest message is far below it.
pub const PLAIN: usize = 1 << 20;

/// Largest body of a request with attachments, in bytes: every file may have the full size.
pub const UPLOAD: usize = MAX_ATTACHMENTS * MAX_FILE_BYTES as usize + PLAIN;

/// Refuses a body that announces too much before any of it is read.
/// Bodies that do not announce their size are cut off by [`DefaultBodyLimit`], which belongs beside this layer.
pub async fn layer(State(limit): State<usize>, request: Request, next: Next) -> Response {
    if announced(request.headers()).is_some_and(|length| length > limit as u64) {
        let message = format!("The request is too large: at most {limit} bytes are accepted");
        return reply::error(StatusCode::PAYLOAD_TOO_LARGE, &message);
    }
    next.run(request).await
}

/// The limit for extractors that goes with [`layer`].
pub fn extractors(limit: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(limit)
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, Bytes, HttpBody as _};
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    async fn send(body: Body) -> StatusCode {
        let router = Router::new()
            .route("/", post(|body: Bytes| async move { body.len().to_string() }))
            .layer(extractors(10))
            .layer(from_fn_with_state(10_usize, layer));
        let request = Request::post("/").header(header::CONTENT_LENGTH, 3);
        let request = match body.size_hint().exact() {
            Some(length) => Request::post("/").header(header::CONTENT_LENGTH, length),
            None => request,
        };
        router.oneshot(request.body(body).unwrap()).await.unwrap().status()
    }

    #[tokio::test]
    async fn large_requests_are_refused_whether_they_say_so_or_not() {
        assert_eq!(send(Body::from("0123456789")).await, StatusCode::OK);
        assert_eq!(send(Body::from("0123456789A")).await, StatusCode::PAYLOAD_TOO_LARGE);
        let parts = ["0123456789", "A"].map(Ok::<_, std::io::Error>);
        let stream = Body::from_stream(futures::stream::iter(parts));
        assert_eq!(send(stream).await, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
