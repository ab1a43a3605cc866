//! Profile, account, agents, teams, labels and signing in over REST.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::World;
use axum::body::Body;
use axum::http::Request;
use model::Role;
use serde_json::{Value, json};

/// The names of a JSON object's fields.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

async fn members(world: &World) -> Vec<model::agent::Agent> {
    domain::agent::read::all(&world.app.system(), world.account).await.unwrap()
}

db::db_test! {
    async fn the_profile_shows_accounts_and_tokens_and_can_be_changed(test: TestDb) {
        let world = World::new(test).await;
        let me = world.ask(&world.admin_token, "GET", "/api/v1/profile", None).await.ok();
        assert_eq!(me["access_token"], world.admin_token.as_str());
        assert_eq!((&me["email"], &me["uid"], &me["role"]), (&json!("ana@example.com"), &me["email"], &json!("administrator")));
        assert_eq!(me["accounts"][0]["id"], json!(world.account));
        assert_eq!(me["accounts"][0]["permissions"], json!(["administrator"]));
        assert!(me["pubsub_token"].as_str().unwrap().len() > 20);

        // Nested as the dashboard of the dialect sends it, and flat as integrators do.
        let nested = json!({"profile": {"display_name": "Ana da Loja", "ui_settings": {"rtl_view": false}}});
        let me = world.ask(&world.admin_token, "PUT", "/api/v1/profile", Some(nested)).await.ok();
        assert_eq!((&me["display_name"], &me["available_name"]), (&json!("Ana da Loja"), &json!("Ana da Loja")));
        let flat = json!({"name": "Ana S.", "message_signature": "Abraço"});
        let me = world.ask(&world.admin_token, "PUT", "/api/v1/profile", Some(flat)).await.ok();
        assert_eq!((&me["name"], &me["message_signature"]), (&json!("Ana S."), &json!("Abraço")));
        assert_eq!(me["ui_settings"], json!({"rtl_view": false}));

        let body = json!({"profile": {"account_id": world.account, "availability": "busy"}});
        let me = world.ask(&world.admin_token, "POST", "/api/v1/profile/availability", Some(body)).await.ok();
        assert_eq!((&me["accounts"][0]["availability"], &me["accounts"][0]["availability_status"]), (&json!("busy"), &json!("offline")));
        let body = json!({"account_id": world.account.to_string(), "auto_offline": "false"});
        let me = world.ask(&world.admin_token, "POST", "/api/v1/profile/auto_offline", Some(body)).await.ok();
        assert_eq!(me["accounts"][0]["availability_status"], "busy");

        let wrong = json!({"account_id": world.account, "availability": "asleep"});
        let refusal = world.ask(&world.admin_token, "POST", "/api/v1/profile/availability", Some(wrong)).await.refused(422);
        assert_eq!(refusal["attributes"], json!(["availability"]));
        let change = json!({"current_password": "wrong", "password": "battery staple"});
        let refusal = world.ask(&world.admin_token, "PUT", "/api/v1/profile", Some(change)).await.refused(422);
        assert_eq!(refusal["attributes"], json!(["current_password"]));
        let change = json!({"current_password": "correct horse", "password": "battery staple", "password_confirmation": "battery staple"});
        world.ask(&world.admin_token, "PUT", "/api/v1/profile", Some(change)).await.ok();
        let other = json!({"email": "else@example.com"});
        world.ask(&world.admin_token, "PUT", "/api/v1/profile", Some(other)).await.refused(422);
        // With the password a link goes there; until it is opened nothing changes.
        let other = json!({"email": "else@example.com", "current_password": "battery staple"});
        let me = world.ask(&world.admin_token, "PUT", "/api/v1/profile", Some(other)).await.ok();
        assert_eq!(me["email"], "ana@example.com");
        assert_eq!(domain::agent::email::pending(&world.admin).await.unwrap().unwrap().email, "else@example.com");

        let me = world.ask(&world.admin_token, "POST", "/api/v1/profile/reset_access_token", None).await.ok();
        let new = me["access_token"].as_str().unwrap();
        assert_ne!(new, world.admin_token);
        world.ask(&world.admin_token, "GET", "/api/v1/profile", None).await.refused(401);
        let body = json!({"profile": {"account_id": world.account}});
        world.ask(new, "PUT", "/api/v1/profile/set_active_account", Some(body)).await.ok();
        let me = world.ask(new, "GET", "/api/v1/profile", None).await.ok();
        assert!(me["accounts"][0]["active_at"].is_string());
    }

    async fn signing_in_gives_headers_that_stand_for_the_session(test: TestDb) {
        let world = World::new(test).await;
        let sign_in = |password: &str| {
            let body = json!({"email": " Ana@Example.com ", "password": password}).to_string();
            Request::builder().method("POST").uri("/auth/sign_in").header("content-type", "application/json").body(Body::from(body)).unwrap()
        };
        let refusal = world.send(sign_in("wrong")).await.refused(401);
        assert_eq!(refusal["success"], false);
        let answer = world.send(sign_in("correct horse")).await;
        assert_eq!(answer.ok()["data"]["email"], "ana@example.com");
        let token = answer.headers["access-token"].to_str().unwrap().to_owned();
        assert_eq!(answer.headers["uid"], "ana@example.com");
        assert_eq!(answer.headers["token-type"], "Bearer");
        assert!(answer.headers.contains_key("client") && answer.headers.contains_key("expiry"));

        let with = |method: &str, path: &str| {
            Request::builder().method(method).uri(path).header("access-token", &token).body(Body::empty()).unwrap()
        };
        let valid = world.send(with("GET", "/auth/validate_token")).await.ok();
        assert_eq!(valid["payload"]["success"], true);
        world.send(with("GET", &world.path("/labels"))).await.ok();
        world.send(with("DELETE", "/auth/sign_out")).await.ok();
        world.send(with("GET", "/auth/validate_token")).await.refused(401);
        world.send(with("GET", &world.path("/labels"))).await.refused(401);
    }

    async fn an_account_is_shown_and_changed(test: TestDb) {
        let world = World::new(test).await;
        let account = world.get("").await.ok();
        assert_eq!((&account["name"], &account["locale"], &account["status"]), (&json!("Loja Aurora"), &json!("pt_BR"), &json!("active")));
        let before = account["cache_keys"].clone();
        assert_eq!(keys(&before), ["inbox", "label", "team"]);
        let changed = world.patch("", json!({"name": "Loja Nova", "locale": "en", "timezone": "America/Recife"})).await.ok();
        assert_eq!((&changed["name"], &changed["locale"]), (&json!("Loja Nova"), &json!("en")));
        assert_eq!(world.patch("", json!({"locale": "xx"})).await.refused(422)["attributes"], json!(["locale"]));
        world.post("/update_active_at", json!({})).await.ok();
        let id = world.post("/labels", json!({"title": "vip"})).await.ok()["id"].clone();
        let keys = world.get("/cache_keys").await.ok()["cache_keys"].clone();
        assert_ne!(keys["label"], before["label"]);
        assert_eq!(keys["team"], before["team"]);
        world.delete(&format!("/labels/{id}")).await.ok();
        assert_ne!(world.get("/cache_keys").await.ok()["cache_keys"]["label"], keys["label"]);
        let foreign = world.ask(&world.admin_token, "GET", "/api/v1/accounts/999", None).await.refused(401);
        assert_eq!(foreign["error"], "You are not authorized to access this account");
    }

    async fn an_accounts_settings_are_checked_and_logged(test: TestDb) {
        let world = World::new(test).await;
        world.post("/labels", json!({"title": "parada"})).await.ok();
        let given = json!({
            "assignment_limit": 12, "auto_resolve_after": "2880", "auto_resolve_message": "Até logo",
            "auto_resolve_ignore_waiting": true, "auto_resolve_label": "Parada", "support_email": "Ajuda@Loja.com.br",
            "domain": "loja.com.br", "industry": "Varejo", "company_size": "11-50",
        });
        let account = world.patch("", given).await.ok();
        let expected = json!({
            "auto_resolve_after": 2880, "auto_resolve_message": "Até logo", "auto_resolve_ignore_waiting": true,
            "audio_transcriptions": null, "auto_resolve_label": "parada", "assignment_limit": 12,
        });
        assert_eq!(account["settings"], expected);
        assert_eq!((&account["support_email"], &account["domain"]), (&json!("ajuda@loja.com.br"), &json!("loja.com.br")));
        assert_eq!(account["custom_attributes"]["industry"], "Varejo");
        for (body, field) in [
            (json!({"auto_resolve_after": 9}), "auto_resolve_after"),
            (json!({"auto_resolve_after": 1_439_857}), "auto_resolve_after"),
            (json!({"assignment_limit": 0}), "assignment_limit"),
            (json!({"auto_resolve_label": "unbekannt"}), "auto_resolve_label"),
            (json!({"support_email": "nobody"}), "support_email"),
        ] {
            assert_eq!(world.patch("", body.clone()).await.refused(422)["attributes"], json!([field]), "{body}");
        }
        let account = world.patch("", json!({"assignment_limit": null, "auto_resolve_after": null})).await.ok();
        assert_eq!((&account["settings"]["assignment_limit"], &account["settings"]["auto_resolve_after"]), (&Value::Null, &Value::Null));
        assert_eq!(account["settings"]["auto_resolve_message"], "Até logo");

        let log = world.get("/audit_logs?subject=account").await.ok();
        assert_eq!((&log["total_entries"], &log["per_page"], &log["current_page"]), (&json!(2), &json!(15), &json!(1)));
        let newest = &log["audit_logs"][0];
        assert_eq!(newest["audited_changes"], json!({"assignment_limit": [12, null], "auto_resolve_after": [2880, null]}));
        assert_eq!((&newest["auditable_type"], &newest["action"], &newest["username"]), (&json!("Account"), &json!("update"), &json!("ana@example.com")));
        assert_eq!(newest["remote_address"], "127.0.0.1");
        assert!(newest["request_uuid"].as_str().unwrap().len() >= 8);
        world.get("/audit_logs?subject=nonsense").await.refused(422);
    }

    async fn two_administrators_cannot_take_the_role_from_each_other_at_once(test: TestDb) {
        let world = World::new(test).await;
        for round in 0..5 {
            let edu = world.member(&format!("edu{round}"), Role::Administrator).await;
            let leo = world.member(&format!("leo{round}"), Role::Administrator).await;
            // Only the two are left.
            let admins: Vec<_> = members(&world).await.into_iter().filter(|agent| agent.role == Role::Administrator).collect();
            for other in admins.iter().filter(|agent| agent.id != edu.id && agent.id != leo.id) {
                let change = domain::agent::AgentChange { role: Some(Role::Agent), ..Default::default() };
                domain::agent::update(&edu.ctx, other.id, change).await.unwrap();
            }
            let demote = domain::agent::AgentChange { role: Some(Role::Agent), ..Default::default() };
            let (left, right) = tokio::join!(
                domain::agent::update(&edu.ctx, leo.id, demote),
                domain::agent::remove(&leo.ctx, edu.id),
            );
            assert!(left.is_ok() != right.is_ok(), "{left:?} {right:?}");
            let rest = members(&world).await.into_iter().filter(|agent| agent.role == Role::Administrator).count();
            assert_eq!(rest, 1);
            // The one who is left opens the next round.
            let last = if left.is_ok() { edu } else { leo };
            let change = domain::agent::AgentChange { role: Some(Role::Administrator), ..Default::default() };
            domain::agent::update(&last.ctx, world.admin.user_id().unwrap(), change).await.unwrap();
        }
    }

    async fn agents_come_change_and_go(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.post("/agents", json!({"agent": {"name": "Bia", "email": "bia@example.com", "role": "agent"}})).await.ok();
        assert_eq!(
            keys(&bia),
            ["account_id", "assignment_limit", "auto_offline", "availability_status", "available_name", "confirmed", "custom_role_id", "email", "id", "name", "role", "thumbnail"]
        );
        assert_eq!((&bia["confirmed"], &bia["availability_status"], &bia["auto_offline"]), (&json!(false), &json!("offline"), &json!(true)));
        let taken = world.post("/agents", json!({"email": "bia@example.com"})).await.refused(422);
        assert_eq!(taken["attributes"], json!(["email"]));
        assert_eq!(world.post("/agents", json!({"name": "x"})).await.refused(422)["attributes"], json!(["email"]));
        assert_eq!(world.post("/agents", json!({"email": "c@example.com", "role": "king"})).await.refused(422)["attributes"], json!(["role"]));
        let path = format!("/agents/{}", bia["id"]);
        let limited = world.patch(&path, json!({"assignment_limit": "7"})).await.ok();
        assert_eq!(limited["assignment_limit"], 7);
        assert_eq!(world.patch(&path, json!({"assignment_limit": -1})).await.refused(422)["attributes"], json!(["assignment_limit"]));
        assert_eq!(world.patch(&path, json!({"assignment_limit": null})).await.ok()["assignment_limit"], Value::Null);
        let changed = world.patch(&path, json!({"role": "supervisor", "name": "Bia Lima"})).await.ok();
        assert_eq!((&changed["role"], &changed["name"]), (&json!("supervisor"), &json!("Bia Lima")));
        world.post("/agents/bulk_create", json!({"emails": ["d@example.com", "none", "bia@example.com"]})).await.ok();
        let names: Vec<Value> = world.get("/agents").await.ok().as_array().unwrap().iter().map(|agent| agent["email"].clone()).collect();
        assert_eq!(names, ["ana@example.com", "bia@example.com", "d@example.com"]);
        world.delete(&path).await.ok();
        world.delete(&path).await.refused(404);
        // Nobody can lock the account by leaving it.
        let own = world.admin.user_id().unwrap();
        world.delete(&format!("/agents/{own}")).await.refused(422);
    }

    async fn teams_have_members(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let stranger = world.stranger().await;
        let team = world.post("/teams", json!({"name": "Vendas", "description": "x"})).await.ok();
        assert_eq!((&team["name"], &team["allow_auto_assign"], &team["is_member"]), (&json!("vendas"), &json!(true), &json!(false)));
        let path = format!("/teams/{}", team["id"]);
        let members = format!("{path}/team_members");
        let added = world.post(&members, json!({"user_ids": [bia.id]})).await.ok();
        assert_eq!(added[0]["id"], json!(bia.id));
        assert_eq!(world.post(&members, json!({"user_ids": [bia.id]})).await.ok(), json!([]));
        let mine = world.admin.user_id().unwrap();
        assert_eq!(world.patch(&members, json!({"user_ids": [mine, bia.id]})).await.ok().as_array().unwrap().len(), 2);
        assert_eq!(world.get(&path).await.ok()["is_member"], true);
        world.post(&members, json!({"user_ids": [stranger.id]})).await.refused(401);
        let answer = world.ask(&world.admin_token, "DELETE", &world.path(&members), Some(json!({"user_ids": [mine]}))).await;
        answer.ok();
        assert_eq!(world.get(&members).await.ok().as_array().unwrap().len(), 1);
        assert_eq!(world.patch(&path, json!({"allow_auto_assign": false})).await.ok()["description"], "x");
        assert_eq!(world.get("/teams").await.ok()[0]["allow_auto_assign"], false);
        let hours = json!({"working_hours_enabled": true, "timezone": "America/Sao_Paulo", "working_hours": [{"day_of_week": 6, "open_hour": 9, "close_hour": 12}]});
        let changed = world.patch(&path, hours).await.ok();
        assert_eq!((&changed["working_hours_enabled"], &changed["working_hours"][6]["close_hour"]), (&json!(true), &json!(12)));
        assert_eq!(world.get(&path).await.ok(), changed);
        world.delete(&format!("{path}?name=compras")).await.refused(422);
        world.delete(&format!("{path}?name=vendas")).await.ok();
        world.get(&path).await.refused(404);
    }

    async fn labels_are_written_flat_or_nested(test: TestDb) {
        let world = World::new(test).await;
        let label = world.post("/labels", json!({"title": "VIP", "show_on_sidebar": true})).await.ok();
        assert_eq!(label, json!({"id": label["id"], "title": "vip", "description": "", "color": "#1f93ff", "show_on_sidebar": true}));
        let path = format!("/labels/{}", label["id"]);
        let changed = world.patch(&path, json!({"label": {"color": "#FF0000", "description": "Muito importante"}})).await.ok();
        assert_eq!((&changed["color"], &changed["title"]), (&json!("#ff0000"), &json!("vip")));
        assert_eq!(world.get("/labels").await.ok(), json!({"payload": [changed]}));
        assert_eq!(world.get(&path).await.ok(), changed);
        let taken = world.post("/labels", json!({"title": "vip"})).await.refused(422);
        assert_eq!(taken, json!({"message": "title has already been taken", "attributes": ["title"], "error": "title has already been taken"}));
        for (body, field) in [
            (json!({}), "title"),
            (json!({"title": "-"}), "title"),
            (json!({"title": ["a"]}), "title"),
            (json!({"title": "ok", "color": "red"}), "color"),
            (json!({"title": "ok", "show_on_sidebar": "perhaps"}), "show_on_sidebar"),
            (json!({"title": "a\u{0}b"}), "title"),
        ] {
            assert_eq!(world.post("/labels", body.clone()).await.refused(422)["attributes"], json!([field]), "{body}");
        }
        world.delete(&path).await.ok();
        world.get(&path).await.refused(404);
        world.get("/labels/x").await.refused(404);
        world.get("/labels/99999999999999999999").await.refused(404);
    }
}
