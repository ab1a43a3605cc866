//! Several conversations of one visitor, and their history.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::browser::Browser;
use crate::support::{World, reply};
use domain::{conversation, inbox, message};
use model::inbox::Inbox;
use model::{ConversationStatus, DisplayId};
use serde_json::{Value, json};

/// An inbox whose proven visitors have several conversations.
async fn website(world: &World) -> Inbox {
    let inbox = world.website(&[]).await;
    let config = Some(json!({"multiple_conversations": true}));
    inbox::update(&world.admin, inbox.id, inbox::Settings { config, ..inbox::Settings::default() }).await.unwrap()
}

fn numbers(list: &Value) -> Vec<i64> {
    list["payload"].as_array().unwrap().iter().map(|line| line["id"].as_i64().unwrap()).collect()
}

async fn resolve(world: &World, number: i64) {
    conversation::status::set(&world.admin, DisplayId(number), ConversationStatus::Resolved, None).await.unwrap();
}

async fn begin(browser: &mut Browser<'_>, content: &str) -> i64 {
    let begun = browser.ask("POST", "conversations", json!({"message": {"content": content}})).await.ok();
    begun["id"].as_i64().unwrap()
}

db::db_test! {
    async fn a_proven_person_has_several_conversations_on_all_their_devices(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world).await;
        let mut laptop = Browser::new(&world, &inbox);
        assert_eq!(laptop.is_person(&inbox, "u-1").await["has_many_conversations"], true);
        let first = begin(&mut laptop, "Pedido atrasado").await;
        let second = begin(&mut laptop, "Segunda via").await;
        assert_ne!(first, second);

        let mut phone = Browser::new(&world, &inbox);
        phone.is_person(&inbox, "u-1").await;
        assert_eq!(numbers(&phone.list("conversations/active").await), [second, first]);
        let into = format!("messages?conversation_id={first}");
        let said = phone.ask("POST", &into, json!({"message": {"content": "Chegou?"}})).await.ok();
        assert_eq!(said["conversation_id"], first);
        message::send::send(&world.admin, DisplayId(first), reply("Sim!")).await.unwrap();
        let list = laptop.list("conversations/active").await;
        assert_eq!(numbers(&list), [first, second], "the liveliest first");
        assert_eq!((&list["payload"][0]["unread_count"], &list["payload"][0]["last_message"]["content"]), (&json!(1), &json!("Sim!")));
        let read: Vec<_> = laptop.list(&into).await["payload"].as_array().unwrap().iter().map(|m| m["content"].clone()).collect();
        assert_eq!(read, ["Pedido atrasado", "Chegou?", "Sim!"]);
        laptop.ask("POST", &format!("conversations/update_last_seen?conversation_id={first}"), json!({})).await.ok();
        assert_eq!(phone.list("conversations/active").await["payload"][0]["unread_count"], 0);
    }

    async fn history_comes_by_fives_and_can_be_searched_and_reopened(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world).await;
        let mut browser = Browser::new(&world, &inbox);
        browser.is_person(&inbox, "u-1").await;
        let mut closed = Vec::new();
        for n in 0..7 {
            let number = begin(&mut browser, &format!("Assunto {n}")).await;
            resolve(&world, number).await;
            closed.insert(0, number);
        }
        let page = browser.list("conversations/history").await;
        assert_eq!((numbers(&page), &page["meta"]["has_more"]), (closed[..5].to_vec(), &json!(true)));
        let rest = browser.list(&format!("conversations/history?before={}", closed[4])).await;
        assert_eq!((numbers(&rest), &rest["meta"]["has_more"]), (closed[5..].to_vec(), &json!(false)));
        assert!(numbers(&browser.list("conversations/active").await).is_empty());

        let one = browser.list(&format!("conversations/history?id=%23{}", closed[6])).await;
        assert_eq!(numbers(&one), [closed[6]]);
        let at = one["payload"][0]["created_at"].as_i64().unwrap();
        let between = |since: i64, until: i64, id: i64| format!("conversations/history?since={since}&until={until}&id={id}");
        assert_eq!(numbers(&browser.list(&between(at - 60, at + 60, closed[6])).await), [closed[6]]);
        assert!(numbers(&browser.list(&between(at + 60, at + 120, closed[6])).await).is_empty());
        assert!(numbers(&browser.list(&between(at - 120, at - 60, closed[6])).await).is_empty());
        for nothing in ["id=0", "id=abc", "id=99999999999999999999", "before=99", "id=1%20or%201"] {
            let found = browser.list(&format!("conversations/history?{nothing}")).await;
            assert!(nothing.starts_with("before") || numbers(&found).is_empty(), "{nothing}: {found}");
        }
        browser.ask("GET", "conversations/history?since=ontem", Value::Null).await.refused(422);
        browser.ask("GET", "conversations/history?until=9223372036854775807", Value::Null).await.refused(422);

        // Whoever writes into a closed one reopens it.
        let into = format!("messages?conversation_id={}", closed[3]);
        let said = browser.ask("POST", &into, json!({"message": {"content": "Voltou a acontecer"}})).await.ok();
        assert_eq!(said["conversation_id"], closed[3]);
        assert_eq!(numbers(&browser.list("conversations/active").await), [closed[3]]);
        assert!(!numbers(&browser.list("conversations/history").await).contains(&closed[3]));
    }

    async fn nobody_finds_the_conversations_of_another(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world).await;
        let mut ana = Browser::new(&world, &inbox);
        ana.is_person(&inbox, "ana").await;
        let hers = begin(&mut ana, "segredo").await;
        let old = begin(&mut ana, "segredo antigo").await;
        resolve(&world, old).await;

        let mut zed = Browser::new(&world, &inbox);
        zed.is_person(&inbox, "zed").await;
        begin(&mut zed, "oi").await;
        let mut anonymous = Browser::new(&world, &inbox);
        anonymous.say("oi").await;
        let mut unproven = Browser::new(&world, &inbox);
        let user = json!({"identifier": "ana", "email": "ana@example.com"});
        let known = unproven.ask("PATCH", "contact/set_user", user).await.ok();
        assert_eq!(known["has_many_conversations"], false);
        for browser in [&mut zed, &mut anonymous, &mut unproven] {
            for number in [hers, old] {
                let at = |path: &str| format!("{path}?conversation_id={number}");
                browser.ask("GET", &at("messages"), Value::Null).await.refused(404);
                browser.ask("GET", &at("conversations"), Value::Null).await.refused(404);
                browser.ask("POST", &at("messages"), json!({"message": {"content": "lido"}})).await.refused(404);
                browser.ask("POST", &at("conversations/update_last_seen"), json!({})).await.refused(404);
                browser.ask("POST", &at("conversations/toggle_typing"), json!({"typing_status": "on"})).await.refused(404);
                browser.ask("GET", &at("conversations/toggle_status"), Value::Null).await.refused(404);
                let found = browser.list(&format!("conversations/history?id={number}")).await;
                assert!(numbers(&found).is_empty());
                let before = browser.list(&format!("conversations/history?before={number}")).await;
                assert!(!numbers(&before).contains(&number));
            }
        }
        assert!(numbers(&anonymous.list("conversations/active").await).is_empty());
        assert!(numbers(&unproven.list("conversations/active").await).is_empty());

        // Where it is switched off, and where everybody is kept to one conversation, there are no lists.
        for off in [json!({"multiple_conversations": false}), json!({"multiple_conversations": true})] {
            let lock = off["multiple_conversations"] == true;
            let settings = inbox::Settings { config: Some(off), lock_to_single_conversation: Some(lock), ..inbox::Settings::default() };
            inbox::update(&world.admin, inbox.id, settings).await.unwrap();
            assert!(numbers(&ana.list("conversations/active").await).is_empty());
            assert!(numbers(&ana.list("conversations/history").await).is_empty());
            ana.ask("GET", &format!("messages?conversation_id={hers}"), Value::Null).await.refused(404);
        }
    }
}
