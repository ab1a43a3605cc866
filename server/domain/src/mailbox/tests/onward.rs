//! What a visitor of a website has not seen goes to them by mail, and their answer comes back.

use std::sync::atomic::Ordering;

use model::{ConversationStatus, MessageKind};

use super::super::{Received, receive};
use super::outgoing::{End, Smtp, sends};
use super::{mail, mailbox, uuid};
use crate::clock::Clock;
use crate::job::runner::run_due;
use crate::message::send::{self, Draft};
use crate::message::{self, Window};
use crate::testing::{NOW, app_at, installed, website};
use crate::visitor::{self, chat, identify};
use crate::{App, Ctx, Settings, contact, conversation, inbox};

const PATIENCE: i64 = 2 * 60_000;
const HELD: i64 = 5 * 60_000;

fn words(content: &str) -> chat::Draft {
    chat::Draft { content: content.to_owned(), ..chat::Draft::default() }
}

async fn say(admin: &Ctx, id: model::DisplayId, content: &str) {
    send::send(admin, id, Draft { content: content.to_owned(), ..Draft::default() }).await.unwrap();
}

/// A visitor who wrote, and whose address is known.
async fn visitor(admin: &Ctx, email: Option<&str>) -> chat::Said {
    let site = website(admin).await;
    let site = inbox::get(admin, site).await.unwrap();
    let ctx = visitor::enter(&admin.app.anonymous(), &site.identifier, None).await.unwrap().ctx;
    let said = chat::say(&ctx, words("Onde está meu pedido?")).await.unwrap();
    if let Some(email) = email {
        let facts = contact::Facts { email: Some(email.to_owned()), ..contact::Facts::default() };
        identify::update(&said.ctx, facts, true).await.unwrap();
    }
    said
}

/// Somebody mails what was not seen, and is killed: before the server has greeted them, or when it has taken the mail.
async fn killed(ctx: &Ctx, said: &chat::Said, server: &Smtp, is_deaf: bool) {
    server.is_deaf.store(is_deaf, Ordering::SeqCst);
    let (ctx, account) = (ctx.clone(), said.ctx.visitor().unwrap().account_id);
    let id = said.message.conversation_id;
    let work = tokio::spawn(async move { crate::continuity::run(&ctx, account, id).await });
    server.keeps_waiting.notified().await;
    work.abort();
    assert!(work.await.unwrap_err().is_cancelled());
    server.is_deaf.store(false, Ordering::SeqCst);
}

/// The Message-ID of a mail.
fn name(mail: &str) -> String {
    let line = mail.lines().find(|line| line.to_lowercase().starts_with("message-id:"));
    line.unwrap().to_owned()
}

db::db_test! {
    async fn what_somebody_did_not_see_is_mailed_once_and_answered(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[End::Say("451 4.3.0 Busy.")]).await;
        sends(&admin, &inbox, &server).await;
        let said = visitor(&admin, Some("bia@cliente.example")).await;
        let (number, id) = (said.message.display_id, said.message.conversation_id);
        say(&admin, number, "Saiu **hoje**.").await;
        say(&admin, number, "Chega amanhã <b>cedo</b>.").await;
        run_due(&ctx).await.unwrap();
        assert!(server.taken().is_empty(), "there is time to see it");
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        assert!(server.taken().is_empty(), "the server was busy");
        for _ in 0..3 {
            hand.fetch_add(PATIENCE, Ordering::SeqCst);
            run_due(&ctx).await.unwrap();
        }
        let taken = server.taken();
        assert_eq!(taken.len(), 1, "once, and together");
        let (to, text) = &taken[0];
        assert_eq!(to, &["bia@cliente.example"]);
        assert!(text.contains("hoje") && text.replace("=\r\n", "").contains("&lt;b&gt;cedo"), "{text}");

        // Only what came after it goes with the next one.
        say(&admin, number, "Mais uma coisa.").await;
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        let text = server.taken().pop().unwrap().1;
        assert!(server.taken().len() == 2 && text.contains("Mais uma coisa") && !text.contains("cedo"), "{text}");

        let name = format!("conversation/{}/messages/1@loja.example", uuid(&ctx, &inbox, id).await);
        let answer = mail("2@c", &format!("In-Reply-To: <{name}>\r\n"), "Obrigada!");
        let received = receive(&ctx, &inbox, answer, None).await.unwrap();
        assert!(matches!(received, Received::Joined(joined, _) if joined == id), "{received:?}");
        let window = Window { limit: 20, ..Window::default() };
        let last = message::list(&admin, number, window).await.unwrap().pop().unwrap();
        assert_eq!((last.kind, last.content.as_str()), (MessageKind::Incoming, "Obrigada!"));
        assert_eq!(last.sender.unwrap().id, conversation::get(&admin, number).await.unwrap().contact.id.0);
    }

    async fn nobody_is_mailed_who_saw_it_or_is_not_to_be(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[]).await;
        sends(&admin, &inbox, &server).await;
        let saw = visitor(&admin, Some("ana@cliente.example")).await;
        say(&admin, saw.message.display_id, "Oi").await;
        chat::seen(&saw.ctx).await.unwrap();
        let unknown = visitor(&admin, None).await;
        say(&admin, unknown.message.display_id, "Oi").await;
        let off = visitor(&admin, Some("rui@cliente.example")).await;
        let settings = inbox::Settings { config: Some(serde_json::json!({"continuity_via_email": false})), ..inbox::Settings::default() };
        inbox::update(&admin, off.message.inbox_id, settings).await.unwrap();
        say(&admin, off.message.display_id, "Oi").await;
        let resolved = visitor(&admin, Some("eva@cliente.example")).await;
        conversation::status::set(&admin, resolved.message.display_id, ConversationStatus::Resolved, None).await.unwrap();
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        assert!(server.taken().is_empty(), "{:?}", server.taken());
        // A mail that names a conversation of another inbox, from which nothing was mailed, opens its own.
        let name = format!("conversation/{}/messages/1@loja.example", uuid(&ctx, &inbox, saw.message.conversation_id).await);
        let stray = mail("9@c", &format!("In-Reply-To: <{name}>\r\n"), "Oi?");
        assert!(matches!(receive(&ctx, &inbox, stray, None).await.unwrap(), Received::Began(..)));
    }

    async fn who_is_cut_off_before_the_mail_loses_nothing(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[]).await;
        sends(&admin, &inbox, &server).await;
        let said = visitor(&admin, Some("bia@cliente.example")).await;
        say(&admin, said.message.display_id, "Saiu hoje.").await;
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        killed(&ctx, &said, &server, true).await;
        assert!(server.taken().is_empty());
        // While somebody may still be at it, nobody else begins; what is said meanwhile waits as well.
        say(&admin, said.message.display_id, "Chega amanhã.").await;
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        assert!(server.taken().is_empty());
        for _ in 0..4 {
            hand.fetch_add(PATIENCE, Ordering::SeqCst);
            run_due(&ctx).await.unwrap();
        }
        let taken = server.taken();
        let said_in = |text: &str, words: &str| text.replace("=\r\n", "").contains(words);
        assert_eq!(taken.len(), 2, "what was begun as it was, then what was said since");
        assert!(said_in(&taken[0].1, "hoje") && !said_in(&taken[0].1, "amanh"), "{}", taken[0].1);
        assert!(said_in(&taken[1].1, "amanh") && !said_in(&taken[1].1, "hoje"), "{}", taken[1].1);
        assert_ne!(name(&taken[0].1), name(&taken[1].1));
    }

    async fn who_is_cut_off_behind_the_mail_sends_the_same_again(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[End::Hang, End::Say("451 4.3.0 Busy.")]).await;
        sends(&admin, &inbox, &server).await;
        let said = visitor(&admin, Some("bia@cliente.example")).await;
        say(&admin, said.message.display_id, "Saiu hoje.").await;
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        killed(&ctx, &said, &server, false).await;
        say(&admin, said.message.display_id, "Chega amanhã.").await;
        for _ in 0..8 {
            hand.fetch_add(PATIENCE, Ordering::SeqCst);
            run_due(&ctx).await.unwrap();
        }
        let names: Vec<_> = server.taken().iter().map(|(_, text)| name(text)).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(names[0], names[1], "whoever has it knows it");
        assert_ne!(names[1], names[2]);
        // What ends everybody who sends it is given up.
        say(&admin, said.message.display_id, "E mais.").await;
        for _ in 0..3 {
            hand.fetch_add(HELD, Ordering::SeqCst);
            killed(&ctx, &said, &server, true).await;
        }
        for _ in 0..8 {
            hand.fetch_add(PATIENCE, Ordering::SeqCst);
            run_due(&ctx).await.unwrap();
        }
        assert_eq!(server.taken().len(), 3);
    }

    async fn without_an_inbox_that_sends_the_system_does(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let server = Smtp::start(&[End::Hang]).await;
        let settings = Settings { smtp_url: Some(server.url()), ..app_at(&test, clock.clone()).settings.clone() };
        let app = App::new(test.db.clone(), settings, clock).unwrap();
        let (admin, ctx) = (installed(&app).await, app.system());
        let said = visitor(&admin, Some("bia@cliente.example")).await;
        say(&admin, said.message.display_id, "Saiu hoje.").await;
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        killed(&ctx, &said, &server, false).await;
        for _ in 0..4 {
            hand.fetch_add(PATIENCE, Ordering::SeqCst);
            run_due(&ctx).await.unwrap();
        }
        let taken = server.taken();
        assert_eq!(taken.len(), 2);
        let (to, text) = &taken[1];
        assert_eq!((to.as_slice(), name(text)), (["bia@cliente.example".to_owned()].as_slice(), name(&taken[0].1)));
        let text = text.replace("=\r\n", "");
        assert!(text.contains("no-reply@localhost") && text.contains("Saiu hoje."), "{text}");
        assert!(text.contains("https://loja.com.br"), "an answer would reach nobody: they are led to the site");
        say(&admin, said.message.display_id, "Chega amanhã.").await;
        hand.fetch_add(PATIENCE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        assert_eq!(server.taken().len(), 3);
    }
}
