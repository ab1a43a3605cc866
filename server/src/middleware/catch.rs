//! A panic or a request that never ends costs one request, not the server.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use serde_json::json;

use super::RequestId;
use crate::reply;

/// Turns a panic into a 500 with a reference. The panic itself is logged by the hook of `logging`.
pub async fn panics(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            metrics::counter!("panics_total").increment(1);
            internal_error(id.as_ref())
        }
    }
}

/// The answer when something went wrong that the client can do nothing about.
pub fn internal_error(id: Option<&RequestId>) -> Response {
    let reference = id.map(RequestId::as_str);
    let body = json!({ "error": "Something went wrong on our side", "reference": reference });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

/// Ends a request that takes too long; what it began is rolled back with it.
pub async fn timeout(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(limit = limit.as_secs_f64(), "a request took too long and was ended");
            reply::error(StatusCode::SERVICE_UNAVAILABLE, "The request took too long; try again")
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::{from_fn, from_fn_with_state};
    use axum::routing::get;
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;
    use crate::middleware::request_id;

    async fn ask(router: Router, path: &str) -> (StatusCode, Value) {
        let request =
            Request::builder().uri(path).header("x-request-id", "a-request-0001").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.headers()["x-request-id"], "a-request-0001");
        let status = response.status();
        (status, serde_json::from_slice(&to_bytes(response.into_body(), 1 << 16).await.unwrap()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_becomes_an_answer_with_a_reference() {
        let broken = || async { if true { panic!("secret") } else { "" } };
        let router = Router::new().route("/", get(broken)).layer(from_fn(panics)).layer(from_fn(request_id::layer));
        let (status, body) = ask(router, "/").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(body["reference"], "a-request-0001");
        assert!(!body.to_string().contains("secret"));
    }

    #[tokio::test]
    async fn a_request_that_never_ends_is_ended() {
        let endless = || async { std::future::pending::<&str>().await };
        let router = Router::new()
            .route("/", get(endless))
            .layer(from_fn_with_state(Duration::ZERO, timeout))
            .layer(from_fn(request_id::layer));
        let (status, body) = ask(router, "/").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body["error"].is_string());
    }
}
