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
use crate::{Ctx, contact, conversation, inbox};

const PATIENCE: i64 = 2 * 60_000;

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
}
