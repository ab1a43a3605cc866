//! The public client API, through the real router.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::program::{begin, call, inbox, join, sign};
use crate::support::socket::Socket;

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

    async fn what_is_asked_is_answered_where_it_was_asked(test: TestDb) {
        let world = World::new(test).await;
        let inbox = inbox(&world, json!({})).await;
        let (contact, conversation) = begin(&world, &inbox).await;
        let number = conversation.rsplit('/').next().unwrap().to_owned();
        let ask = async |kind: &str, items: Value| {
            let body = json!({ "content": "Escolha", "content_type": kind, "content_attributes": { "items": items } });
            world.post(&format!("/conversations/{number}/messages"), body).await.ok()["id"].clone()
        };
        let answer = async |conversation: &str, id: &Value, given: Value| {
            call(&world, "PATCH", &inbox, &format!("{conversation}/messages/{id}"), given).await
        };
        let chosen = |value: &str| json!({ "submitted_values": [{ "title": "?", "value": value }] });
        let choice = ask("input_select", json!([{ "title": "Troca", "value": "1" }, { "title": "Entrega", "value": "2" }])).await;
        answer(&conversation, &choice, chosen("3")).await.refused(422);
        answer(&conversation, &choice, json!({})).await.refused(422);
        let answered = answer(&conversation, &choice, chosen("2")).await.ok();
        assert_eq!(answered["content_attributes"]["submitted_values"], json!([{ "title": "Entrega", "value": "2" }]));
        answer(&conversation, &choice, chosen("2")).await.ok();
        answer(&conversation, &choice, chosen("1")).await.refused(422);

        let form = ask("form", json!([{ "name": "cep", "label": "CEP", "type": "text", "required": true, "pattern": "^\\d{8}$" }])).await;
        let filled = |value: &str| json!({ "submitted_values": [{ "name": "cep", "value": value }] });
        answer(&conversation, &form, filled("12")).await.refused(422);
        answer(&conversation, &form, filled("01310100")).await.ok();
        let words = world.post(&format!("/conversations/{number}/messages"), json!({ "content": "Obrigada" })).await.ok();
        answer(&conversation, &words["id"], chosen("1")).await.refused(422);
        let note = world.post(&format!("/conversations/{number}/messages"), json!({ "content": "nota", "private": true })).await.ok();
        for nothing in [note["id"].clone(), json!(0), json!("x"), json!(999_999)] {
            answer(&conversation, &nothing, chosen("2")).await.refused(404);
        }
        // It belongs to one conversation, and to one contact.
        let other = call(&world, "POST", &inbox, &format!("{contact}/conversations"), json!({})).await.ok();
        answer(&format!("{contact}/conversations/{}", other["id"]), &choice, chosen("2")).await.refused(404);
        let (_, foreign) = begin(&world, &inbox).await;
        answer(&foreign, &choice, chosen("2")).await.refused(404);
    }

    async fn what_is_written_into_what_is_over_reopens_it_or_begins_anew(test: TestDb) {
        let world = World::new(test).await;
        let inbox = inbox(&world, json!({})).await;
        let (contact, conversation) = begin(&world, &inbox).await;
        let number = conversation.rsplit('/').next().unwrap().to_owned();
        let write = async |words: &str| {
            call(&world, "POST", &inbox, &format!("{conversation}/toggle_status"), json!({})).await.ok();
            let said = call(&world, "POST", &inbox, &format!("{conversation}/messages"), json!({ "content": words })).await.ok();
            said["conversation_id"].to_string()
        };
        let status = async || call(&world, "GET", &inbox, &conversation, Value::Null).await.ok()["status"].clone();
        assert_eq!(write("Voltei").await, number);
        assert_eq!(status().await, "open");
        world.patch(&format!("/inboxes/{}", inbox["id"]), json!({ "allow_messages_after_resolved": false })).await.ok();
        assert_ne!(write("Outra coisa").await, number);
        assert_eq!(status().await, "resolved");
        let all = call(&world, "GET", &inbox, &format!("{contact}/conversations"), Value::Null).await.ok();
        assert_eq!(all.as_array().unwrap().len(), 2);
    }

    async fn short_ids_are_no_keys(test: TestDb) {
        let world = World::new(test).await;
        let inbox = inbox(&world, json!({})).await;
        let (_, conversation) = begin(&world, &inbox).await;
        let say = async |echo: &str| {
            let said = call(&world, "POST", &inbox, &format!("{conversation}/messages"), json!({ "content": "Oi", "echo_id": echo })).await;
            said.ok()["id"].clone()
        };
        let (short, long) = ("fifteen-letters", "sixteen-letters!");
        assert_eq!((short.len(), long.len()), (15, 16));
        assert_ne!(say(short).await, say(short).await);
        assert_eq!(say(long).await, say(long).await);
    }
}
