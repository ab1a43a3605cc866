//! The dashboard's socket.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::socket::Socket;
use crate::support::{World, reply, words};
use domain::session::{self, Client};
use domain::visitor::chat;
use domain::{conversation, message};
use model::{DisplayId, Role};
use serde_json::{Value, json};

async fn cookie(person: &domain::Ctx) -> String {
    let signed_in = session::open(person, person.user_id().unwrap(), &Client::default()).await.unwrap();
    format!("cloudchat_session={}", signed_in.token)
}

fn change<'a>(frame: &'a Value, kind: &str) -> &'a Value {
    assert_eq!(frame["type"], "event", "{frame}");
    assert_eq!(frame["change"]["kind"], kind, "{frame}");
    &frame["change"]
}

fn is_news(frame: &Value) -> bool {
    frame["type"] == "event" || frame["type"] == "reload"
}

db::db_test! {
    async fn who_comes_back_is_told_what_was_missed_once(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let address = world.listen().await;
        let cookie = cookie(&world.admin).await;
        let path = format!("/live?account_id={}", world.account);
        let mut socket = Socket::connect(address, &path, &[("cookie", &cookie)]).await.unwrap();
        let ready = socket.next().await.unwrap();
        assert_eq!(ready["type"], "ready");

        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let created = socket.until(|frame| frame["change"]["kind"] == "message_created").await;
        assert_eq!(created["change"]["message"]["content"], "Oi");
        assert_eq!(created["change"]["conversation"]["row"]["unread_count"], 1);
        let cursor = created["cursor"].as_str().unwrap().to_owned();
        drop(socket);

        let id = said.message.display_id;
        message::send::send(&world.admin, id, reply("Olá!")).await.unwrap();
        chat::say(&said.ctx, words("Tudo bem?")).await.unwrap();
        let mut socket = Socket::connect(address, &format!("{path}&since={cursor}"), &[("cookie", &cookie)]).await.unwrap();
        chat::say(&said.ctx, words("Ainda aí?")).await.unwrap();
        let mut heard = Vec::new();
        let mut ready = 0;
        while heard.len() < 3 {
            let frame = socket.next().await.unwrap();
            ready += i32::from(frame["type"] == "ready");
            if frame["change"]["kind"] == "message_created" {
                heard.push(frame["change"]["message"]["content"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(heard, ["Olá!", "Tudo bem?", "Ainda aí?"]);
        if ready == 0 {
            socket.until(|frame| frame["type"] == "ready").await;
        }

        let mut socket =
            Socket::connect(address, &format!("{path}&since=nonsense"), &[("cookie", &cookie)]).await.unwrap();
        assert_eq!(socket.next().await.unwrap()["type"], "reload");
        assert_eq!(socket.next().await.unwrap()["type"], "ready");
        let future = format!("{path}&since=9000000000000000000.9000000000000000000");
        let mut socket = Socket::connect(address, &future, &[("cookie", &cookie)]).await.unwrap();
        assert_eq!(socket.next().await.unwrap()["type"], "reload");
    }

    async fn only_members_with_a_session_are_let_in(test: TestDb) {
        let world = World::new(test).await;
        let address = world.listen().await;
        let path = format!("/live?account_id={}", world.account);
        assert_eq!(Socket::connect(address, &path, &[]).await.err(), Some(401));
        let wrong = [("cookie", "cloudchat_session=wrong")];
        assert_eq!(Socket::connect(address, &path, &wrong).await.err(), Some(401));
        let stranger = world.stranger().await;
        let cookie = cookie(&stranger.ctx).await;
        assert_eq!(Socket::connect(address, &path, &[("cookie", &cookie)]).await.err(), Some(403));
        let own = format!("/live?account_id={}", stranger.ctx.agent().unwrap().account_id);
        let evil = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
        assert_eq!(Socket::connect(address, &own, &evil).await.err(), Some(403));
        let own_page = [("cookie", cookie.as_str()), ("origin", "http://localhost:3000")];
        assert!(Socket::connect(address, &own, &own_page).await.is_ok());
    }

    async fn an_assistant_hears_only_of_what_is_theirs_or_nobodys(test: TestDb) {
        let world = World::new(test).await;
        let assistant = world.member("ivo", Role::Assistant).await;
        let inbox = world.website(&[assistant.id]).await;
        let hidden = world.website(&[]).await;
        let address = world.listen().await;
        let path = format!("/live?account_id={}", world.account);
        let mut socket =
            Socket::connect(address, &path, &[("cookie", &cookie(&assistant.ctx).await)]).await.unwrap();
        socket.until(|frame| frame["type"] == "ready").await;

        let elsewhere = world.visitor(&hidden).await;
        chat::say(&elsewhere, words("geheim")).await.unwrap();
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        // Older news of people and settings may come first: a socket that begins is told rather too much than too little.
        let of_conversations = |frame: &Value| {
            frame["change"]["kind"].as_str().is_some_and(|kind| kind.starts_with("conversation_") || kind.starts_with("message_"))
        };
        let frame = socket.until(of_conversations).await;
        let created = change(&frame, "conversation_created");
        assert_eq!(created["conversation"]["row"]["inbox_id"], json!(inbox.id));

        let admin = world.admin.user_id().unwrap();
        conversation::assign::to_agent(&world.admin, said.message.display_id, Some(admin)).await.unwrap();
        let gone = socket.until(|frame| frame["change"]["kind"] == "conversation_gone").await;
        assert_eq!(gone["change"]["display_id"], json!(said.message.display_id));
        chat::say(&said.ctx, words("não para ti")).await.unwrap();

        // Whoever leaves the inbox is told to read anew, and hears nothing of it from then on.
        domain::inbox::member::remove(&world.admin, inbox.id, &[assistant.id]).await.unwrap();
        let frame = socket.until(is_news).await;
        assert_eq!(frame["type"], "reload", "{frame}");
        chat::say(&elsewhere, words("ainda geheim")).await.unwrap();
        conversation::assign::to_agent(&world.admin, DisplayId(2), None).await.unwrap();
        domain::inbox::member::add(&world.admin, inbox.id, &[assistant.id]).await.unwrap();
        let frame = socket.until(is_news).await;
        assert_eq!(frame["type"], "reload", "{frame}");
    }

    async fn typing_and_presence_pass_and_a_stopping_server_says_bye(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let address = world.listen().await;
        let path = format!("/live?account_id={}", world.account);
        let mut admin = Socket::connect(address, &path, &[("cookie", &cookie(&world.admin).await)]).await.unwrap();
        admin.until(|frame| frame["type"] == "ready").await;
        let mut agent = Socket::connect(address, &path, &[("cookie", &cookie(&bia.ctx).await)]).await.unwrap();
        agent.until(|frame| frame["type"] == "ready").await;
        let came = admin.until(|frame| frame["passing"]["user_id"] == json!(bia.id)).await;
        assert_eq!(came["passing"]["availability"], "online");

        agent.send(&json!({"type": "alive"})).await;
        let typing = json!({"type": "typing", "conversation_id": said.message.conversation_id, "on": true, "private": false});
        agent.send(&typing).await;
        let heard = admin.until(|frame| frame["passing"]["kind"] == "typing").await;
        assert_eq!(heard["passing"]["who"], json!({"kind": "agent", "id": bia.id, "name": "bia"}));
        chat::typing(&said.ctx, true).await.unwrap();
        let heard = agent.until(|frame| frame["passing"]["kind"] == "typing").await;
        assert_eq!(heard["passing"]["who"]["kind"], "contact");

        agent.send_raw("not a frame").await;
        agent.closed().await;
        world.state.shutdown.request();
        admin.until(|frame| frame["type"] == "bye").await;
        admin.closed().await;
    }

    async fn a_session_that_ended_is_not_let_in_again(test: TestDb) {
        let world = World::new(test).await;
        let address = world.listen().await;
        let path = format!("/live?account_id={}", world.account);
        let cookie = cookie(&world.admin).await;
        assert!(Socket::connect(address, &path, &[("cookie", &cookie)]).await.is_ok());
        let token = cookie.split_once('=').unwrap().1;
        session::sign_out(&world.app.anonymous(), token).await.unwrap();
        assert_eq!(Socket::connect(address, &path, &[("cookie", &cookie)]).await.err(), Some(401));
    }

    async fn ended_sessions_close_their_sockets_at_once(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let address = world.listen().await;
        let path = format!("/live?account_id={}", world.account);
        let open = async |cookie: &str| {
            let mut socket = Socket::connect(address, &path, &[("cookie", cookie)]).await.unwrap();
            socket.until(|frame| frame["type"] == "ready").await;
            socket
        };
        let token = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
        let (own, first, second, third) =
            (cookie(&bia.ctx).await, cookie(&bia.ctx).await, cookie(&bia.ctx).await, cookie(&bia.ctx).await);
        let mut kept = open(&own).await;
        // Signing out there, ending one from here, and ending all others.
        let socket = open(&first).await;
        session::sign_out(&world.app.anonymous(), &token(&first)).await.unwrap();
        socket.closed().await;
        let socket = open(&second).await;
        let sessions = session::list(&bia.ctx, Some(&token(&second))).await.unwrap();
        let id = sessions.iter().find(|session| session.current).unwrap().id;
        session::end(&bia.ctx, id).await.unwrap();
        socket.closed().await;
        let socket = open(&third).await;
        assert_eq!(session::end_others(&bia.ctx, Some(&token(&own))).await.unwrap(), 1);
        socket.closed().await;
        // The one that is left hears on; a colleague's notices nothing.
        let mut admins = open(&cookie(&world.admin).await).await;
        let visitor = world.visitor(&world.website(&[bia.id]).await).await;
        chat::say(&visitor, words("Oi")).await.unwrap();
        kept.until(|frame| frame["type"] == "reload" || frame["change"]["kind"] == "message_created").await;
        admins.until(|frame| frame["change"]["kind"] == "message_created").await;
        // A new password leaves only the browser that chose it.
        let other = open(&cookie(&bia.ctx).await).await;
        let link = session::reset::link(&world.app.system(), bia.id).await.unwrap();
        let reset = link.split("token=").nth(1).unwrap().to_owned();
        session::reset::redeem(&world.app.anonymous(), &reset, "battery staple".to_owned()).await.unwrap();
        other.closed().await;
        kept.closed().await;
    }

    async fn ended_sessions_close_their_sockets_on_other_nodes_too(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let (here, there) = (world.listen().await, world.second_node().await);
        let path = format!("/live?account_id={}", world.account);
        let mut sockets = Vec::new();
        let (own, other) = (cookie(&bia.ctx).await, cookie(&bia.ctx).await);
        for (node, cookie) in [(here, &own), (there, &own), (there, &other)] {
            let mut socket = Socket::connect(node, &path, &[("cookie", cookie)]).await.unwrap();
            socket.until(|frame| frame["type"] == "ready").await;
            sockets.push(socket);
        }
        let own_token = own.split_once('=').unwrap().1;
        assert_eq!(session::end_others(&bia.ctx, Some(own_token)).await.unwrap(), 1);
        sockets.pop().unwrap().closed().await;
        assert_eq!(Socket::connect(there, &path, &[("cookie", &other)]).await.err(), Some(401));
        // Those of the session that was kept hear on, on both nodes.
        let visitor = world.visitor(&world.website(&[bia.id]).await).await;
        chat::say(&visitor, words("Oi")).await.unwrap();
        for socket in &mut sockets {
            socket.until(|frame| frame["type"] == "reload" || frame["change"]["kind"] == "message_created").await;
        }
    }

    async fn colleagues_learn_who_looks_at_what_they_may_see(test: TestDb) {
        let world = World::new(test).await;
        let (bia, assistant) = (world.member("bia", Role::Agent).await, world.member("caio", Role::Assistant).await);
        let inbox = world.website(&[bia.id, assistant.id]).await;
        let said = chat::say(&world.visitor(&inbox).await, words("Oi")).await.unwrap();
        let conversation = said.message.conversation_id;
        conversation::assign::to_agent(&world.admin, said.message.display_id, Some(bia.id)).await.unwrap();
        let (bia, assistant) = (bia.anew().await, assistant.anew().await);
        let address = world.listen().await;
        let path = format!("/live?account_id={}", world.account);
        let mut open = Vec::new();
        for person in [&world.admin, &bia.ctx, &assistant.ctx] {
            let mut socket = Socket::connect(address, &path, &[("cookie", &cookie(person).await)]).await.unwrap();
            socket.until(|frame| frame["type"] == "ready").await;
            open.push(socket);
        }
        let (mut theirs, mut hers, mut admins) = (open.pop().unwrap(), open.pop().unwrap(), open.pop().unwrap());
        let is_look = |frame: &Value| frame["passing"]["kind"] == "looking";
        hers.send(&json!({"type": "looking", "conversation_id": conversation, "on": true})).await;
        let told = admins.until(is_look).await;
        assert_eq!(told["passing"], json!({"kind": "looking", "conversation_id": conversation, "user_id": bia.id, "on": true}));
        admins.send(&json!({"type": "looking", "conversation_id": conversation, "on": true})).await;
        assert_eq!(hers.until(is_look).await["passing"]["user_id"], json!(world.admin.user_id().unwrap()));
        // Whoever goes away without a word has left.
        drop(hers);
        let told = admins.until(is_look).await;
        assert_eq!((&told["passing"]["user_id"], &told["passing"]["on"]), (&json!(bia.id), &json!(false)));
        // An assistant learns nothing of a conversation that is somebody else's, nor of who looks at it; what they say of it is nothing.
        theirs.send(&json!({"type": "looking", "conversation_id": conversation, "on": true})).await;
        conversation::assign::to_agent(&world.admin, said.message.display_id, None).await.unwrap();
        admins.send(&json!({"type": "looking", "conversation_id": conversation, "on": true})).await;
        assert_eq!(theirs.until(is_look).await["passing"]["user_id"], json!(world.admin.user_id().unwrap()));
        theirs.send(&json!({"type": "looking", "conversation_id": conversation, "on": true})).await;
        assert_eq!(admins.until(is_look).await["passing"]["user_id"], json!(assistant.id));
    }
}
