//! Searching: what is found, by whom, and that nobody else waits for it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{World, reply, words};
use domain::search::find;
use domain::visitor::chat;
use domain::{conversation, message};
use model::Role;
use model::search::Segment;
use serde_json::{Value, json};

fn marked(pieces: &[Segment]) -> String {
    pieces.iter().map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

fn ids(found: &Value, kind: &str) -> Vec<i64> {
    found["payload"][kind].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

db::db_test! {
    async fn everything_is_found_by_its_words(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("A **geladeira** chegou com a porta amassada")).await.unwrap();
        let contact = said.message.sender.clone().unwrap().id;
        let number = said.message.display_id.0;
        let facts = json!({"name": "João D'Ávila", "email": "joao.davila@example.com", "phone_number": "+5511988887777", "additional_attributes": {"company_name": "Lume Casa"}});
        world.patch(&format!("/contacts/{contact}"), facts).await.ok();
        message::send::send(&world.admin, said.message.display_id, reply("Vamos trocar a geladeira amanhã")).await.unwrap();

        for text in ["joao", "JOÃO", "davila", "avila", "joao.davila@exam", "lume", "98888-7777", "88887777"] {
            let encoded = text.replace('@', "%40").replace(' ', "%20");
            let found = world.get(&format!("/search?q={encoded}")).await.ok();
            assert_eq!(ids(&found, "contacts"), [contact], "{text}");
            assert_eq!(ids(&found, "conversations"), [number], "{text}");
            assert_eq!(found["payload"]["articles"], json!([]));
        }
        let found = world.get(&format!("/search/conversations?q=%23{number}")).await.ok();
        assert_eq!(ids(&found, "conversations"), [number]);
        assert_eq!(found["payload"]["conversations"][0]["contact"]["name"], "João D'Ávila");
        assert!(found["payload"]["contacts"].is_null());
        let found = world.get("/search/messages?q=geladeira").await.ok();
        assert_eq!(found["payload"]["messages"].as_array().unwrap().len(), 2);
        assert_eq!(found["payload"]["messages"][0]["content"], "Vamos trocar a geladeira amanhã");
        assert_eq!(found["payload"]["messages"][0]["inbox"]["id"], json!(inbox.id));
        assert_eq!(world.get("/search/messages?q=porta%20gela").await.ok()["payload"]["messages"].as_array().unwrap().len(), 1);
        // Only the last word may be the beginning of one.
        assert_eq!(world.get("/search/messages?q=gela%20porta").await.ok()["payload"]["messages"], json!([]));
        assert_eq!(world.get("/search/messages?q=geladeira&page=2").await.ok()["payload"]["messages"], json!([]));
        world.get("/search?q=%20").await.refused(422);
        for odd in ["%22", "*", "a'b", "%27%3B--", "AND", "%28", "%25"] {
            let answer = world.get(&format!("/search?q={odd}x")).await;
            assert_eq!(answer.status.as_u16(), 200, "{odd} {}", answer.text());
        }

        let shown = find::overview(&world.admin, "amassa").await.unwrap();
        assert_eq!(marked(&shown.messages[0].excerpt), "A geladeira chegou com a porta [amassa]da");
        assert_eq!((shown.counts.messages, shown.counts.contacts), (1, 0));
        let shown = find::overview(&world.admin, "joao").await.unwrap();
        assert_eq!(marked(&shown.contacts[0].name_segments), "[João] D'Ávila");
        assert_eq!(marked(&shown.conversations[0].name), "[João] D'Ávila");
        assert_eq!(marked(&find::contacts(&world.admin, "8888 7777", 1).await.unwrap()[0].facts[1]), "+55119[88887777]");
    }

    async fn nobody_finds_what_they_may_not_see(test: TestDb) {
        let world = World::new(test).await;
        let agent = world.member("bia", Role::Agent).await;
        let assistant = world.member("caio", Role::Assistant).await;
        let (open, shut) = (world.website(&[agent.id, assistant.id]).await, world.website(&[]).await);
        let mut numbers = Vec::new();
        for inbox in [&open, &open, &shut] {
            let visitor = world.visitor(inbox).await;
            let said = chat::say(&visitor, words("procura secreta")).await.unwrap();
            let id = said.message.sender.unwrap().id;
            let facts = json!({"name": "Procurada", "email": format!("p{id}@example.com")});
            world.patch(&format!("/contacts/{id}"), facts).await.ok();
            numbers.push(said.message.display_id);
        }
        conversation::assign::to_agent(&world.admin, numbers[1], Some(agent.id)).await.unwrap();
        let (agent, assistant) = (agent.anew().await, assistant.anew().await);
        let seen = async |ctx: &domain::Ctx| {
            let all = find::overview(ctx, "procura").await.unwrap();
            let by_name = find::overview(ctx, "procurada").await.unwrap();
            let conversations: Vec<_> = by_name.conversations.iter().map(|hit| hit.row.display_id).collect();
            assert_eq!(by_name.counts.conversations as usize, conversations.len());
            assert_eq!(all.counts.messages as usize, all.messages.len());
            (all.messages.len(), conversations.len(), by_name.contacts.len())
        };
        assert_eq!(seen(&world.admin).await, (3, 3, 3));
        assert_eq!(seen(&agent.ctx).await, (2, 2, 3));
        assert_eq!(seen(&assistant.ctx).await, (1, 1, 0));
        let hidden = format!("#{}", numbers[1]);
        assert!(find::conversations(&assistant.ctx, &hidden, 1).await.unwrap().is_empty());
        let stranger = world.stranger().await;
        assert_eq!(seen(&stranger.ctx).await, (0, 0, 0));
    }

    async fn nobody_waits_for_those_who_search(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        // Every connection for searching is taken.
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(world.app.search_db().snapshot().await.unwrap());
        }
        let search = tokio::spawn({
            let admin = world.admin.clone();
            async move { find::overview(&admin, "oi").await.map(|found| found.counts.messages) }
        });
        let said = chat::say(&visitor, words("oi")).await.unwrap();
        conversation::get(&world.admin, said.message.display_id).await.unwrap();
        assert!(!search.is_finished());
        drop(held);
        search.await.unwrap().unwrap();
    }
}
