//! Messages that are sent later, sent at their time, once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::SeqCst;

use crate::support::{World, reply, words};
use db::testing::TestDb;
use domain::clock::Clock;
use domain::job::runner::run_due;
use domain::message::scheduled::{self, Change, Outcome, When};
use domain::message::send::Draft;
use domain::message::{self, Window, attachment};
use domain::visitor::chat;
use domain::{conversation, testing};
use model::scheduled::Scheduled;
use model::{ConversationStatus, DisplayId, ErrorCode, MessageKind, Role};
use serde_json::json;

const MINUTE: i64 = 60_000;

async fn world(test: TestDb) -> (World, Arc<AtomicI64>, DisplayId) {
    let (clock, hand) = Clock::fixed(testing::NOW);
    let storage = format!("file://{}", test.dir.path().join("files").display());
    let world = World::with_storage(test, storage, clock).await;
    let inbox = world.website(&[]).await;
    let visitor = world.visitor(&inbox).await;
    let number = chat::say(&visitor, words("oi")).await.unwrap().message.display_id;
    (world, hand, number)
}

async fn wait(world: &World, number: DisplayId, draft: Draft, when: When) -> Scheduled {
    match scheduled::schedule(&world.admin, number, draft, when).await.unwrap() {
        Outcome::Waits(waiting) => waiting,
        Outcome::Sent(message) => panic!("sent at once: {message:?}"),
    }
}

async fn sent(world: &World, number: DisplayId) -> Vec<String> {
    let window = Window { before: None, after: None, public_only: false, limit: 100 };
    let all = message::list(&world.admin, number, window).await.unwrap();
    all.into_iter().filter(|message| message.kind == MessageKind::Outgoing).map(|message| message.content).collect()
}

db::db_test! {
    async fn a_message_is_sent_at_its_time_once(test: TestDb) {
        let (world, hand, number) = world(test).await;
        let system = world.app.system();
        let at = testing::NOW + 60 * MINUTE;
        let draft = Draft { echo_id: Some("0123456789abcdef-1".to_owned()), ..reply("Até amanhã") };
        let first = wait(&world, number, draft.clone(), When::At(at)).await;
        let again = wait(&world, number, draft.clone(), When::At(at)).await;
        assert_eq!(first.id, again.id, "a repeated delivery is the same message");
        // Resolving leaves it as it is.
        conversation::status::set(&world.admin, number, ConversationStatus::Resolved, None).await.unwrap();
        hand.store(at - 1, SeqCst);
        run_due(&system).await.unwrap();
        assert!(sent(&world, number).await.is_empty());
        hand.store(at, SeqCst);
        run_due(&system).await.unwrap();
        run_due(&system).await.unwrap();
        assert_eq!(sent(&world, number).await, ["Até amanhã"]);
        assert!(scheduled::list(&world.admin, number).await.unwrap().is_empty());
        assert_eq!(conversation::get(&world.admin, number).await.unwrap().row.status, ConversationStatus::Resolved);
        // The tab that never heard of it asks again: it was sent.
        let repeated = scheduled::schedule(&world.admin, number, draft, When::At(at + MINUTE)).await.unwrap();
        assert!(matches!(repeated, Outcome::Sent(message) if message.content == "Até amanhã"));
        for wrong in [When::At(at), When::At(at + 400 * 24 * 60 * MINUTE), When::Held(0), When::Held(61)] {
            let refused = scheduled::schedule(&world.admin, number, reply("x"), wrong).await.unwrap_err();
            assert_eq!(refused.known(), Some(ErrorCode::Invalid), "{wrong:?}");
        }
    }

    async fn what_waits_can_be_changed_cancelled_and_sent_now(test: TestDb) {
        let (world, hand, number) = world(test).await;
        let system = world.app.system();
        let bia = world.member("bia", Role::Agent).await;
        let inboxes = domain::inbox::list(&world.admin).await.unwrap();
        domain::inbox::member::add(&world.admin, inboxes[0].id, &[bia.id]).await.unwrap();
        let bia = bia.anew().await;
        let at = testing::NOW + 60 * MINUTE;
        let file = attachment::Upload { file_name: "a.txt".into(), content_type: "text/plain".into(), bytes: "abc".into() };
        let later = wait(&world, number, Draft { files: vec![file], ..reply("um") }, When::At(at)).await;
        let change = Change { content: Some("dois".to_owned()), send_at: Some(at + 60 * MINUTE) };
        let refused = scheduled::update(&bia.ctx, number, later.id, change.clone()).await.unwrap_err();
        assert_eq!(refused.known(), Some(ErrorCode::Forbidden), "only its writer changes what it says");
        scheduled::update(&world.admin, number, later.id, change).await.unwrap();
        hand.store(at, SeqCst);
        run_due(&system).await.unwrap();
        assert!(sent(&world, number).await.is_empty(), "it was put off");
        assert_eq!(scheduled::list(&bia.ctx, number).await.unwrap()[0].content, "dois");
        let message = scheduled::send_now(&bia.ctx, number, later.id).await.unwrap();
        assert_eq!(message.sender.unwrap().id, world.admin.user_id().unwrap().0, "in the writer's name");
        assert_eq!(message.attachments[0].file_name, "a.txt");
        hand.store(at + 61 * MINUTE, SeqCst);
        run_due(&system).await.unwrap();
        assert_eq!(sent(&world, number).await, ["dois"]);

        // Held for a moment: shown to its writer alone, and undone by cancelling.
        let held = wait(&world, number, reply("ops"), When::Held(10)).await;
        assert!(scheduled::list(&bia.ctx, number).await.unwrap().is_empty());
        assert!(scheduled::list(&world.admin, number).await.unwrap()[0].is_held);
        assert_eq!(scheduled::cancel(&world.admin, number, held.id).await.unwrap().content, "ops");
        assert_eq!(scheduled::cancel(&world.admin, number, held.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        wait(&world, number, reply("vai"), When::Held(10)).await;
        hand.store(at + 62 * MINUTE, SeqCst);
        run_due(&system).await.unwrap();
        assert_eq!(sent(&world, number).await, ["dois", "vai"]);
    }

    async fn what_its_writer_may_not_send_any_more_waits_with_the_reason(test: TestDb) {
        let (world, hand, number) = world(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inboxes = domain::inbox::list(&world.admin).await.unwrap();
        domain::inbox::member::add(&world.admin, inboxes[0].id, &[bia.id]).await.unwrap();
        let bia = bia.anew().await;
        let at = testing::NOW + 60 * MINUTE;
        scheduled::schedule(&bia.ctx, number, reply("tarde"), When::At(at)).await.unwrap();
        domain::agent::remove(&world.admin, bia.id).await.unwrap();
        hand.store(at, SeqCst);
        run_due(&world.app.system()).await.unwrap();
        assert!(sent(&world, number).await.is_empty());
        let left = scheduled::list(&world.admin, number).await.unwrap();
        assert_eq!(left[0].error, Some(ErrorCode::Forbidden));
        scheduled::cancel(&world.admin, number, left[0].id).await.unwrap();
    }

    async fn scheduled_messages_over_rest(test: TestDb) {
        let (world, _, number) = world(test).await;
        let path = world.path(&format!("/conversations/{number}/scheduled_messages"));
        let at = testing::NOW / 1_000 + 600;
        let made = world.ask(&world.admin_token, "POST", &path, Some(json!({"content": "Oi {{contact.name}}", "send_at": at}))).await.ok();
        assert_eq!((&made["send_at"], &made["sender"]["name"]), (&json!(at), &json!("Ana Souza")));
        let one = format!("{path}/{}", made["id"]);
        let changed = world.ask(&world.admin_token, "PATCH", &one, Some(json!({"content": "Olá, {{agent.first_name}} aqui"}))).await.ok();
        assert_eq!(changed["send_at"], json!(at));
        assert_eq!(world.ask(&world.admin_token, "GET", &path, None).await.ok().as_array().unwrap().len(), 1);
        let sent = world.ask(&world.admin_token, "POST", &format!("{one}/send_now"), None).await.ok();
        assert_eq!(sent["content"], "Olá, Ana aqui");
        world.ask(&world.admin_token, "DELETE", &one, None).await.refused(404);
        let refusal = world.ask(&world.admin_token, "POST", &path, Some(json!({"content": "x", "send_at": 5}))).await.refused(422);
        assert_eq!(refusal["attributes"], json!(["send_at"]));
    }
}
