//! A stand-in for Google and Microsoft: consent, codes with PKCE, refresh tokens that change, revoking; and the token look-up that
//! Dovecot asks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;

pub const CLIENT: (&str, &str) = ("client-7", "secret-7");
pub const BACK: &str = "https://desk.example/google/callback";

#[derive(Default)]
struct Books {
    /// Code → the challenge that its request came with, and the scopes given.
    codes: HashMap<String, (String, String)>,
    /// Refresh tokens that are good.
    refresh: Vec<String>,
    /// Access tokens that are good, and whose.
    access: HashMap<String, String>,
    issued: u32,
    requests: Vec<HashMap<String, String>>,
    trouble: Option<(u16, &'static str)>,
    rotates: bool,
}

/// Doing what one is asked for and never saying so.
#[derive(Default)]
struct Silence {
    is_kept: AtomicBool,
    /// Something was done.
    done: Notify,
}

#[derive(Clone, Default)]
pub struct StandIn {
    pub base: String,
    books: Arc<Mutex<Books>>,
    silence: Arc<Silence>,
    /// Who signs in.
    pub email: String,
}

impl StandIn {
    pub async fn start(email: &str, rotates: bool) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stand_in = Self { base, email: email.to_owned(), ..Self::default() };
        stand_in.books.lock().unwrap().rotates = rotates;
        let router = Router::new()
            .route("/token", post(token))
            .route("/introspect", post(introspect))
            .with_state(stand_in.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        stand_in
    }

    pub fn bases(&self) -> (String, String) {
        (format!("{}/authorize", self.base), format!("{}/token", self.base))
    }

    /// The person reads the page and agrees; gives back the parameters they come back with.
    pub fn agree(&self, url: &str, without_scope: Option<&str>) -> HashMap<String, String> {
        let asked: HashMap<String, String> = Url::parse(url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(asked["client_id"], CLIENT.0);
        assert_eq!(asked["redirect_uri"], BACK);
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        let given: Vec<_> = asked["scope"].split(' ').filter(|scope| Some(*scope) != without_scope).collect();
        let mut books = self.books.lock().unwrap();
        books.issued += 1;
        let code = format!("code-{}", books.issued);
        books.codes.insert(code.clone(), (asked["code_challenge"].clone(), given.join(" ")));
        HashMap::from([("code".to_owned(), code), ("state".to_owned(), asked["state"].clone())])
    }

    pub fn revoke_everything(&self) {
        let mut books = self.books.lock().unwrap();
        books.refresh.clear();
        books.access.clear();
    }

    pub fn be_in_trouble(&self, trouble: Option<(u16, &'static str)>) {
        self.books.lock().unwrap().trouble = trouble;
    }

    /// Does what it is asked for without an answer, or answers again.
    pub fn be_silent(&self, is_kept: bool) {
        self.silence.is_kept.store(is_kept, Ordering::SeqCst);
    }

    /// Waits until it has done something in silence.
    pub async fn has_done_something(&self) {
        self.silence.done.notified().await;
    }

    pub fn requests(&self) -> Vec<HashMap<String, String>> {
        self.books.lock().unwrap().requests.clone()
    }

    /// Whether an access token opens anything.
    pub fn is_good(&self, token: &str) -> bool {
        self.books.lock().unwrap().access.contains_key(token)
    }

    /// A good access token, without ceremony.
    pub fn access(&self) -> String {
        self.books.lock().unwrap().grant(&self.email)
    }
}

impl Books {
    fn grant(&mut self, email: &str) -> String {
        self.issued += 1;
        let access = format!("access-{}", self.issued);
        self.access.insert(access.clone(), email.to_owned());
        access
    }
}

async fn token(State(stand_in): State<StandIn>, Form(asked): Form<HashMap<String, String>>) -> Response {
    let answer = answer(&stand_in, &asked);
    if stand_in.silence.is_kept.load(Ordering::SeqCst) {
        stand_in.silence.done.notify_one();
        std::future::pending::<()>().await;
    }
    answer
}

fn answer(stand_in: &StandIn, asked: &HashMap<String, String>) -> Response {
    let mut books = stand_in.books.lock().unwrap();
    books.requests.push(asked.clone());
    if let Some((status, body)) = books.trouble {
        if status == 302 {
            return Redirect::temporary("http://169.254.169.254/").into_response();
        }
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    let secret = (asked.get("client_id").map(String::as_str), asked.get("client_secret").map(String::as_str));
    if secret != (Some(CLIENT.0), Some(CLIENT.1)) {
        return no(StatusCode::UNAUTHORIZED, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
    }
    let given = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let mut scope = None;
    match given("grant_type").as_str() {
        "authorization_code" => {
            // A code opens once.
            let challenge = books.codes.remove(&given("code"));
            let verified = URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier").as_bytes()));
            match challenge {
                Some((challenge, scopes)) if challenge == verified && given("redirect_uri") == BACK => {
                    scope = Some(scopes);
                }
                _ => return no(StatusCode::BAD_REQUEST, "invalid_grant", "Malformed auth code."),
            }
        }
        "refresh_token" => {
            let token = given("refresh_token");
            if !books.refresh.contains(&token) {
                return no(StatusCode::BAD_REQUEST, "invalid_grant", "Token has been expired or revoked.");
            }
            if books.rotates {
                books.refresh.retain(|good| *good != token);
            }
        }
        _ => return no(StatusCode::BAD_REQUEST, "unsupported_grant_type", ""),
    }
    let access = books.grant(&stand_in.email);
    let mut answer = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 3599 });
    if scope.is_some() || books.rotates {
        let refresh = format!("refresh-{}", books.issued);
        books.refresh.push(refresh.clone());
        answer["refresh_token"] = refresh.into();
    }
    if let Some(scope) = scope {
        answer["scope"] = scope.into();
        answer["id_token"] = id_token(&stand_in.email).into();
    }
    Json(answer).into_response()
}

fn no(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": description, "error_codes": [70008] }))).into_response()
}

fn id_token(email: &str) -> String {
    let claims = json!({ "aud": CLIENT.0, "sub": "17", "email": email, "email_verified": true, "name": "Ana Lima" });
    format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

async fn introspect(State(stand_in): State<StandIn>, Form(asked): Form<HashMap<String, String>>) -> Json<Value> {
    let books = stand_in.books.lock().unwrap();
    let owner = asked.get("token").and_then(|token| books.access.get(token));
    Json(match owner {
        Some(email) => json!({ "active": true, "email": email, "scope": "mail" }),
        None => json!({ "active": false }),
    })
}
