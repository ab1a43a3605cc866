//! Making one conversation of two.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use crate::support::{World, reply, words};
use domain::conversation::participant;
use domain::message::scheduled::{self, When};
use domain::message::{self, Window, send};
use domain::visitor::chat;
use domain::{conversation, label};
use model::conversation::Conversation;
use model::{ConversationStatus, DisplayId, ErrorCode, MessageKind, Priority, Role};
use serde_json::json;

async fn texts(world: &World, number: DisplayId) -> Vec<(MessageKind, String)> {
    let window = Window { before: None, after: None, public_only: false, limit: 100 };
    let all = message::list(&world.admin, number, window).await.unwrap();
    all.into_iter().map(|message| (message.kind, message.content)).collect()
}

async fn open(world: &World, inbox: i64, contact: i64, source: &str) -> DisplayId {
    let body = json!({"inbox_id": inbox, "contact_id": contact, "source_id": source});
    let made = world.ask(&world.admin_token, "POST", &world.path("/conversations"), Some(body)).await.ok();
    DisplayId(made["id"].as_i64().unwrap())
}

/// The conversations in which something was said.
async fn with_word(world: &World, word: &str) -> Vec<DisplayId> {
    let list = world.get(&format!("/conversations?status=all&q={word}")).await.ok();
    let rows = list["data"]["payload"].as_array().unwrap();
    rows.iter().map(|row| DisplayId(row["id"].as_i64().unwrap())).collect()
}

async fn shown(world: &World, number: DisplayId) -> Conversation {
    conversation::get(&world.admin, number).await.unwrap()
}

db::db_test! {
    async fn everything_goes_over_and_the_contact_goes_on(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let bia = bia.anew().await;
        for title in ["vip", "troca", "frete"] {
            let input = label::LabelInput { title: title.into(), description: String::new(), color: "#123456".into(), show_on_sidebar: true };
            label::create(&world.admin, input).await.unwrap();
        }
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("um")).await.unwrap();
        let (old, contact) = (said.message.display_id, said.message.sender.unwrap().id);
        let source = visitor.visitor().unwrap().source_id.clone();
        let new = open(&world, inbox.id.0, contact, &source).await;
        send::send(&world.admin, new, reply("dois")).await.unwrap();
        send::send(&bia.ctx, old, reply("três")).await.unwrap();
        send::send(&world.admin, new, reply("quatro")).await.unwrap();
        conversation::label::set(&world.admin, old, &["vip".into(), "troca".into()]).await.unwrap();
        conversation::label::set(&world.admin, new, &["troca".into(), "frete".into()]).await.unwrap();
        conversation::status::set_priority(&world.admin, new, Some(Priority::High)).await.unwrap();
        conversation::status::set(&world.admin, old, ConversationStatus::Resolved, None).await.unwrap();
        conversation::attribute::replace(&world.admin, new, json!({"pedido": "1", "cor": "azul"})).await.unwrap();
        conversation::attribute::replace(&world.admin, old, json!({"pedido": "2"})).await.unwrap();
        participant::change(&world.admin, new, participant::Change::Add, &[bia.id]).await.unwrap();
        let at = world.admin.now() + 3_600_000;
        scheduled::schedule(&world.admin, new, reply("depois"), When::At(at)).await.unwrap();

        let body = json!({"conversation_id": new});
        let path = world.path(&format!("/conversations/{old}/merge"));
        let merged = world.ask(&world.admin_token, "POST", &path, Some(body.clone())).await.ok();
        assert_eq!(merged["id"], json!(old));
        let spoken: Vec<String> =
            texts(&world, old).await.into_iter().filter(|(kind, _)| *kind != MessageKind::Activity).map(|(_, text)| text).collect();
        assert_eq!(spoken, ["um", "dois", "três", "quatro"], "in the order of their times");
        let one = shown(&world, old).await;
        assert_eq!(one.row.labels, ["frete", "troca", "vip"]);
        assert_eq!((one.row.status, one.row.priority), (ConversationStatus::Open, Some(Priority::High)));
        assert_eq!(one.custom_attributes, json!({"pedido": "2", "cor": "azul"}));
        assert_eq!(one.row.preview.unwrap().text, "quatro");
        assert!(participant::list(&world.admin, old).await.unwrap().iter().any(|agent| agent.id == bia.id));
        assert_eq!(scheduled::list(&world.admin, old).await.unwrap()[0].content, "depois");

        let left = shown(&world, new).await;
        assert_eq!((left.row.status, left.row.unread_count, left.row.labels.len()), (ConversationStatus::Resolved, 0, 0));
        let lines = texts(&world, new).await;
        assert_eq!(lines.len(), 1);
        assert!(lines[0].1.contains(&format!("#{old}")), "{lines:?}");
        // The visitor goes on in the one that is left, although the other was newer.
        assert_eq!(chat::say(&visitor, words("cinco")).await.unwrap().message.display_id, old);
        // Once is enough.
        let refusal = world.ask(&world.admin_token, "POST", &path, Some(body)).await.refused(422);
        assert_eq!(refusal["attributes"], json!(["conversation_id"]));
    }

    async fn only_two_of_one_contact_and_only_for_those_who_see_both(test: TestDb) {
        let world = World::new(test).await;
        let (bia, ivo) = (world.member("bia", Role::Agent).await, world.member("ivo", Role::Assistant).await);
        let (first, second) = (world.website(&[bia.id, ivo.id]).await, world.website(&[]).await);
        let (bia, ivo) = (bia.anew().await, ivo.anew().await);
        let visitor = world.visitor(&first).await;
        let said = chat::say(&visitor, words("um")).await.unwrap();
        let (one, contact) = (said.message.display_id, said.message.sender.unwrap().id);
        let beside = open(&world, first.id.0, contact, "outro-lugar").await;
        let unseen = open(&world, second.id.0, contact, "longe").await;
        let stranger = world.visitor(&first).await;
        let others = chat::say(&stranger, words("oi")).await.unwrap().message.display_id;
        let merge = |ctx: domain::Ctx, from, into| async move { conversation::merge::merge(&ctx, from, into).await.unwrap_err().known() };
        assert_eq!(merge(world.admin.clone(), one, one).await, Some(ErrorCode::Conflict));
        assert_eq!(merge(world.admin.clone(), one, others).await, Some(ErrorCode::Conflict));
        assert_eq!(merge(bia.ctx.clone(), unseen, one).await, Some(ErrorCode::NotFound));
        assert_eq!(merge(ivo.ctx.clone(), beside, one).await, Some(ErrorCode::Forbidden));
        conversation::merge::merge(&bia.ctx, one, beside).await.unwrap();
        // What went to a place that this browser cannot see is not shown to it: it begins anew.
        assert_ne!(chat::say(&visitor, words("dois")).await.unwrap().message.display_id, beside);
    }

    async fn a_merge_is_taken_apart_and_what_came_since_stays(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let bia = bia.anew().await;
        for title in ["vip", "troca", "frete"] {
            let input = label::LabelInput { title: title.into(), description: String::new(), color: "#123456".into(), show_on_sidebar: true };
            label::create(&world.admin, input).await.unwrap();
        }
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("um")).await.unwrap();
        let (old, contact) = (said.message.display_id, said.message.sender.unwrap().id);
        let source = visitor.visitor().unwrap().source_id.clone();
        let new = open(&world, inbox.id.0, contact, &source).await;
        send::send(&world.admin, new, reply("dois")).await.unwrap();
        conversation::label::set(&world.admin, old, &["vip".into()]).await.unwrap();
        conversation::label::set(&world.admin, new, &["troca".into()]).await.unwrap();
        conversation::status::set_priority(&world.admin, new, Some(Priority::High)).await.unwrap();
        participant::change(&world.admin, new, participant::Change::Add, &[bia.id]).await.unwrap();
        let at = world.admin.now() + 3_600_000;
        scheduled::schedule(&world.admin, new, reply("depois"), When::At(at)).await.unwrap();
        let (before_new, before_old) = (shown(&world, new).await, shown(&world, old).await);
        assert_eq!(with_word(&world, "dois").await, [new]);

        conversation::merge::merge(&world.admin, new, old).await.unwrap();
        assert_eq!(with_word(&world, "dois").await, [old]);
        // Meanwhile life goes on in the one that is left.
        send::send(&world.admin, old, reply("três")).await.unwrap();
        let all: Vec<String> = ["vip", "troca", "frete"].map(str::to_owned).into();
        conversation::label::set(&world.admin, old, &all).await.unwrap();

        let path = world.path(&format!("/conversations/{new}/merge/undo"));
        let assistant = world.member("ivo", Role::Assistant).await;
        world.ask(&assistant.token, "POST", &path, None).await.refused(401);
        world.ask(&world.admin_token, "POST", &path, None).await.ok();
        let (after_new, after_old) = (shown(&world, new).await, shown(&world, old).await);
        assert_eq!((after_new.row.status, after_new.row.priority), (before_new.row.status, before_new.row.priority));
        assert_eq!(after_new.row.labels, ["troca"]);
        assert_eq!(after_old.row.labels, ["frete", "vip"]);
        assert_eq!((after_old.row.priority, after_old.row.status), (before_old.row.priority, before_old.row.status));
        let said = |texts: Vec<(MessageKind, String)>| -> Vec<String> {
            texts.into_iter().filter(|(kind, _)| *kind != MessageKind::Activity).map(|(_, text)| text).collect()
        };
        assert_eq!(said(texts(&world, new).await), ["dois"]);
        assert_eq!((with_word(&world, "dois").await, with_word(&world, "um").await), (vec![new], vec![old]));
        assert_eq!(said(texts(&world, old).await), ["um", "três"]);
        let preview = |shown: &Conversation| shown.row.preview.as_ref().map(|preview| preview.text.clone());
        assert_eq!((preview(&after_new).as_deref(), preview(&after_old).as_deref()), (Some("dois"), Some("três")));
        assert_eq!(scheduled::list(&world.admin, new).await.unwrap().len(), 1);
        assert!(scheduled::list(&world.admin, old).await.unwrap().is_empty());
        let follow = async |number| -> Vec<model::UserId> {
            participant::list(&world.admin, number).await.unwrap().into_iter().map(|agent| agent.id).collect()
        };
        assert!(follow(new).await.contains(&bia.id) && !follow(old).await.contains(&bia.id));
        // Once.
        world.ask(&world.admin_token, "POST", &path, None).await.refused(422);
        conversation::merge::merge(&world.admin, new, old).await.unwrap();
    }
}
