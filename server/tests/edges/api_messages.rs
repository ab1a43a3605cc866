//! Messages over REST, and everything that can be wrong with a request.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{Answer, World, words};
use axum::body::Body;
use axum::http::Request;
use domain::visitor::chat;
use serde_json::{Value, json};

const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\0\0\0\0IEND\xaeB`\x82";

/// One part of a form: its name, a file's name, the content.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"))
            .unwrap_or_default();
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    body
}

async fn post(world: &World, rest: &str, content_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri(world.path(rest))
        .header("api_access_token", &world.admin_token)
        .header("content-type", content_type)
        .body(Body::from(body))
        .unwrap();
    world.send(request).await
}

async fn post_form(world: &World, rest: &str, parts: &[Part<'_>]) -> Answer {
    post(world, rest, "multipart/form-data; boundary=x", form(parts)).await
}

async fn begin(world: &World) -> String {
    let inbox = world.website(&[]).await;
    let visitor = world.visitor(&inbox).await;
    let said = chat::say(&visitor, words("Oi")).await.unwrap();
    format!("/conversations/{}/messages", said.message.display_id)
}

fn contents(list: &Value) -> Vec<&str> {
    list["payload"].as_array().unwrap().iter().map(|message| message["content"].as_str().unwrap_or_default()).collect()
}

db::db_test! {
    async fn messages_are_written_and_read_in_windows(test: TestDb) {
        let world = World::new(test).await;
        let path = begin(&world).await;
        let sent = world.post(&path, json!({"content": "Olá **você**", "echo_id": "e1"})).await.ok();
        let mut keys: Vec<&str> = sent.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, [
            "content", "content_attributes", "content_type", "conversation_id", "created_at", "echo_id", "id", "inbox_id",
            "message_type", "private", "sender", "source_id", "status",
        ]);
        assert_eq!((&sent["message_type"], &sent["status"], &sent["private"]), (&json!(1), &json!("sent"), &json!(false)));
        assert_eq!((&sent["sender"]["type"], &sent["sender"]["name"]), (&json!("user"), &json!("Ana Souza")));
        let note = world.post(&path, json!({"message": {"content": "nota", "private": "true", "content_attributes": "{\"in_reply_to\": 1}"}})).await.ok();
        assert_eq!((&note["private"], &note["content_attributes"]), (&json!(true), &json!({"in_reply_to": 1})));
        for number in 0..30 {
            world.post(&path, json!({"content": format!("m{number}")})).await.ok();
        }
        let newest = world.get(&path).await.ok();
        assert_eq!(contents(&newest).len(), 20);
        assert_eq!(contents(&newest)[19], "m29");
        assert_eq!(newest["meta"]["contact"]["type"], "contact");
        let first = newest["payload"][0]["id"].as_i64().unwrap();
        let older = world.get(&format!("{path}?before={first}")).await.ok();
        assert_eq!(contents(&older)[..3], ["Oi", "Olá **você**", "nota"]);
        let from = older["payload"][0]["id"].as_i64().unwrap();
        let newer = world.get(&format!("{path}?after={from}")).await.ok();
        assert_eq!(contents(&newer).len(), 32);
        let between = world.get(&format!("{path}?after={from}&before={first}")).await.ok();
        assert_eq!(contents(&between).len(), contents(&older).len() - 1);
        assert_eq!(world.get(&format!("{path}?before=x")).await.refused(422)["attributes"], json!(["before"]));
    }

    async fn sending_twice_gives_one_message(test: TestDb) {
        let world = World::new(test).await;
        let path = begin(&world).await;
        let body = json!({"content": "uma vez", "echo_id": "0123456789abcdef-7"});
        let first = world.post(&path, body.clone()).await.ok();
        let second = world.post(&path, body).await.ok();
        assert_eq!((&first["id"], &first["echo_id"]), (&second["id"], &json!("0123456789abcdef-7")));
        assert_eq!(contents(&world.get(&path).await.ok()), ["Oi", "uma vez"]);
    }

    async fn files_come_in_forms(test: TestDb) {
        let world = World::new(test).await;
        let path = begin(&world).await;
        let parts: [Part<'_>; 4] = [
            ("content", None, "segue a foto".as_bytes()),
            ("attachments[]", Some("foto.png"), PIXEL),
            ("attachments[]", Some("nota.txt"), b"total: 7"),
            ("private", None, b"false"),
        ];
        let sent = post_form(&world, &path, &parts).await.ok();
        assert_eq!(sent["content"], "segue a foto");
        let files = sent["attachments"].as_array().unwrap();
        assert_eq!((&files[0]["file_type"], &files[0]["width"], &files[0]["extension"]), (&json!("image"), &json!(1), &json!("png")));
        assert_eq!((&files[1]["file_type"], &files[1]["file_size"]), (&json!("file"), &json!(8)));
        let url = files[0]["data_url"].as_str().unwrap();
        let local = url.strip_prefix("http://localhost:3000").unwrap();
        let fetched = world.send(Request::builder().uri(local).body(Body::empty()).unwrap()).await;
        assert_eq!(fetched.bytes, PIXEL);

        let alone = post_form(&world, &path, &[("attachments[]", Some("so.txt"), b"x")]).await.ok();
        assert!(alone["content"].is_null());
        let conversation = path.trim_end_matches("/messages");
        let all = world.get(&format!("{conversation}/attachments")).await.ok();
        assert_eq!(all["meta"]["total_count"], 3);
        assert_eq!(all["payload"][0]["message_id"], alone["id"]);
        assert_eq!(all["payload"][0]["sender"]["type"], "user");

        let before = contents(&world.get(&path).await.ok()).len();
        let many: Vec<Part<'_>> = (0..16).map(|_| ("attachments[]", Some("a.txt"), b"x".as_slice())).collect();
        assert_eq!(post_form(&world, &path, &many).await.refused(422)["attributes"], json!(["attachments"]));
        let large = vec![b'x'; 40 * 1024 * 1024 + 1];
        let parts: [Part<'_>; 2] = [("attachments[]", Some("ok.txt"), b"x"), ("attachments[]", Some("large.txt"), &large)];
        assert_eq!(post_form(&world, &path, &parts).await.refused(422)["attributes"], json!(["attachments"]));
        assert_eq!(contents(&world.get(&path).await.ok()).len(), before);

        let opened = post_form(&world, "/conversations", &[
            ("source_id", None, all_source(&world, conversation).await.as_bytes()),
            ("message[content]", None, b"nova"),
            ("message[attachments][]", Some("foto.png"), PIXEL),
        ]).await.ok();
        assert_eq!(opened["last_non_activity_message"]["attachments"][0]["file_type"], "image");
    }

    async fn a_message_is_taken_back(test: TestDb) {
        let world = World::new(test).await;
        let path = begin(&world).await;
        let sent = post_form(&world, &path, &[("content", None, b"ups"), ("attachments[]", Some("a.png"), PIXEL)]).await.ok();
        let url = sent["attachments"][0]["data_url"].as_str().unwrap().replace("http://localhost:3000", "");
        let at = format!("{path}/{}", sent["id"]);
        let gone = world.delete(&at).await.ok();
        assert_eq!(gone["content_attributes"], json!({"deleted": true}));
        assert_eq!(gone["content"], "Esta mensagem foi excluída");
        assert!(gone.get("attachments").is_none());
        assert_eq!(world.send(Request::builder().uri(&url).body(Body::empty()).unwrap()).await.status.as_u16(), 404);
        world.delete(&format!("{path}/999999")).await.refused(404);
        world.post(&format!("{at}/retry"), json!({})).await.ok();
        // Where contacts read their messages here, nobody else says how far they came.
        world.patch(&at, json!({"status": "delivered"})).await.refused(403);
        world.patch(&at, json!({"status": "lost"})).await.refused(422);
    }

    async fn bad_requests_are_told_so_and_leave_nothing(test: TestDb) {
        let world = World::new(test).await;
        let path = begin(&world).await;
        let json_type = "application/json";
        for (status, content_type, body) in [
            (400, json_type, b"{".to_vec()),
            (400, json_type, b"[1]".to_vec()),
            (400, json_type, b"\"text\"".to_vec()),
            (400, json_type, b"{\"content\": \"\xff\"}".to_vec()),
            (400, json_type, [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
            (422, json_type, b"{}".to_vec()),
            (422, json_type, br#"{"content": {"a": 1}}"#.to_vec()),
            (422, json_type, br#"{"content": "  \u0007 "}"#.to_vec()),
            (422, json_type, br#"{"content": "a\u0000b"}"#.to_vec()),
            (422, json_type, br#"{"content": "x", "message_type": "incoming"}"#.to_vec()),
            (422, json_type, br#"{"content": "x", "content_type": "none"}"#.to_vec()),
            (422, json_type, br#"{"content": "x", "content_type": "cards"}"#.to_vec()),
            (422, json_type, br#"{"content": "x", "content_attributes": [1]}"#.to_vec()),
            (422, json_type, br#"{"content": "x", "private": "perhaps"}"#.to_vec()),
            (422, json_type, json!({"content": "x".repeat(1 << 20)}).to_string().into_bytes()),
            (422, json_type, json!({"content": "x", "echo_id": "y".repeat(500)}).to_string().into_bytes()),
            (400, "multipart/form-data; boundary=x", b"--x\r\nnonsense".to_vec()),
            (400, "multipart/form-data", b"x".to_vec()),
            (400, "application/x-www-form-urlencoded", b"content=%ff".to_vec()),
            (422, "application/x-www-form-urlencoded", b"content[a]=1&content=2".to_vec()),
        ] {
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            let answer = post(&world, &path, content_type, body).await;
            assert_eq!(answer.status.as_u16(), status, "{shown}: {}", answer.text());
            assert!(answer.json()["error"].is_string(), "{shown}");
        }
        let many: String = (0..600).map(|number| format!("a{number}=1&")).collect();
        post(&world, &path, "application/x-www-form-urlencoded", many.into_bytes()).await.refused(422);
        assert_eq!(contents(&world.get(&path).await.ok()), ["Oi"]);
        // Control characters go, the rest stays.
        let sent = world.post(&path, json!({"content": "a\u{7}b\r\nc"})).await.ok();
        assert_eq!(sent["content"], "ab\nc");
        let form = post(&world, &path, "application/x-www-form-urlencoded", b"content=por+form&private=true".to_vec()).await.ok();
        assert_eq!((&form["content"], &form["private"]), (&json!("por form"), &json!(true)));
    }

    async fn a_body_that_announces_too_much_is_not_read(test: TestDb) {
        let world = World::new(test).await;
        let path = begin(&world).await;
        let request = Request::builder()
            .method("POST")
            .uri(world.path(&path))
            .header("api_access_token", &world.admin_token)
            .header("content-type", "application/json")
            .header("content-length", "99999999999")
            .body(Body::empty())
            .unwrap();
        assert!(world.send(request).await.refused(413)["error"].is_string());
    }
}

async fn all_source(world: &World, conversation: &str) -> String {
    let shown = world.get(conversation).await.ok();
    shown["last_non_activity_message"]["conversation"]["contact_inbox"]["source_id"].as_str().unwrap().to_owned()
}
