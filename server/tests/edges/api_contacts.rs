//! Contacts over REST.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{World, words};
use domain::visitor::chat;
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list["payload"].as_array().unwrap().iter().map(|contact| contact["name"].as_str().unwrap()).collect()
}

db::db_test! {
    async fn a_contact_lives(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let new = json!({
            "name": "João", "email": "JOAO@Example.com", "phone_number": "+55 (11) 99999-9999", "identifier": "cliente-1",
            "custom_attributes": {"plano": "Premium"}, "additional_attributes": {"city": "Recife"}, "inbox_id": inbox.id,
        });
        let made = world.post("/contacts", new).await.ok();
        let contact = &made["payload"]["contact"];
        assert_eq!((&contact["email"], &contact["phone_number"]), (&json!("joao@example.com"), &json!("+5511999999999")));
        assert_eq!(contact["availability_status"], "offline");
        assert_eq!(contact["contact_inboxes"][0]["source_id"], made["payload"]["contact_inbox"]["source_id"]);
        assert_eq!(made["payload"]["contact_inbox"]["inbox"]["channel_type"], "Channel::WebWidget");
        let path = format!("/contacts/{}", contact["id"]);

        let change = json!({"custom_attributes": {"cpf": "1"}, "email": null, "phone_number": ""});
        let changed = world.patch(&path, change).await.ok()["payload"].clone();
        assert_eq!(changed["custom_attributes"], json!({"plano": "Premium", "cpf": "1"}));
        assert!(changed["email"].is_null() && changed["phone_number"].is_null());
        assert_eq!(changed["identifier"], "cliente-1");
        let nested = world.ask(&world.admin_token, "PUT", &world.path(&path), Some(json!({"contact": {"name": "João Silva"}}))).await;
        assert_eq!(nested.ok()["payload"]["name"], "João Silva");
        let less = world.post(&format!("{path}/destroy_custom_attributes"), json!({"custom_attributes": ["cpf"]})).await.ok();
        assert_eq!(less["payload"]["custom_attributes"], json!({"plano": "Premium"}));
        assert_eq!(world.get(&path).await.ok()["payload"]["name"], "João Silva");

        let taken = world.post("/contacts", json!({"name": "x", "identifier": "cliente-1"})).await.refused(422);
        assert_eq!(taken["attributes"], json!(["identifier"]));
        for (body, field) in [
            (json!({"email": "nobody"}), "email"),
            (json!({"phone_number": "12"}), "phone_number"),
            (json!({"name": "x".repeat(300)}), "name"),
            (json!({"custom_attributes": [1]}), "custom_attributes"),
            (json!({"custom_attributes": {"a": "x".repeat(2000)}}), "custom_attributes"),
            (json!({"avatar_url": "javascript:alert(1)"}), "avatar_url"),
            (json!({"inbox_id": "none"}), "inbox_id"),
        ] {
            assert_eq!(world.post("/contacts", body.clone()).await.refused(422)["attributes"], json!([field]), "{body}");
        }
        world.post("/contacts", json!({"name": "x", "inbox_id": 999})).await.refused(404);
        assert_eq!(world.get("/contacts").await.ok()["meta"]["count"], 1);
        world.delete(&path).await.ok();
        world.get(&path).await.refused(404);
    }

    async fn contacts_are_listed_searched_and_sorted(test: TestDb) {
        let world = World::new(test).await;
        for number in 0..17 {
            let new = json!({"name": format!("Cliente {number:02}"), "email": format!("c{number}@example.com")});
            world.post("/contacts", new).await.ok();
        }
        // Nobody whom one could reach.
        world.post("/contacts", json!({"name": "Anônimo"})).await.ok();
        let first = world.get("/contacts?sort=name").await.ok();
        assert_eq!(first["meta"], json!({"count": 17, "current_page": 1, "has_more": true}));
        assert_eq!(names(&first).len(), 15);
        assert_eq!(names(&first)[0], "Cliente 00");
        assert_eq!(names(&world.get("/contacts?sort=name&page=2").await.ok()), ["Cliente 15", "Cliente 16"]);
        assert_eq!(names(&world.get("/contacts?sort=-name").await.ok())[0], "Cliente 16");
        assert_eq!(names(&world.get("/contacts/search?q=c16@").await.ok()), ["Cliente 16"]);
        assert_eq!(names(&world.get("/contacts/search?q=%25").await.ok()), Vec::<&str>::new());
        assert_eq!(names(&world.get("/contacts/search?q=CLIENTE%200").await.ok()).len(), 10);
        assert_eq!(names(&world.get("/contacts?sort=-company").await.ok()).len(), 15);
        world.get("/contacts/search?q=").await.refused(422);
        world.get("/contacts/search?q=%00").await.refused(422);
        assert_eq!(world.get("/contacts?page=-5&sort=nonsense").await.ok()["meta"]["current_page"], 1);
        assert_eq!(world.get("/contacts?page=x").await.refused(422)["attributes"], json!(["page"]));
        assert_eq!(names(&world.get("/contacts?page=9223372036854775807").await.ok()), Vec::<&str>::new());
        assert_eq!(world.get("/contacts/active").await.ok()["meta"]["count"], 0);
    }

    async fn contacts_are_filtered_by_conditions(test: TestDb) {
        let world = World::new(test).await;
        for (name, email, city) in [("João", json!("joao@example.com"), "São Paulo"), ("Bia", json!("bia@example.com"), "Recife"), ("Sem nada", json!(null), "SAO PAULO")] {
            let new = json!({"name": name, "email": email, "additional_attributes": {"city": city}});
            world.post("/contacts", new).await.ok();
        }
        let city = json!({"attribute_key": "city", "filter_operator": "equal_to", "values": ["sao paulo"], "query_operator": "OR", "attribute_model": "standard"});
        let name = json!({"attribute_key": "name", "filter_operator": "contains", "values": "BIA", "query_operator": null});
        // Also those whom one can't reach.
        let found = world.post("/contacts/filter?sort=name", json!({"payload": [city]})).await.ok();
        assert_eq!((names(&found), &found["meta"]), (vec!["João", "Sem nada"], &json!({"count": 2, "current_page": 1, "has_more": false})));
        let found = world.post("/contacts/filter", json!({"payload": [city, name], "sort": "-name"})).await.ok();
        assert_eq!(names(&found), ["Sem nada", "João", "Bia"]);
        assert_eq!(found["payload"][0]["contact_inboxes"], json!([]));
        assert_eq!(names(&world.post("/contacts/filter?page=2", json!({"payload": [city]})).await.ok()), Vec::<&str>::new());
        for (payload, field) in [
            (json!(null), "payload"),
            (json!([{"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"]}]), "payload[0].attribute_key"),
            (json!([city, {"attribute_key": "blocked", "filter_operator": "contains", "values": ["t"]}]), "payload[1].filter_operator"),
            (json!([{"attribute_key": "email", "filter_operator": "equal_to", "values": []}]), "payload[0].values"),
        ] {
            let refused = world.post("/contacts/filter", json!({"payload": payload})).await;
            assert_eq!(refused.refused(422)["attributes"], json!([field]));
        }
        let made = json!({"name": "Paulistanos", "filter_type": "contact", "query": {"payload": [city]}});
        let made = world.post("/custom_filters", made).await.ok();
        assert_eq!(made["filter_type"], "contact");
        assert_eq!(world.get("/custom_filters?filter_type=contact").await.ok(), json!([made]));
        assert_eq!(world.get("/custom_filters").await.ok(), json!([]));
    }

    async fn a_contacts_places_and_conversations(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let contact = said.message.sender.unwrap().id;
        let path = format!("/contacts/{contact}");
        let own = world.get(&format!("{path}/conversations")).await.ok();
        assert_eq!(own["payload"][0]["id"], json!(said.message.display_id));
        assert_eq!(world.get(&format!("{path}/contactable_inboxes")).await.ok(), json!({"payload": []}));

        let other = world.website(&[]).await;
        let place = world.post(&format!("{path}/contact_inboxes"), json!({"inbox_id": other.id, "source_id": "meu-id"})).await.ok();
        assert_eq!((&place["source_id"], &place["inbox"]["id"]), (&json!("meu-id"), &json!(other.id)));
        let contactable = world.get(&format!("{path}/contactable_inboxes")).await.ok();
        assert_eq!(contactable["payload"][0]["source_id"], "meu-id");
        let found = world.post("/contact_inboxes/filter", json!({"inbox_id": other.id, "source_id": "meu-id"})).await.ok();
        assert_eq!(found["id"], json!(contact));
        world.post("/contact_inboxes/filter", json!({"inbox_id": other.id, "source_id": "none"})).await.refused(404);
        let second = world.post("/contacts", json!({"name": "Outro"})).await.ok()["payload"]["contact"]["id"].clone();
        let taken = world.post(&format!("/contacts/{second}/contact_inboxes"), json!({"inbox_id": other.id, "source_id": "meu-id"})).await;
        assert_eq!(taken.refused(422)["attributes"], json!(["source_id"]));
    }

    async fn two_contacts_become_one(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let from = said.message.sender.unwrap().id;
        let base = world.post("/contacts", json!({"name": "João", "email": "joao@example.com"})).await.ok()["payload"]["contact"]["id"].clone();
        let merged = world.post("/actions/contact_merge", json!({"base_contact_id": base, "mergee_contact_id": from})).await.ok();
        assert_eq!((&merged["id"], &merged["email"]), (&base, &json!("joao@example.com")));
        world.get(&format!("/contacts/{from}")).await.refused(404);
        assert_eq!(world.get(&format!("/contacts/{base}/conversations")).await.ok()["payload"][0]["id"], json!(said.message.display_id));
        world.post("/actions/contact_merge", json!({"base_contact_id": base, "mergee_contact_id": base})).await.refused(422);
        world.post("/actions/contact_merge", json!({"base_contact_id": base})).await.refused(422);
    }
}
