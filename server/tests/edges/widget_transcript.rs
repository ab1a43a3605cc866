//! What was said, by mail: to visitors who ask for it, and to whom an agent names.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::macro_steps::mail_server;
use crate::support::browser::Browser;
use crate::support::{World, reply};
use domain::job::runner::run_due;
use domain::{inbox, message};
use model::DisplayId;
use serde_json::{Value, json};

async fn run(world: &World) {
    let system = world.app.system();
    while run_due(&system).await.unwrap() > 0 {}
}

db::db_test! {
    async fn a_visitor_gets_it_at_their_own_address_in_their_language(test: TestDb) {
        let (address, mut takes) = mail_server().await;
        let world = World::with_settings(test, |settings| settings.smtp_url = Some(format!("smtp://{address}"))).await;
        let inbox = world.website(&[]).await;
        let mut browser = Browser::new(&world, &inbox);
        assert_eq!(browser.ask("POST", "conversations/transcript", json!({})).await.status, 404, "there is nothing to send");
        let number = browser.say("Oi").await["conversation_id"].as_i64().unwrap();
        message::send::send(&world.admin, DisplayId(number), reply("Chega amanha!")).await.unwrap();
        let refused = browser.ask("POST", "conversations/transcript", json!({"email": "eve@example.com"})).await.refused(422);
        assert_eq!(refused["attributes"], json!(["email"]), "only to an address that is known");
        browser.ask("PATCH", "contact", json!({"email": "bia@example.com"})).await.ok();
        for _ in 0..2 {
            browser.ask("POST", "conversations/transcript", json!({"email": "eve@example.com"})).await.ok();
        }
        run(&world).await;
        let mail = takes.recv().await.unwrap();
        assert!(mail.contains("RCPT TO:<bia@example.com>") && mail.contains("Chega amanha!"), "{mail}");
        assert!(mail.contains("This is what was said"), "{mail}");
        assert!(takes.try_recv().is_err(), "asked twice at once, it goes once");

        let flags = json!({"selected_feature_flags": ["attachments"]});
        inbox::update(&world.admin, inbox.id, inbox::Settings { config: Some(flags), ..inbox::Settings::default() }).await.unwrap();
        assert_eq!(browser.ask("POST", "conversations/transcript", json!({})).await.status, 403);
    }

    async fn an_agent_sends_it_where_they_want(test: TestDb) {
        let (address, mut takes) = mail_server().await;
        let world = World::with_settings(test, |settings| settings.smtp_url = Some(format!("smtp://{address}"))).await;
        let inbox = world.website(&[]).await;
        let number = Browser::new(&world, &inbox).say("Oi").await["conversation_id"].clone();
        let path = format!("/conversations/{number}/transcript");
        for wrong in [json!({}), json!({"email": ""}), json!({"email": "chefe"}), json!({"email": Value::Null})] {
            world.post(&path, wrong).await.refused(422);
        }
        world.post(&path, json!({"email": "chefe@loja.example"})).await;
        run(&world).await;
        assert!(takes.recv().await.unwrap().contains("RCPT TO:<chefe@loja.example>"));
    }

    async fn without_a_mail_server_nobody_is_promised_any(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let mut browser = Browser::new(&world, &inbox);
        let number = browser.say("Oi").await["conversation_id"].clone();
        assert!(browser.ask("POST", "conversations/transcript", json!({})).await.status.is_client_error());
        let refused = world.post(&format!("/conversations/{number}/transcript"), json!({"email": "chefe@loja.example"})).await;
        assert!(!refused.status.is_success());
    }
}
