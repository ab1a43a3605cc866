//! Conversations over REST.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{World, words};
use domain::visitor::chat;
use model::Role;
use serde_json::{Value, json};

/// The numbers in a list.
fn ids(list: &Value) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|conversation| conversation["id"].as_i64().unwrap()).collect()
}

db::db_test! {
    async fn a_conversation_has_the_dialects_shape(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        for _ in 0..11 {
            chat::say(&said.ctx, words("Alô?")).await.unwrap();
        }
        let shown = world.get(&format!("/conversations/{}", said.message.display_id)).await.ok();
        let mut keys: Vec<&str> = shown.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, [
            "account_id", "additional_attributes", "agent_last_seen_at", "assignee_last_seen_at", "can_reply",
            "contact_last_seen_at", "created_at", "custom_attributes", "first_reply_created_at", "id", "inbox_id", "labels",
            "last_activity_at", "last_non_activity_message", "messages", "meta", "muted", "priority", "sla_policy_id",
            "snoozed_until", "status", "timestamp", "unread_count", "updated_at", "uuid", "waiting_since",
        ]);
        assert_eq!((&shown["id"], &shown["status"]), (&json!(said.message.display_id), &json!("open")));
        assert_eq!(shown["unread_count"], 10);
        assert_eq!((&shown["meta"]["channel"], &shown["meta"]["hmac_verified"]), (&json!("Channel::WebWidget"), &json!(false)));
        assert!(shown["meta"].get("assignee").is_none());
        assert_eq!(shown["meta"]["sender"]["id"], json!(said.message.sender.unwrap().id));
        assert!(shown["created_at"].as_i64().unwrap() < 10_000_000_000);
        assert!(shown["updated_at"].is_f64());
        assert_eq!((&shown["first_reply_created_at"], &shown["priority"]), (&json!(0), &Value::Null));
        let message = &shown["last_non_activity_message"];
        assert_eq!((&message["content"], &message["message_type"], &message["sender_type"]), (&json!("Alô?"), &json!(0), &json!("Contact")));
        assert_eq!(message["conversation_id"], shown["id"]);
        assert_eq!(message["conversation"]["contact_inbox"]["source_id"], json!(visitor.visitor().unwrap().source_id));
        assert!(message["updated_at"].as_str().unwrap().ends_with('Z'));
        world.get("/conversations/999").await.refused(404);
    }

    async fn conversations_are_listed_filtered_and_counted(test: TestDb) {
        let world = World::new(test).await;
        let (first, second) = (world.website(&[]).await, world.website(&[]).await);
        let mut numbers = Vec::new();
        for inbox in [&first, &first, &second] {
            let visitor = world.visitor(inbox).await;
            numbers.push(chat::say(&visitor, words("Bom dia")).await.unwrap().message.display_id.0);
        }
        let mine = world.admin.user_id().unwrap();
        world.post(&format!("/conversations/{}/assignments", numbers[0]), json!({"assignee_id": mine})).await.ok();
        world.post(&format!("/conversations/{}/toggle_status", numbers[1]), json!({})).await.ok();
        world.post("/labels", json!({"title": "vip"})).await.ok();
        world.post(&format!("/conversations/{}/labels", numbers[2]), json!({"labels": ["VIP", "none"]})).await.ok();

        let open = world.get("/conversations").await.ok();
        assert_eq!(open["data"]["meta"], json!({"mine_count": 1, "assigned_count": 1, "unassigned_count": 1, "all_count": 2}));
        assert_eq!(world.get("/conversations/meta").await.ok()["meta"], open["data"]["meta"]);
        let list = |query: &str| {
            let path = format!("/conversations?{query}");
            let world = &world;
            async move { ids(&world.get(&path).await.ok()["data"]["payload"]) }
        };
        assert_eq!(list("sort_by=created_at_asc").await, [numbers[0], numbers[2]]);
        assert_eq!(list("status=all&sort_by=created_at_asc").await, numbers);
        assert_eq!(list("status=resolved").await, [numbers[1]]);
        assert_eq!(list("assignee_type=me").await, [numbers[0]]);
        assert_eq!(list("assignee_type=unassigned").await, [numbers[2]]);
        assert_eq!(list(&format!("inbox_id={}", second.id)).await, [numbers[2]]);
        assert_eq!(list("labels[]=vip").await, [numbers[2]]);
        assert_eq!(list("q=dia&status=all&sort_by=created_at_desc").await, [numbers[2], numbers[1], numbers[0]]);
        assert_eq!(list("page=2").await, Vec::<i64>::new());
        assert_eq!(list("inbox_id=999").await, Vec::<i64>::new());
        let found = world.get("/conversations/search?q=bom").await.ok();
        assert_eq!(found["meta"]["all_count"], 3);
        assert_eq!(found["payload"][0]["messages"][0]["content"], "Bom dia");
        for (query, field) in [("status=none", "status"), ("assignee_type=x", "assignee_type"), ("sort_by=x", "sort_by"), ("inbox_id=x", "inbox_id")] {
            assert_eq!(world.get(&format!("/conversations?{query}")).await.refused(422)["attributes"], json!([field]));
        }
    }

    async fn a_conversation_is_opened_whole_or_not_at_all(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let contact = world.post("/contacts", json!({"name": "João"})).await.ok()["payload"]["contact"]["id"].clone();
        let new = |changes: Value| {
            let mut new = json!({"inbox_id": inbox.id, "contact_id": contact, "message": {"content": "Olá!"}});
            new.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            new
        };
        for (changes, field) in [
            (json!({"message": {"content": ""}}), "content"),
            (json!({"message": {"content": "x".repeat(150_001)}}), "content"),
            (json!({"message": "text"}), "message"),
            (json!({"assignee_id": 999}), "assignee_id"),
            (json!({"team_id": 999}), "team_id"),
            (json!({"contact_id": 999}), "contact_id"),
            (json!({"status": "closed"}), "status"),
            (json!({"custom_attributes": "x"}), "custom_attributes"),
            (json!({"inbox_id": null}), "inbox_id"),
        ] {
            let answer = world.post("/conversations", new(changes.clone())).await;
            assert_eq!(answer.refused(422)["attributes"], json!([field]), "{changes}");
        }
        world.post("/conversations", new(json!({"inbox_id": 999}))).await.refused(404);
        assert_eq!(world.get("/conversations/meta?status=all").await.ok()["meta"]["all_count"], 0);

        let made = world.post("/conversations", new(json!({"assignee_id": bia.id, "status": "pending", "custom_attributes": {"pedido": 7}}))).await.ok();
        assert_eq!((&made["status"], &made["meta"]["assignee"]["id"]), (&json!("pending"), &json!(bia.id)));
        assert_eq!(made["custom_attributes"], json!({"pedido": 7}));
        assert_eq!(made["last_non_activity_message"]["content"], "Olá!");
        assert_eq!(made["waiting_since"], 0);
        // By the contact's name in the channel.
        let source = made["last_non_activity_message"]["conversation"]["contact_inbox"]["source_id"].clone();
        let again = world.post("/conversations", json!({"source_id": source})).await.ok();
        assert_eq!(again["meta"]["sender"]["id"], contact);
        world.post("/conversations", json!({"source_id": "unknown"})).await.refused(404);
    }

    async fn a_conversation_is_worked(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let path = format!("/conversations/{}", said.message.display_id);
        let at = |rest: &str| format!("{path}/{rest}");

        let resolved = world.post(&at("toggle_status"), json!({})).await.ok();
        let number = json!(said.message.display_id);
        assert_eq!(resolved, json!({"meta": {}, "payload": {"success": true, "conversation_id": number, "current_status": "resolved", "snoozed_until": null}}));
        assert_eq!(world.post(&at("toggle_status"), json!({})).await.ok()["payload"]["current_status"], "open");
        let until = 4_102_444_800_i64;
        let snoozed = world.post(&at("toggle_status"), json!({"status": "snoozed", "snoozed_until": until.to_string()})).await.ok();
        assert_eq!(snoozed["payload"]["snoozed_until"], "2100-01-01T00:00:00.000Z");
        assert_eq!(world.post(&at("toggle_status"), json!({"status": "snoozed", "snoozed_until": 7})).await.refused(422)["attributes"], json!(["snoozed_until"]));
        world.post(&at("toggle_status"), json!({"status": "snoozed", "snoozed_until": i64::MAX})).await.ok();

        world.post(&at("toggle_priority"), json!({"priority": "urgent"})).await.ok();
        assert_eq!(world.get(&path).await.ok()["priority"], "urgent");
        assert_eq!(world.patch(&path, json!({"priority": "low"})).await.ok()["priority"], "low");
        assert!(world.patch(&path, json!({"priority": null})).await.ok()["priority"].is_null());
        world.post(&at("toggle_priority"), json!({"priority": "huge"})).await.refused(422);

        let agent = world.post(&at("assignments"), json!({"assignee_id": bia.id})).await.ok();
        assert_eq!((&agent["id"], &agent["email"]), (&json!(bia.id), &json!("bia@example.com")));
        assert_eq!(world.post(&at("assignments"), json!({"assignee_id": 0})).await.ok(), Value::Null);
        let team = world.post("/teams", json!({"name": "vendas"})).await.ok();
        assert_eq!(world.post(&at("assignments"), json!({"team_id": team["id"]})).await.ok()["name"], "vendas");
        assert_eq!(world.get(&path).await.ok()["meta"]["team"]["name"], "vendas");
        assert_eq!(world.post(&at("assignments"), json!({"team_id": null})).await.ok(), Value::Null);
        world.post(&at("assignments"), json!({"assignee_id": 999})).await.refused(422);
        world.post(&at("assignments"), json!({})).await.refused(422);

        let attributes = world.post(&at("custom_attributes"), json!({"custom_attributes": {"a": 1}})).await.ok();
        assert_eq!(attributes, json!({"custom_attributes": {"a": 1}}));
        let attributes = world.post(&at("custom_attributes"), json!({"custom_attributes": {"b": 2}})).await.ok();
        assert_eq!(attributes, json!({"custom_attributes": {"b": 2}}));
        world.post("/labels", json!({"title": "vip"})).await.ok();
        assert_eq!(world.post(&at("labels"), json!({"labels": ["vip"]})).await.ok(), json!({"payload": ["vip"]}));
        assert_eq!(world.get(&at("labels")).await.ok(), json!({"payload": ["vip"]}));
        assert_eq!(world.post(&at("labels"), json!({"labels": []})).await.ok(), json!({"payload": []}));

        assert_eq!(world.get(&path).await.ok()["unread_count"], 1);
        assert_eq!(world.post(&at("update_last_seen"), json!({})).await.ok()["unread_count"], 0);
        assert_eq!(world.post(&at("unread"), json!({})).await.ok()["unread_count"], 1);
        world.post(&at("toggle_typing_status"), json!({"typing_status": "on", "is_private": false})).await.ok();
        world.post(&at("toggle_typing_status"), json!({"typing_status": "maybe"})).await.refused(422);
        world.delete(&path).await.ok();
        world.get(&path).await.refused(404);
    }
}
