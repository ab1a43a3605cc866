//! The database is held by somebody, loses its connections or is away: whoever asks is told so, nothing is lost or doubled,
//! and service comes back by itself.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::socket::Socket;
use crate::support::{Answer, World, words};
use axum::body::Body;
use axum::http::Request;
use domain::visitor::{chat, token};
use model::DisplayId;
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// A visitor who has said something: the conversation, and how the visitor's browser goes on in it.
struct Chat {
    id: DisplayId,
    widget: String,
    token: String,
}

async fn begin(world: &World) -> Chat {
    let inbox = world.website(&[]).await;
    let said = chat::say(&world.visitor(&inbox).await, words("Oi")).await.unwrap();
    let widget = format!("/api/v1/widget/messages?website_token={}", inbox.identifier);
    Chat { id: said.message.display_id, widget, token: token::issue(&said.ctx).unwrap() }
}

impl Chat {
    fn path(&self) -> String {
        format!("/conversations/{}/messages", self.id)
    }

    async fn agent_says(&self, world: &World, content: &str) -> Answer {
        world.post(&self.path(), json!({"content": content, "echo_id": format!("0123456789abcdef-{content}")})).await
    }

    async fn visitor_says(&self, world: &World, content: &str) -> Answer {
        let body = json!({"message": {"content": content, "echo_id": format!("0123456789abcdef-{content}")}});
        let request =
            Request::post(&self.widget).header("x-auth-token", &self.token).header("content-type", "application/json");
        world.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn contents(&self, world: &World) -> Vec<String> {
        let mut contents = Vec::new();
        let mut before = String::new();
        loop {
            let answer = world.get(&format!("{}{before}", self.path())).await;
            // A connection that was cut ends a moment later; a reader may meet it.
            if answer.status != 200 {
                not_now(&answer);
                continue;
            }
            let page = answer.ok();
            let page = page["payload"].as_array().unwrap();
            let Some(first) = page.first() else { return contents };
            before = format!("?before={}", first["id"]);
            contents.splice(0..0, page.iter().map(|message| message["content"].as_str().unwrap().to_owned()));
        }
    }
}

/// The refusal for which clients try again.
#[track_caller]
fn not_now(answer: &Answer) {
    let body = answer.refused(503);
    assert!(body["error"].as_str().unwrap().contains("try again"), "{body}");
    assert_eq!(answer.headers["content-type"], "application/json");
}

/// The administrator's line to the server. When it breaks it goes on from the last place it heard of, as browsers do.
struct Line {
    address: SocketAddr,
    identifier: Value,
    socket: Option<Socket>,
}

impl Line {
    async fn open(world: &World) -> Self {
        let address = world.listen().await;
        let profile = world.ask(&world.admin_token, "GET", "/api/v1/profile", None).await.ok();
        let identifier = json!({
            "channel": "RoomChannel", "pubsub_token": profile["pubsub_token"],
            "account_id": world.account, "user_id": profile["id"],
        });
        let mut line = Self { address, identifier, socket: None };
        line.connect().await;
        line
    }

    async fn connect(&mut self) {
        let mut socket = Socket::connect(self.address, "/cable", &[]).await.unwrap();
        socket.send(&json!({"command": "subscribe", "identifier": self.identifier.to_string()})).await;
        while let Some(frame) = socket.next().await {
            assert_ne!(frame["type"], "reject_subscription");
            if frame["type"] == "confirm_subscription" {
                self.socket = Some(socket);
                return;
            }
        }
    }

    /// The contents of the next new messages.
    async fn hear(&mut self, count: usize) -> Vec<String> {
        let mut heard = Vec::new();
        while heard.len() < count {
            let frame = match &mut self.socket {
                Some(socket) => socket.next().await,
                None => None,
            };
            let Some(frame) = frame else {
                self.socket = None;
                self.connect().await;
                continue;
            };
            if let Some(cursor) = frame.get("cursor") {
                self.identifier["since"] = cursor.clone();
            }
            let content = frame["message"]["data"]["content"].as_str().unwrap_or_default();
            // "Oi" was said before anybody listened; whether it is still on its way is nobody's concern.
            if frame["message"]["event"] == "message.created" && content != "Oi" {
                heard.push(content.to_owned());
            }
        }
        heard
    }
}

db::db_test! {
    async fn while_somebody_holds_the_database_it_is_read_and_not_written(test: TestDb) {
        let world = World::new(test).await;
        let chat = begin(&world).await;
        let mut line = Line::open(&world).await;
        let hold = world.test.hold().await.unwrap();
        let (agent, visitor) = tokio::join!(chat.agent_says(&world, "agent"), chat.visitor_says(&world, "visitor"));
        not_now(&agent);
        not_now(&visitor);
        assert_eq!(agent.headers["retry-after"], "1");
        assert_eq!(chat.contents(&world).await, ["Oi"]);
        let health = world.send(Request::get("/health").body(Body::empty()).unwrap()).await.ok();
        assert_eq!(health["database"]["status"], "ok");
        hold.release().await.unwrap();
        chat.agent_says(&world, "agent").await.ok();
        chat.visitor_says(&world, "visitor").await.ok();
        assert_eq!(chat.contents(&world).await, ["Oi", "agent", "visitor"]);
        assert_eq!(line.hear(2).await, ["agent", "visitor"]);
    }
}

/// Says everything, each as often as it takes; counts what was acknowledged.
async fn insist(
    world: Arc<World>,
    chat: Chat,
    said: Vec<String>,
    acknowledged: Arc<AtomicUsize>,
    progress: Arc<Notify>,
) -> Chat {
    for content in said {
        loop {
            let answer = if content.starts_with("agent") {
                chat.agent_says(&world, &content).await
            } else {
                chat.visitor_says(&world, &content).await
            };
            if answer.status == 200 {
                break;
            }
            not_now(&answer);
        }
        acknowledged.fetch_add(1, Ordering::SeqCst);
        progress.notify_one();
    }
    chat
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_connections_lose_and_double_nothing() {
    const CUTS: usize = 8;
    let Some(test) = db::testing::postgres().await.unwrap() else { return };
    let world = Arc::new(World::new(test).await);
    let mut line = Line::open(&world).await;
    let (acknowledged, progress) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let mut writers = JoinSet::new();
    let said = |writer: usize| -> Vec<String> {
        let who = if writer.is_multiple_of(2) { "agent" } else { "visitor" };
        (0..30).map(|number| format!("{who}-{writer}-{number}")).collect()
    };
    for writer in 0..6 {
        let chat = begin(&world).await;
        let writing = insist(world.clone(), chat, said(writer), acknowledged.clone(), progress.clone());
        writers.spawn(async move { (writer, writing.await) });
    }
    let mut ended = 0;
    for cut in 0..CUTS {
        while acknowledged.load(Ordering::SeqCst) < cut * 20 {
            progress.notified().await;
        }
        // Two cuts in a row may find nobody who has come back yet.
        ended += world.test.cut().await.unwrap();
    }
    assert!(ended >= CUTS, "{ended}");
    while let Some(done) = writers.join_next().await {
        let (writer, chat) = done.unwrap();
        let contents = chat.contents(&world).await;
        assert_eq!(contents[1..], said(writer));
    }
    // Whoever listened has heard all of it once.
    let heard = line.hear(6 * 30).await;
    for writer in 0..6 {
        let own = said(writer);
        assert_eq!(
            heard.iter().filter(|content| own.contains(content)).collect::<Vec<_>>(),
            own.iter().collect::<Vec<_>>()
        );
    }
}

/// The way to a database in a server, which can be closed.
struct Road {
    address: SocketAddr,
    to: String,
    open: JoinSet<()>,
}

impl Road {
    async fn open(to: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut road = Self { address: listener.local_addr().unwrap(), to: to.to_owned(), open: JoinSet::new() };
        road.carry(listener);
        road
    }

    fn carry(&mut self, listener: TcpListener) {
        let to = self.to.clone();
        self.open.spawn(async move {
            let mut travellers = JoinSet::new();
            while let Ok((mut from, _)) = listener.accept().await {
                let to = to.clone();
                travellers.spawn(async move {
                    let mut to = TcpStream::connect(to).await.unwrap();
                    copy_bidirectional(&mut from, &mut to).await
                });
            }
        });
    }

    /// Nobody gets through, and whoever is on it is thrown off.
    async fn close(&mut self) {
        self.open.shutdown().await;
    }

    async fn reopen(&mut self) {
        self.carry(TcpListener::bind(self.address).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_waited_for() {
    let Some(test) = db::testing::postgres().await.unwrap() else { return };
    let (start, rest) = test.url.split_once('@').unwrap();
    let (host, rest) = rest.split_once('/').unwrap();
    let mut road = Road::open(host).await;
    let url = format!("{start}@{}/{rest}", road.address);
    let db = db::Db::open(&db::Options { url, connections: 4 }).await.unwrap();
    let world = Arc::new(World::over(test, db).await);
    let chat = begin(&world).await;
    let mut line = Line::open(&world).await;
    chat.agent_says(&world, "antes").await.ok();
    assert_eq!(line.hear(1).await, ["antes"]);

    road.close().await;
    let health = async || world.send(Request::get("/health").body(Body::empty()).unwrap()).await;
    let (agent, visitor, health_then) =
        tokio::join!(chat.agent_says(&world, "agent"), chat.visitor_says(&world, "visitor"), health());
    not_now(&agent);
    not_now(&visitor);
    let body: Value = health_then.refused(503);
    assert_eq!((&body["status"], &body["database"]["status"]), (&json!("failing"), &json!("unavailable")));

    road.reopen().await;
    // Connections that broke unnoticed cost one try each.
    let chat =
        insist(world.clone(), chat, vec!["agent".to_owned(), "visitor".to_owned()], Arc::default(), Arc::default())
            .await;
    assert_eq!(health().await.ok()["status"], "ok");
    assert_eq!(chat.contents(&world).await, ["Oi", "antes", "agent", "visitor"]);
    assert_eq!(line.hear(2).await, ["agent", "visitor"]);
}
