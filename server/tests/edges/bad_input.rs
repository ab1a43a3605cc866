//! What nobody should send, sent to every route of the API's own description: a refusal in JSON that says what is wrong,
//! nothing stored in part, never a mistake of ours.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::company::{Route, Rows, routes};
use crate::support::{Answer, World};
use axum::body::Body;
use axum::http::{Request, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

async fn call(world: &World, route: &Route, address: &str, content_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(route.method.as_str())
        .uri(address)
        .header("api_access_token", &world.admin_token)
        .header(header::CONTENT_TYPE, content_type);
    world.send(request.body(Body::from(body)).unwrap()).await
}

async fn events(world: &World) -> i64 {
    let count = db::sql!("select count(*) from events").fetch_one::<(i64,)>(world.app.db.writer());
    count.await.unwrap().0
}

/// A refusal says in JSON what is wrong; a success is one.
#[track_caller]
fn well_answered(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {status} {}", answer.text());
    assert!(!answer.text().contains("\\u0000"), "{what} is kept: {}", answer.text());
    if status >= 400 {
        let body = answer.json();
        let says = body["error"].as_str().or(body["errors"][0].as_str()).or(body["message"].as_str());
        assert!(says.is_some_and(|says| says.len() > 5), "{what}: {status} {body}");
        if status == 422 {
            assert!(body["attributes"][0].is_string(), "{what}: {body}");
        }
    }
}

/// Routes that end what the others need.
fn ends_something(route: &Route) -> bool {
    route.method == "DELETE" || ["reset_access_token", "sign_out"].iter().any(|end| route.path.ends_with(end))
}

fn schema(description: &Value, schema: &Value) -> Value {
    match schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        Some(name) => description["components"]["schemas"][name].clone(),
        None => schema.clone(),
    }
}

/// Names of the fields that a route's body may have.
fn fields(description: &Value, route: &Route) -> Vec<String> {
    let content = &route.call["requestBody"]["content"];
    let media = content.as_object().and_then(|content| content.values().next()).cloned().unwrap_or_default();
    let found = schema(description, &media["schema"]);
    found["properties"].as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
}

/// A body with which most calls succeed, time and again, so that what is refused is the one field that is wrong.
fn fitting(route: &Route, mut body: Value, world: &World, number: usize) -> Value {
    for unique in ["name", "title"] {
        body[unique] = json!(format!("novo{number}"));
    }
    body["assignee_id"] = json!(world.admin.user_id().unwrap());
    body["channel"]["type"] = json!("web_widget");
    if route.path.ends_with("/custom_attribute_definitions") {
        body["attribute_key"] = json!(format!("novo{number}"));
    }
    if route.path.ends_with("/{attribute_id}") {
        // It stays as it is.
        body["attribute_key"] = Value::Null;
    }
    if route.path.contains("/custom_filters") {
        body["query"] = json!({"payload": []});
    }
    if route.path.ends_with("/conversations/filter") || route.path.ends_with("/contacts/filter") {
        body["payload"] = json!([]);
    }
    if route.path.contains("/canned_responses") {
        body["short_code"] = json!(format!("novo{number}"));
    }
    if route.path.ends_with("/bulk_actions") {
        body["type"] = json!("Conversation");
        body["fields"] = json!({"status": "open"});
    }
    if route.path.ends_with("/contacts") {
        body["source_id"] = json!(format!("novo-{number}"));
    }
    if !route.path.ends_with("/profile") {
        body["email"] = json!(format!("novo{number}@example.com"));
    }
    body
}

/// Where a field is refused for the sake of another: it lies inside, or is missing beside.
fn may_name_another(route: &Route, field: &str, answer: &Answer) -> bool {
    let named = answer.json()["attributes"][0].as_str().unwrap_or_default().to_owned();
    named.starts_with(&format!("{field}."))
        || named.starts_with(&format!("{field}["))
        || matches!((field, named.as_str()), ("message", "content") | ("query", "payload"))
        || route.path == "/auth/sign_in"
        || (route.path.ends_with("/profile") && named.contains("password"))
        || route.path.contains("/profile/mfa")
        || (route.path.ends_with("/messages/{message_id}") && named == "status")
        // No provider is set up here.
        || (route.path.ends_with("/authorization") && named == "provider")
}

/// What no field means.
fn absurd() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(1.5),
        json!("99999999999999999999"),
        json!(""),
        json!("a\u{0}b"),
        json!("\u{1b}[31m\u{202e}\u{feff}\u{fffe}"),
        json!("x".repeat(200_000)),
        json!("https://".repeat(300)),
        json!([]),
        json!([null, [[{}]], "\u{0}", i64::MAX]),
        json!({}),
        json!({"a\u{0}": {"b": ["\u{0}", -1]}, "": "x".repeat(100_000)}),
        (0..100).fold(json!(1), |inner, _| json!([inner])),
    ]
}

db::db_test! {
    async fn bodies_that_cannot_be_read_change_nothing(test: TestDb) {
        let world = World::new(test).await;
        let rows = Rows::fill(&world).await;
        let before = events(&world).await;
        for route in routes().iter().filter(|route| route.method != "GET" && !route.call["requestBody"].is_null()) {
            for (content_type, body) in [
                ("application/json", b"{".to_vec()),
                ("application/json", b"[1]".to_vec()),
                ("application/json", b"\"text\"".to_vec()),
                ("application/json", b"{\"name\": \"\xff\"}".to_vec()),
                ("application/json", b"{\"name\": \"\\ud83d\"}".to_vec()),
                ("application/json", b"{\"name\": 1e9999}".to_vec()),
                ("application/json", [b"{\"a\":".repeat(50_000), b"1".to_vec()].concat()),
                ("application/json", b"\0".to_vec()),
                ("multipart/form-data", b"x".to_vec()),
                ("multipart/form-data; boundary=x", b"--x\r\nnonsense".to_vec()),
                ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\ncut of".to_vec()),
                ("application/x-www-form-urlencoded", b"name=%ff".to_vec()),
            ] {
                let answer = call(&world, route, &rows.address(&route.path, rows.account), content_type, body.clone()).await;
                let what = format!("{} {} {content_type} {:.40}", route.method, route.path, String::from_utf8_lossy(&body));
                assert!((400..500).contains(&answer.status.as_u16()), "{what}: {} {}", answer.status, answer.text());
                well_answered(&answer, &what);
            }
        }
        assert_eq!(events(&world).await, before, "something was changed");
    }

    async fn ids_that_are_none_lead_nowhere(test: TestDb) {
        let world = World::new(test).await;
        let rows = Rows::fill(&world).await;
        let before = events(&world).await;
        let body = rows.body().to_string().into_bytes();
        for route in routes() {
            for (name, _) in route.path.match_indices('{').map(|(at, _)| route.path[at..].split_at(route.path[at..].find('}').unwrap() + 1)) {
                for id in ["0", "-1", "9223372036854775807", "9223372036854775808", "1.5", "x", "1%00", "%FF", "..%2F1", "%20"] {
                    let address = rows.address(&route.path.replacen(name, id, 1), rows.account);
                    let answer = call(&world, &route, &address, "application/json", body.clone()).await;
                    let what = format!("{} {address}", route.method);
                    assert!(matches!(answer.status.as_u16(), 400 | 401 | 403 | 404 | 422), "{what}: {} {}", answer.status, answer.text());
                    well_answered(&answer, &what);
                }
            }
        }
        assert_eq!(events(&world).await, before, "something was changed");
    }

    async fn parameters_may_say_anything(test: TestDb) {
        let world = World::new(test).await;
        let rows = Rows::fill(&world).await;
        let long = "x".repeat(20_000);
        for route in routes().iter().filter(|route| route.method == "GET") {
            let parameters = route.call["parameters"].as_array().cloned().unwrap_or_default();
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                let name = parameter["name"].as_str().unwrap();
                for value in ["", "-1", "0", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1.5", "a\0b", "'\"%_\\*(", "\u{202e}", &long] {
                    let address = rows.address(&route.path, rows.account);
                    let address = format!("{address}?{name}={}&q=x", utf8_percent_encode(value, NON_ALPHANUMERIC));
                    let answer = call(&world, route, &address, "application/json", Vec::new()).await;
                    well_answered(&answer, &format!("GET {address:.200}"));
                }
                let address = format!("{}?{name}=%ff&{name}[a]=1&{name}[]=2", rows.address(&route.path, rows.account));
                well_answered(&call(&world, route, &address, "application/json", Vec::new()).await, &address);
            }
        }
    }

    async fn fields_may_hold_anything(test: TestDb) {
        let world = World::new(test).await;
        let rows = Rows::fill(&world).await;
        let description = serde_json::to_value(server::api::described().into_openapi()).unwrap();
        let mut tried = 0;
        for route in routes().iter().filter(|route| route.method != "GET" && !ends_something(route)) {
            let address = rows.address(&route.path, rows.account);
            for field in fields(&description, route) {
                for value in absurd() {
                    let mut body = fitting(route, rows.body(), &world, tried);
                    body[&field] = value.clone();
                    let answer = call(&world, route, &address, "application/json", body.to_string().into_bytes()).await;
                    well_answered(&answer, &format!("{} {address} {field}: {:.60}", route.method, value.to_string()));
                    let named = answer.status == 422 && answer.json()["attributes"][0] != field.as_str();
                    assert!(!named || may_name_another(route, &field, &answer), "{field}: {}", answer.text());
                    tried += 1;
                }
            }
        }
        assert!(tried > 1_000, "{tried}");
        // Whatever was taken can be shown.
        for route in routes().iter().filter(|route| route.method == "GET") {
            let address = format!("{}?q=a&source_id=x", rows.address(&route.path, rows.account));
            let answer = call(&world, route, &address, "application/json", Vec::new()).await;
            assert!(matches!(answer.status.as_u16(), 200 | 404 | 422), "{address}: {} {}", answer.status, answer.text());
        }
    }
}
