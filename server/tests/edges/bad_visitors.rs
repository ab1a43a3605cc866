//! What anybody may send without an account: to the website chat, into the sockets, to the dashboard's calls.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::net::SocketAddr;

use crate::support::socket::Socket;
use crate::support::{self, Answer, World, words};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use domain::session::{self, Client};
use domain::visitor::{chat, token};
use domain::{conversation, message};
use futures::future::join_all;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// Routes of the website chat that take a body, with their fields.
const ROUTES: [(&str, &str, &[&str]); 12] = [
    ("POST", "config", &["website_token", "user"]),
    (
        "PATCH",
        "contact",
        &["name", "email", "phone_number", "avatar_url", "custom_attributes", "additional_attributes"],
    ),
    (
        "PATCH",
        "contact/set_user",
        &["identifier", "identifier_hash", "email", "name", "phone_number", "custom_attributes"],
    ),
    ("POST", "contact/destroy_custom_attributes", &["custom_attributes"]),
    ("POST", "conversations/update_last_seen", &[]),
    ("POST", "conversations/toggle_typing", &["typing_status"]),
    ("POST", "conversations/set_custom_attributes", &["custom_attributes"]),
    ("POST", "conversations/destroy_custom_attributes", &["custom_attribute"]),
    ("POST", "messages", &["message", "website_token"]),
    ("POST", "conversations", &["message", "custom_attributes", "contact"]),
    ("POST", "events", &["name"]),
    ("POST", "labels", &["label"]),
];

/// Fields of a message.
const MESSAGE: [&str; 7] =
    ["content", "echo_id", "reply_to", "referer_url", "timestamp", "attachments", "content_attributes"];

fn absurd() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!("99999999999999999999"),
        json!(""),
        json!("a\u{0}b"),
        json!("\u{1b}[31m\u{202e}\u{fffe}"),
        json!("x".repeat(200_000)),
        json!([]),
        json!([null, [[{}]], "\u{0}"]),
        json!({}),
        json!({"a\u{0}": {"b": ["\u{0}", -1]}, "": "x".repeat(100_000)}),
        (0..100).fold(json!(1), |inner, _| json!([inner])),
    ]
}

/// Bodies that are not what they say they are.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let part =
        "--x\r\nContent-Disposition: form-data; name=\"message[attachments][]\"; filename=\"a.png\"\r\n\r\ncut of";
    vec![
        ("application/json", b"{".to_vec()),
        ("application/json", b"[1]".to_vec()),
        ("application/json", b"\"text\"".to_vec()),
        ("application/json", b"{\"message\": {\"content\": \"\xff\"}}".to_vec()),
        ("application/json", b"{\"message\": {\"content\": \"\\ud83d\"}}".to_vec()),
        ("application/json", b"{\"a\":".repeat(50_000)),
        ("multipart/form-data", b"x".to_vec()),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense".to_vec()),
        ("multipart/form-data; boundary=x", part.as_bytes().to_vec()),
    ]
}

struct Browser {
    website: String,
    token: String,
}

impl Browser {
    async fn new(world: &World) -> Self {
        let inbox = world.website(&[]).await;
        let said = chat::say(&world.visitor(&inbox).await, words("Oi")).await.unwrap();
        Self { website: inbox.identifier, token: token::issue(&said.ctx).unwrap() }
    }

    async fn send(&self, world: &World, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let sign = if path.contains('?') { '&' } else { '?' };
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/widget/{path}{sign}website_token={}", self.website))
            .header("x-auth-token", &self.token)
            .header(header::CONTENT_TYPE, kind);
        world.send(request.body(Body::from(body)).unwrap()).await
    }
}

#[track_caller]
fn well_answered(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {status} {}", answer.text());
    assert!(!answer.text().contains("\\u0000"), "{what} is kept: {}", answer.text());
    if status >= 400 {
        let body = answer.json();
        let says = body["error"].as_str().or(body["message"].as_str());
        assert!(says.is_some_and(|says| says.len() > 5), "{what}: {status} {body}");
        assert!(status != 422 || body["attributes"][0].is_string(), "{what}: {body}");
    }
}

/// Everything that is kept of visitors.
async fn kept(world: &World) -> [i64; 5] {
    // Signing out takes no more than that one is signed in: that a session ended is no nonsense.
    let count = async |query: db::Query| query.fetch_one::<(i64,)>(world.app.db.writer()).await.unwrap().0;
    [
        count(db::sql!("select count(*) from events where kind <> 'sessions_ended'")).await,
        count(db::sql!("select count(*) from contacts")).await,
        count(db::sql!("select count(*) from conversations")).await,
        count(db::sql!("select count(*) from messages")).await,
        count(db::sql!("select count(*) from attachments")).await,
    ]
}

db::db_test! {
    async fn the_chat_takes_no_body_that_cannot_be_read(test: TestDb) {
        let world = World::new(test).await;
        let browser = Browser::new(&world).await;
        let before = kept(&world).await;
        // These two read no body.
        let silent = ["config", "conversations/update_last_seen"];
        for (method, path, _) in ROUTES.iter().filter(|(_, path, _)| !silent.contains(path)) {
            for (kind, body) in broken() {
                let answer = browser.send(&world, method, path, kind, body.clone()).await;
                let what = format!("{method} {path} {kind} {:.40}", String::from_utf8_lossy(&body));
                assert!((400..500).contains(&answer.status.as_u16()), "{what}: {} {}", answer.status, answer.text());
                well_answered(&answer, &what);
            }
        }
        assert_eq!(kept(&world).await, before);
    }

    async fn the_chats_fields_may_hold_anything(test: TestDb) {
        let world = World::new(test).await;
        let browser = Browser::new(&world).await;
        let send = async |method: &str, path: &str, body: Value| {
            let what = format!("{method} {path} {:.80}", body.to_string());
            let answer = browser.send(&world, method, path, "application/json", body.to_string().into_bytes()).await;
            well_answered(&answer, &what);
        };
        for value in absurd() {
            for (method, path, fields) in ROUTES {
                for field in fields {
                    let mut body = json!({});
                    body[field] = value.clone();
                    send(method, path, body).await;
                }
            }
            for field in MESSAGE {
                for path in ["messages", "conversations"] {
                    let mut message = json!({"content": "x"});
                    message[field] = value.clone();
                    send("POST", path, json!({"message": message})).await;
                }
            }
        }
        for path in ["messages", "conversations", "contact", "inbox_members", "campaigns", "unread"] {
            for value in ["-1", "99999999999999999999", "a\0b", "%", "\u{202e}", &"x".repeat(20_000)] {
                let value = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
                for name in ["before", "after", "locale", "theme", "cw_conversation"] {
                    if path != "unread" {
                        let answer = browser.send(&world, "GET", &format!("{path}?{name}={value}"), "text/plain", Vec::new()).await;
                        well_answered(&answer, &format!("GET {path}?{name}={value:.60}"));
                    }
                }
                let stranger = Browser { website: value.clone(), token: browser.token.clone() };
                let answer = stranger.send(&world, "GET", path, "text/plain", Vec::new()).await;
                assert_eq!(answer.refused(404), json!({"error": "Resource could not be found"}));
            }
        }
        // Whatever was taken can be shown, on both sides.
        let list = browser.send(&world, "GET", "messages", "text/plain", Vec::new()).await.ok();
        assert!(!list["payload"].as_array().unwrap().is_empty());
        world.get("/conversations?status=all").await.ok();
        world.get("/contacts").await.ok();
    }

    async fn what_is_sent_ten_times_at_once_is_there_once(test: TestDb) {
        let world = World::new(test).await;
        let browser = Browser::new(&world).await;
        let inbox = world.website(&[]).await;
        // A newcomer: contact, place, conversation and message all begin with it.
        let newcomer = Browser { website: inbox.identifier.clone(), token: token::issue(&world.visitor(&inbox).await).unwrap() };
        let said = json!({"message": {"content": "uma vez", "echo_id": "0123456789abcdef-visitor"}}).to_string();
        let agent = json!({"content": "uma vez", "echo_id": "0123456789abcdef-agent"});
        let number = conversation_of(&world, &browser).await;
        let path = format!("/conversations/{number}/messages");
        let before = kept(&world).await;
        let (known, fresh, agents) = tokio::join!(
            join_all((0..10).map(|_| browser.send(&world, "POST", "messages", "application/json", said.clone().into()))),
            join_all((0..10).map(|_| newcomer.send(&world, "POST", "messages", "application/json", said.clone().into()))),
            join_all((0..10).map(|_| world.post(&path, agent.clone()))),
        );
        for answers in [known, fresh, agents] {
            let ids: Vec<_> = answers.iter().map(|answer| answer.ok()["id"].clone()).collect();
            assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        }
        let after = kept(&world).await;
        let [_, contacts, conversations, messages, _] = std::array::from_fn(|index| after[index] - before[index]);
        assert_eq!((contacts, conversations, messages), (1, 1, 3));
    }

    async fn frames_of_no_sense_end_at_most_their_own_socket(test: TestDb) {
        let world = World::new(test).await;
        let browser = Browser::new(&world).await;
        let address = world.listen().await;
        let signed_in = session::open(&world.admin, world.admin.user_id().unwrap(), &Client::default()).await.unwrap();
        let cookie = format!("cloudchat_session={}", signed_in.token);
        let live = format!("/live?account_id={}", world.account);
        let mut bystander = Socket::connect(address, &live, &[("cookie", &cookie)]).await.unwrap();
        bystander.until(|frame| frame["type"] == "ready").await;
        let subscribe = |identifier: Value| json!({"command": "subscribe", "identifier": identifier.to_string()}).to_string();
        let frames = [
            "".to_owned(),
            "{".to_owned(),
            "[]".to_owned(),
            "null".to_owned(),
            "\"\\ud83d\"".to_owned(),
            "\0".to_owned(),
            "[".repeat(60_000),
            json!({"command": 1, "identifier": {}}).to_string(),
            json!({"command": "subscribe"}).to_string(),
            json!({"command": "subscribe", "identifier": "x".repeat(60_000)}).to_string(),
            json!({"command": "message", "identifier": "a\u{0}b", "data": "{"}).to_string(),
            json!({"type": "typing", "conversation_id": i64::MIN, "on": true, "private": false}).to_string(),
            json!({"type": "typing", "conversation_id": "99999999999999999999", "on": 7}).to_string(),
            subscribe(json!({"channel": "RoomChannel", "pubsub_token": "a\u{0}b"})),
            subscribe(json!({"channel": "RoomChannel", "pubsub_token": "x", "account_id": i64::MAX, "user_id": "-1"})),
            subscribe(json!({"channel": "RoomChannel", "pubsub_token": "x", "account_id": 1e300, "user_id": []})),
            subscribe(json!({"channel": "RoomChannel", "pubsub_token": stream(&world, &browser).await, "since": "9".repeat(50_000)})),
            "x".repeat(2 << 20),
        ];
        for frame in frames {
            for (path, headers) in [("/cable", vec![]), (live.as_str(), vec![("cookie", cookie.as_str())])] {
                let mut socket = Socket::connect(address, path, &headers).await.unwrap();
                // The server may close while this is still being written.
                socket.try_send(&frame).await;
                socket.try_send_bytes(frame.as_bytes()).await;
                // It is answered, ignored or ended; in any case others go on.
                drop(socket);
            }
            let health = world.send(Request::get("/health").body(Body::empty()).unwrap()).await;
            assert_eq!(health.ok()["status"], "ok", "{frame:.60}");
        }
        let number = conversation_of(&world, &browser).await;
        message::send::send(&world.admin, number, support::reply("ainda aqui")).await.unwrap();
        bystander.until(|frame| frame["change"]["message"]["content"] == "ainda aqui").await;
    }

    async fn the_dashboards_calls_take_no_nonsense(test: TestDb) {
        let world = World::new(test).await;
        let browser = Browser::new(&world).await;
        let number = conversation_of(&world, &browser).await;
        let mut paths: Vec<String> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
        assert!(paths.len() > 30, "{}", paths.len());
        paths.push(format!("/app/api/accounts/{}/conversations/{number}/messages", world.account));
        let before = kept(&world).await;
        // From an address of its own each, or most would only be told to come later.
        for (number, path) in (0_u16..).zip(paths) {
            // One of them ends the session.
            let signed_in = session::open(&world.admin, world.admin.user_id().unwrap(), &Client::default()).await.unwrap();
            let cookie = format!("cloudchat_session={}", signed_in.token);
            let from = SocketAddr::from(([10, 0, number.to_be_bytes()[0], number.to_be_bytes()[1]], 5000));
            let json = |body: &str| ("application/json", body.as_bytes().to_vec());
            let form = |body: &str| ("application/x-www-form-urlencoded", body.as_bytes().to_vec());
            let more = [json("{}"), json("{\"account\": 99999999999999999999}"), form(""), form("a=%ff&account=x"), form("account=1&id=-1")];
            for (kind, body) in broken().into_iter().chain(more) {
                for cookie in [cookie.as_str(), ""] {
                    let request = Request::post(&path)
                        .header(header::COOKIE, cookie)
                        .header(header::CONTENT_TYPE, kind)
                        .header("sec-fetch-site", "same-origin");
                    let mut request = request.body(Body::from(body.clone())).unwrap();
                    request.extensions_mut().insert(ConnectInfo(from));
                    let answer = world.send(request).await;
                    let what = format!("{path} {kind} {:.40}", String::from_utf8_lossy(&body));
                    let status = answer.status.as_u16();
                    assert!(status < 500 && status != 429, "{what}: {status} {}", answer.text());
                }
            }
        }
        let kinds: Vec<(i64, String)> = db::sql!("select id, kind from events order by id").fetch_all(world.app.db.writer()).await.unwrap();
        assert_eq!(kept(&world).await, before, "{kinds:?}");
    }
}

/// The conversation that a browser is in.
async fn conversation_of(world: &World, browser: &Browser) -> model::DisplayId {
    let shown = browser.send(world, "GET", "conversations", "text/plain", Vec::new()).await.ok();
    let id = serde_json::from_value(shown["id"].clone()).unwrap();
    conversation::access(&world.admin, id).await.unwrap();
    id
}

async fn stream(world: &World, browser: &Browser) -> Value {
    let config = browser.send(world, "POST", "config", "application/json", b"{}".to_vec()).await.ok();
    config["pubsub_token"].as_str().map_or_else(|| config["contact"]["pubsub_token"].clone(), Value::from)
}
