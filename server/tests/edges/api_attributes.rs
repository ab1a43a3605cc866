//! Custom attributes: their definitions over REST, and their values wherever they come from.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{World, words};
use domain::visitor::{chat, identify};
use model::Role;
use serde_json::{Value, json};

async fn define(world: &World, model: &str, key: &str, kind: &str, more: Value) -> Value {
    let mut body = json!({
        "attribute_display_name": key, "attribute_key": key, "attribute_display_type": kind, "attribute_model": model,
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    world.post("/custom_attribute_definitions", body).await.ok()
}

db::db_test! {
    async fn a_definition_lives(test: TestDb) {
        let world = World::new(test).await;
        let made = define(&world, "contact_attribute", "plano", "list", json!({"attribute_values": ["Ouro", "Prata"]})).await;
        assert_eq!((&made["attribute_display_type"], &made["attribute_values"]), (&json!("list"), &json!(["Ouro", "Prata"])));
        assert!(made["default_value"].is_null() && made["created_at"].is_string());
        // As older clients write: nested, with numbers.
        let nested = json!({"custom_attribute_definition": {
            "attribute_display_name": "Pedido", "attribute_key": "pedido", "attribute_display_type": 1, "attribute_model": 0,
        }});
        let other = world.post("/custom_attribute_definitions", nested).await.ok();
        assert_eq!((&other["attribute_display_type"], &other["attribute_model"]), (&json!("number"), &json!("conversation_attribute")));
        let listed = world.get("/custom_attribute_definitions?attribute_model=contact_attribute").await.ok();
        assert_eq!(listed, json!([made]));
        assert_eq!(world.get("/custom_attribute_definitions?attribute_model=0").await.ok(), json!([other]));
        assert_eq!(world.get("/custom_attribute_definitions").await.ok().as_array().unwrap().len(), 2);

        let path = format!("/custom_attribute_definitions/{}", made["id"]);
        let changed = world.patch(&path, json!({"attribute_display_name": "Plano atual", "attribute_values": ["Ouro"]})).await.ok();
        assert_eq!((&changed["attribute_display_name"], &changed["attribute_values"]), (&json!("Plano atual"), &json!(["Ouro"])));
        for (body, field) in [
            (json!({"attribute_key": "outro"}), "attribute_key"),
            (json!({"attribute_display_type": "text"}), "attribute_display_type"),
            (json!({"attribute_model": "conversation_attribute"}), "attribute_model"),
            (json!({"attribute_values": []}), "attribute_values"),
            (json!({"attribute_display_name": ""}), "attribute_display_name"),
        ] {
            assert_eq!(world.patch(&path, body.clone()).await.refused(422)["attributes"], json!([field]), "{body}");
        }
        let new = |key: &str, more: Value| {
            let mut body = json!({"attribute_display_name": "X", "attribute_key": key, "attribute_model": "contact_attribute"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        for (body, field) in [
            (new("plano", json!({})), "attribute_key"),
            (new("email", json!({})), "attribute_key"),
            (new("a b", json!({})), "attribute_key"),
            (new("x", json!({"attribute_display_type": "percent"})), "attribute_display_type"),
            (new("x", json!({"attribute_display_type": "list"})), "attribute_values"),
            (new("x", json!({"regex_pattern": "(["})), "regex_pattern"),
            (json!({"attribute_display_name": "X", "attribute_key": "x"}), "attribute_model"),
        ] {
            let refused = world.post("/custom_attribute_definitions", body.clone()).await.refused(422);
            assert_eq!(refused["attributes"], json!([field]), "{body}");
        }
        let agent = world.member("bia", Role::Supervisor).await;
        let address = world.path(&path);
        world.ask(&agent.token, "GET", &address, None).await.ok();
        world.ask(&agent.token, "DELETE", &address, None).await.refused(401);
        assert_eq!(world.delete(&path).await.status.as_u16(), 204);
        world.get(&path).await.refused(404);
    }

    async fn values_are_checked_wherever_they_come_from(test: TestDb) {
        let world = World::new(test).await;
        let pattern = json!({"regex_pattern": r"^(?=.*\d)[a-z\d]{4,}$", "regex_cue": "Letras e ao menos um número"});
        define(&world, "contact_attribute", "senha", "text", pattern).await;
        define(&world, "contact_attribute", "nascimento", "date", json!({})).await;
        define(&world, "conversation_attribute", "pedido", "number", json!({})).await;
        define(&world, "conversation_attribute", "troca", "checkbox", json!({})).await;

        // An integration.
        let wrong = json!({"name": "Ana", "custom_attributes": {"senha": "abcd"}});
        let refused = world.post("/contacts", wrong).await.refused(422);
        assert_eq!(refused["attributes"], json!(["custom_attributes.senha"]));
        assert!(refused["message"].as_str().unwrap().ends_with("Letras e ao menos um número"), "{refused}");
        let right = json!({"name": "Ana", "custom_attributes": {"senha": "abc1", "nascimento": "1990-02-01T00:00:00Z", "crm": 7}});
        let made = world.post("/contacts", right).await.ok()["payload"]["contact"].clone();
        assert_eq!(made["custom_attributes"], json!({"senha": "abc1", "nascimento": "1990-02-01", "crm": 7}));
        let path = format!("/contacts/{}", made["id"]);
        world.patch(&path, json!({"custom_attributes": {"nascimento": "ontem"}})).await.refused(422);
        let less = world.patch(&path, json!({"custom_attributes": {"nascimento": null}})).await.ok();
        assert_eq!(less["payload"]["custom_attributes"], json!({"senha": "abc1", "crm": 7}));

        // A page: what it may not say is left out, the rest is kept.
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let given = json!({"senha": "não", "nascimento": "1991-01-02", "desconhecido": "x"});
        let facts = domain::contact::Facts { name: Some("Bia".to_owned()), ..identify::custom_attributes(given) };
        let visitor = identify::update(&visitor, facts, false).await.unwrap().ctx;
        let said = chat::begin(&visitor, words("Oi"), &json!({"pedido": "12", "outro": 1})).await.unwrap();
        let contact = said.message.sender.unwrap().id;
        let shown = world.get(&format!("/contacts/{contact}")).await.ok();
        assert_eq!(shown["payload"]["custom_attributes"], json!({"nascimento": "1991-01-02"}));
        let talk = format!("/conversations/{}", said.message.display_id);
        assert_eq!(world.get(&talk).await.ok()["custom_attributes"], json!({"pedido": 12}));
        chat::set_attributes(&said.ctx, json!({"troca": "true", "pedido": "nenhum", "x": 1}), &[]).await.unwrap();
        assert_eq!(world.get(&talk).await.ok()["custom_attributes"], json!({"pedido": 12, "troca": true}));
        chat::set_attributes(&said.ctx, json!({"troca": null}), &[]).await.unwrap();
        assert_eq!(world.get(&talk).await.ok()["custom_attributes"], json!({"pedido": 12}));

        // An agent, and an integration that replaces everything.
        let own = format!("{talk}/custom_attributes");
        let refused = world.post(&own, json!({"custom_attributes": {"pedido": "doze"}})).await.refused(422);
        assert_eq!(refused["attributes"], json!(["custom_attributes.pedido"]));
        let kept = world.post(&own, json!({"custom_attributes": {"pedido": "13", "crm": "a"}})).await.ok();
        assert_eq!(kept, json!({"custom_attributes": {"pedido": 13, "crm": "a"}}));
        let set = domain::conversation::attribute::set(&world.admin, said.message.display_id, json!({"troca": 1})).await;
        assert_eq!(set.unwrap(), json!({"pedido": 13, "crm": "a", "troca": true}));
        let wrong = world.post("/conversations", json!({"inbox_id": inbox.id, "contact_id": contact, "custom_attributes": {"troca": "x"}})).await;
        assert_eq!(wrong.refused(422)["attributes"], json!(["custom_attributes.troca"]));
    }
}
