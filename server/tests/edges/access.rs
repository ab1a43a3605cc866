//! Nobody reaches another account's rows, and an assistant nobody else's conversations: every route of the API's own description
//! is tried, so that none can be forgotten.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use std::collections::BTreeSet;

use crate::support::company::{MARK, Route, Rows, routes};
use crate::support::{Answer, World, reply, words};
use axum::body::Body;
use axum::http::{Request, header};
use domain::message::scheduled;
use domain::visitor::chat;
use domain::{conversation, message};
use model::Role;
use serde_json::{Value, json};

async fn call(world: &World, route: &Route, address: &str, token: Option<&str>, body: &Value) -> Answer {
    let mut request = Request::builder().method(route.method.as_str()).uri(address);
    if let Some(token) = token {
        request = request.header("api_access_token", token);
    }
    let body = if route.method == "GET" {
        Body::empty()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from(body.to_string())
    };
    world.send(request.body(body).unwrap()).await
}

/// Everything that happened in an account.
async fn events(world: &World) -> i64 {
    let (count,): (i64,) = db::sql!("select count(*) from events where account_id = $1")
        .bind(world.account)
        .fetch_one(world.app.db.writer())
        .await
        .unwrap();
    count
}

fn is_refused(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 401 | 403 | 404)
}

db::db_test! {
    async fn another_accounts_token_opens_nothing(test: TestDb) {
        let world = World::new(test).await;
        let rows = Rows::fill(&world).await;
        let stranger = world.stranger().await;
        let before = events(&world).await;
        let mut tried = BTreeSet::new();
        let routes = routes();
        let (below, beside): (Vec<_>, Vec<_>) = routes.iter().partition(|route| route.path.contains("{account_id}"));
        for route in beside.into_iter().filter(|route| !route.path.ends_with("/reset_access_token")) {
            let answer = call(&world, route, &route.path, Some(&stranger.token), &rows.body()).await;
            assert!(!answer.text().contains(MARK), "{} {}", route.method, route.path);
        }
        for route in below {
            let name = format!("{} {}", route.method, route.path);
            // Their address, my token.
            let address = rows.address(&route.path, rows.account);
            let answer = call(&world, route, &address, Some(&stranger.token), &rows.body()).await;
            assert!(is_refused(&answer), "{name}: {} {}", answer.status, answer.text());
            assert!(!answer.text().contains(MARK), "{name}: {}", answer.text());
            // My address, their ids.
            let own = stranger.ctx.agent().unwrap().account_id.0;
            let address = rows.address(&route.path, own);
            let answer = call(&world, route, &address, Some(&stranger.token), &rows.body()).await;
            assert!(!answer.text().contains(MARK), "{name}: {}", answer.text());
            assert!(answer.status.as_u16() < 500, "{name}: {} {}", answer.status, answer.text());
            let names_theirs = route.path.matches('{').count() > 1;
            let may_be_refused_for_its_body = answer.status.as_u16() == 422;
            assert!(
                !names_theirs || is_refused(&answer) || may_be_refused_for_its_body,
                "{name}: {} {}", answer.status, answer.text()
            );
            tried.insert(name);
        }
        assert!(tried.len() > 60, "{}", tried.len());
        assert_eq!(events(&world).await, before, "something of the account was changed");
    }

    async fn without_a_token_nothing_opens(test: TestDb) {
        let world = World::new(test).await;
        let rows = Rows::fill(&world).await;
        let before = events(&world).await;
        for route in routes() {
            let address = rows.address(&route.path, rows.account);
            for token in [None, Some(""), Some("wrong"), Some("é")] {
                let answer = call(&world, &route, &address, token, &rows.body()).await;
                let is_open = matches!(route.path.as_str(), "/api" | "/auth/sign_in");
                let expected = if is_open { answer.status.as_u16() } else { 401 };
                assert_eq!(answer.status.as_u16(), expected, "{} {address}: {}", route.method, answer.text());
                assert!(!answer.text().contains(MARK), "{} {address}", route.method);
            }
        }
        assert_eq!(events(&world).await, before);
    }

    async fn an_assistant_learns_nothing_of_what_is_somebody_elses(test: TestDb) {
        let world = World::new(test).await;
        let ivo = world.member("ivo", Role::Assistant).await;
        let inbox = world.website(&[ivo.id]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("geheim")).await.unwrap();
        let contact = said.message.sender.clone().unwrap().id;
        let facts = domain::contact::Facts {
            name: Some("geheim".to_owned()),
            identifier: Some("geheim".to_owned()),
            ..Default::default()
        };
        domain::contact::update(&world.admin, model::ContactId(contact), facts).await.unwrap();
        let number = said.message.display_id;
        let admin = world.admin.user_id().unwrap();
        conversation::assign::to_agent(&world.admin, number, Some(admin)).await.unwrap();
        message::send::send(&world.admin, number, reply("geheim")).await.unwrap();
        let when = scheduled::When::At(world.admin.now() + 3_600_000);
        let waiting = scheduled::schedule(&world.admin, number, reply("geheim"), when).await.unwrap();
        let scheduled::Outcome::Waits(waiting) = waiting else { panic!("it was sent at once") };
        let hidden = Rows {
            account: world.account.0,
            inbox: inbox.id.0,
            contact,
            source: visitor.visitor().unwrap().source_id.clone(),
            conversation: number.0,
            message: said.message.id.0,
            scheduled: waiting.id.0,
            label: 1,
            canned: 1,
            macro_id: 1,
            team: 1,
            user: ivo.id.0,
            attribute: 1,
            note: 1,
            merge: 1,
            view: 1,
            bulk: 1,
            import: 1,
        };
        let before = events(&world).await;
        for route in routes().iter().filter(|route| route.path.contains("{account_id}")) {
            // These change what is the assistant's own.
            if route.path.ends_with("/update_active_at") {
                continue;
            }
            let name = format!("{} {}", route.method, route.path);
            for query in ["", "?status=all&q=geheim", "?status=all&assignee_type=assigned&sort=name"] {
                let address = format!("{}{query}", hidden.address(&route.path, hidden.account));
                let answer = call(&world, route, &address, Some(&ivo.token), &hidden.body()).await;
                assert!(!answer.text().contains("geheim"), "{name}: {}", answer.text());
                assert!(answer.status.as_u16() < 500, "{name}: {} {}", answer.status, answer.text());
                let names_hidden = route.path.contains("{conversation_id}") || route.path.contains("{contact_id}");
                let wrong_body = answer.status.as_u16() == 422;
                assert!(!names_hidden || is_refused(&answer) || wrong_body, "{name}: {}", answer.status);
            }
        }
        assert_eq!(events(&world).await, before, "something was changed");
        let list = world.ask(&ivo.token, "GET", &world.path("/conversations?status=all"), None).await.ok();
        assert_eq!(list["data"]["meta"]["all_count"], 0);

        // What is nobody's, and what is theirs, they see.
        conversation::assign::to_agent(&world.admin, number, None).await.unwrap();
        let shown = world.ask(&ivo.token, "GET", &world.path(&format!("/conversations/{number}")), None).await.ok();
        assert_eq!(shown["meta"]["sender"]["name"], "geheim");
        let path = world.path(&format!("/conversations/{number}/assignments"));
        let taken = world.ask(&ivo.token, "POST", &path, Some(json!({"assignee_id": ivo.id}))).await.ok();
        assert_eq!(taken["id"], json!(ivo.id));
    }
}

#[test]
fn no_route_of_the_api_is_left_out_of_its_description() {
    let api = std::path::Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("src/api");
    let mut folders = vec![api];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains(".route("), "{} adds a route past the description", path.display());
        }
    }
}
