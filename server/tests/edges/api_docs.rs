//! The API's description of itself.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::collections::BTreeSet;

use crate::support::World;
use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

/// What OpenAPI demands of a call and what a reader needs of it.
fn expect_complete(path: &str, method: &str, call: &Value) {
    let name = format!("{method} {path}");
    let says =
        |value: &Value, what: &str| assert!(value.as_str().is_some_and(|text| !text.is_empty()), "{name}: {what}");
    says(&call["summary"], "what it does");
    says(&call["tags"][0], "its group");
    assert!(call["security"].is_array(), "{name}: who may call");
    let parameters = call["parameters"].as_array().unwrap();
    for parameter in parameters {
        says(&parameter["name"], "a parameter's name");
        says(&parameter["description"], &format!("what {} means", parameter["name"]));
        assert!(parameter["schema"].is_object(), "{name}: {parameter}");
    }
    let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
    assert_eq!(in_path, path.matches('{').count(), "{name}");
    let answers = call["responses"].as_object().unwrap();
    assert!(answers.contains_key("200") || method == "delete" && answers.contains_key("204"), "{name}");
    assert!(answers.contains_key("503"), "{name}");
    assert_eq!(answers.contains_key("404"), path.contains('{'), "{name}");
    assert!(answers.contains_key("422") || call["requestBody"].is_null(), "{name}");
    for (status, answer) in answers {
        assert!(answer["$ref"].is_string() || answer["description"].is_string(), "{name} {status}");
    }
    // Tables are for spreadsheets.
    let content = answers.get("200").map(|answer| &answer["content"]);
    let describes =
        |content: &Value| ["application/json", "text/csv"].iter().any(|kind| content[kind]["schema"].is_object());
    let is_described = content.is_some_and(describes);
    assert!(method != "get" || is_described, "{name}: its answer");
}

db::db_test! {
    async fn the_description_is_made_from_the_code(test: TestDb) {
        let world = World::new(test).await;
        let get = |path: &str| Request::builder().uri(path).body(Body::empty()).unwrap();
        let about = world.send(get("/api")).await.ok();
        assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(about["data_services"], "ok");

        let description = world.send(get("/api-docs/openapi.json")).await.ok();
        assert_eq!(description["openapi"].as_str().unwrap().split('.').next(), Some("3"));
        assert!(description["components"]["securitySchemes"]["api_access_token"].is_object());
        let create = &description["paths"]["/api/v1/accounts/{account_id}/labels"]["post"];
        assert_eq!(create["parameters"][0]["name"], "account_id");
        assert_eq!(create["requestBody"]["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/LabelInput");
        // Every reference leads somewhere.
        let text = description.to_string();
        for place in text.split("\"#/components/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(description.pointer(&format!("/components/{place}")).is_some_and(Value::is_object), "{place}");
        }
        let mut ids = BTreeSet::new();
        for (path, item) in description["paths"].as_object().unwrap() {
            for (method, call) in item.as_object().unwrap() {
                expect_complete(path, method, call);
                assert!(ids.insert(call["operationId"].as_str().unwrap()), "{method} {path} shares its id");
            }
        }
        let form = &description["paths"]["/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages"]["post"]["requestBody"];
        assert!(form["content"]["multipart/form-data"]["schema"].is_object());

        let page = world.send(get("/api-docs")).await;
        assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        let html = page.text();
        assert!(html.contains("toggle_status") && html.contains("<h2 id=\"conversations\">"));
        assert!(!html.contains("<script"));
    }
}
