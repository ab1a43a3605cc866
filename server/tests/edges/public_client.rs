//! The public client API and what its inboxes are told, through the real router.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::post;
use domain::clock::Clock;
use domain::job::runner::run_due;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::support::socket::Socket;
use crate::support::{Answer, World};

fn sign(key: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// An API inbox as administrators see it.
async fn inbox(world: &World, channel: Value) -> Value {
    let mut given = json!({ "name": "ERP", "channel": { "type": "api" } });
    given["channel"].as_object_mut().unwrap().extend(channel.as_object().unwrap().clone());
    world.post("/inboxes", given).await.ok()
}

async fn call(world: &World, method: &str, inbox: &Value, path: &str, body: Value) -> Answer {
    let path = format!("/public/api/v1/inboxes/{}{path}", inbox["inbox_identifier"].as_str().unwrap());
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    world.send(request.body(body).unwrap()).await
}

async fn join(world: &World, inbox: &Value, contact: Value) -> String {
    let made = call(world, "POST", inbox, "/contacts", contact).await.ok();
    made["source_id"].as_str().unwrap().to_owned()
}

/// A contact with a conversation: the paths of both.
async fn begin(world: &World, inbox: &Value) -> (String, String) {
    let contact = format!("/contacts/{}", join(world, inbox, json!({ "name": "Bia" })).await);
    let begun = call(world, "POST", inbox, &format!("{contact}/conversations"), json!({})).await.ok();
    let conversation = format!("{contact}/conversations/{}", begun["id"]);
    (contact, conversation)
}

db::db_test! {
    async fn an_inbox_is_made_shown_and_changed(test: TestDb) {
        let world = World::new(test).await;
        let made = inbox(&world, json!({ "webhook_url": "https://erp.example/hook" })).await;
        assert_eq!(made["channel_type"], "Channel::Api");
        assert_eq!(made["webhook_url"], "https://erp.example/hook");
        assert!(made["inbox_identifier"].as_str().unwrap().len() > 20 && made["hmac_token"].is_string());
        assert!(made["webhook_secret"].is_string());
        let path = format!("/inboxes/{}", made["id"]);
        let changed = world.patch(&path, json!({ "channel": { "hmac_mandatory": true } })).await.ok();
        assert_eq!((&changed["hmac_mandatory"], &changed["webhook_url"]), (&json!(true), &made["webhook_url"]));
        for bad in ["http://10.0.0.1/", "http://[::1]/", "ftp://erp.example/", "erp"] {
            world.patch(&path, json!({ "channel": { "webhook_url": bad } })).await.refused(422);
        }
        let public = call(&world, "GET", &made, "", Value::Null).await.ok();
        assert_eq!((&public["name"], &public["identity_validation_enabled"]), (&json!("ERP"), &json!(true)));
        assert_eq!(public["identifier"], made["inbox_identifier"]);
        assert!(public.get("hmac_token").is_none() && public.get("webhook_url").is_none());
    }

    async fn a_contact_speaks_and_is_answered(test: TestDb) {
        let world = World::new(test).await;
        let inbox = inbox(&world, json!({})).await;
        let given = json!({ "name": "Bia", "email": "bia@example.com", "phone_number": "+5511988887777", "identifier": "b-1" });
        let made = call(&world, "POST", &inbox, "/contacts", given).await.ok();
        assert_eq!((&made["name"], &made["email"], &made["phone_number"]), (&json!("Bia"), &json!("bia@example.com"), &json!("+5511988887777")));
        let contact = format!("/contacts/{}", made["source_id"].as_str().unwrap());
        assert_eq!(call(&world, "GET", &inbox, &contact, Value::Null).await.ok(), made);
        let changed = call(&world, "PATCH", &inbox, &contact, json!({ "name": "Bia Reis", "identifier": "other" })).await.ok();
        assert_eq!((&changed["name"], &changed["identifier"]), (&json!("Bia Reis"), &json!("b-1")));

        let list = format!("{contact}/conversations");
        let begun = call(&world, "POST", &inbox, &list, json!({})).await.ok();
        assert_eq!((&begun["status"], &begun["messages"], &begun["contact"]["name"]), (&json!("open"), &json!([]), &json!("Bia Reis")));
        let conversation = format!("{list}/{}", begun["id"]);
        let messages = format!("{conversation}/messages");
        let address = world.listen().await;
        let mut socket = Socket::connect(address, "/cable", &[]).await.unwrap();
        let confirmed = socket.subscribe(&json!({ "channel": "RoomChannel", "pubsub_token": made["pubsub_token"] })).await;
        assert_eq!(confirmed["type"], "confirm_subscription");

        let said = call(&world, "POST", &inbox, &messages, json!({ "content": "Oi", "echo_id": "the-first-words-of-all" })).await.ok();
        let again = call(&world, "POST", &inbox, &messages, json!({ "content": "Oi", "echo_id": "the-first-words-of-all" })).await.ok();
        assert_eq!((&said["id"], &said["message_type"]), (&again["id"], &json!(0)));
        let path = format!("/conversations/{}/messages", begun["id"]);
        world.post(&path, json!({ "content": "segredo", "private": true })).await.ok();
        world.post(&path, json!({ "content": "Olá, Bia" })).await.ok();
        let heard = socket.until(|frame| frame["message"]["event"] == "message.created" && frame["message"]["data"]["message_type"] == 1).await;
        assert_eq!(heard["message"]["data"]["content"], "Olá, Bia", "a note is nobody's business");
        let shown = call(&world, "GET", &inbox, &messages, Value::Null).await.ok();
        let texts: Vec<_> = shown.as_array().unwrap().iter().map(|message| message["content"].as_str().unwrap()).collect();
        assert_eq!(texts, ["Oi", "Olá, Bia"]);
        let before = call(&world, "GET", &inbox, &format!("{messages}?before={}", shown[1]["id"]), Value::Null).await.ok();
        assert_eq!(before.as_array().unwrap().len(), 1);

        call(&world, "POST", &inbox, &format!("{conversation}/update_last_seen"), json!({})).await.ok();
        call(&world, "POST", &inbox, &format!("{conversation}/toggle_typing"), json!({ "typing_status": "on" })).await.ok();
        call(&world, "POST", &inbox, &format!("{conversation}/toggle_typing"), json!({ "typing_status": "maybe" })).await.refused(422);
        let ended = call(&world, "POST", &inbox, &format!("{conversation}/toggle_status"), json!({})).await.ok();
        assert_eq!(ended["status"], "resolved");
        let again = call(&world, "POST", &inbox, &format!("{conversation}/toggle_status"), json!({})).await;
        assert_eq!((again.status, again.bytes.len()), (StatusCode::NO_CONTENT, 0));
        // What is written into it opens it again: it was named.
        let more = call(&world, "POST", &inbox, &messages, json!({ "content": "mais" })).await.ok();
        assert_eq!(more["conversation_id"], begun["id"]);
        let all = call(&world, "GET", &inbox, &list, Value::Null).await.ok();
        assert_eq!((all.as_array().unwrap().len(), &all[0]["status"]), (1, &json!("open")));
        // How far a message came is the program's word.
        let sent = shown[1]["id"].as_i64().unwrap();
        let told = world.patch(&format!("{path}/{sent}"), json!({ "status": "delivered" })).await.ok();
        assert!(told["status"] == "delivered" || told["status"] == "read", "{told}");
    }

    async fn doors_open_to_their_own_names_only(test: TestDb) {
        let world = World::new(test).await;
        let (one, other) = (inbox(&world, json!({})).await, inbox(&world, json!({})).await);
        let website = world.website(&[]).await;
        let (contact, conversation) = begin(&world, &one).await;
        let (stranger, others) = begin(&world, &other).await;
        call(&world, "POST", &one, &format!("{conversation}/messages"), json!({ "content": "meu" })).await.ok();
        let foreign = others.rsplit('/').next().unwrap();
        for path in [
            format!("{contact}/conversations/{foreign}"),
            format!("{contact}/conversations/0"),
            format!("{contact}/conversations/x"),
            format!("{stranger}/conversations"),
            stranger.clone(),
            "/contacts/nobody".to_owned(),
        ] {
            call(&world, "GET", &one, &path, Value::Null).await.refused(404);
        }
        call(&world, "GET", &other, &conversation, Value::Null).await.refused(404);
        for wrong in [json!({ "inbox_identifier": website.identifier }), json!({ "inbox_identifier": "nothing" })] {
            call(&world, "GET", &wrong, "", Value::Null).await.refused(404);
            call(&world, "POST", &wrong, "/contacts", json!({ "name": "x" })).await.refused(404);
        }
        // The same source elsewhere is somebody else.
        let source = contact.rsplit('/').next().unwrap();
        let twin = call(&world, "POST", &other, "/contacts", json!({ "source_id": source, "name": "Outra" })).await.ok();
        assert_eq!((&twin["source_id"], &twin["name"]), (&json!(source), &json!("Outra")));
        let again = call(&world, "POST", &one, "/contacts", json!({ "source_id": source, "name": "Outra" })).await.ok();
        assert_eq!(again["name"], "Bia", "who is there already stays as they are");
    }

    async fn a_proof_is_checked_wherever_it_is_given(test: TestDb) {
        let world = World::new(test).await;
        let inbox = inbox(&world, json!({ "hmac_mandatory": true })).await;
        let right = sign(inbox["hmac_token"].as_str().unwrap(), "b-1");
        for wrong in [json!({ "identifier": "b-1" }), json!({ "identifier": "b-1", "identifier_hash": "00" }), json!({ "identifier_hash": right }), json!({})] {
            call(&world, "POST", &inbox, "/contacts", wrong).await.refused(401);
        }
        assert_eq!(domain::contact::read::count(&world.admin, world.account).await.unwrap(), 0, "nothing is left behind");
        let given = json!({ "identifier": "b-1", "identifier_hash": right, "name": "Bia" });
        let contact = format!("/contacts/{}", join(&world, &inbox, given).await);
        call(&world, "GET", &inbox, &contact, Value::Null).await.refused(401);
        call(&world, "GET", &inbox, &format!("{contact}?identifier=b-1&identifier_hash=00"), Value::Null).await.refused(401);
        let other = sign(inbox["hmac_token"].as_str().unwrap(), "b-2");
        let of_another = format!("{contact}?identifier=b-2&identifier_hash={other}");
        call(&world, "GET", &inbox, &of_another, Value::Null).await.refused(401);
        call(&world, "GET", &inbox, &format!("{contact}?identifier=b-1&identifier_hash={right}"), Value::Null).await.ok();
        // Somebody proven has the conversations of all their places.
        let proof = format!("?identifier=b-1&identifier_hash={right}");
        call(&world, "POST", &inbox, &format!("{contact}/conversations{proof}"), json!({})).await.ok();
        let second = format!("/contacts/{}", join(&world, &inbox, json!({ "identifier": "b-1", "identifier_hash": right })).await);
        assert_ne!(second, contact);
        let all = call(&world, "GET", &inbox, &format!("{second}/conversations{proof}"), Value::Null).await.ok();
        assert_eq!(all.as_array().unwrap().len(), 1);
    }

    async fn hostile_values_are_refused_or_harmless(test: TestDb) {
        let world = World::new(test).await;
        let inbox = inbox(&world, json!({})).await;
        for bad in [
            json!({ "email": "nope" }), json!({ "phone_number": "1" }), json!({ "source_id": "a\u{0}b" }),
            json!({ "source_id": "x".repeat(300) }), json!({ "custom_attributes": [1] }), json!({ "name": "x".repeat(100_000) }),
        ] {
            call(&world, "POST", &inbox, "/contacts", bad).await.refused(422);
        }
        let (contact, conversation) = begin(&world, &inbox).await;
        let messages = format!("{conversation}/messages");
        for bad in [json!({}), json!({ "content": "" }), json!({ "content": "x".repeat(200_000) }), json!({ "content": { "a": 1 } })] {
            call(&world, "POST", &inbox, &messages, bad).await.refused(422);
        }
        for body in ["[", "7", "\"x\"", "{\"content\": \"\u{0}\"}"] {
            let path = format!("/public/api/v1/inboxes/{}{messages}", inbox["inbox_identifier"].as_str().unwrap());
            let request = Request::post(path).header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap();
            assert!(world.send(request).await.status.is_client_error(), "{body}");
        }
        let attack = "<script>alert(1)</script>";
        let said = call(&world, "POST", &inbox, &messages, json!({ "content": attack })).await.ok();
        assert_eq!(said["content"], attack, "text stays text");
        call(&world, "POST", &inbox, &format!("{contact}/conversations"), json!({ "custom_attributes": { "x": { "y": [1] } } })).await.ok();
        let request = Request::builder().method("OPTIONS").uri("/public/api/v1/inboxes/x").header(header::ORIGIN, "https://a.example");
        let preflight = world.send(request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "PATCH").body(Body::empty()).unwrap()).await;
        assert_eq!(preflight.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    }

    async fn the_program_on_the_other_side_hears_of_everything_signed(test: TestDb) {
        let world = World::with_settings(test, |settings| settings.private_webhooks = true).await;
        let mut other = Program::start().await;
        let inbox = inbox(&world, json!({ "webhook_url": other.url() })).await;
        let (_, conversation) = begin(&world, &inbox).await;
        let created = other.next(&world, "conversation_created").await;
        assert_eq!(created.body["contact_inbox"]["inbox_id"], inbox["id"]);
        let number = conversation.rsplit('/').next().unwrap();
        call(&world, "POST", &inbox, &format!("{conversation}/messages"), json!({ "content": "Oi" })).await.ok();
        let heard = other.next(&world, "message_created").await;
        assert_eq!((&heard.body["content"], &heard.body["message_type"]), (&json!("Oi"), &json!("incoming")));
        assert_eq!((&heard.body["inbox"]["name"], heard.body["conversation"]["id"].to_string().as_str()), (&json!("ERP"), number));
        let at = heard.headers["x-chatwoot-timestamp"].to_str().unwrap();
        let signature = sign(inbox["webhook_secret"].as_str().unwrap(), &format!("{at}.{}", heard.raw));
        assert_eq!(heard.headers["x-chatwoot-signature"], format!("sha256={signature}"));
        assert!(heard.headers.contains_key("x-chatwoot-delivery"));
        world.post(&format!("/conversations/{number}/toggle_status"), json!({ "status": "resolved" })).await.ok();
        let changed = other.next(&world, "conversation_status_changed").await;
        assert_eq!(changed.body["changed_attributes"][0]["status"]["current_value"], "resolved");
        while other.hears.try_recv().is_ok() {}
        // Other inboxes are nobody's business.
        let website = world.website(&[]).await;
        domain::visitor::chat::say(&world.visitor(&website).await, crate::support::words("Oi")).await.unwrap();
        other.drain(&world).await;
        assert!(other.hears.try_recv().is_err());
    }

    async fn what_does_not_get_through_is_told_and_tried_again(test: TestDb) {
        let (clock, hand) = Clock::fixed(domain::testing::NOW);
        let world = World::at(test, clock, |settings| settings.private_webhooks = true).await;
        let mut other = Program::start().await;
        let inbox = inbox(&world, json!({ "webhook_url": other.url() })).await;
        let (_, conversation) = begin(&world, &inbox).await;
        other.drain(&world).await;
        let number = conversation.rsplit('/').next().unwrap();
        let path = format!("/conversations/{number}/messages");
        other.answer(500);
        let sent = world.post(&path, json!({ "content": "Chega amanhã" })).await.ok();
        other.drain(&world).await;
        let state = async || {
            let list = world.get(&path).await.ok();
            let messages = list["payload"].as_array().unwrap().clone();
            messages.into_iter().find(|message| message["id"] == sent["id"]).unwrap()
        };
        assert_eq!(state().await["status"], "failed");
        assert!(state().await["content_attributes"]["external_error"].as_str().unwrap().contains("500"));
        let first: Vec<_> = std::iter::from_fn(|| other.hears.try_recv().ok()).filter(|heard| heard.body["id"] == sent["id"]).collect();
        other.answer(200);
        hand.fetch_add(2 * 3_600_000, Ordering::SeqCst);
        other.drain(&world).await;
        assert_eq!(state().await["status"], "sent");
        let again: Vec<_> = std::iter::from_fn(|| other.hears.try_recv().ok()).filter(|heard| heard.body["id"] == sent["id"]).collect();
        let delivery = |heard: &Heard| heard.headers["x-chatwoot-delivery"].clone();
        assert!(first.iter().any(|one| again.iter().any(|two| delivery(one) == delivery(two))), "the same delivery");
    }

    async fn addresses_inside_are_not_called(test: TestDb) {
        let world = World::new(test).await;
        let mut other = Program::start().await;
        let port = other.address.port();
        let inbox = inbox(&world, json!({ "webhook_url": format!("http://localhost:{port}/hook") })).await;
        let (_, conversation) = begin(&world, &inbox).await;
        let path = format!("/conversations/{}/messages", conversation.rsplit('/').next().unwrap());
        world.post(&path, json!({ "content": "Oi" })).await.ok();
        other.drain(&world).await;
        assert!(other.hears.try_recv().is_err());
    }
}

/// What a program was told.
struct Heard {
    headers: HeaderMap,
    raw: String,
    body: Value,
}

/// A program that an inbox tells what happens.
struct Program {
    address: SocketAddr,
    status: Arc<AtomicU16>,
    hears: UnboundedReceiver<Heard>,
}

async fn hear(
    State((status, heard)): State<(Arc<AtomicU16>, UnboundedSender<Heard>)>,
    headers: HeaderMap,
    raw: String,
) -> StatusCode {
    let body = serde_json::from_str(&raw).unwrap();
    heard.send(Heard { headers, raw, body }).unwrap();
    StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap()
}

impl Program {
    async fn start() -> Self {
        let (heard, hears) = unbounded_channel();
        let status = Arc::new(AtomicU16::new(200));
        let router = axum::Router::new().route("/hook", post(hear)).with_state((status.clone(), heard));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, status, hears }
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// Lets all that is to be told be told.
    async fn drain(&mut self, world: &World) {
        let system = world.app.system();
        while run_due(&system).await.unwrap() > 0 {}
    }

    /// The first of these events that is told.
    async fn next(&mut self, world: &World, event: &str) -> Heard {
        self.drain(world).await;
        loop {
            let heard = self.hears.try_recv().unwrap_or_else(|_| panic!("{event} was not told"));
            if heard.body["event"] == event {
                return heard;
            }
        }
    }
}
