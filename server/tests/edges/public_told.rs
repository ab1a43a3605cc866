//! What programs that are the channel of an inbox are told.

use std::sync::atomic::Ordering;

use domain::App;
use domain::clock::Clock;
use serde_json::{Value, json};

use crate::support::program::{Heard, Program, begin, call, inbox, sign};
use crate::support::{World, reply, words};

db::db_test! {
    async fn the_program_on_the_other_side_hears_of_everything_signed(test: TestDb) {
        let world = World::with_settings(test, |settings| settings.private_webhooks = true).await;
        let mut other = Program::start().await;
        let inbox = inbox(&world, json!({ "webhook_url": other.url() })).await;
        let (_, conversation) = begin(&world, &inbox).await;
        let created = other.next(&world, "conversation_created").await;
        assert_eq!(created.body["contact_inbox"]["inbox_id"], inbox["id"]);
        let number = conversation.rsplit('/').next().unwrap();
        call(&world, "POST", &inbox, &format!("{conversation}/messages"), json!({ "content": "Oi" })).await.ok();
        let heard = other.next(&world, "message_created").await;
        assert_eq!((&heard.body["content"], &heard.body["message_type"]), (&json!("Oi"), &json!("incoming")));
        assert_eq!((&heard.body["inbox"]["name"], heard.body["conversation"]["id"].to_string().as_str()), (&json!("ERP"), number));
        let at = heard.headers["x-chatwoot-timestamp"].to_str().unwrap();
        let signature = sign(inbox["webhook_secret"].as_str().unwrap(), &format!("{at}.{}", heard.raw));
        assert_eq!(heard.headers["x-chatwoot-signature"], format!("sha256={signature}"));
        assert!(heard.headers.contains_key("x-chatwoot-delivery"));
        world.post(&format!("/conversations/{number}/toggle_status"), json!({ "status": "resolved" })).await.ok();
        let changed = other.next(&world, "conversation_status_changed").await;
        assert_eq!(changed.body["changed_attributes"], json!([{ "status": { "previous_value": "open", "current_value": "resolved" } }]));
        while other.hears.try_recv().is_ok() {}
        // Other inboxes are nobody's business.
        let website = world.website(&[]).await;
        domain::visitor::chat::say(&world.visitor(&website).await, words("Oi")).await.unwrap();
        other.drain(&world).await;
        assert!(other.hears.try_recv().is_err());
    }

    async fn what_does_not_get_through_is_told_and_tried_again(test: TestDb) {
        let (clock, hand) = Clock::fixed(domain::testing::NOW);
        let world = World::at(test, clock, |settings| settings.private_webhooks = true).await;
        let mut other = Program::start().await;
        let inbox = inbox(&world, json!({ "webhook_url": other.url() })).await;
        let (_, conversation) = begin(&world, &inbox).await;
        other.drain(&world).await;
        let number = conversation.rsplit('/').next().unwrap();
        let path = format!("/conversations/{number}/messages");
        other.answer(500);
        let sent = world.post(&path, json!({ "content": "Chega amanhã" })).await.ok();
        other.drain(&world).await;
        let state = async || {
            let list = world.get(&path).await.ok();
            let messages = list["payload"].as_array().unwrap().clone();
            messages.into_iter().find(|message| message["id"] == sent["id"]).unwrap()
        };
        assert_eq!(state().await["status"], "failed");
        assert!(state().await["content_attributes"]["external_error"].as_str().unwrap().contains("500"));
        let first: Vec<_> = std::iter::from_fn(|| other.hears.try_recv().ok()).filter(|heard| heard.body["id"] == sent["id"]).collect();
        other.answer(200);
        hand.fetch_add(2 * 3_600_000, Ordering::SeqCst);
        other.drain(&world).await;
        assert_eq!(state().await["status"], "sent");
        let again: Vec<_> = std::iter::from_fn(|| other.hears.try_recv().ok()).filter(|heard| heard.body["id"] == sent["id"]).collect();
        let delivery = |heard: &Heard| heard.headers["x-chatwoot-delivery"].clone();
        assert!(first.iter().any(|one| again.iter().any(|two| delivery(one) == delivery(two))), "the same delivery");
    }

    async fn addresses_inside_are_not_called(test: TestDb) {
        let world = World::new(test).await;
        let mut other = Program::start().await;
        let port = other.address.port();
        let inbox = inbox(&world, json!({ "webhook_url": format!("http://localhost:{port}/hook") })).await;
        let (_, conversation) = begin(&world, &inbox).await;
        let path = format!("/conversations/{}/messages", conversation.rsplit('/').next().unwrap());
        world.post(&path, json!({ "content": "Oi" })).await.ok();
        other.drain(&world).await;
        assert!(other.hears.try_recv().is_err());
    }

    async fn what_changed_is_told_with_what_was_before(test: TestDb) {
        let world = World::with_settings(test, |settings| settings.private_webhooks = true).await;
        let mut other = Program::start().await;
        let inbox = inbox(&world, json!({ "webhook_url": other.url() })).await;
        for title in ["frete", "troca"] {
            world.post("/labels", json!({ "title": title })).await.ok();
        }
        world.post("/custom_attribute_definitions", json!({
            "attribute_display_name": "Pedido", "attribute_key": "pedido", "attribute_display_type": 0, "attribute_model": 0,
        })).await.ok();
        let (_, conversation) = begin(&world, &inbox).await;
        other.drain(&world).await;
        let path = format!("/conversations/{}", conversation.rsplit('/').next().unwrap());
        let me = domain::Ctx::user_id(&world.admin).unwrap();
        let change = async |other: &mut Program, what: &str, body: Value| {
            while other.hears.try_recv().is_ok() {}
            world.post(&format!("{path}{what}"), body).await.ok();
            other.next(&world, "conversation_updated").await.body["changed_attributes"].clone()
        };
        let entry = |name: &str, previous: Value, current: Value| json!([{ name: { "previous_value": previous, "current_value": current } }]);
        let other = &mut other;
        assert_eq!(change(other, "/assignments", json!({ "assignee_id": me })).await, entry("assignee_id", json!(null), json!(me)));
        assert_eq!(change(other, "/assignments", json!({ "assignee_id": null })).await, entry("assignee_id", json!(me), json!(null)));
        assert_eq!(change(other, "/toggle_priority", json!({ "priority": "high" })).await, entry("priority", json!(null), json!("high")));
        assert_eq!(change(other, "/labels", json!({ "labels": ["frete"] })).await, entry("labels", json!([]), json!(["frete"])));
        assert_eq!(change(other, "/labels", json!({ "labels": ["frete", "troca"] })).await, entry("labels", json!(["frete"]), json!(["frete", "troca"])));
        let attributes = json!({ "custom_attributes": { "pedido": "7" } });
        assert_eq!(change(other, "/custom_attributes", attributes).await, entry("custom_attributes", json!({}), json!({ "pedido": "7" })));
        let until = 1_999_999_999_i64;
        let snoozed = change(other, "/toggle_status", json!({ "status": "snoozed", "snoozed_until": until })).await;
        assert_eq!(snoozed, json!([
            { "status": { "previous_value": "open", "current_value": "snoozed" } },
            { "snoozed_until": { "previous_value": null, "current_value": "2033-05-18T03:33:19.000Z" } },
        ]));
        // The contact writes: it is open again, and says so.
        while other.hears.try_recv().is_ok() {}
        call(&world, "POST", &inbox, &format!("{conversation}/messages"), json!({ "content": "Oi" })).await.ok();
        let opened = other.next(&world, "conversation_status_changed").await.body["changed_attributes"].clone();
        assert_eq!(opened[0], json!({ "status": { "previous_value": "snoozed", "current_value": "open" } }));
    }

    async fn who_types_is_told_once_and_while_it_is_news(test: TestDb) {
        let (clock, hand) = Clock::fixed(domain::testing::NOW);
        let world = World::at(test, clock, |settings| settings.private_webhooks = true).await;
        let mut other = Program::start().await;
        let inbox = inbox(&world, json!({ "webhook_url": other.url() })).await;
        let (_, conversation) = begin(&world, &inbox).await;
        let number = conversation.rsplit('/').next().unwrap().to_owned();
        let contact = async |status: &str| {
            call(&world, "POST", &inbox, &format!("{conversation}/toggle_typing"), json!({ "typing_status": status })).await.ok();
        };
        contact("on").await;
        let heard = other.next(&world, "conversation_typing_on").await;
        assert_eq!((&heard.body["user"]["name"], &heard.body["is_private"]), (&json!("Bia"), &json!(false)));
        assert_eq!(heard.body["conversation"]["id"].to_string(), number);
        let at = heard.headers["x-chatwoot-timestamp"].to_str().unwrap();
        let signature = sign(inbox["webhook_secret"].as_str().unwrap(), &format!("{at}.{}", heard.raw));
        assert_eq!(heard.headers["x-chatwoot-signature"], format!("sha256={signature}"));
        contact("off").await;
        other.next(&world, "conversation_typing_off").await;
        let typing = json!({ "typing_status": "on", "is_private": true });
        world.post(&format!("/conversations/{number}/toggle_typing_status"), typing).await;
        let heard = other.next(&world, "conversation_typing_on").await;
        assert_eq!((&heard.body["user"]["type"], &heard.body["is_private"]), (&json!("user"), &json!(true)));
        assert_eq!(heard.body["user"]["email"], "ana@example.com");
        // Nobody tries again: it is over by then. Nor is it told late.
        other.answer(500);
        contact("on").await;
        other.next(&world, "conversation_typing_on").await;
        other.answer(200);
        contact("off").await;
        hand.fetch_add(2 * 3_600_000, Ordering::SeqCst);
        other.drain(&world).await;
        assert!(other.hears.try_recv().is_err());
    }

    async fn an_address_counts_at_once_on_every_node(test: TestDb) {
        let world = World::with_settings(test, |settings| settings.private_webhooks = true).await;
        let mut other = Program::start().await;
        let inbox = inbox(&world, json!({})).await;
        let (_, conversation) = begin(&world, &inbox).await;
        let number = model::DisplayId(conversation.rsplit('/').next().unwrap().parse().unwrap());
        // A second node that has dealt with the account a moment ago.
        let node = App::new(world.test.db.clone(), world.app.settings.clone(), Clock::System).unwrap();
        let there = domain::access::enter(&node.anonymous().with(domain::Actor::User(world.admin.user_id().unwrap())), world.account).await.unwrap();
        domain::message::send::send(&there, number, reply("Sem ninguém que ouça")).await.unwrap();
        other.drain(&world).await;
        assert!(other.hears.try_recv().is_err());
        let path = format!("/inboxes/{}", inbox["id"]);
        world.patch(&path, json!({ "channel": { "webhook_url": other.url() } })).await.ok();
        domain::message::send::send(&there, number, reply("Agora sim")).await.unwrap();
        assert_eq!(other.next(&world, "message_created").await.body["content"], "Agora sim");
        while other.hears.try_recv().is_ok() {}
        world.patch(&path, json!({ "channel": { "webhook_url": "" } })).await.ok();
        domain::message::send::send(&there, number, reply("E de novo ninguém")).await.unwrap();
        other.drain(&world).await;
        assert!(other.hears.try_recv().is_err());
    }
}
