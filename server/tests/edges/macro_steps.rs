//! Steps of macros that reach out of the house: webhooks and transcripts by mail.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::net::SocketAddr;

use crate::support::{World, reply, words};
use axum::Json;
use axum::extract::State;
use axum::routing::post;
use db::testing::TestDb;
use domain::job::runner::run_due;
use domain::visitor::chat;
use domain::{conversation, message};
use model::{DisplayId, Role};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

async fn hear(State(heard): State<UnboundedSender<Value>>, Json(body): Json<Value>) {
    heard.send(body).unwrap();
}

/// Another system, which listens.
async fn listener() -> (SocketAddr, UnboundedReceiver<Value>) {
    let (heard, hears) = unbounded_channel();
    let router = axum::Router::new().route("/hook", post(hear)).with_state(heard);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, hears)
}

/// A mail server that takes whatever it is given.
pub(crate) async fn mail_server() -> (SocketAddr, UnboundedReceiver<String>) {
    let (took, takes) = unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 test\r\n").await.unwrap();
            let (mut mail, mut is_data) = (String::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match line.as_str() {
                    "." if is_data => {
                        is_data = false;
                        took.send(std::mem::take(&mut mail)).unwrap();
                        "250 taken\r\n"
                    }
                    _ if is_data => {
                        mail.push_str(&line);
                        mail.push('\n');
                        continue;
                    }
                    "DATA" => {
                        is_data = true;
                        "354 go on\r\n"
                    }
                    "QUIT" => "221 bye\r\n",
                    _ => {
                        mail.push_str(&line);
                        mail.push('\n');
                        "250 ok\r\n"
                    }
                };
                if write.write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    (address, takes)
}

/// A conversation in which both sides said something.
async fn talk(world: &World) -> DisplayId {
    let inbox = world.website(&[]).await;
    let said = chat::say(&world.visitor(&inbox).await, words("Cadê meu <pedido>?")).await.unwrap();
    message::send::send(&world.admin, said.message.display_id, reply("Chega amanhã!")).await.unwrap();
    said.message.display_id
}

async fn run(world: &World, name: &str, param: &str, conversation: DisplayId) {
    let steps = json!([{ "action_name": name, "action_params": [param] }]);
    let made = world.post("/macros", json!({ "name": "Fora", "actions": steps })).await.ok();
    let path = format!("/macros/{}/execute", made["payload"]["id"]);
    world.post(&path, json!({ "conversation_ids": [conversation] })).await.ok();
    let system = world.app.system();
    while run_due(&system).await.unwrap() > 0 {}
}

async fn outcome(world: &World, conversation: DisplayId) -> Option<model::ErrorCode> {
    domain::macros::run::list(&world.admin, conversation).await.unwrap()[0].results[0].error
}

async fn with_private_webhooks(test: TestDb) -> World {
    World::with_settings(test, |settings| settings.private_webhooks = true).await
}

db::db_test! {
    async fn a_webhook_hears_how_the_conversation_stands(test: TestDb) {
        let world = with_private_webhooks(test).await;
        let (address, mut hears) = listener().await;
        let number = talk(&world).await;
        run(&world, "send_webhook_event", &format!("http://{address}/hook"), number).await;
        let body = hears.recv().await.unwrap();
        assert_eq!((&body["event"], &body["id"]), (&json!("macro.executed"), &json!(number)));
        assert_eq!(body["status"], "open");
        assert_eq!(outcome(&world, number).await, None);
    }

    async fn a_webhook_does_not_reach_inside_of_a_network(test: TestDb) {
        let world = World::new(test).await;
        let (address, mut hears) = listener().await;
        for inside in [format!("http://{address}/hook"), "http://169.254.169.254/".to_owned(), "file:///etc/passwd".to_owned()] {
            let steps = json!([{ "action_name": "send_webhook_event", "action_params": [inside] }]);
            world.post("/macros", json!({ "name": "Fora", "actions": steps })).await.refused(422);
        }
        // A name that leads there is found out when it is looked up.
        let number = talk(&world).await;
        let known = conversation::get(&world.admin, number).await.unwrap();
        let job = domain::job::Job::CallWebhook {
            account_id: world.account,
            conversation_id: known.row.id,
            url: format!("http://localhost:{}/hook", address.port()),
            event: "macro.executed".to_owned(),
        };
        let system = world.app.system();
        let mut work = system.begin().await.unwrap();
        work.enqueue_now(world.account, job);
        work.commit().await.unwrap();
        while run_due(&system).await.unwrap() > 0 {}
        assert!(hears.try_recv().is_err());
    }

    async fn a_transcript_is_mailed_to_whom_the_step_names(test: TestDb) {
        let (address, mut takes) = mail_server().await;
        let world = World::with_settings(test, |settings| settings.smtp_url = Some(format!("smtp://{address}"))).await;
        let number = talk(&world).await;
        run(&world, "send_email_transcript", "{{agent.email}}, chefe@loja.example", number).await;
        let mut mails = [takes.recv().await.unwrap(), takes.recv().await.unwrap()];
        mails.sort();
        assert!(mails[0].contains("RCPT TO:<ana@example.com>") || mails[1].contains("RCPT TO:<ana@example.com>"), "{mails:?}");
        for mail in &mails {
            assert!(mail.contains("Chega amanh"), "{mail}");
            assert!(!mail.contains("<pedido>?</p>"), "{mail}");
        }
        assert_eq!(outcome(&world, number).await, None);
        // Nobody to send it to, or nothing to send it with, is told in the run.
        run(&world, "send_email_transcript", "{{contact.email}}", number).await;
        assert_eq!(outcome(&world, number).await, Some(model::ErrorCode::Required));
    }

    async fn without_mail_a_transcript_says_so(test: TestDb) {
        let world = World::new(test).await;
        let number = talk(&world).await;
        run(&world, "send_email_transcript", "chefe@loja.example", number).await;
        assert_eq!(outcome(&world, number).await, Some(model::ErrorCode::Unavailable));
        let steps = json!([{ "action_name": "send_email_transcript", "action_params": ["chefe"] }]);
        world.post("/macros", json!({ "name": "Fora", "actions": steps })).await.refused(422);
    }

    async fn an_assistant_learns_nothing_of_a_contact_from_elsewhere(test: TestDb) {
        let world = World::new(test).await;
        let ivo = world.member("ivo", Role::Assistant).await;
        let inbox = world.website(&[ivo.id]).await;
        let said = chat::say(&world.visitor(&inbox).await, words("Oi")).await.unwrap();
        let ivo = ivo.anew().await;
        let number = said.message.display_id;
        let seen = async |ctx: &domain::Ctx| conversation::get(ctx, number).await.unwrap().contact.last_activity_at;
        assert_eq!(seen(&ivo.ctx).await, None);
        assert!(seen(&world.admin).await.is_some());
    }
}
