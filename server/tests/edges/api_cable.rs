//! The socket in the dialect: an agent and a visitor talk, drop out and come back.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::socket::Socket;
use crate::support::{World, reply, words};
use domain::visitor::chat::{self, Draft};
use domain::{agent, conversation, message, session, visitor};
use model::{ConversationStatus, Role};
use serde_json::{Value, json};

async fn agent_identifier(person: &domain::Ctx) -> Value {
    let actor = person.agent().unwrap();
    let token = agent::pubsub_token(person, actor.user_id).await.unwrap();
    json!({"channel": "RoomChannel", "pubsub_token": token, "account_id": actor.account_id, "user_id": actor.user_id})
}

fn visitor_identifier(visitor: &domain::Ctx) -> Value {
    json!({"channel": "RoomChannel", "pubsub_token": visitor::token::stream(visitor).unwrap()})
}

async fn open(address: std::net::SocketAddr, identifier: &Value) -> Socket {
    let mut socket =
        Socket::connect(address, "/cable", &[("sec-websocket-protocol", "actioncable-v1-json")]).await.unwrap();
    assert_eq!(socket.next().await.unwrap(), json!({"type": "welcome"}));
    let confirmed = socket.subscribe(identifier).await;
    assert_eq!(confirmed["type"], "confirm_subscription", "{confirmed}");
    assert_eq!(confirmed["identifier"], identifier.to_string());
    socket
}

/// The contents of the next `count` new messages, and the cursor of the last.
async fn contents(socket: &mut Socket, count: usize) -> (Vec<String>, String) {
    let mut heard = Vec::new();
    let mut cursor = String::new();
    while heard.len() < count {
        let frame = socket.event("message.created").await;
        heard.push(frame["message"]["data"]["content"].as_str().unwrap().to_owned());
        frame["cursor"].as_str().unwrap().clone_into(&mut cursor);
    }
    (heard, cursor)
}

fn since(identifier: &Value, cursor: &str) -> Value {
    let mut identifier = identifier.clone();
    identifier["since"] = json!(cursor);
    identifier
}

db::db_test! {
    async fn an_agent_and_a_visitor_talk_and_lose_nothing(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let bia = bia.anew().await;
        let address = world.listen().await;
        let newcomer = world.visitor(&inbox).await;
        let (agents, visitors) = (agent_identifier(&bia.ctx).await, visitor_identifier(&newcomer));
        let mut agent = open(address, &agents).await;
        // Nobody yet: no rows, and still subscribed.
        let mut guest = open(address, &visitors).await;

        let said = chat::say(&newcomer, words("Oi")).await.unwrap();
        let number = said.message.display_id;
        let created = agent.event("conversation.created").await;
        let data = &created["message"]["data"];
        assert_eq!((&data["id"], &data["status"]), (&json!(number), &json!("open")));
        assert_eq!(data["channel"], "Channel::WebWidget");
        let heard = agent.event("message.created").await;
        let data = &heard["message"]["data"];
        assert_eq!((&data["message_type"], &data["content"]), (&json!(0), &json!("Oi")));
        assert_eq!(data["sender"]["type"], "contact");
        assert_eq!(data["account_id"], json!(world.account));
        assert_eq!(heard["identifier"], agents.to_string());
        assert_eq!(contents(&mut guest, 1).await.0, ["Oi"]);

        message::send::send(&bia.ctx, number, reply("Olá!")).await.unwrap();
        let answer = guest.event("message.created").await;
        let cursor = answer["cursor"].as_str().unwrap().to_owned();
        let data = &answer["message"]["data"];
        assert_eq!((&data["message_type"], &data["sender"]["type"]), (&json!(1), &json!("user")));
        assert_eq!(data["performer"]["id"], json!(bia.id));
        let first = agent.event("first.reply.created").await;
        assert_eq!(first["message"]["data"]["content"], "Olá!");
        let seen = agent.event("conversation.updated").await["cursor"].as_str().unwrap().to_owned();
        drop((agent, guest));

        for text in ["um", "dois", "três"] {
            message::send::send(&bia.ctx, number, reply(text)).await.unwrap();
        }
        chat::say(&said.ctx, words("quatro")).await.unwrap();
        let mut agent = open(address, &since(&agents, &seen)).await;
        let mut guest = open(address, &since(&visitors, &cursor)).await;
        message::send::send(&bia.ctx, number, reply("cinco")).await.unwrap();
        let all = ["um", "dois", "três", "quatro", "cinco"];
        assert_eq!(contents(&mut guest, 5).await.0, all);
        assert_eq!(contents(&mut agent, 5).await.0, all);
        message::send::send(&bia.ctx, number, reply("seis")).await.unwrap();
        assert_eq!(contents(&mut guest, 1).await.0, ["seis"]);
        assert_eq!(contents(&mut agent, 1).await.0, ["seis"]);
    }

    async fn an_assistant_is_told_that_a_conversation_is_gone_and_nothing_more(test: TestDb) {
        let world = World::new(test).await;
        let ivo = world.member("ivo", Role::Assistant).await;
        let inbox = world.website(&[ivo.id]).await;
        let ivo = ivo.anew().await;
        let address = world.listen().await;
        let mut assistant = open(address, &agent_identifier(&ivo.ctx).await).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let number = said.message.display_id;
        assistant.event("message.created").await;

        // From here on it is somebody else's: what is said, noted, typed and changed in it, and by whom.
        let admin = world.admin.user_id().unwrap();
        conversation::assign::to_agent(&world.admin, number, Some(admin)).await.unwrap();
        chat::say(&said.ctx, words("geheim")).await.unwrap();
        message::send::send(&world.admin, number, reply("geheim")).await.unwrap();
        chat::typing(&said.ctx, true).await.unwrap();
        conversation::status::set(&world.admin, number, ConversationStatus::Resolved, None).await.unwrap();
        domain::contact::update(
            &world.admin,
            model::ContactId(said.message.sender.clone().unwrap().id),
            domain::contact::Facts { name: Some("geheim".to_owned()), ..Default::default() },
        )
        .await
        .unwrap();
        let other = world.visitor(&inbox).await;
        chat::say(&other, words("Ende")).await.unwrap();

        let mut heard = Vec::new();
        loop {
            let frame = assistant.next().await.unwrap();
            assert!(!frame.to_string().contains("geheim"), "{frame}");
            if let Some(event) = frame["message"]["event"].as_str().filter(|event| *event != "presence.update") {
                heard.push((event.to_owned(), frame["message"]["data"]["id"].clone()));
            }
            if frame["message"]["data"]["content"] == "Ende" {
                break;
            }
        }
        let of_it: Vec<_> = heard.iter().filter(|(_, id)| *id == json!(number)).collect();
        assert_eq!(of_it.len(), 1, "{heard:?}");
        assert_eq!(of_it[0].0, "conversation.deleted");
    }

    async fn a_visitor_learns_nothing_of_the_work_behind(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let address = world.listen().await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let number = said.message.display_id;
        let mut guest = open(address, &visitor_identifier(&said.ctx)).await;

        let private = message::send::Draft { private: true, ..reply("só entre nós") };
        message::send::send(&world.admin, number, private).await.unwrap();
        conversation::typing::by_agent(&world.admin, number, true, true).await.unwrap();
        conversation::attribute::replace(&world.admin, number, json!({"secret": "yes"})).await.unwrap();
        conversation::status::set_priority(&world.admin, number, Some(model::Priority::High)).await.unwrap();
        let other = world.visitor(&inbox).await;
        chat::say(&other, words("von wem anders")).await.unwrap();
        conversation::typing::by_agent(&world.admin, number, true, false).await.unwrap();
        message::send::send(&world.admin, number, reply("Olá!")).await.unwrap();

        let mut heard = String::new();
        loop {
            let frame = guest.next().await.unwrap();
            heard.push_str(&frame.to_string());
            if frame["message"]["event"] == "message.created" && frame["message"]["data"]["content"] != "Oi" {
                assert_eq!(frame["message"]["data"]["content"], "Olá!");
                break;
            }
            if frame["message"]["event"] == "conversation.typing_on" {
                assert_eq!(frame["message"]["data"]["is_private"], false);
                assert_eq!(frame["message"]["data"]["user"]["available_name"], "Ana Souza");
            }
        }
        for hidden in ["entre nós", "secret", "high", "anders", "@example.com"] {
            assert!(!heard.contains(hidden), "{hidden}: {heard}");
        }
        assert!(heard.contains("conversation.typing_on"), "{heard}");
    }

    async fn both_sides_see_typing_reading_and_status(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let address = world.listen().await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let number = said.message.display_id;
        let mut agent = open(address, &agent_identifier(&world.admin).await).await;
        let mut guest = open(address, &visitor_identifier(&said.ctx)).await;

        let here = guest.event("presence.update").await;
        let admin = world.admin.user_id().unwrap();
        assert_eq!(here["message"]["data"]["users"][admin.to_string()], "online");
        assert!(here["message"]["data"]["contacts"].is_null());

        chat::typing(&said.ctx, true).await.unwrap();
        let typing = agent.event("conversation.typing_on").await;
        assert_eq!(typing["message"]["data"]["user"]["type"], "contact");
        assert_eq!(typing["message"]["data"]["conversation"]["id"], json!(number));

        message::send::send(&world.admin, number, reply("Olá!")).await.unwrap();
        chat::seen(&said.ctx).await.unwrap();
        let read = agent.event("conversation.read").await;
        assert!(read["message"]["data"]["contact_last_seen_at"].as_i64().unwrap() > 0);
        let updated = guest.event("message.updated").await;
        assert_eq!(updated["message"]["data"]["status"], "read");

        conversation::seen::mark(&world.admin, number).await.unwrap();
        conversation::status::set(&world.admin, number, ConversationStatus::Resolved, None).await.unwrap();
        let status = guest.event("conversation.status_changed").await;
        assert_eq!(status["message"]["data"]["status"], "resolved");
        assert!(status["message"]["data"]["agent_last_seen_at"].as_i64().unwrap() > 0);

        let identifier = agent_identifier(&world.admin).await.to_string();
        let beat = json!({"command": "message", "identifier": identifier, "data": "{\"action\":\"update_presence\"}"});
        agent.send(&beat).await;
        let contact = said.message.sender.unwrap().id;
        let here = agent.until(|frame| {
            let data = &frame["message"]["data"];
            frame["message"]["event"] == "presence.update" && data["contacts"][contact.to_string()] == "online"
        }).await;
        assert_eq!(here["message"]["data"]["users"][admin.to_string()], "online");
        agent.until(|frame| frame["type"] == "ping").await;
    }

    async fn whoever_may_not_listen_is_rejected(test: TestDb) {
        let world = World::new(test).await;
        let stranger = world.stranger().await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let address = world.listen().await;
        let own = agent_identifier(&world.admin).await;
        let with = |key: &str, value: Value| {
            let mut identifier = own.clone();
            identifier[key] = value;
            identifier
        };
        let mut forged = visitor_identifier(&visitor);
        forged["pubsub_token"] = json!(format!("{}x", forged["pubsub_token"].as_str().unwrap()));
        let mut socket = Socket::connect(address, "/cable", &[]).await.unwrap();
        for wrong in [
            with("account_id", json!(stranger.ctx.agent().unwrap().account_id)),
            with("user_id", json!(stranger.id)),
            with("user_id", Value::Null),
            with("pubsub_token", json!("")),
            with("channel", json!("OtherChannel")),
            json!({"channel": "RoomChannel", "pubsub_token": 7}),
            json!("nonsense"),
            forged,
        ] {
            let answer = socket.subscribe(&wrong).await;
            assert_eq!(answer["type"], "reject_subscription", "{wrong}");
            assert_eq!(answer["identifier"], wrong.to_string());
        }
        // Ids in quotes are as good.
        let quoted = with("account_id", json!(world.account.to_string()));
        assert_eq!(socket.subscribe(&quoted).await["type"], "confirm_subscription");
        for _ in 0..3 {
            socket.send_raw("{").await;
        }
        socket.closed().await;

        let mut socket = open(address, &own).await;
        let change = agent::profile::change_password(&world.admin, "correct horse".to_owned(), "battery staple".to_owned(), None);
        change.await.unwrap();
        let mut late = Socket::connect(address, "/cable", &[]).await.unwrap();
        assert_eq!(late.subscribe(&own).await["type"], "reject_subscription");
        // A role that changes is looked at anew, and the token with it.
        let bia = world.member("bia", Role::Administrator).await;
        let change = agent::AgentChange { role: Some(Role::Agent), ..Default::default() };
        agent::update(&bia.ctx, world.admin.user_id().unwrap(), change).await.unwrap();
        let bye = socket.until(|frame| frame["type"] == "disconnect").await;
        assert_eq!(bye["reconnect"], false);
        socket.closed().await;
    }

    async fn an_assistant_hears_of_nobody_elses_conversation(test: TestDb) {
        let world = World::new(test).await;
        let ivo = world.member("ivo", Role::Assistant).await;
        let inbox = world.website(&[ivo.id]).await;
        let ivo = ivo.anew().await;
        let address = world.listen().await;
        let mut socket = open(address, &agent_identifier(&ivo.ctx).await).await;
        let mut boss = open(address, &agent_identifier(&world.admin).await).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("für alle")).await.unwrap();
        assert_eq!(contents(&mut socket, 1).await.0, ["für alle"]);
        let admin = world.admin.user_id().unwrap();
        conversation::assign::to_agent(&world.admin, said.message.display_id, Some(admin)).await.unwrap();
        chat::say(&said.ctx, words("nicht für ihn")).await.unwrap();
        conversation::typing::by_agent(&world.admin, said.message.display_id, true, true).await.unwrap();
        // What is handed out later is judged by whose it is then.
        boss.until(|frame| frame["message"]["data"]["content"] == "nicht für ihn").await;
        conversation::assign::to_agent(&world.admin, said.message.display_id, Some(ivo.id)).await.unwrap();
        let is_news = |frame: &Value| frame["message"]["event"] != "presence.update" && frame["type"] != "ping";
        let frame = socket.until(is_news).await;
        assert_eq!(frame["message"]["event"], "conversation.deleted", "{frame}");
        let frame = socket.until(is_news).await;
        assert_eq!(frame["message"]["event"], "message.created", "{frame}");
        // The line that says it is theirs now.
        assert_eq!(frame["message"]["data"]["message_type"], 2);
    }

    async fn a_proven_contact_is_the_same_on_every_device(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let address = world.listen().await;
        let hash = domain::secret::hmac_hex(
            &domain::inbox::secret(&world.admin, inbox.id, "hmac_token").await.unwrap(),
            "cliente-7",
        );
        let claim = visitor::identify::Claim {
            identifier: Some("cliente-7".to_owned()),
            identifier_hash: Some(hash),
            ..Default::default()
        };
        let phone = visitor::identify::set_user(&world.visitor(&inbox).await, claim.clone()).await.unwrap().ctx;
        let laptop = visitor::identify::set_user(&world.visitor(&inbox).await, claim).await.unwrap().ctx;
        let mut on_phone = open(address, &visitor_identifier(&phone)).await;
        let mut on_laptop = open(address, &visitor_identifier(&laptop)).await;
        let draft = Draft { echo_id: Some("0123456789abcdef-1".to_owned()), ..words("do celular") };
        chat::say(&phone, draft).await.unwrap();
        assert_eq!(contents(&mut on_phone, 1).await.0, ["do celular"]);
        assert_eq!(contents(&mut on_laptop, 1).await.0, ["do celular"]);
    }

    async fn a_stopping_server_asks_to_come_back(test: TestDb) {
        let world = World::new(test).await;
        let address = world.listen().await;
        let mut socket = open(address, &agent_identifier(&world.admin).await).await;
        let mut idle = Socket::connect(address, "/cable", &[]).await.unwrap();
        assert_eq!(idle.next().await.unwrap()["type"], "welcome");
        let cookie = session::open(&world.admin, world.admin.user_id().unwrap(), &session::Client::default()).await;
        assert!(cookie.is_ok());
        world.state.shutdown.request();
        for socket in [&mut socket, &mut idle] {
            let bye = socket.until(|frame| frame["type"] == "disconnect").await;
            assert_eq!(bye["reconnect"], true);
        }
        socket.closed().await;
        idle.closed().await;
        assert!(world.state.shutdown.finished(std::time::Duration::from_secs(10)).await);
    }
}
