//! What surrounds every route, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::testing;
use serde_json::Value;
use server::config::{Config, Sources};
use server::router;
use server::state::AppState;
use tower::ServiceExt as _;

/// A server on a fresh SQLite file.
struct Server {
    router: Router,
    _test: db::testing::TestDb,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
    /// Bytes of the body as it was sent.
    length: usize,
}

impl Server {
    async fn start(options: &[(&str, &str)]) -> Self {
        let test = db::testing::sqlite().await.unwrap();
        let app = testing::app(&test);
        let variables = options.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let config = Config::read(&Sources::default().with_environment(variables)).unwrap();
        let router = router::router(AppState::new(Arc::clone(&app), config, None)).unwrap();
        Self { router, _test: test }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], from: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(from.parse().unwrap(), 5000)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let sent = to_bytes(body, 1 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&sent).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, length: sent.len() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "127.0.0.1").await
    }
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_can_read_it() {
    let server = Server::start(&[]).await;
    let page = "/installation/onboarding";
    let plain = server.get(page).await;
    assert_eq!(plain.headers.get("content-encoding"), None);
    assert!(plain.body.contains("</html>"));
    for coding in ["br", "gzip"] {
        let packed = server.ask("GET", page, &[("accept-encoding", coding)], "127.0.0.1").await;
        assert_eq!(packed.headers["content-encoding"], coding);
        assert!(packed.headers.get_all("vary").iter().any(|value| value == "accept-encoding"));
        assert!(packed.length < plain.length / 2, "{} of {}", packed.length, plain.length);
    }
    let short = server.ask("GET", "/health", &[("accept-encoding", "br")], "127.0.0.1").await;
    assert_eq!(short.headers.get("content-encoding"), None);
}

#[tokio::test]
async fn health_tells_database_queue_and_version() {
    let server = Server::start(&[]).await;
    let answer = server.get("/health").await;
    assert_eq!(answer.status, StatusCode::OK);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["status"], "ok");
    assert_eq!(body["database"]["kind"], "sqlite");
    assert_eq!(body["queue"]["ready"], 0);
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn health_fails_with_the_database() {
    let server = Server::start(&[]).await;
    server._test.db.close().await;
    let answer = server.get("/health").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("unavailable"));
}

#[tokio::test]
async fn every_answer_has_an_id_and_safe_headers() {
    let server = Server::start(&[("CLOUDCHAT_URL", "https://chat.example.com")]).await;
    for path in ["/health", "/api/v1/nothing", "/nothing", "/pkg/../../secret.key", "/pkg/none.js"] {
        let answer = server.get(path).await;
        assert_eq!(answer.headers["x-request-id"].len(), 16, "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000", "{path}");
    }
    let missing = server.get("/api/v1/nothing").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(missing.body, r#"{"error":"Resource could not be found"}"#);
}

#[tokio::test]
async fn figures_are_for_this_machine_or_for_the_token() {
    let open = Server::start(&[]).await;
    // Tests collect no figures: 503 means that the reader was let in.
    assert_eq!(open.get("/metrics").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(open.ask("GET", "/metrics", &[], "10.0.0.9").await.status, StatusCode::NOT_FOUND);
    let proxied = open.ask("GET", "/metrics", &[("x-forwarded-for", "127.0.0.1")], "127.0.0.1").await;
    assert_eq!(proxied.status, StatusCode::NOT_FOUND);

    let guarded = Server::start(&[("CLOUDCHAT_METRICS_TOKEN", "open sesame")]).await;
    assert_eq!(guarded.get("/metrics").await.status, StatusCode::NOT_FOUND);
    let token = [("authorization", "Bearer open sesame")];
    assert_eq!(guarded.ask("GET", "/metrics", &token, "10.0.0.9").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let wrong = [("authorization", "Bearer open")];
    assert_eq!(guarded.ask("GET", "/metrics", &wrong, "10.0.0.9").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_option_stops_the_start() {
    let test = db::testing::sqlite().await.unwrap();
    let variables = [("CLOUDCHAT_CLIENT_ADDRESS_HEADER".to_owned(), "no header".to_owned())];
    let config = Config::read(&Sources::default().with_environment(variables)).unwrap();
    assert!(router::router(AppState::new(testing::app(&test), config, None)).is_err());
}

#[tokio::test]
async fn other_sites_cannot_post_in_somebodys_name() {
    let server = Server::start(&[]).await;
    for path in ["/app/api/anything", "/app/login"] {
        let foreign = server.ask("POST", path, &[("sec-fetch-site", "cross-site")], "127.0.0.1").await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{path}");
        let old_browser = [("origin", "https://evil.example"), ("host", "localhost:3000")];
        assert_eq!(server.ask("POST", path, &old_browser, "127.0.0.1").await.status, StatusCode::FORBIDDEN, "{path}");
        let own = server.ask("POST", path, &[("sec-fetch-site", "same-origin")], "127.0.0.1").await;
        assert_ne!(own.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn pages_have_a_strict_policy_with_a_fresh_nonce() {
    let server = Server::start(&[]).await;
    let mut policies = Vec::new();
    for _ in 0..2 {
        let answer = server.get("/app/login").await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("'unsafe-inline' 'self'"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned();
        assert!(!answer.body.contains("<script") || answer.body.contains(&nonce));
        policies.push(policy);
    }
    assert_ne!(policies[0], policies[1]);
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused_before_it_is_read() {
    let server = Server::start(&[]).await;
    let length = [("content-length", "999999999999"), ("sec-fetch-site", "same-origin")];
    let answer = server.ask("POST", "/app/api/anything", &length, "127.0.0.1").await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("too large"));
}
