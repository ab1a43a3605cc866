//! The second step of signing in over the API, and looking through somebody else's eyes: calls, API and socket.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use crate::support::socket::Socket;
use crate::support::{Answer, Person, World, reply, words};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::session::{self, Client};
use domain::visitor::chat;
use domain::{conversation, message};
use model::{Availability, Role};
use serde_json::{Value, json};

async fn sign_in(world: &World, body: Value) -> Answer {
    let request = Request::post("/auth/sign_in").header(header::CONTENT_TYPE, "application/json");
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// A call of the dashboard.
async fn call(world: &World, token: &str, end: &str, body: Value) -> Answer {
    let request = Request::post(format!("/app/api/{end}"))
        .header(header::COOKIE, format!("cloudchat_session={token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(body.to_string()));
    world.send(request.unwrap()).await
}

async fn session_of(person: &domain::Ctx) -> String {
    session::open(person, person.user_id().unwrap(), &Client::default()).await.unwrap().token
}

/// Ten codes on paper of the administrator, from the API.
async fn codes(world: &World) -> Vec<String> {
    let setup = world.ask(&world.admin_token, "POST", "/api/v1/profile/mfa", None).await.ok();
    assert!(setup["provisioning_url"].as_str().unwrap().starts_with("otpauth://totp/Cloud%20Chat:"));
    let secret = setup["secret"].as_str().unwrap().to_owned();
    let wrong = json!({ "otp_code": "abcdef" });
    world.ask(&world.admin_token, "POST", "/api/v1/profile/mfa/verify", Some(wrong)).await.refused(422);
    let code = domain::testing::app_code(&secret, world.app.clock.now());
    let done = world
        .ask(&world.admin_token, "POST", "/api/v1/profile/mfa/verify", Some(json!({ "otp_code": code })))
        .await
        .ok();
    done["backup_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

db::db_test! {
    async fn the_api_asks_for_the_second_step(test: TestDb) {
        let world = World::new(test).await;
        let shown = world.ask(&world.admin_token, "GET", "/api/v1/profile/mfa", None).await.ok();
        assert_eq!(shown, json!({ "feature_available": true, "enabled": false, "backup_codes_generated": false }));
        let codes = codes(&world).await;
        let password = json!({ "email": "ana@example.com", "password": "correct horse" });
        let first = sign_in(&world, password.clone()).await;
        assert_eq!(first.status, StatusCode::PARTIAL_CONTENT);
        assert!(!first.headers.contains_key("access-token"));
        let wanted = first.json();
        assert_eq!(wanted["mfa_required"], true);
        let mfa_token = wanted["mfa_token"].as_str().unwrap();
        sign_in(&world, json!({ "mfa_token": mfa_token, "otp_code": "000000" })).await.refused(401);
        sign_in(&world, json!({ "mfa_token": "1.2.x", "otp_code": codes[0] })).await.refused(401);
        sign_in(&world, json!({ "mfa_token": mfa_token })).await.refused(422);
        let done = sign_in(&world, json!({ "mfa_token": mfa_token, "backup_code": codes[0] })).await;
        assert_eq!(done.ok()["data"]["email"], "ana@example.com");
        assert!(done.headers.contains_key("access-token"));
        sign_in(&world, json!({ "mfa_token": mfa_token, "backup_code": codes[0] })).await.refused(401);

        let both = json!({ "password": "correct horse", "otp_code": codes[1] });
        world.ask(&world.admin_token, "DELETE", "/api/v1/profile/mfa", Some(both)).await.ok();
        sign_in(&world, password).await.ok();
        let log = world.get("/audit_logs").await.ok();
        let second: Vec<_> = log["audit_logs"].as_array().unwrap().iter()
            .filter(|line| !line["audited_changes"]["second_factor"].is_null()).collect();
        assert_eq!(second.len(), 2, "{log}");
        assert_eq!((&second[0]["auditable_type"], &second[0]["username"]), (&json!("User"), &json!("ana@example.com")));
    }

    async fn whoever_views_as_an_agent_has_their_sight_and_changes_nothing(test: TestDb) {
        let world = World::new(test).await;
        let ivo: Person = world.member("ivo", Role::Assistant).await;
        let inbox = world.website(&[ivo.id]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("Oi")).await.unwrap();
        let number = said.message.display_id;
        let token = session_of(&world.admin).await;
        let account = world.account;
        call(&world, &token, "session/view_as", json!({ "account": account, "user": ivo.id })).await.ok();

        let seen = call(&world, &token, "account/workplace", json!({ "account": account })).await.ok();
        assert_eq!((&seen["me"]["id"], &seen["me"]["role"]), (&json!(ivo.id), &json!("assistant")));
        for (end, body) in [
            ("inbox/status", json!({ "account": account, "id": number, "status": "resolved", "until": null })),
            ("inbox/seen", json!({ "account": account, "id": number })),
            ("agent/availability", json!({ "account": account, "availability": "busy" })),
            ("agent/token", json!({})),
            ("session/list", json!({})),
            ("account/update", json!({ "account": account, "change": {
                "name": "x", "domain": "", "support_email": "", "industry": "", "company_size": "", "locale": "en", "timezone": "UTC", "assignment_limit": null,
                "auto_resolve": { "after": null, "message": "", "ignore_waiting": false, "label": null },
            } })),
        ] {
            let answer = call(&world, &token, end, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{end}: {}", answer.text());
            let expected = if end == "account/update" { "forbidden" } else { "read_only" };
            assert_eq!(answer.json()["code"], expected, "{end}");
        }
        // The session's token opens the API too, with the same eyes.
        let path = world.path(&format!("/conversations/{number}/messages"));
        let request = Request::post(path).header("access-token", &token).header(header::CONTENT_TYPE, "application/json");
        let answer = world.send(request.body(Body::from(json!({ "content": "x" }).to_string())).unwrap()).await;
        assert_eq!(answer.refused(403)["error"], "You are looking at this account as somebody else; nothing can be changed");

        // On the socket as well; and nobody is shown as here who is not.
        let address = world.listen().await;
        let cookie = format!("cloudchat_session={token}");
        let live = format!("/live?account_id={account}");
        let mut socket = Socket::connect(address, &live, &[("cookie", &cookie)]).await.unwrap();
        socket.until(|frame| frame["type"] == "ready").await;
        let agents = domain::agent::list(&world.admin).await.unwrap();
        assert!(agents.iter().all(|agent| agent.availability == Availability::Offline));
        let typing = json!({ "type": "typing", "conversation_id": said.message.conversation_id, "on": true, "private": false });
        socket.send(&typing).await;
        let admin = world.admin.user_id().unwrap();
        conversation::assign::to_agent(&world.admin, number, Some(admin)).await.unwrap();
        message::send::send(&world.admin, number, reply("geheim")).await.unwrap();
        let gone = socket.until(|frame| {
            assert!(!frame.to_string().contains("geheim"), "{frame}");
            frame["change"]["kind"] == "conversation_gone"
        }).await;
        assert_eq!(gone["change"]["display_id"], json!(number));

        let request = Request::post("/app/api/session/stop_viewing")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("next=%2Fapp"));
        world.send(request.unwrap()).await.ok();
        let seen = call(&world, &token, "account/workplace", json!({ "account": account })).await.ok();
        assert_eq!(seen["me"]["role"], "administrator");
        let log = world.get("/audit_logs").await.ok();
        let actions: Vec<_> = log["audit_logs"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert!(actions.contains(&"view_as") && actions.contains(&"stop_view_as"), "{actions:?}");
    }
}
