//! What the tests of the server begin with: a company on a fresh database, requests through the real router, real sockets.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

pub mod browser;
pub mod company;
pub mod program;
pub mod s3;
pub mod socket;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use db::testing::TestDb;
use domain::clock::Clock;
use domain::{App, Ctx, Settings, agent, inbox, realtime, testing, visitor};
use model::{AccountId, Role, UserId};
use serde_json::{Value, json};
use server::config::{Config, Sources};
use server::router;
use server::state::AppState;
use tower::ServiceExt as _;

/// A server and the company that uses it.
pub struct World {
    pub app: Arc<App>,
    pub state: AppState,
    pub router: Router,
    /// The administrator at work in the account.
    pub admin: Ctx,
    pub admin_token: String,
    pub account: AccountId,
    pub test: TestDb,
}

/// Somebody with a token.
pub struct Person {
    pub ctx: Ctx,
    pub id: UserId,
    pub token: String,
}

impl Person {
    /// The same person with the rights they have now.
    pub async fn anew(self) -> Self {
        let account = self.ctx.agent().unwrap().account_id;
        let ctx = domain::access::enter(&self.ctx, account).await.unwrap();
        Self { ctx, ..self }
    }
}

/// An answer that was read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body of an answer that went well.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    #[track_caller]
    pub fn refused(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.json()
    }
}

impl World {
    pub async fn new(test: TestDb) -> Self {
        let app = testing::app_at(&test, Clock::System);
        Self::of(test, app).await
    }

    /// The same with its files in another place, at another time.
    pub async fn with_storage(test: TestDb, storage_url: String, clock: Clock) -> Self {
        let settings = Settings { storage_url, ..testing::app(&test).settings.clone() };
        let app = App::new(test.db.clone(), settings, clock).unwrap();
        Self::of(test, app).await
    }

    /// The same where the operator decided something otherwise.
    pub async fn with_settings(test: TestDb, decide: impl FnOnce(&mut Settings)) -> Self {
        Self::at(test, Clock::System, decide).await
    }

    /// The same at another time.
    pub async fn at(test: TestDb, clock: Clock, decide: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = testing::app(&test).settings.clone();
        decide(&mut settings);
        let app = App::new(test.db.clone(), settings, clock).unwrap();
        Self::of(test, app).await
    }

    /// A server that reaches its database in a way of its own.
    pub async fn over(test: TestDb, db: db::Db) -> Self {
        let app = App::new(db, testing::app(&test).settings.clone(), Clock::System).unwrap();
        Self::of(test, app).await
    }

    async fn of(test: TestDb, app: Arc<App>) -> Self {
        realtime::tail::start(&app).await.unwrap();
        let admin = testing::installed(&app).await;
        let admin_token = agent::token::own(&admin).await.unwrap();
        let (state, router) = node(&app);
        let account = admin.agent().unwrap().account_id;
        Self { app, state, router, admin, admin_token, account, test }
    }

    /// A new member of the account.
    pub async fn member(&self, name: &str, role: Role) -> Person {
        Self::person(testing::member(&self.admin, &format!("{name}@example.com"), role).await).await
    }

    /// The administrator of another account.
    pub async fn stranger(&self) -> Person {
        Self::person(testing::another_account(&self.app, "leo@other.example").await).await
    }

    async fn person(ctx: Ctx) -> Person {
        let token = agent::token::own(&ctx).await.unwrap();
        Person { id: ctx.user_id().unwrap(), ctx, token }
    }

    /// A website inbox with these agents.
    pub async fn website(&self, members: &[UserId]) -> model::inbox::Inbox {
        website(&self.admin, members).await
    }

    /// A visitor who has written nothing yet.
    pub async fn visitor(&self, inbox: &model::inbox::Inbox) -> Ctx {
        visitor::enter(&self.app.anonymous(), &inbox.identifier, None).await.unwrap().ctx
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_to(&self.router, request).await
    }

    /// The same to another server.
    pub async fn send_to(&self, router: &Router, request: Request<Body>) -> Answer {
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn ask(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("api_access_token", token);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// A path below the account.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/accounts/{}{rest}", self.account)
    }

    pub async fn get(&self, rest: &str) -> Answer {
        self.ask(&self.admin_token, "GET", &self.path(rest), None).await
    }

    pub async fn post(&self, rest: &str, body: Value) -> Answer {
        self.ask(&self.admin_token, "POST", &self.path(rest), Some(body)).await
    }

    pub async fn patch(&self, rest: &str, body: Value) -> Answer {
        self.ask(&self.admin_token, "PATCH", &self.path(rest), Some(body)).await
    }

    pub async fn delete(&self, rest: &str) -> Answer {
        self.ask(&self.admin_token, "DELETE", &self.path(rest), None).await
    }

    /// Listens on a port of its own.
    pub async fn listen(&self) -> std::net::SocketAddr {
        listen(&self.state, self.router.clone()).await
    }

    /// Another node on the same database, listening on a port of its own.
    pub async fn second_node(&self) -> std::net::SocketAddr {
        let app = App::new(self.app.db.clone(), self.app.settings.clone(), Clock::System).unwrap();
        realtime::tail::start(&app).await.unwrap();
        let (state, router) = node(&app);
        listen(&state, router).await
    }
}

/// A node at work.
fn node(app: &Arc<App>) -> (AppState, Router) {
    let variables = [("CLOUDCHAT_RATE_LIMITS".to_owned(), "0".to_owned())];
    let config = Config::read(&Sources::default().with_environment(variables)).unwrap();
    let state = AppState::new(app.clone(), config, None);
    tokio::spawn(realtime::tail::follow(app.clone(), state.shutdown.token()));
    let router = router::router(state.clone()).unwrap();
    (state, router)
}

async fn listen(state: &AppState, router: Router) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = state.shutdown.clone();
    tokio::spawn(async move { server::listen::serve(&listener, router, &shutdown).await });
    address
}

/// A website inbox.
pub async fn website(admin: &Ctx, members: &[UserId]) -> model::inbox::Inbox {
    let settings = inbox::Settings {
        name: Some("Loja".to_owned()),
        config: Some(json!({"website_url": "https://loja.com.br"})),
        ..inbox::Settings::default()
    };
    let channel = visitor::VISITOR_CHANNEL.to_owned();
    inbox::create(admin, inbox::NewInbox { channel, settings, members: members.to_vec() }).await.unwrap()
}

/// What a visitor writes.
pub fn words(content: &str) -> visitor::chat::Draft {
    visitor::chat::Draft { content: content.to_owned(), ..Default::default() }
}

/// What an agent writes.
pub fn reply(content: &str) -> domain::message::send::Draft {
    domain::message::send::Draft { content: content.to_owned(), ..Default::default() }
}
