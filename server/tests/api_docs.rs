//! The API's description of itself.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod support;

use axum::body::Body;
use axum::http::Request;
use support::World;

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
        for name in text.split("\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(description["components"]["schemas"][name].is_object(), "{name}");
        }
        for (path, item) in description["paths"].as_object().unwrap() {
            for (method, call) in item.as_object().unwrap() {
                assert!(call["summary"].is_string() || call["description"].is_string(), "{method} {path} says nothing");
                assert!(call["tags"][0].is_string(), "{method} {path}");
            }
        }

        let page = world.send(get("/api-docs")).await;
        assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        let html = page.text();
        assert!(html.contains("toggle_status") && html.contains("<h2>conversations</h2>"));
        assert!(!html.contains("<script"));
    }
}
