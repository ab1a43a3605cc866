//! How often an address may ask what needs no account, directly and behind a proxy.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::net::SocketAddr;
use std::sync::Arc;

use crate::support::{Answer, World};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use serde_json::{Value, json};
use server::config::{Config, Sources};
use server::router;
use server::state::AppState;

/// The same company behind a server with other options.
struct Server<'a> {
    world: &'a World,
    router: Router,
}

impl<'a> Server<'a> {
    fn with(world: &'a World, options: &[(&str, &str)]) -> Self {
        let variables = options.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let config = Config::read(&Sources::default().with_environment(variables)).unwrap();
        let router = router::router(AppState::new(Arc::clone(&world.app), config, None)).unwrap();
        Self { world, router }
    }

    /// Asks from an address; `via` is what the request says of where it came from.
    async fn ask(&self, from: &str, via: Option<&str>, method: &str, path: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(via) = via {
            request = request.header("x-forwarded-for", via);
        }
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(from.parse().unwrap(), 5000)));
        self.world.send_to(&self.router, request).await
    }

    async fn sign_in(&self, from: &str, via: Option<&str>, email: &str) -> u16 {
        let body = json!({"email": email, "password": "wrong"});
        let answer = self.ask(from, via, "POST", "/auth/sign_in", body).await;
        if answer.status == 429 {
            assert!(answer.headers[header::RETRY_AFTER].to_str().unwrap().parse::<u64>().unwrap() > 0);
            assert!(answer.json()["error"].is_string());
        }
        answer.status.as_u16()
    }
}

db::db_test! {
    async fn passwords_are_not_tried_out(test: TestDb) {
        let world = World::new(test).await;
        let server = Server::with(&world, &[]);
        for number in 0..10 {
            assert_eq!(server.sign_in("203.0.113.1", None, &format!("a{number}@example.com")).await, 401);
        }
        assert_eq!(server.sign_in("203.0.113.1", None, "other@example.com").await, 429);
        // Who sends along that they are somebody else is still the same.
        assert_eq!(server.sign_in("203.0.113.1", Some("198.51.100.7"), "other@example.com").await, 429);
        // A neighbour is not punished for it, but nobody is tried out from many places either.
        for number in 2..12 {
            assert_eq!(server.sign_in(&format!("203.0.113.{number}"), None, "ana@example.com").await, 401);
        }
        assert_eq!(server.sign_in("203.0.113.99", None, " ANA@example.com").await, 429);
        // In the dashboard as over the API.
        let mut last = 0;
        for _ in 0..11 {
            let request = Request::post("/app/api/session/sign_in")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin");
            let mut request = request.body(Body::from("email=b@example.com&password=wrong")).unwrap();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new("192.0.2.1".parse().unwrap(), 5000)));
            last = world.send_to(&server.router, request).await.status.as_u16();
        }
        assert_eq!(last, 429);
    }

    async fn behind_a_proxy_its_last_word_counts(test: TestDb) {
        let world = World::new(test).await;
        let options = [("CLOUDCHAT_CLIENT_ADDRESS_HEADER", "X-Forwarded-For"), ("CLOUDCHAT_RATE_LIMITS", "0.2")];
        let server = Server::with(&world, &options);
        let proxy = "10.0.0.2";
        for number in 0..2 {
            let status = server.sign_in(proxy, Some(&format!("1.2.3.{number}, 203.0.113.1")), &format!("a{number}@b.c")).await;
            assert_eq!(status, 401);
        }
        assert_eq!(server.sign_in(proxy, Some("1.2.3.9, 203.0.113.1"), "c@b.c").await, 429);
        assert_eq!(server.sign_in(proxy, Some("1.2.3.9, 203.0.113.2"), "c@b.c").await, 401);
    }

    async fn the_chat_is_not_flooded(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        // A twentieth: six messages, three conversations, six frames, thirty reads.
        let server = Server::with(&world, &[("CLOUDCHAT_RATE_LIMITS", "0.05")]);
        let path = |path: &str| format!("/api/v1/widget/{path}?website_token={}", inbox.identifier);
        let flood = async |from: &str, method: &str, path: String, body: Value, most: usize| {
            for _ in 0..most {
                let answer = server.ask(from, None, method, &path, body.clone()).await;
                assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
            }
            let refused = server.ask(from, None, method, &path, body.clone()).await;
            assert_eq!(refused.status.as_u16(), 429, "{method} {path}");
            assert!(refused.headers.contains_key(header::RETRY_AFTER));
            assert!(refused.json()["error"].is_string());
        };
        let message = json!({"message": {"content": "Oi"}});
        flood("203.0.113.1", "POST", path("messages"), message.clone(), 3).await;
        flood("203.0.113.2", "PATCH", path("contact/set_user"), json!({"identifier": "7"}), 6).await;
        flood("203.0.113.3", "POST", path("config"), json!({}), 30).await;
        flood("203.0.113.4", "GET", path("contact"), json!({}), 30).await;
        flood("203.0.113.5", "GET", format!("/widget?website_token={}", inbox.identifier), json!({}), 6).await;
        for _ in 0..300 {
            let guess = server.ask("203.0.113.7", None, "GET", "/files/1/whole/9999999999/guess/a.png", json!({})).await;
            assert_eq!(guess.status.as_u16(), 404);
        }
        assert_eq!(server.ask("203.0.113.7", None, "GET", "/avatars/guess", json!({})).await.status.as_u16(), 429);
        // What was refused is not kept, and others write on.
        let fourth = server.ask("203.0.113.6", None, "POST", &path("messages"), message).await;
        assert_eq!(fourth.status.as_u16(), 200);
        let list = world.get("/conversations?status=all").await.ok();
        assert_eq!(list["data"]["meta"]["all_count"], 4);
    }
}
