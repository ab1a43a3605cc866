//! A program that is the channel of an inbox: it speaks for contacts and hears what happens.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::post;
use domain::job::runner::run_due;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Answer, World};

pub fn sign(key: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// An API inbox as administrators see it.
pub async fn inbox(world: &World, channel: Value) -> Value {
    let mut given = json!({ "name": "ERP", "channel": { "type": "api" } });
    given["channel"].as_object_mut().unwrap().extend(channel.as_object().unwrap().clone());
    world.post("/inboxes", given).await.ok()
}

pub async fn call(world: &World, method: &str, inbox: &Value, path: &str, body: Value) -> Answer {
    let path = format!("/public/api/v1/inboxes/{}{path}", inbox["inbox_identifier"].as_str().unwrap());
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    world.send(request.body(body).unwrap()).await
}

pub async fn join(world: &World, inbox: &Value, contact: Value) -> String {
    let made = call(world, "POST", inbox, "/contacts", contact).await.ok();
    made["source_id"].as_str().unwrap().to_owned()
}

/// A contact with a conversation: the paths of both.
pub async fn begin(world: &World, inbox: &Value) -> (String, String) {
    let contact = format!("/contacts/{}", join(world, inbox, json!({ "name": "Bia" })).await);
    let begun = call(world, "POST", inbox, &format!("{contact}/conversations"), json!({})).await.ok();
    let conversation = format!("{contact}/conversations/{}", begun["id"]);
    (contact, conversation)
}

/// What a program was told.
pub struct Heard {
    pub headers: HeaderMap,
    pub raw: String,
    pub body: Value,
}

/// A program that an inbox tells what happens.
pub struct Program {
    pub address: SocketAddr,
    status: Arc<AtomicU16>,
    pub hears: UnboundedReceiver<Heard>,
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
    pub async fn start() -> Self {
        let (heard, hears) = unbounded_channel();
        let status = Arc::new(AtomicU16::new(200));
        let router = axum::Router::new().route("/hook", post(hear)).with_state((status.clone(), heard));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, status, hears }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// Lets all that is to be told be told.
    pub async fn drain(&mut self, world: &World) {
        let system = world.app.system();
        while run_due(&system).await.unwrap() > 0 {}
    }

    /// The first of these events that is told.
    pub async fn next(&mut self, world: &World, event: &str) -> Heard {
        self.drain(world).await;
        loop {
            let heard = self.hears.try_recv().unwrap_or_else(|_| panic!("{event} was not told"));
            if heard.body["event"] == event {
                return heard;
            }
        }
    }
}
