//! Mailboxes that are opened by signing in at their provider: a real mail server that asks a stand-in of the provider about each token.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use std::sync::{Arc, Mutex};

use crate::post_support::dovecot::{Dovecot, Options};
use crate::post_support::provider::{CLIENT, StandIn};
use crate::support::{Answer, World};
use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::testing::TestDb;
use domain::job::runner::run_due;
use domain::session::{self, Client};
use domain::settings::ProviderSettings;
use domain::{App, Ctx, mailbox};
use model::mailbox::{MailProvider, Place, Security};
use model::{InboxId, Role};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Whose mailbox it is.
const OWNER: &str = "ana@lume.example";

/// Takes mail of whoever has a good token.
async fn smtp(provider: StandIn) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let (port, taken) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
    let kept = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(hand_in(BufReader::new(stream), provider.clone(), kept.clone()));
        }
    });
    (port, taken)
}

async fn hand_in(mut stream: BufReader<TcpStream>, provider: StandIn, taken: Arc<Mutex<Vec<String>>>) {
    let mut line = String::new();
    let _ = stream.get_mut().write_all(b"220 ready\r\n").await;
    while stream.read_line(&mut line).await.unwrap_or_default() > 0 {
        let said = match line.split_whitespace().next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => "250-mx\r\n250 AUTH XOAUTH2",
            "AUTH" => {
                let given = STANDARD.decode(line.trim().rsplit(' ').next().unwrap()).unwrap();
                let given = String::from_utf8(given).unwrap();
                let token = given.split('\x01').nth(1).and_then(|part| part.strip_prefix("auth=Bearer "));
                match token.is_some_and(|token| provider.is_good(token)) {
                    true => "235 ok",
                    false => "535 5.7.8 Not with this token.",
                }
            }
            "DATA" => {
                let _ = stream.get_mut().write_all(b"354 go on\r\n").await;
                let mut text = String::new();
                while stream.read_line(&mut text).await.unwrap_or_default() > 0 && !text.ends_with("\r\n.\r\n") {}
                taken.lock().unwrap().push(text);
                "250 ok"
            }
            _ => "250 ok",
        };
        let _ = stream.get_mut().write_all(format!("{said}\r\n").as_bytes()).await;
        line.clear();
    }
}

/// A company, its provider and the provider's mail servers.
struct Scene {
    world: World,
    provider: StandIn,
    dovecot: Dovecot,
    taken: Arc<Mutex<Vec<String>>>,
}

fn mail(number: u32) -> Vec<u8> {
    format!(
        "From: Bia <bia@cliente.example>\r\nTo: {OWNER}\r\nSubject: Pedido {number}\r\nMessage-ID: <{number}@c>\r\n\r\nOi {number}\r\n"
    )
    .into_bytes()
}

impl Scene {
    async fn open(test: TestDb, who: &str, rotates: bool) -> Self {
        Self::with_mail(test, who, rotates, None).await
    }

    /// The same where the operator has a mail server.
    async fn with_mail(test: TestDb, who: &str, rotates: bool, smtp_url: Option<String>) -> Self {
        let provider = StandIn::start(who, rotates).await;
        let dovecot = Dovecot::start(&Options { token_info: Some(&format!("{}/introspect", provider.base)) });
        let (port, taken) = smtp(provider.clone()).await;
        let place = |port| Place { host: "127.0.0.1".to_owned(), port, encryption: Security::None };
        let (authorize_url, token_url) = provider.bases();
        let settings = ProviderSettings {
            provider: MailProvider::Google,
            client_id: CLIENT.0.to_owned(),
            client_secret: CLIENT.1.to_owned(),
            authorize_url,
            token_url,
            imap: place(dovecot.imap),
            smtp: place(port),
        };
        let world = World::with_settings(test, |all| {
            all.base_url = "https://desk.example".to_owned();
            all.mail_providers = vec![settings];
            all.smtp_url = smtp_url;
        })
        .await;
        Self { world, provider, dovecot, taken }
    }

    /// Where an administrator is sent.
    async fn begin(&self, wish: Value) -> String {
        let answer = self.world.post("/google/authorization", wish).await.ok();
        assert_eq!(answer["success"], true);
        answer["url"].as_str().unwrap().to_owned()
    }

    /// Comes back with these words, in the browser of a person.
    async fn come_back(&self, person: &Ctx, query: &str) -> Answer {
        let signed_in = session::open(person, person.user_id().unwrap(), &Client::default()).await.unwrap();
        let request = Request::get(format!("/google/callback?{query}"))
            .header(header::COOKIE, format!("cloudchat_session={}", signed_in.token));
        self.world.send(request.body(Body::empty()).unwrap()).await
    }

    /// Goes there, agrees, and comes back: where they land.
    async fn sign_in(&self, wish: Value) -> String {
        let back = self.provider.agree(&self.begin(wish).await, None);
        let answer = self.come_back(&self.world.admin, &query(&back)).await;
        assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.text());
        answer.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    /// Something that asks the provider dies before it hears the answer, as with its process.
    async fn cut_off<T>(&self, work: impl Future<Output = T>) {
        self.provider.be_silent(true);
        tokio::select! {
            _ = work => panic!("it waits for an answer"),
            () = self.provider.has_done_something() => {}
        }
        self.provider.be_silent(false);
    }

    async fn inbox(&self) -> Value {
        self.world.get("/inboxes").await.ok()["payload"][0].clone()
    }

    /// As if the access token had run out.
    async fn time_passes(&self) {
        let text = "update mail_sign_ins set expires_at = 0, obtained_at = 0";
        db::Builder::new(text).build().execute(self.world.app.db.writer()).await.unwrap();
    }

    async fn read(&self, app: &Arc<App>, inbox: &Value) {
        let (ctx, id) = (app.system(), InboxId(inbox["id"].as_i64().unwrap()));
        mailbox::read_through(&ctx, &app.mail, self.world.account, id).await.unwrap();
    }

    async fn conversations(&self) -> usize {
        let list = self.world.get("/conversations?status=all").await.ok();
        list["data"]["payload"].as_array().unwrap().len()
    }

    fn refreshes(&self) -> usize {
        let is_it = |asked: &&std::collections::HashMap<String, String>| asked["grant_type"] == "refresh_token";
        self.provider.requests().iter().filter(is_it).count()
    }
}

fn query(back: &std::collections::HashMap<String, String>) -> String {
    format!("state={}&code={}", back["state"], back["code"])
}

db::db_test! {
    async fn whoever_signs_in_has_an_inbox_that_reads_and_sends(test: TestDb) {
        let scene = Scene::open(test, OWNER, false).await;
        scene.dovecot.deliver(OWNER, &[mail(1), mail(2)]);
        let back = scene.provider.agree(&scene.begin(json!({"email": "Ana@Lume.example"})).await, None);
        // Nobody, somebody else, and somebody who was sent here with another's answer: as if they were too late.
        let nobody = scene.world.send(Request::get(format!("/google/callback?{}", query(&back))).body(Body::empty()).unwrap()).await;
        assert!(nobody.status.is_client_error() && scene.provider.requests().is_empty(), "{}", nobody.status);
        let wrong = scene.come_back(&scene.world.admin, &format!("state=other&code={}", back["code"])).await;
        assert_eq!(wrong.status, 410);
        let landed = scene.come_back(&scene.world.admin, &query(&back)).await;
        let inbox = scene.inbox().await;
        assert!(landed.headers[header::LOCATION].to_str().unwrap().ends_with(&format!("/inboxes/{}/answer", inbox["id"])));
        assert_eq!((&inbox["email"], &inbox["provider"]), (&json!(OWNER), &json!("google")));
        assert_eq!((&inbox["imap_enabled"], &inbox["smtp_enabled"]), (&json!(true), &json!(true)));
        assert_eq!(inbox["reauthorization_required"], false);
        // An answer opens once.
        assert_eq!(scene.come_back(&scene.world.admin, &query(&back)).await.status, 410);
        // There is an inbox already, and its servers are the provider's.
        let taken = scene.world.post("/google/authorization", json!({"email": OWNER})).await.refused(422);
        assert_eq!(taken["attributes"], json!(["email"]));
        let path = format!("/inboxes/{}", inbox["id"]);
        let servers = json!({"channel": {"imap_address": "127.0.0.1", "imap_password": "x"}});
        assert_eq!(scene.world.patch(&path, servers).await.refused(422)["attributes"], json!(["imap_address"]));

        run_due(&scene.world.app.system()).await.unwrap();
        assert_eq!(scene.conversations().await, 2);
        let list = scene.world.get("/conversations?status=all").await.ok();
        let path = format!("/conversations/{}/messages", list["data"]["payload"][0]["id"]);
        scene.world.post(&path, json!({"content": "Saiu hoje."})).await.ok();
        run_due(&scene.world.app.system()).await.unwrap();
        assert_eq!(scene.taken.lock().unwrap().len(), 1);
        // Nobody who reads the database learns a token.
        let rows: Vec<(Vec<u8>,)> =
            db::Builder::new("select secrets from mail_sign_ins").build().fetch_all(&scene.world.app.db).await.unwrap();
        assert!(!String::from_utf8_lossy(&rows[0].0).contains("access-"));
    }

    async fn an_answer_belongs_to_whoever_asked_and_to_their_mailbox(test: TestDb) {
        let scene = Scene::open(test, "bia@lume.example", false).await;
        // Another administrator's browser.
        let other = scene.world.member("edu", Role::Administrator).await;
        let back = scene.provider.agree(&scene.begin(json!({"email": OWNER})).await, None);
        assert_eq!(scene.come_back(&other.ctx, &query(&back)).await.status, 410);
        // Bia signs in where Ana was to.
        let landed = scene.sign_in(json!({"email": OWNER})).await;
        assert!(landed.ends_with("/inboxes/new/email/google?refused=wrong_mailbox"), "{landed}");
        let url = scene.begin(json!({"email": OWNER})).await;
        let state = scene.provider.agree(&url, None)["state"].clone();
        let denied = scene.come_back(&scene.world.admin, &format!("state={state}&error=access_denied")).await;
        assert!(denied.headers[header::LOCATION].to_str().unwrap().ends_with("refused=denied"));
        let back = scene.provider.agree(&scene.begin(json!({"email": OWNER})).await, Some("https://mail.google.com/"));
        let unticked = scene.come_back(&scene.world.admin, &query(&back)).await;
        assert!(unticked.headers[header::LOCATION].to_str().unwrap().ends_with("refused=permission"));
        assert!(scene.world.get("/inboxes").await.ok()["payload"].as_array().unwrap().is_empty());
        let agent = scene.world.member("rui", Role::Agent).await;
        let path = scene.world.path("/google/authorization");
        assert_eq!(scene.world.ask(&agent.token, "POST", &path, Some(json!({"email": OWNER}))).await.status, 401);
        // Nobody registered this installation there.
        let unknown = scene.world.post("/microsoft/authorization", json!({"email": OWNER})).await.refused(422);
        assert_eq!(unknown["attributes"], json!(["provider"]));
    }

    async fn tokens_are_fetched_anew_by_one_node(test: TestDb) {
        let scene = Scene::open(test, OWNER, true).await;
        scene.sign_in(json!({"email": OWNER})).await;
        let inbox = scene.inbox().await;
        scene.dovecot.deliver(OWNER, &[mail(1)]);
        let world = &scene.world;
        let second = App::new(world.app.db.clone(), world.app.settings.clone(), domain::clock::Clock::System).unwrap();
        // The provider forgets the old refresh token each time: whoever asks with it once more loses the mailbox.
        for round in 1..=3 {
            scene.time_passes().await;
            let reads = (0..6).map(|number| scene.read(if number % 2 == 0 { &world.app } else { &second }, &inbox));
            futures::future::join_all(reads).await;
            assert_eq!(scene.refreshes(), round);
        }
        assert_eq!(scene.inbox().await["reauthorization_required"], false);
        assert_eq!(scene.conversations().await, 1);
        // A provider in trouble takes nothing away.
        scene.time_passes().await;
        scene.provider.be_in_trouble(Some((503, "busy")));
        scene.read(&world.app, &inbox).await;
        scene.provider.be_in_trouble(None);
        scene.dovecot.deliver(OWNER, &[mail(2)]);
        scene.read(&world.app, &inbox).await;
        assert_eq!((scene.conversations().await, &scene.inbox().await["reauthorization_required"]), (2, &json!(false)));
    }

    async fn whoever_dies_while_it_signs_in_harms_nothing(test: TestDb) {
        let scene = Scene::open(test, OWNER, false).await;
        let (world, admin) = (&scene.world, &scene.world.admin);
        let back = scene.provider.agree(&scene.begin(json!({"email": OWNER})).await, None);
        scene.cut_off(scene.come_back(admin, &query(&back))).await;
        // The code is used up, and there is no half of an inbox.
        assert_eq!(scene.come_back(admin, &query(&back)).await.status, 410);
        assert!(world.get("/inboxes").await.ok()["payload"].as_array().unwrap().is_empty());
        scene.sign_in(json!({"email": OWNER})).await;
        let inbox = scene.inbox().await;
        scene.dovecot.deliver(OWNER, &[mail(1)]);

        scene.time_passes().await;
        scene.cut_off(scene.read(&world.app, &inbox)).await;
        let second = App::new(world.app.db.clone(), world.app.settings.clone(), domain::clock::Clock::System).unwrap();
        // The minute in which the first could still have come back is over.
        let over = "update mail_sign_ins set refreshing_until = 1 where refreshing_until > 1";
        assert_eq!(db::Builder::new(over).build().execute(world.app.db.writer()).await.unwrap(), 1);
        scene.read(&second, &inbox).await;
        assert_eq!((scene.conversations().await, scene.refreshes()), (1, 2));
        assert_eq!(scene.inbox().await["reauthorization_required"], false);

        // It signs in again and dies: the old tokens are as good as before.
        let back = scene.provider.agree(&scene.begin(json!({"inbox_id": inbox["id"]})).await, None);
        scene.cut_off(scene.come_back(admin, &query(&back))).await;
        scene.dovecot.deliver(OWNER, &[mail(2)]);
        scene.read(&second, &inbox).await;
        assert_eq!(scene.conversations().await, 2);
    }

    async fn whoever_signs_in_again_goes_on_where_it_stopped(test: TestDb) {
        let scene = Scene::open(test, OWNER, true).await;
        scene.dovecot.deliver(OWNER, &[mail(1)]);
        scene.sign_in(json!({"email": OWNER})).await;
        let inbox = scene.inbox().await;
        let app = scene.world.app.clone();
        run_due(&app.system()).await.unwrap();
        // Revoked: the mail server is the first to say so, the provider has the last word.
        scene.provider.revoke_everything();
        scene.dovecot.deliver(OWNER, &[mail(2)]);
        let old = "update mail_sign_ins set obtained_at = 0";
        db::Builder::new(old).build().execute(app.db.writer()).await.unwrap();
        scene.read(&app, &inbox).await;
        assert_eq!(scene.inbox().await["reauthorization_required"], true);
        let seen = domain::inbox::get(&scene.world.admin, InboxId(inbox["id"].as_i64().unwrap())).await.unwrap();
        assert_eq!(seen.trouble, Some(model::inbox::InboxTrouble::SignIn));
        let asked = scene.provider.requests().len();
        scene.read(&app, &inbox).await;
        assert_eq!(scene.provider.requests().len(), asked, "nobody asks again with what is void");
        // What is written meanwhile waits.
        let list = scene.world.get("/conversations?status=all").await.ok();
        let path = format!("/conversations/{}/messages", list["data"]["payload"][0]["id"]);
        let sent = scene.world.post(&path, json!({"content": "Saiu hoje."})).await.ok();
        run_due(&app.system()).await.unwrap();
        let read = scene.conversations().await;
        assert_eq!((scene.taken.lock().unwrap().len(), read), (0, 1));

        let landed = scene.sign_in(json!({"inbox_id": inbox["id"]})).await;
        assert!(landed.ends_with(&format!("/inboxes/{}/mail", inbox["id"])), "{landed}");
        run_due(&app.system()).await.unwrap();
        let read = scene.conversations().await;
        assert_eq!((scene.taken.lock().unwrap().len(), read), (1, 2));
        assert_eq!(scene.inbox().await["reauthorization_required"], false);
        let messages = scene.world.get(&path).await.ok();
        let message = messages["payload"].as_array().unwrap().iter().find(|one| one["id"] == sent["id"]).unwrap().clone();
        assert_eq!(message["status"], "sent");
    }

    async fn administrators_are_told_of_a_lost_inbox_once(test: TestDb) {
        let (address, mut mails) = crate::macro_steps::mail_server().await;
        let scene = Scene::with_mail(test, OWNER, true, Some(format!("smtp://{address}"))).await;
        let app = scene.world.app.clone();
        let (edu, bia) = (scene.world.member("edu", Role::Administrator).await, scene.world.member("bia", Role::Agent).await);
        // As if all had accepted, and as if all that waits were due.
        let accept = "update users set password_hash = 'x' where password_hash is null";
        db::Builder::new(accept).build().execute(app.db.writer()).await.unwrap();
        scene.sign_in(json!({"email": OWNER})).await;
        let inbox = scene.inbox().await;
        let mut told = async || {
            db::Builder::new("update jobs set run_at = 0 where kind = 'mail_notification'").build().execute(app.db.writer()).await.unwrap();
            while run_due(&app.system()).await.unwrap() > 0 {}
            let all: Vec<String> = std::iter::from_fn(|| mails.try_recv().ok()).collect();
            all.into_iter().filter(|mail| mail.contains("/settings/inboxes/")).collect::<Vec<_>>()
        };
        assert!(told().await.is_empty());
        let lose = async || {
            scene.provider.revoke_everything();
            let old = "update mail_sign_ins set obtained_at = 0";
            db::Builder::new(old).build().execute(app.db.writer()).await.unwrap();
            scene.read(&app, &inbox).await;
            assert_eq!(scene.inbox().await["reauthorization_required"], true);
        };
        // Whoever mends it at once spares everybody the mail.
        lose().await;
        scene.sign_in(json!({"inbox_id": inbox["id"]})).await;
        assert!(told().await.is_empty());

        lose().await;
        // Edu does not want to know; Ana is told though she is here.
        let path = scene.world.path("/notification_settings");
        scene.world.ask(&edu.token, "PATCH", &path, Some(json!({"selected_email_flags": []}))).await.ok();
        let who = domain::realtime::presence::Who::User(scene.world.account, scene.world.admin.user_id().unwrap());
        let _page = domain::realtime::presence::Page::open(&app, who).await;
        scene.read(&app, &inbox).await;
        let mails = told().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].contains("RCPT TO:<ana@example.com>"), "{}", mails[0]);
        scene.read(&app, &inbox).await;
        assert!(told().await.is_empty(), "once");
        drop(bia);
        // Another loss is another mail.
        scene.world.ask(&edu.token, "PATCH", &path, Some(json!({"selected_email_flags": ["email_inbox_lost"]}))).await.ok();
        scene.sign_in(json!({"inbox_id": inbox["id"]})).await;
        lose().await;
        assert_eq!(told().await.len(), 2);
    }
}
