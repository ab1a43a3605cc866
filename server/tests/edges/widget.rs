//! The widget's frame and its API, through the real router.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::browser::Browser;
use crate::support::socket::Socket;
use crate::support::{Answer, World, reply, words};
use axum::body::Body;
use axum::http::{Request, header};
use domain::visitor::{chat, token};
use domain::{contact, inbox, message};
use model::inbox::Inbox;
use serde_json::{Value, json};

/// The smallest picture.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0xda, 0x63, 0x64, 0xf8, 0xcf,
    0xf0, 0x1f, 0, 4, 0, 1, 0xff, 0x56, 0xc7, 0x2b, 0x6d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    world.send(request.body(Body::empty()).unwrap()).await
}

async fn contacts(world: &World) -> i64 {
    contact::read::count(&world.admin, world.account).await.unwrap()
}

/// What stands between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map(|(found, _)| found).unwrap()
}

async fn allow(world: &World, inbox: &Inbox, domains: Value) {
    let settings = inbox::Settings { config: Some(json!({"allowed_domains": domains})), ..inbox::Settings::default() };
    inbox::update(&world.admin, inbox.id, settings).await.unwrap();
}

db::db_test! {
    async fn the_frame_holds_tokens_that_work_and_leaves_no_row(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[world.admin.user_id().unwrap()]).await;
        let frame = get(&world, &format!("/widget?website_token={}", inbox.identifier), &[]).await;
        let html = frame.text();
        assert_eq!(frame.status, 200, "{html}");
        let mut browser = Browser::new(&world, &inbox);
        browser.token = between(&html, "window.authToken = '", "'").to_owned();
        assert!(between(&html, "window.chatwootPubsubToken = '", "'").len() > 20);
        let boot: Value = serde_json::from_str(between(&html, "window.cloudchatBoot = ", "\n</script>")).unwrap();
        assert_eq!(boot["websiteToken"], inbox.identifier);
        assert_eq!(boot["session"], false);
        assert_eq!(boot["conversation"], Value::Null);
        assert_eq!(boot["members"].as_array().unwrap().len(), 1);
        let policy = frame.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.ends_with("frame-ancestors *"), "{policy}");
        assert!(policy.contains("img-src 'self' data: blob: https:;"), "{policy}");
        assert!(!frame.headers.contains_key(header::X_FRAME_OPTIONS));
        assert!(!frame.headers.contains_key(header::SET_COOKIE));
        assert_eq!(frame.headers[header::REFERRER_POLICY], "same-origin");
        for quiet in ["contact", "conversations", "messages", "inbox_members", "campaigns"] {
            browser.ask("GET", quiet, Value::Null).await.ok();
        }
        browser.ask("POST", "events", json!({"name": "webwidget.triggered"})).await;
        assert_eq!(contacts(&world).await, 0);
    }

    async fn the_first_message_makes_the_visitor_real_and_a_retry_is_the_same_message(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let mut browser = Browser::new(&world, &inbox);
        let message = json!({"message": {"content": "Oi **vocês**", "echo_id": "5f0c0ef2-6a3c-4c0e", "referer_url": "https://loja.com.br/p"}});
        let first = browser.ask("POST", "messages", message.clone()).await.ok();
        assert_eq!(first["content"], "Oi **vocês**");
        assert_eq!(first["message_type"], 0);
        assert_eq!(first["echo_id"], "5f0c0ef2-6a3c-4c0e");
        assert!(first["pubsub_token"].is_string() && !browser.token.is_empty());
        let again = browser.ask("POST", "messages", message).await.ok();
        assert_eq!(again["id"], first["id"]);
        assert!(again["widget_auth_token"].is_null());
        let list = browser.ask("GET", "messages", Value::Null).await.ok();
        assert_eq!(list["payload"].as_array().unwrap().len(), 1);
        let conversation = browser.ask("GET", "conversations", Value::Null).await.ok();
        assert_eq!((&conversation["id"], &conversation["status"]), (&first["conversation_id"], &json!("open")));
        let seen = world.get(&format!("/conversations/{}", first["conversation_id"])).await;
        assert!(seen.status == 404 || seen.ok()["additional_attributes"]["referer"] == "https://loja.com.br/p");
        assert_eq!(contacts(&world).await, 1);
    }

    async fn pages_of_messages_go_both_ways(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let mut browser = Browser::new(&world, &inbox);
        let mut ids = Vec::new();
        for number in 0..25 {
            ids.push(browser.say(&number.to_string()).await["id"].as_i64().unwrap());
        }
        let mut page = async |query: String| {
            let page = browser.ask("GET", &format!("messages{query}"), Value::Null).await.ok();
            page["payload"].as_array().unwrap().iter().map(|message| message["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(page(String::new()).await, ids[5..]);
        assert_eq!(page(format!("?before={}", ids[5])).await, ids[..5]);
        assert_eq!(page(format!("?after={}", ids[20])).await, ids[21..]);
        assert_eq!(page(format!("?after={}&before={}", ids[0], ids[24])).await, ids[1..24]);
        browser.ask("GET", "messages?before=x", Value::Null).await.refused(422);
    }

    async fn files_are_kept_and_disguised_ones_refused(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let browser = Browser::new(&world, &inbox);
        let sent = browser.send_files(&[("foto é.png", "image/png", PNG), ("nota.txt", "text/plain", b"ola")]).await.ok();
        let files = sent["attachments"].as_array().unwrap();
        assert_eq!(files.len(), 2);
        assert_eq!((&files[0]["file_type"], &files[1]["file_type"]), (&json!("image"), &json!("file")));
        assert_eq!((&files[0]["file_name"], &files[0]["width"]), (&json!("foto é.png"), &json!(1)));
        for (name, kind, content) in [
            ("x.png", "image/png", &b"<script>alert(1)</script>"[..]),
            ("x.html", "text/html", b"<script>alert(1)</script>"),
            ("x.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("x.exe", "image/png", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"),
            ("empty.txt", "text/plain", b""),
        ] {
            let refused = browser.send_files(&[("ok.png", "image/png", PNG), (name, kind, content)]).await.refused(422);
            assert_eq!(refused["attributes"], json!(["attachments"]), "{name}");
        }
        let many: Vec<_> = (0..16).map(|_| ("a.png", "image/png", PNG)).collect();
        let refused = browser.send_files(&many).await.refused(422);
        assert_eq!(refused["message"], "At most 15 files fit in a message.");
        // Refused messages leave nothing: only the first browser that sent something is a contact.
        assert_eq!(contacts(&world).await, 1);
    }

    async fn bad_input_is_named_and_stores_nothing(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let mut browser = Browser::new(&world, &inbox);
        for body in ["{", "[]", "\"x\"", "{\"message\":{\"content\":}}"] {
            browser.send("POST", "messages", "application/json", body.into()).await.refused(422);
        }
        browser.ask("POST", "messages", json!({"message": {"content": " \t\n "}})).await.refused(422);
        browser.ask("POST", "messages", json!({})).await.refused(422);
        browser.ask("POST", "messages", json!({"message": {"content": ""}})).await.refused(422);
        browser.ask("POST", "messages", json!({"message": "text"})).await.refused(422);
        let huge = browser.ask("POST", "messages", json!({"message": {"content": "x".repeat(1 << 20)}})).await;
        assert!((400..500).contains(&huge.status.as_u16()), "{}", huge.status);
        let long = browser.ask("POST", "messages", json!({"message": {"content": "x".repeat(150_001)}})).await;
        assert_eq!(long.refused(422)["attributes"], json!(["content"]));
        browser.ask("POST", "conversations/toggle_typing", json!({"typing_status": "loud"})).await.refused(422);
        browser.ask("POST", "conversations/toggle_typing", json!({"typing_status": "on"})).await.refused(404);
        for (method, path) in [("POST", "messages"), ("GET", "contact"), ("POST", "config"), ("GET", "unread")] {
            let mut nowhere = Browser { world: &world, website_token: "nowhere".to_owned(), token: String::new() };
            let refused = nowhere.ask(method, path, Value::Null).await.refused(404);
            assert_eq!(refused, json!({"error": "Resource could not be found"}), "{path}");
        }
        let controls = browser.say("a\u{0}b\u{7}c\u{202e}d").await;
        assert!(!controls["content"].as_str().unwrap().contains('\u{0}'));
    }

    async fn a_visitor_reads_only_their_own_messages(test: TestDb) {
        let world = World::new(test).await;
        let (inbox, other) = (world.website(&[]).await, world.website(&[]).await);
        let mut ana = Browser::new(&world, &inbox);
        let secret = ana.say("segredo").await;
        for (inbox, token) in [(&inbox, String::new()), (&other, ana.token.clone()), (&inbox, format!("{}x", ana.token))] {
            let mut stranger = Browser { world: &world, website_token: inbox.identifier.clone(), token };
            let list = stranger.ask("GET", "messages", Value::Null).await.ok();
            assert_eq!(list["payload"], json!([]));
            assert_eq!(stranger.ask("GET", "conversations", Value::Null).await.ok(), json!({}));
        }
        let id = serde_json::from_value(secret["conversation_id"].clone()).unwrap();
        let note = message::send::Draft { private: true, ..reply("cliente difícil") };
        message::send::send(&world.admin, id, note).await.unwrap();
        message::send::send(&world.admin, id, reply("Olá!")).await.unwrap();
        let list = ana.ask("GET", "messages", Value::Null).await.ok();
        let contents: Vec<_> = list["payload"].as_array().unwrap().iter().map(|message| message["content"].clone()).collect();
        assert_eq!(contents, [json!("segredo"), json!("Olá!")]);
        assert_eq!(list["payload"][1]["sender"]["type"], "user");
    }

    async fn the_page_says_who_the_visitor_is(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let mut browser = Browser::new(&world, &inbox);
        let user = json!({"identifier": 42, "email": "Ana@Example.com", "name": "Ana", "custom_attributes": {"plano": "Premium"}});
        let set = browser.ask("PATCH", "contact/set_user", user).await.ok();
        assert_eq!((&set["has_email"], &set["has_name"]), (&json!(true), &json!(true)));
        assert!(set["widget_auth_token"].is_string() && set["pubsub_token"].is_string());
        let known = browser.ask("GET", "contact", Value::Null).await.ok();
        assert_eq!(known["identifier"], "42");
        assert!(!known.to_string().contains("example.com"));
        let wrong = json!({"identifier": "43", "identifier_hash": "00"});
        let refused = browser.ask("PATCH", "contact/set_user", wrong).await.refused(401);
        assert_eq!(refused["error"], "HMAC failed: Invalid Identifier Hash Provided");
        assert_eq!(contacts(&world).await, 1);
    }

    async fn only_listed_sites_may_use_the_chat(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        allow(&world, &inbox, json!(["Loja.com.br.", "*.example.com", "bücher.de", "staging.example.net:8443"])).await;
        let address = world.listen().await;
        let stream = token::stream(&world.visitor(&inbox).await).unwrap();
        let frame = format!("/widget?website_token={}", inbox.identifier);
        let page = get(&world, &frame, &[]).await;
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        for site in ["https://loja.com.br:*", "http://loja.com.br:*", "https://*.example.com:*"] {
            assert!(policy.contains(site), "{policy}");
        }
        let contact = format!("/api/v1/widget/contact?website_token={}", inbox.identifier);
        for (site, status) in [
            ("https://loja.com.br", 200),
            ("https://LOJA.com.br", 200),
            ("https://loja.com.br.", 200),
            ("https://loja.com.br:8443", 200),
            ("https://app.example.com", 200),
            ("https://a.b.example.com", 200),
            ("https://xn--bcher-kva.de", 200),
            ("https://staging.example.net:8443", 200),
            ("https://staging.example.net", 403),
            ("https://www.loja.com.br", 403),
            ("https://example.com", 403),
            ("https://loja.com.br.evil.example", 403),
        ] {
            let framed = [("referer", site), ("sec-fetch-dest", "iframe"), ("accept", "text/html")];
            let framed = get(&world, &frame, &framed).await;
            assert_eq!(framed.status, status, "{site}");
            assert_eq!(framed.text().contains("authToken"), status == 200);
            assert_eq!(framed.text().contains("blocked"), status == 403, "the page around it is told");
            assert_eq!(get(&world, &contact, &[("origin", site)]).await.status, status, "{site}");
            let mut socket = Socket::connect(address, "/cable", &[("origin", site)]).await.unwrap();
            let answer = socket.subscribe(&json!({"channel": "RoomChannel", "pubsub_token": stream})).await;
            assert_eq!(answer["type"] == "confirm_subscription", status == 200, "{site}: {answer}");
        }
    }

    async fn a_frame_of_nowhere_says_so_to_people_and_to_programs(test: TestDb) {
        let world = World::new(test).await;
        let program = get(&world, "/widget?website_token=nowhere", &[]).await;
        assert_eq!(program.refused(404), json!({"error": "Resource could not be found"}));
        let person = get(&world, "/widget?website_token=nowhere", &[("accept", "text/html"), ("accept-language", "pt-BR")]).await;
        assert_eq!(person.status, 404);
        assert!(person.text().contains("Este chat não está disponível"));
    }

    async fn the_badge_follows_without_the_chat(test: TestDb) {
        use futures::StreamExt as _;
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let unread = |token: String| format!("/api/v1/widget/unread?website_token={}&cw_conversation={token}", inbox.identifier);
        let newcomer = get(&world, &unread(token::issue(&visitor).unwrap()), &[("origin", "https://loja.com.br")]).await;
        assert_eq!(newcomer.status, 204);
        assert_eq!(newcomer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");

        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let address = world.listen().await;
        let url = format!("http://{address}{}", unread(token::issue(&said.ctx).unwrap()));
        // Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut stream = reqwest::get(url).await.unwrap().bytes_stream();
        let mut next = async || {
            let mut text = String::new();
            while !text.ends_with("\n\n") {
                text.push_str(&String::from_utf8_lossy(&stream.next().await.unwrap().unwrap()));
            }
            let data = between(&text, "event: unread\ndata: ", "\n").to_owned();
            serde_json::from_str::<Value>(&data).unwrap()
        };
        assert_eq!(next().await, json!({"count": 0}));
        message::send::send(&world.admin, said.message.display_id, reply("Olá, **tudo** bem?")).await.unwrap();
        let news = next().await;
        assert_eq!((&news["count"], &news["text"], &news["name"]), (&json!(1), &json!("Olá, tudo bem?"), &json!("Ana Souza")));
        chat::seen(&said.ctx).await.unwrap();
        assert_eq!(next().await, json!({"count": 0}));
    }

    async fn the_clock_says_whether_somebody_is_there_when_an_inbox_has_hours(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[world.admin.user_id().unwrap()]).await;
        let path = format!("/inboxes/{}", inbox.id);
        let boot = || async {
            let page = get(&world, &format!("/widget?website_token={}", inbox.identifier), &[]).await.text();
            let boot: Value = serde_json::from_str(between(&page, "window.cloudchatBoot = ", "\n</script>")).unwrap();
            boot
        };
        assert_eq!(boot().await["available"], false, "nobody has a page open");
        let days = |open: bool| {
            let day = |number| json!({"day_of_week": number, "open_all_day": open, "closed_all_day": !open});
            (0..7).map(day).collect::<Vec<_>>()
        };
        world.patch(&path, json!({"working_hours_enabled": true, "working_hours": days(true)})).await.ok();
        let open = boot().await;
        assert_eq!((&open["available"], &open["opensAt"]), (&json!(true), &Value::Null));
        assert_eq!(open["workingHours"][0]["open_all_day"], true);
        let mut one = days(false);
        one[3] = json!({"day_of_week": 3, "open_hour": 9, "close_hour": 10});
        world.patch(&path, json!({"working_hours": days(false), "out_of_office_message": "Volte amanhã."})).await.ok();
        let closed = boot().await;
        assert_eq!((&closed["available"], &closed["opensAt"]), (&json!(false), &Value::Null));
        assert_eq!(closed["outOfOfficeMessage"], "Volte amanhã.");
        world.patch(&path, json!({"working_hours": one})).await.ok();
        let rare = boot().await;
        assert!(rare["available"] == true || rare["opensAt"].as_i64().unwrap() > world.app.clock.now(), "{rare}");
    }
}
