//! What visitors are asked before they write.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::World;
use crate::support::browser::Browser;
use domain::inbox;
use model::inbox::Inbox;
use serde_json::{Value, json};

/// An inbox that asks for e-mail, name, a plan (of the contact) and an order (of the conversation).
async fn website(world: &World) -> Inbox {
    for (key, model, kind) in [("plano", "contact_attribute", "list"), ("pedido", "conversation_attribute", "text")] {
        let definition = json!({
            "attribute_display_name": key, "attribute_key": key, "attribute_display_type": kind, "attribute_model": model,
            "attribute_values": if kind == "list" { json!(["Básico", "Premium"]) } else { json!([]) },
            "regex_pattern": if kind == "text" { json!("^[A-Z]{2}-\\d+$") } else { Value::Null },
            "regex_cue": if kind == "text" { json!("Como AB-123") } else { Value::Null },
        });
        world.post("/custom_attribute_definitions", definition).await.ok();
    }
    let field = |kind: &str, name: &str, required: bool| json!({"field_type": kind, "name": name, "label": "", "type": "text", "required": required, "enabled": true});
    let fields = [
        field("standard", "emailAddress", true),
        field("standard", "fullName", false),
        field("contact_attribute", "plano", true),
        field("conversation_attribute", "pedido", true),
        field("contact_attribute", "apagado", true),
    ];
    let config = json!({
        "pre_chat_form_enabled": true,
        "pre_chat_form_options": {"pre_chat_message": "Antes de começar", "pre_chat_fields": fields},
    });
    let inbox = world.website(&[]).await;
    let settings = inbox::Settings { config: Some(config), ..inbox::Settings::default() };
    inbox::update(&world.admin, inbox.id, settings).await.unwrap()
}

fn names(form: &Value) -> Vec<&str> {
    form["pre_chat_fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect()
}

db::db_test! {
    async fn answers_become_facts_of_the_contact_and_of_the_conversation(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world).await;
        let mut browser = Browser::new(&world, &inbox);
        let page = world.send(axum::http::Request::get(format!("/widget?website_token={}", inbox.identifier)).body(axum::body::Body::empty()).unwrap()).await.text();
        let boot = page.split("window.cloudchatBoot = ").nth(1).unwrap().split("\n</script>").next().unwrap().to_owned();
        let boot: Value = serde_json::from_str(&boot).unwrap();
        assert_eq!(names(&boot["preChat"]), ["emailAddress", "fullName", "plano", "pedido"], "an attribute that is gone is not asked for");
        assert_eq!(boot["preChat"]["pre_chat_fields"][2]["values"], json!(["Básico", "Premium"]));
        assert_eq!((&boot["preChat"]["pre_chat_fields"][2]["type"], &boot["preChat"]["pre_chat_message"]), (&json!("select"), &json!("Antes de começar")));

        let good = json!({"emailAddress": "Bia@example.com", "fullName": "Bia", "plano": "Premium", "pedido": "AB-123", "cor": "azul"});
        for (field, value) in [
            ("emailAddress", json!("")), ("emailAddress", json!("bia")), ("emailAddress", json!({"a": [1]})), ("plano", json!("Ouro")),
            ("pedido", Value::Null), ("pedido", json!("123")), ("plano", json!({"$ne": 1})),
        ] {
            let mut wrong = good.clone();
            wrong[field] = value.clone();
            let refused = browser.ask("POST", "pre_chat", json!({"answers": wrong})).await.refused(422);
            assert_eq!(refused["attributes"], json!([field]), "{value}");
            if value == json!("123") {
                assert_eq!(refused["message"], "Como AB-123");
            }
        }
        assert_eq!(domain::contact::read::count(&world.admin, world.account).await.unwrap(), 0, "what is refused leaves nobody behind");

        let taken = browser.ask("POST", "pre_chat", json!({"answers": good})).await.ok();
        assert_eq!(taken["custom_attributes"], json!({"pedido": "AB-123"}));
        assert_eq!(names(&taken["pre_chat"]), ["pedido"], "what is known is not asked again");
        let first = json!({"message": {"content": "Oi"}, "custom_attributes": taken["custom_attributes"]});
        let begun = browser.ask("POST", "conversations", first).await.ok();
        let shown = world.get(&format!("/conversations/{}", begun["id"])).await.ok();
        assert_eq!(shown["custom_attributes"]["pedido"], "AB-123");
        let sender = &shown["meta"]["sender"];
        assert_eq!((&sender["email"], &sender["name"]), (&json!("bia@example.com"), &json!("Bia")));
        assert_eq!(sender["custom_attributes"], json!({"plano": "Premium"}));
    }
}
