use std::sync::atomic::Ordering;

use model::Role;
use serde_json::json;

use db::sql;

use super::*;
use crate::clock::Clock;
use crate::job::runner;
use crate::message::store::Window;
use crate::visitor::{self, chat};
use crate::{access, conversation, inbox, message, testing};

const HOUR: i64 = 60 * MINUTE;

async fn lines(ctx: &Ctx, id: model::DisplayId) -> Vec<(MessageKind, String)> {
    let facts = conversation::access(ctx, id).await.unwrap();
    let window = Window { limit: 50, ..Window::default() };
    let all = message::read::list(ctx, facts.account_id, &[facts.id], window).await.unwrap();
    all.into_iter().map(|message| (message.kind, message.content)).collect()
}

async fn pass(ctx: &Ctx) {
    start(&ctx.app.system()).await.unwrap();
    runner::run_due(&ctx.app.system()).await.unwrap();
}

db::db_test! {
    async fn what_is_quiet_for_long_enough_is_resolved_once_whatever_number_of_nodes(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let app = testing::app_at(&test, clock.clone());
        let admin = testing::installed(&app).await;
        let bia = testing::member(&admin, "bia@example.com", Role::Agent).await;
        let settings = inbox::Settings {
            name: Some("Loja".to_owned()),
            config: Some(json!({"website_url": "https://loja.com.br"})),
            ..inbox::Settings::default()
        };
        let channel = visitor::VISITOR_CHANNEL.to_owned();
        let new = inbox::NewInbox { channel, settings, members: vec![bia.user_id().unwrap()] };
        let inbox = inbox::create(&admin, new).await.unwrap();
        let bia = access::enter(&bia, admin.agent().unwrap().account_id).await.unwrap();
        let mut ids = Vec::new();
        for _ in 0..3 {
            let visitor = visitor::enter(&app.anonymous(), &inbox.identifier, None).await.unwrap().ctx;
            let draft = chat::Draft { content: "Oi".to_owned(), ..Default::default() };
            ids.push(chat::say(&visitor, draft).await.unwrap().message.display_id);
        }
        pass(&admin).await;
        assert_eq!(conversation::get(&admin, ids[0]).await.unwrap().row.status, ConversationStatus::Open, "no rule");
        sql!("update accounts set auto_resolve_after = 2880, auto_resolve_message = 'Até logo!', auto_resolve_ignore_waiting = true")
            .execute(app.db.writer()).await.unwrap();

        // Of two that nobody touches for two days, the one that was answered is done.
        hand.fetch_add(HOUR, Ordering::SeqCst);
        let reply = || message::send::Draft { content: "Feito".to_owned(), ..Default::default() };
        message::send::send(&bia, ids[0], reply()).await.unwrap();
        hand.fetch_add(47 * HOUR, Ordering::SeqCst);
        message::send::send(&bia, ids[1], reply()).await.unwrap();
        pass(&admin).await;
        assert_eq!(conversation::get(&admin, ids[0]).await.unwrap().row.status, ConversationStatus::Open);
        hand.fetch_add(2 * HOUR, Ordering::SeqCst);
        let other = testing::app_at(&test, clock);
        let account = admin.agent().unwrap().account_id;
        let (one, two) = (app.system(), other.system());
        let (first, second) = tokio::join!(run(&one, account), run(&two, account));
        first.unwrap();
        second.unwrap();
        let shown = conversation::get(&admin, ids[0]).await.unwrap();
        assert_eq!(shown.row.status, ConversationStatus::Resolved);
        let all = lines(&admin, ids[0]).await;
        let end: Vec<_> = all.iter().skip(all.len() - 2).map(|(kind, text)| (*kind, text.as_str())).collect();
        assert_eq!(end, [
            (MessageKind::Template, "Até logo!"),
            (MessageKind::Activity, "Resolvida automaticamente após 2 dias sem atividade"),
        ]);
        assert_eq!(all.iter().filter(|(_, text)| text == "Até logo!").count(), 1);
        for id in &ids[1..] {
            assert_eq!(conversation::get(&admin, *id).await.unwrap().row.status, ConversationStatus::Open);
        }

        // Without the exception those who wait are left too; a single hour is said as one.
        let new = crate::label::LabelInput {
            title: "parada".to_owned(), description: String::new(), color: "#0d9488".to_owned(), show_on_sidebar: false,
        };
        crate::label::create(&admin, new).await.unwrap();
        sql!(
            "update accounts set auto_resolve_after = 60, auto_resolve_message = '', auto_resolve_ignore_waiting = false,
               settings = $1"
        )
        .bind(json!({"auto_resolve_label": "parada"}))
        .execute(app.db.writer())
        .await
        .unwrap();
        pass(&admin).await;
        for id in &ids[1..] {
            assert_eq!(conversation::get(&admin, *id).await.unwrap().row.status, ConversationStatus::Resolved);
            let all = lines(&admin, *id).await;
            assert_eq!(all.last().unwrap().1, "Resolvida automaticamente após 1 hora sem atividade");
            assert_eq!(label::list(&admin, *id).await.unwrap(), ["parada"]);
        }
    }
}
