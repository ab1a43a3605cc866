use std::sync::Arc;

use model::live::Change;
use model::{ConversationStatus, ErrorCode, MessageKind, MessageStatus, Role};
use serde_json::json;

use super::chat::{self, Draft};
use super::identify::{self, Claim};
use super::{Entered, contact, enter, refresh, token};
use crate::contact::{Facts, create as create_contact, get as get_contact, read as contact_read};
use crate::conversation::{self, Paging};
use crate::message::{self, send};
use crate::realtime::expand::Expanded;
use crate::testing::{another_account, app, installed, member};
use crate::{App, Ctx, event, inbox, realtime, secret};

async fn website(admin: &Ctx) -> model::inbox::Inbox {
    let settings = inbox::Settings {
        name: Some("Loja".to_owned()),
        config: Some(json!({"website_url": "https://loja.com.br"})),
        ..inbox::Settings::default()
    };
    inbox::create(admin, inbox::NewInbox { channel: super::VISITOR_CHANNEL.to_owned(), settings, members: Vec::new() })
        .await
        .unwrap()
}

async fn visit(app: &Arc<App>, inbox: &model::inbox::Inbox) -> Entered {
    enter(&app.anonymous(), &inbox.identifier, None).await.unwrap()
}

fn text(content: &str) -> Draft {
    Draft { content: content.to_owned(), ..Draft::default() }
}

fn echoed(content: &str, echo: &str) -> Draft {
    Draft { content: content.to_owned(), echo_id: Some(echo.to_owned()), ..Draft::default() }
}

async fn contacts(ctx: &Ctx) -> i64 {
    contact_read::count(ctx, ctx.agent().unwrap().account_id).await.unwrap()
}

async fn all(ctx: &Ctx) -> Vec<model::conversation::ConversationRow> {
    let filter = model::conversation::ConversationFilter { status: None, ..Default::default() };
    conversation::list(ctx, &filter, Paging::start(50)).await.unwrap().items
}

db::db_test! {
    async fn a_look_leaves_no_row_and_the_first_message_makes_one_contact(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let visitor = visit(&app, &inbox).await;
        let token = token::issue(&visitor.ctx).unwrap();
        assert_eq!(contacts(&admin).await, 0);

        let first = chat::say(&visitor.ctx, text("Oi, **tudo** bem?")).await.unwrap();
        assert!(first.is_first);
        let back = enter(&app.anonymous(), &inbox.identifier, Some(&token)).await.unwrap();
        let second = chat::say(&back.ctx, text("Ainda aí?")).await.unwrap();
        assert!(!second.is_first);
        assert_eq!(second.message.display_id, first.message.display_id);
        assert_eq!(contacts(&admin).await, 1);
        let rows = all(&admin).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].unread_count, 2);
        assert_eq!(rows[0].preview.as_ref().unwrap().text, "Ainda aí?");
    }

    async fn a_forged_or_foreign_token_makes_a_newcomer(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let other = website(&admin).await;
        let visitor = visit(&app, &inbox).await;
        chat::say(&visitor.ctx, text("segredo")).await.unwrap();
        let good = token::issue(&visitor.ctx).unwrap();
        let forged = format!("{}x", &good[..good.len() - 1]);
        for (inbox, token) in [(&inbox, forged.as_str()), (&inbox, "rubbish"), (&inbox, ""), (&other, good.as_str())] {
            let entered = enter(&app.anonymous(), &inbox.identifier, Some(token)).await.unwrap();
            assert!(chat::list(&entered.ctx, message::Window { limit: 20, ..Default::default() }).await.unwrap().is_empty());
        }
        assert!(enter(&app.anonymous(), "nowhere", None).await.is_err());
    }

    async fn the_same_echo_id_is_the_same_message_also_at_once(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let visitor = visit(&app, &inbox).await;
        let echo = secret::uuid();
        let tries = (0..8).map(|_| {
            let ctx = visitor.ctx.clone();
            let echo = echo.clone();
            tokio::spawn(async move { chat::say(&ctx, echoed("uma vez", &echo)).await.map(|said| said.message.id) })
        });
        let mut ids: Vec<_> = futures::future::join_all(tries).await.into_iter().map(|id| id.unwrap().unwrap()).collect();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        assert_eq!(all(&admin).await.len(), 1);
        assert_eq!(contacts(&admin).await, 1);
    }

    async fn both_sides_talk_and_know_what_the_other_has_seen(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let visitor = visit(&app, &inbox).await;
        let said = chat::say(&visitor.ctx, text("Oi")).await.unwrap();
        let id = said.message.display_id;
        let reply = send::Draft { content: "Olá!".to_owned(), ..send::Draft::default() };
        send::send(&admin, id, reply.clone()).await.unwrap();
        let note = send::Draft { content: "cliente novo".to_owned(), private: true, ..reply };
        send::send(&admin, id, note).await.unwrap();

        let window = message::Window { limit: 20, ..Default::default() };
        let seen: Vec<_> = chat::list(&said.ctx, window).await.unwrap().into_iter().map(|m| m.content).collect();
        assert_eq!(seen, ["Oi", "Olá!"]);
        assert_eq!(chat::unread(&said.ctx).await.unwrap(), 1);
        chat::seen(&said.ctx).await.unwrap();
        assert_eq!(chat::unread(&said.ctx).await.unwrap(), 0);
        let messages = message::list(&admin, id, window).await.unwrap();
        assert_eq!(messages.len(), 3);
        assert_eq!(messages[1].status, MessageStatus::Read);
        assert_eq!(messages[2].status, MessageStatus::Sent);
        assert_eq!(conversation::seen::mark(&admin, id).await.unwrap().row.unread_count, 0);
        assert_eq!(conversation::seen::unmark(&admin, id).await.unwrap().row.unread_count, 1);
    }

    async fn after_the_end_of_a_conversation_the_next_message_begins_another(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let visitor = visit(&app, &inbox).await;
        let said = chat::say(&visitor.ctx, text("Oi")).await.unwrap();
        let id = said.message.display_id;
        conversation::status::set(&admin, id, ConversationStatus::Resolved, None).await.unwrap();
        let echo = secret::uuid();
        let next = chat::say(&said.ctx, echoed("Mais uma coisa", &echo)).await.unwrap();
        let again = chat::say(&said.ctx, echoed("Mais uma coisa", &echo)).await.unwrap();
        assert_ne!(next.message.display_id, id);
        assert_eq!(again.message.id, next.message.id);
        assert_eq!(conversation::get(&admin, id).await.unwrap().row.status, ConversationStatus::Resolved);
        assert_eq!(all(&admin).await.len(), 2);
    }

    async fn who_is_kept_to_one_conversation_reopens_it(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let settings = inbox::Settings { lock_to_single_conversation: Some(true), ..inbox::Settings::default() };
        inbox::update(&admin, inbox.id, settings).await.unwrap();
        let visitor = visit(&app, &inbox).await;
        let said = chat::say(&visitor.ctx, text("Oi")).await.unwrap();
        let id = said.message.display_id;
        let resolved = conversation::status::set(&admin, id, ConversationStatus::Resolved, None).await.unwrap();
        assert_eq!(resolved.row.status, ConversationStatus::Resolved);
        chat::say(&said.ctx, text("Mais uma coisa")).await.unwrap();
        assert_eq!(conversation::get(&admin, id).await.unwrap().row.status, ConversationStatus::Open);
        let kinds: Vec<_> =
            message::list(&admin, id, message::Window { limit: 20, ..Default::default() }).await.unwrap().iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [MessageKind::Incoming, MessageKind::Activity, MessageKind::Incoming]);
        let begun = chat::begin(&said.ctx, text("Outro assunto"), &json!({})).await.unwrap();
        assert_eq!(begun.message.display_id, id, "there is no second one");
    }

    async fn the_greeting_comes_once(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let settings = inbox::Settings {
            greeting_enabled: Some(true),
            greeting_message: Some("Bem-vinda!".to_owned()),
            ..inbox::Settings::default()
        };
        inbox::update(&admin, inbox.id, settings).await.unwrap();
        let visitor = visit(&app, &inbox).await;
        let said = chat::say(&visitor.ctx, text("Oi")).await.unwrap();
        // A list of conversations shows what people say.
        assert_eq!(all(&admin).await[0].preview.as_ref().unwrap().text, "Oi");
        chat::say(&said.ctx, text("Alguém?")).await.unwrap();
        let window = message::Window { limit: 20, ..Default::default() };
        let seen: Vec<_> = chat::list(&said.ctx, window).await.unwrap().into_iter().map(|m| m.content).collect();
        assert_eq!(seen, ["Oi", "Bem-vinda!", "Alguém?"]);
    }

    async fn one_identifier_is_one_person_over_browsers(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let hash = secret::hmac_hex(&inbox::secret(&admin, inbox.id, "hmac_token").await.unwrap(), "u-1");
        let claim = |hash: Option<String>| Claim {
            identifier: Some("u-1".to_owned()),
            identifier_hash: hash,
            facts: Facts { name: Some("Bia".to_owned()), email: Some("BIA@x.com".to_owned()), ..Facts::default() },
        };
        let phone = visit(&app, &inbox).await;
        let phone = identify::set_user(&phone.ctx, claim(Some(hash.clone()))).await.unwrap();
        chat::say(&phone.ctx, text("do celular")).await.unwrap();
        let laptop = visit(&app, &inbox).await;
        chat::say(&laptop.ctx, text("antes de entrar")).await.unwrap();
        let laptop = refresh(&laptop.ctx).await.unwrap();
        let laptop = identify::set_user(&laptop, claim(Some(hash))).await.unwrap();
        assert_eq!(contacts(&admin).await, 1);
        let contact = contact(&laptop.ctx).await.unwrap().unwrap();
        assert_eq!((contact.name.as_str(), contact.email.as_deref()), ("Bia", Some("bia@x.com")));
        assert_eq!(all(&admin).await.len(), 2);

        let wrong = visit(&app, &inbox).await;
        let refused = identify::set_user(&wrong.ctx, claim(Some("00".repeat(32)))).await;
        assert_eq!(refused.err().unwrap().known(), Some(ErrorCode::Unauthenticated));
        // Without proof the person is the same, but their other browsers' messages stay out of sight.
        let unproven = identify::set_user(&wrong.ctx, claim(None)).await.unwrap();
        assert!(chat::current(&unproven.ctx).await.unwrap().is_none());
    }

    async fn without_the_demanded_proof_nobody_becomes_somebody_known(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let facts = Facts { name: Some("Bia".to_owned()), email: Some("bia@x.com".to_owned()), ..Facts::default() };
        let bia = create_contact(&admin, facts).await.unwrap();
        let config = Some(json!({"hmac_mandatory": true}));
        inbox::update(&admin, inbox.id, inbox::Settings { config, ..inbox::Settings::default() }).await.unwrap();
        let visitor = visit(&app, &inbox).await;
        let claim = Claim { identifier: Some("u-1".to_owned()), ..Claim::default() };
        assert_eq!(identify::set_user(&visitor.ctx, claim).await.err().unwrap().known(), Some(ErrorCode::Unauthenticated));
        let said = Facts { name: Some("Zé".to_owned()), email: Some("bia@x.com".to_owned()), ..Facts::default() };
        let zed = identify::update(&visitor.ctx, said, false).await.unwrap();
        let zed = contact(&zed.ctx).await.unwrap().unwrap();
        assert_ne!(zed.id, bia.id);
        assert_eq!((zed.name.as_str(), zed.email), ("Zé", None));
        assert_eq!(get_contact(&admin, bia.id).await.unwrap().name, "Bia");
    }

    async fn another_person_at_the_same_computer_sees_nothing_of_the_first(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let as_user = |id: &str| Claim { identifier: Some(id.to_owned()), ..Claim::default() };
        let ana = identify::set_user(&visit(&app, &inbox).await.ctx, as_user("ana")).await.unwrap();
        chat::say(&ana.ctx, text("sou a Ana")).await.unwrap();
        let bia = identify::set_user(&ana.ctx, as_user("bia")).await.unwrap();
        assert!(bia.is_new_session);
        assert!(chat::current(&bia.ctx).await.unwrap().is_none());
        assert_eq!(contacts(&admin).await, 2);
    }

    async fn a_snooze_ends_on_time(test: TestDb) {
        let (clock, hand) = crate::clock::Clock::fixed(crate::testing::NOW);
        let app = crate::testing::app_at(&test, clock);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let said = chat::say(&visit(&app, &inbox).await.ctx, text("Oi")).await.unwrap();
        let id = said.message.display_id;
        let until = crate::testing::NOW + 3_600_000;
        conversation::status::set(&admin, id, ConversationStatus::Snoozed, Some(until)).await.unwrap();
        crate::job::runner::run_due(&app.system()).await.unwrap();
        assert_eq!(conversation::get(&admin, id).await.unwrap().row.status, ConversationStatus::Snoozed);
        hand.store(until, std::sync::atomic::Ordering::SeqCst);
        crate::job::runner::run_due(&app.system()).await.unwrap();
        assert_eq!(conversation::get(&admin, id).await.unwrap().row.status, ConversationStatus::Open);
    }

    async fn an_assistant_learns_nothing_of_conversations_of_others(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let assistant = member(&admin, "caio@example.com", Role::Assistant).await;
        let user = assistant.user_id().unwrap();
        inbox::member::set(&admin, inbox.id, &[user]).await.unwrap();
        let assistant = crate::access::enter(&assistant, admin.agent().unwrap().account_id).await.unwrap();
        let said = chat::say(&visit(&app, &inbox).await.ctx, text("Oi")).await.unwrap();
        let id = said.message.display_id;
        assert_eq!(all(&assistant).await.len(), 1);
        let owner = admin.user_id().unwrap();
        conversation::assign::to_agent(&admin, id, Some(owner)).await.unwrap();
        assert!(all(&assistant).await.is_empty());
        assert_eq!(conversation::counts(&assistant, &Default::default()).await.unwrap().all, 0);
        assert_eq!(conversation::get(&assistant, id).await.err().unwrap().known(), Some(ErrorCode::NotFound));
        assert!(message::list(&assistant, id, Default::default()).await.is_err());
        assert!(conversation::assign::to_agent(&assistant, id, Some(user)).await.is_err());
    }

    async fn another_account_sees_nothing(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        let said = chat::say(&visit(&app, &inbox).await.ctx, text("Oi")).await.unwrap();
        let stranger = another_account(&app, "zoe@example.com").await;
        assert!(conversation::get(&stranger, said.message.display_id).await.is_err());
        assert!(inbox::get(&stranger, inbox.id).await.is_err());
        assert!(inbox::list(&stranger).await.unwrap().is_empty());
        assert!(all(&stranger).await.is_empty());
    }

    async fn events_reach_listeners_in_order_and_again_from_a_place(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        realtime::tail::start(&app).await.unwrap();
        let stop = tokio_util::sync::CancellationToken::new();
        let tail = tokio::spawn(realtime::tail::follow(app.clone(), stop.clone()));
        let account = admin.agent().unwrap().account_id;
        let (mut heard, place) = realtime::Hub::subscribe(&app, account, realtime::Topic::Account(account));
        let said = chat::say(&visit(&app, &inbox).await.ctx, text("um")).await.unwrap();
        chat::say(&said.ctx, text("dois")).await.unwrap();
        let mut live = Vec::new();
        let mut last = place;
        while live.len() < 2 {
            let realtime::Heard::Event(event) = heard.next().await.unwrap() else { continue };
            assert!(event.0.cursor > last);
            last = event.0.cursor;
            if let Some(Change::MessageCreated { message, .. }) =
                realtime::expand::for_agent(admin.agent().unwrap(), &event.0, &event.1)
            {
                live.push(message.content);
            }
        }
        assert_eq!(live, ["um", "dois"]);
        let event::tail::Missed::Events(missed) = event::tail::missed(&app.db, account, place, last, 100).await.unwrap() else {
            panic!("a short gap can be read");
        };
        let again = missed.iter().filter(|recorded| matches!(recorded.event, event::Event::MessageCreated { .. })).count();
        assert_eq!(again, 2);
        stop.cancel();
        tail.await.unwrap();
    }

    async fn a_text_is_found_without_accents(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let inbox = website(&admin).await;
        chat::say(&visit(&app, &inbox).await.ctx, text("Minha encomenda não chegou, João")).await.unwrap();
        chat::say(&visit(&app, &inbox).await.ctx, text("Outra coisa")).await.unwrap();
        for (query, found) in [("joao", 1), ("ENCOMENDA nao", 1), ("encom", 1), ("nada", 0), ("\"", 0), ("a\" OR b", 0)] {
            let filter = model::conversation::ConversationFilter {
                status: None,
                query: Some(query.to_owned()),
                ..Default::default()
            };
            let page = conversation::list(&admin, &filter, Paging::start(50)).await.unwrap();
            assert_eq!(page.items.len(), found, "{query}");
        }
    }

    async fn every_statement_can_be_prepared(test: TestDb) {
        let mut broken = Vec::new();
        for statement in db::statements() {
            if let Err(error) = test.db.prepare(statement.text).await {
                broken.push(format!("{}:{} {error}", statement.file, statement.line));
            }
        }
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }

    async fn events_are_shown_together_as_each_by_itself(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let account = admin.agent().unwrap().account_id;
        let stranger = another_account(&app, "outra@example.com").await;
        let inbox = website(&admin).await;
        let first = chat::say(&visit(&app, &inbox).await.ctx, text("Oi")).await.unwrap().message.display_id;
        let second = chat::say(&visit(&app, &inbox).await.ctx, text("Olá")).await.unwrap().message.display_id;
        let reply = send::Draft { content: "Pois não?".to_owned(), ..send::Draft::default() };
        send::send(&admin, first, reply).await.unwrap();
        conversation::delete(&admin, second).await.unwrap();
        let mut work = stranger.begin().await.unwrap();
        // Another account's ids show nothing of it.
        let foreign = conversation::access(&admin, first).await.unwrap().id;
        work.record(stranger.agent().unwrap().account_id, event::Event::ConversationCreated { conversation_id: foreign });
        work.record(account, event::Event::LabelsChanged);
        work.commit().await.unwrap();

        // PostgreSQL holds events back while older transactions run, also those of other tests.
        let events = loop {
            let (events, _) = event::tail::next(&app.db, event::Cursor::default(), 500).await.unwrap();
            if events.last().is_some_and(|last| last.event == event::Event::LabelsChanged) {
                break events;
            }
            tokio::task::yield_now().await;
        };
        let together = realtime::expand::all(&app.system(), events.clone()).await.unwrap();
        assert_eq!(together.len(), events.len());
        for (event, shown) in events.iter().zip(&together) {
            let alone = realtime::expand::all(&app.system(), vec![event.clone()]).await.unwrap();
            assert_eq!(format!("{:?}", alone[0]), format!("{shown:?}"));
        }
        let of = |wanted: fn(&Expanded) -> bool| together.iter().filter(|shown| wanted(&shown.1)).count();
        assert!(of(|shown| matches!(shown, Expanded::Message { .. })) >= 2);
        assert!(of(|shown| matches!(shown, Expanded::ConversationDeleted { .. })) == 1);
        assert!(together.iter().any(|shown| matches!(shown.1, Expanded::Nothing) && shown.0.account_id != account));
    }
}
