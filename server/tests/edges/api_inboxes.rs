//! Inboxes over REST.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::World;
use model::Role;
use serde_json::json;

db::db_test! {
    async fn a_website_is_made_shown_changed_and_deleted(test: TestDb) {
        let world = World::new(test).await;
        let new = json!({
            "name": "Loja", "greeting_enabled": true, "greeting_message": "Oi!",
            "channel": {"type": "web_widget", "website_url": "loja.com.br", "widget_color": "#FF0000", "welcome_title": "Olá"},
        });
        let inbox = world.post("/inboxes", new).await.ok();
        let token = inbox["website_token"].as_str().unwrap().to_owned();
        assert_eq!(inbox["channel_type"], "Channel::WebWidget");
        assert_eq!((&inbox["website_url"], &inbox["widget_color"]), (&json!("https://loja.com.br"), &json!("#ff0000")));
        assert_eq!((&inbox["greeting_enabled"], &inbox["enable_auto_assignment"]), (&json!(true), &json!(true)));
        assert!(inbox["hmac_token"].as_str().unwrap().len() >= 24);
        let script = inbox["web_widget_script"].as_str().unwrap();
        assert!(script.contains(&token) && script.contains("http://localhost:3000") && script.contains("/packs/js/sdk.js"));
        for key in ["phone_number", "provider", "messaging_service_sid", "business_name", "callback_webhook_url"] {
            assert!(inbox.as_object().unwrap().contains_key(key) && inbox[key].is_null(), "{key}");
        }

        let path = format!("/inboxes/{}", inbox["id"]);
        let change = json!({"inbox": {"name": "Loja nova", "channel": {"welcome_title": "Oi de novo", "hmac_mandatory": true}}});
        let changed = world.patch(&path, change).await.ok();
        assert_eq!((&changed["name"], &changed["welcome_title"], &changed["widget_color"]), (&json!("Loja nova"), &json!("Oi de novo"), &json!("#ff0000")));
        assert_eq!(changed["hmac_mandatory"], true);
        assert_eq!(world.get(&path).await.ok(), changed);
        assert_eq!(world.get("/inboxes").await.ok(), json!({"payload": [changed]}));

        for (body, field) in [
            (json!({"name": "x"}), "channel.type"),
            (json!({"name": "x", "channel": {"type": "pigeon"}}), "channel"),
            (json!({"name": "x", "channel": {"type": "web_widget"}}), "website_url"),
            (json!({"name": " ", "channel": {"type": "web_widget", "website_url": "a.b"}}), "name"),
            (json!({"name": "x", "channel": {"type": "web_widget", "website_url": "javascript:alert(1)"}}), "website_url"),
            (json!({"name": "x", "timezone": "Mars/Olympus", "channel": {"type": "web_widget", "website_url": "a.b"}}), "timezone"),
        ] {
            assert_eq!(world.post("/inboxes", body.clone()).await.refused(422)["attributes"], json!([field]), "{body}");
        }
        assert_eq!(world.get("/inboxes").await.ok()["payload"].as_array().unwrap().len(), 1);
        assert!(world.delete(&path).await.ok()["message"].is_string());
        world.get(&path).await.refused(404);
    }

    async fn agents_see_the_inboxes_they_belong_to_without_secrets(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[]).await;
        let path = world.path(&format!("/inboxes/{}", inbox.id));
        world.ask(&bia.token, "GET", &path, None).await.refused(404);
        assert_eq!(world.ask(&bia.token, "GET", &world.path("/inboxes"), None).await.ok(), json!({"payload": []}));

        let members = world.post("/inbox_members", json!({"inbox_id": inbox.id, "user_ids": [bia.id]})).await.ok();
        assert_eq!(members["payload"][0]["id"], json!(bia.id));
        let shown = world.ask(&bia.token, "GET", &path, None).await.ok();
        assert!(shown["hmac_token"].is_null(), "{shown}");
        assert!(shown["website_token"].is_string());

        let of_inbox = world.get(&format!("/inbox_members/{}", inbox.id)).await.ok();
        assert_eq!(of_inbox["payload"].as_array().unwrap().len(), 1);
        let own = world.admin.user_id().unwrap();
        for path in [format!("/assignable_agents?inbox_ids[]={}", inbox.id), format!("/inboxes/{}/assignable_agents", inbox.id)] {
            let who: Vec<_> = world.get(&path).await.ok()["payload"].as_array().unwrap().iter().map(|agent| agent["id"].clone()).collect();
            assert_eq!(who, [json!(own), json!(bia.id)], "{path}");
        }
        let set = world.patch("/inbox_members", json!({"inbox_id": inbox.id, "user_ids": [own]})).await.ok();
        assert_eq!(set["payload"][0]["id"], json!(own));
        world.ask(&bia.token, "GET", &path, None).await.refused(404);
        let wrong = world.post("/inbox_members", json!({"inbox_id": inbox.id, "user_ids": [999]})).await.refused(422);
        assert_eq!(wrong["attributes"], json!(["user_ids"]));
        world.post("/inbox_members", json!({"inbox_id": 999, "user_ids": [own]})).await.refused(404);
    }

    async fn business_hours_are_rows_of_days(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let path = format!("/inboxes/{}", inbox.id);
        let usual = world.get(&path).await.ok();
        assert_eq!(usual["working_hours"].as_array().unwrap().len(), 7);
        assert_eq!(usual["working_hours"][0]["closed_all_day"], true);
        let monday = &usual["working_hours"][1];
        assert_eq!((&monday["open_hour"], &monday["close_hour"], &monday["open_all_day"]), (&json!(9), &json!(17), &json!(false)));
        let change = json!({
            "working_hours_enabled": true, "timezone": "America/Sao_Paulo", "out_of_office_message": "Voltamos logo.",
            "working_hours": [
                {"day_of_week": 0, "open_all_day": true},
                {"day_of_week": 1, "closed_all_day": false, "open_hour": 8, "open_minutes": 30, "close_hour": 12, "close_minutes": 0},
                {"day_of_week": 2, "closed_all_day": true, "open_hour": null},
            ],
        });
        let changed = world.patch(&path, change).await.ok();
        let days = changed["working_hours"].as_array().unwrap();
        assert_eq!((&days[0]["open_all_day"], &days[0]["close_hour"], &days[0]["close_minutes"]), (&json!(true), &json!(23), &json!(59)));
        assert_eq!((&days[1]["open_minutes"], &days[1]["close_hour"]), (&json!(30), &json!(12)));
        assert_eq!((&days[2]["closed_all_day"], &days[3]["open_hour"]), (&json!(true), &json!(9)));
        assert_eq!(changed["out_of_office_message"], "Voltamos logo.");
        assert_eq!(world.get(&path).await.ok(), changed);
        for wrong in [
            json!([{"day_of_week": 1, "open_hour": 17, "close_hour": 9}]),
            json!([{"day_of_week": 1, "open_all_day": true, "closed_all_day": true}]),
            json!([{"day_of_week": 9, "closed_all_day": true}]),
            json!("always"),
        ] {
            assert_eq!(world.patch(&path, json!({"working_hours": wrong})).await.refused(422)["attributes"], json!(["working_hours"]), "{wrong}");
        }
        assert_eq!(world.get(&path).await.ok(), changed);
        // Whoever names what is to be deleted must name it right.
        world.delete(&format!("{path}?name=Lojinha")).await.refused(422);
        world.delete(&format!("{path}?name=Loja")).await.ok();
        world.get(&path).await.refused(404);
    }
}
