//! E-mail inboxes over REST.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::post_support::dovecot::{Dovecot, Options, PASSWORD};
use crate::support::World;
use model::Role;
use serde_json::json;
use tokio::net::TcpListener;

db::db_test! {
    async fn an_address_is_an_inbox_whose_servers_are_tried_first(test: TestDb) {
        let world = World::new(test).await;
        let new = json!({"name": "Suporte", "channel": {"type": "email", "email": "Suporte@Loja.example"}});
        let inbox = world.post("/inboxes", new.clone()).await.ok();
        assert_eq!((&inbox["channel_type"], &inbox["email"]), (&json!("Channel::Email"), &json!("suporte@loja.example")));
        for key in ["forward_to_email", "imap_address", "imap_password", "smtp_password", "smtp_domain"] {
            assert!(inbox.as_object().unwrap().contains_key(key) && inbox[key].is_null(), "{key}");
        }
        assert_eq!((&inbox["imap_enabled"], &inbox["smtp_enabled"]), (&json!(false), &json!(false)));
        assert_eq!(world.post("/inboxes", new).await.refused(422)["attributes"], json!(["identifier"]));

        // A port at which nobody listens: said so, and nothing is kept.
        let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
        let path = format!("/inboxes/{}", inbox["id"]);
        for (way, login) in [("imap", "imap_login"), ("smtp", "smtp_login")] {
            let mut channel = json!({login: "suporte"});
            channel[format!("{way}_enabled")] = json!(true);
            channel[format!("{way}_address")] = json!("127.0.0.1");
            channel[format!("{way}_port")] = json!(port);
            channel[format!("{way}_password")] = json!("geheim");
            let refused = world.patch(&path, json!({"channel": channel})).await.refused(422);
            assert_eq!(refused["attributes"], json!([format!("{way}_port")]), "{refused}");
            assert!(refused["message"].as_str().unwrap().contains("does not accept connections"), "{refused}");
        }
        let shown = world.get(&path).await.ok();
        assert!(shown["imap_address"].is_null() && shown["smtp_address"].is_null());

        let signed = world.patch(&path, json!({"channel": {"business_name": "Loja", "sender_name_type": "professional"}})).await.ok();
        assert_eq!(signed["business_name"], "Loja");
        let moved = json!({"channel": {"email": "outra@loja.example"}});
        assert_eq!(world.patch(&path, moved).await.refused(422)["attributes"], json!(["email"]));

        let bia = world.member("bia", Role::Agent).await;
        let members = json!({"inbox_id": inbox["id"], "user_ids": [bia.id]});
        world.post("/inbox_members", members).await.ok();
        let seen = world.ask(&bia.token, "GET", &world.path(&path), None).await.ok();
        assert!(seen.get("imap_login").is_none(), "{seen}");
    }

    async fn how_a_mailbox_is_reached_and_left_is_said_and_shown(test: TestDb) {
        let world = World::new(test).await;
        let dovecot = Dovecot::start(&Options { token_info: None });
        let channel = json!({
            "type": "email", "email": "bia@lume.example", "imap_enabled": true, "imap_address": "127.0.0.1", "imap_port": dovecot.imap,
            "imap_login": "bia@lume.example", "imap_password": PASSWORD, "imap_encryption": "none", "imap_after_reading": "mark_read",
        });
        let inbox = world.post("/inboxes", json!({"name": "Suporte", "channel": channel})).await.ok();
        assert_eq!((&inbox["imap_encryption"], &inbox["imap_after_reading"]), (&json!("none"), &json!("mark_read")));
        let path = format!("/inboxes/{}", inbox["id"]);
        let changed = world.patch(&path, json!({"channel": {"imap_after_reading": "delete"}})).await.ok();
        assert_eq!((&changed["imap_encryption"], &changed["imap_after_reading"]), (&json!("none"), &json!("delete")));
        for (field, word) in [("imap_encryption", "rot13"), ("imap_after_reading", "burn"), ("imap_import_days", "soon")] {
            let wrong = json!({"channel": {"imap_address": "127.0.0.1", field: word}});
            assert_eq!(world.patch(&path, wrong).await.refused(422)["attributes"], json!([field]));
        }
        let shown = world.get(&path).await.ok();
        assert_eq!((&shown["imap_address"], &shown["imap_after_reading"]), (&json!("127.0.0.1"), &json!("delete")));
    }

    async fn copies_are_kept_with_the_message_and_a_wrong_one_is_refused(test: TestDb) {
        let world = World::new(test).await;
        let new = json!({"name": "Suporte", "channel": {"type": "email", "email": "suporte@loja.example"}});
        let inbox = world.post("/inboxes", new).await.ok();
        let contact = world.post("/contacts", json!({"name": "Bia", "email": "bia@cliente.example"})).await.ok();
        let contact = &contact["payload"]["contact"]["id"];
        let new = json!({"inbox_id": inbox["id"], "contact_id": contact, "additional_attributes": {"mail_subject": "Pedido"}});
        let conversation = world.post("/conversations", new).await.ok();
        assert_eq!(conversation["meta"]["sender"]["email"], "bia@cliente.example");
        let path = format!("/conversations/{}/messages", conversation["id"]);
        let sent = json!({"content": "Oi", "cc_emails": "Rui@Cliente.example, ana@cliente.example", "bcc_emails": ""});
        let sent = world.post(&path, sent).await.ok();
        assert_eq!(sent["content_attributes"]["cc_emails"], json!(["rui@cliente.example", "ana@cliente.example"]));
        assert_eq!(sent["status"], "sent");
        let wrong = world.post(&path, json!({"content": "Oi", "cc_emails": "nobody"})).await.refused(422);
        assert_eq!(wrong["attributes"], json!(["cc_emails"]));
        // Whoever was in it stays in it.
        let next = world.post(&path, json!({"content": "Oi de novo"})).await.ok();
        assert_eq!(next["content_attributes"]["cc_emails"], json!(["rui@cliente.example", "ana@cliente.example"]));
        let note = world.post(&path, json!({"content": "Entre nós", "private": true})).await.ok();
        assert!(note["content_attributes"].get("cc_emails").is_none());
    }
}
