//! Filters, saved views and changes of many conversations over REST.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{World, words};
use domain::job::runner;
use domain::visitor::chat;
use model::Role;
use serde_json::{Value, json};

fn ids(list: &Value) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

async fn conversations(world: &World, count: usize) -> Vec<i64> {
    let inbox = world.website(&[]).await;
    let mut numbers = Vec::new();
    for _ in 0..count {
        let visitor = world.visitor(&inbox).await;
        numbers.push(chat::say(&visitor, words("Bom dia")).await.unwrap().message.display_id.0);
    }
    numbers
}

db::db_test! {
    async fn conversations_are_filtered_by_conditions(test: TestDb) {
        let world = World::new(test).await;
        let numbers = conversations(&world, 3).await;
        world.post(&format!("/conversations/{}/toggle_status", numbers[1]), json!({})).await.ok();
        world.post(&format!("/conversations/{}/toggle_priority", numbers[2]), json!({"priority": "high"})).await.ok();
        let status = json!({"attribute_key": "status", "filter_operator": "equal_to", "values": ["resolved"], "query_operator": "OR"});
        let priority = json!({"attribute_key": "priority", "filter_operator": "equal_to", "values": ["high"], "query_operator": null, "attribute_model": "standard"});
        let found = world.post("/conversations/filter", json!({"payload": [status, priority]})).await.ok();
        assert_eq!(found["meta"], json!({"mine_count": 0, "unassigned_count": 2, "all_count": 2}));
        let mut found = ids(&found["payload"]);
        found.sort_unstable();
        assert_eq!(found, numbers[1..]);
        let page = world.post("/conversations/filter?page=2", json!({"payload": [priority]})).await.ok();
        assert_eq!(page["payload"], json!([]));
        for (payload, field) in [
            (json!(null), "payload"),
            (json!([{"attribute_key": "x", "filter_operator": "equal_to", "values": [1]}]), "payload[0].attribute_key"),
            (json!([status, {"attribute_key": "status", "filter_operator": "contains", "values": ["open"]}]), "payload[1].filter_operator"),
            (json!([{"attribute_key": "status", "filter_operator": "equal_to", "values": []}]), "payload[0].values"),
            (json!([{"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"], "query_operator": "nor"}]), "payload[0].query_operator"),
        ] {
            let refused = world.post("/conversations/filter", json!({"payload": payload})).await;
            assert_eq!(refused.refused(422)["attributes"], json!([field]));
        }
    }

    async fn views_are_kept_in_the_dialects_shape(test: TestDb) {
        let world = World::new(test).await;
        let payload = json!([{"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"], "query_operator": null}]);
        let made = world.post("/custom_filters", json!({"custom_filter": {"name": "Abertas", "filter_type": "conversation", "query": {"payload": payload}}})).await.ok();
        assert_eq!((&made["name"], &made["filter_type"], &made["shared"]), (&json!("Abertas"), &json!("conversation"), &json!(false)));
        assert_eq!(made["query"]["payload"][0]["values"], json!(["open"]));
        assert!(made["created_at"].as_str().unwrap().ends_with('Z'));
        let path = format!("/custom_filters/{}", made["id"]);
        assert_eq!(world.get("/custom_filters?filter_type=conversation").await.ok(), json!([made]));
        assert_eq!(world.get("/custom_filters?filter_type=contact").await.ok(), json!([]));
        assert_eq!(world.patch(&path, json!({"name": "Em aberto", "shared": true})).await.ok()["name"], "Em aberto");
        assert_eq!(world.get(&path).await.ok()["shared"], true);
        assert_eq!(world.delete(&path).await.status.as_u16(), 204);
        world.get(&path).await.refused(404);
        assert_eq!(world.post("/custom_filters", json!({"name": "x"})).await.refused(422)["attributes"], json!(["query"]));
        let wrong = json!({"name": "x", "query": {"payload": [{"attribute_key": "status", "filter_operator": "is"}]}});
        assert_eq!(world.post("/custom_filters", wrong).await.refused(422)["attributes"], json!(["payload[0].filter_operator"]));
        let wrong = json!({"name": "x", "filter_type": "planet", "query": {"payload": []}});
        assert_eq!(world.post("/custom_filters", wrong).await.refused(422)["attributes"], json!(["filter_type"]));
    }

    async fn many_conversations_are_changed_at_once(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let mut numbers = Vec::new();
        for _ in 0..3 {
            let visitor = world.visitor(&inbox).await;
            numbers.push(chat::say(&visitor, words("Oi")).await.unwrap().message.display_id.0);
        }
        world.post("/labels", json!({"title": "vip"})).await.ok();
        let body = json!({
            "type": "Conversation", "ids": [numbers[0], numbers[1], 999],
            "fields": {"status": "snoozed", "assignee_id": bia.id}, "labels": {"add": ["vip"]}, "snoozed_until": 4_102_444_800_i64,
        });
        let run = world.post("/bulk_actions", body).await.ok();
        assert_eq!((&run["total"], &run["state"]), (&json!(2), &json!("running")));
        runner::run_due(&world.app.system()).await.unwrap();
        let path = format!("/bulk_actions/{}", run["id"]);
        let done = world.get(&path).await.ok();
        assert_eq!((&done["state"], &done["done"], &done["skipped"]), (&json!("done"), &json!(2), &json!(0)));
        let shown = world.get(&format!("/conversations/{}", numbers[0])).await.ok();
        assert_eq!((&shown["status"], &shown["labels"], &shown["meta"]["assignee"]["id"]), (&json!("snoozed"), &json!(["vip"]), &json!(bia.id)));
        assert_eq!(world.get(&format!("/conversations/{}", numbers[2])).await.ok()["status"], "open");
        world.post(&format!("{path}/undo"), json!({})).await.ok();
        runner::run_due(&world.app.system()).await.unwrap();
        let shown = world.get(&format!("/conversations/{}", numbers[0])).await.ok();
        assert_eq!((&shown["status"], &shown["labels"]), (&json!("open"), &json!([])));
        for (body, field) in [
            (json!({"type": "Contact", "ids": [1]}), "type"),
            (json!({"type": "Conversation"}), "ids"),
            (json!({"type": "Conversation", "ids": [1]}), "fields"),
            (json!({"type": "Conversation", "ids": [1], "fields": {"status": "closed"}}), "status"),
            (json!({"type": "Conversation", "ids": [1], "fields": {"team_id": "x"}}), "team_id"),
        ] {
            assert_eq!(world.post("/bulk_actions", body).await.refused(422)["attributes"], json!([field]));
        }
    }

    async fn a_contact_is_muted_and_a_message_marked_unread(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let first = chat::say(&visitor, words("Um")).await.unwrap();
        let path = format!("/conversations/{}", first.message.display_id);
        let at = |rest: &str| format!("{path}/{rest}");
        let second = chat::say(&first.ctx, words("Dois")).await.unwrap();
        world.post(&at("update_last_seen"), json!({})).await.ok();
        assert_eq!(world.post(&at("unread"), json!({})).await.ok()["unread_count"], 1);
        assert_eq!(world.post(&at("unread"), json!({"message_id": first.message.id})).await.ok()["unread_count"], 2);
        assert_eq!(world.post(&at("unread"), json!({"message_id": second.message.id})).await.ok()["unread_count"], 1);
        world.post(&at("unread"), json!({"message_id": 999})).await.refused(422);

        world.post(&at("mute"), json!({})).await.ok();
        let muted = world.get(&path).await.ok();
        assert_eq!((&muted["muted"], &muted["status"]), (&json!(true), &json!("resolved")));
        chat::say(&first.ctx, words("Alô?")).await.unwrap();
        assert_eq!(world.get(&path).await.ok()["status"], "resolved", "a muted contact reopens nothing");
        world.post(&at("unmute"), json!({})).await.ok();
        assert_eq!(world.get(&path).await.ok()["muted"], false);
        let next = chat::say(&first.ctx, words("Obrigada")).await.unwrap().message.display_id;
        assert_eq!(world.get(&format!("/conversations/{next}")).await.ok()["status"], "open");
    }
}
