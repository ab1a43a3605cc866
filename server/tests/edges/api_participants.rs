//! Who follows conversations and who is named in notes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{Person, World, reply, words};
use domain::conversation;
use domain::message::send::{self, Draft};
use domain::visitor::chat;
use model::conversation::{ConversationFilter, Involvement};
use model::mention::Mention;
use model::{DisplayId, Role, TeamId, UserId};
use serde_json::{Value, json};

fn ids(list: &Value) -> Vec<i64> {
    let mut ids: Vec<i64> = list.as_array().unwrap().iter().map(|agent| agent["id"].as_i64().unwrap()).collect();
    ids.sort_unstable();
    ids
}

fn note(content: String) -> Draft {
    Draft { private: true, ..reply(&content) }
}

async fn involved(person: &Person, involved: Involvement) -> Vec<DisplayId> {
    let filter = ConversationFilter { status: None, involved: Some(involved), ..Default::default() };
    let page = conversation::list(&person.ctx, &filter, conversation::Paging::start(20)).await.unwrap();
    page.items.into_iter().map(|row| row.display_id).collect()
}

db::db_test! {
    async fn people_follow_and_leave(test: TestDb) {
        let world = World::new(test).await;
        let (bia, ivo) = (world.member("bia", Role::Agent).await, world.member("ivo", Role::Assistant).await);
        let outsider = world.member("davi", Role::Agent).await;
        let inbox = world.website(&[bia.id, ivo.id]).await;
        let (bia, ivo) = (bia.anew().await, ivo.anew().await);
        let visitor = world.visitor(&inbox).await;
        let number = chat::say(&visitor, words("oi")).await.unwrap().message.display_id;
        let path = world.path(&format!("/conversations/{number}/participants"));

        // Whoever is given it follows it, and goes on to when it is somebody else's.
        conversation::assign::to_agent(&world.admin, number, Some(bia.id)).await.unwrap();
        conversation::assign::to_agent(&world.admin, number, None).await.unwrap();
        let list = world.ask(&bia.token, "GET", &path, None).await.ok();
        assert_eq!(ids(&list), [bia.id.0]);
        assert_eq!(list[0]["email"], "bia@example.com");
        assert_eq!(involved(&bia, Involvement::Participating).await, [number]);

        // An assistant may follow and leave, and take nobody in.
        let me = json!({"user_ids": [ivo.id]});
        assert_eq!(ids(&world.ask(&ivo.token, "POST", &path, Some(me.clone())).await.ok()), [bia.id.0, ivo.id.0]);
        world.ask(&ivo.token, "DELETE", &path, Some(json!({"user_ids": [bia.id]}))).await.refused(401);
        world.ask(&ivo.token, "DELETE", &path, Some(me)).await.ok();
        // Nobody who could not see it.
        let refusal = world.ask(&bia.token, "POST", &path, Some(json!({"user_ids": [outsider.id]}))).await.refused(422);
        assert_eq!(refusal["attributes"], json!(["user_ids"]));
        let admin = world.admin.user_id().unwrap();
        let set = world.ask(&bia.token, "PATCH", &path, Some(json!({"user_ids": [admin]}))).await.ok();
        assert_eq!(ids(&set), [admin.0]);
        let listed = world.ask(&world.admin_token, "GET", &world.path("/conversations?conversation_type=participating"), None).await.ok();
        assert_eq!(listed["data"]["payload"][0]["id"], json!(number));
    }

    async fn a_note_names_only_those_who_may_know(test: TestDb) {
        let world = World::new(test).await;
        let (bia, ivo) = (world.member("bia", Role::Agent).await, world.member("ivo", Role::Assistant).await);
        let (caio, outsider) = (world.member("caio", Role::Agent).await, world.member("davi", Role::Agent).await);
        let inbox = world.website(&[bia.id, ivo.id, caio.id]).await;
        let input = domain::team::TeamInput { name: "vendas".to_owned(), description: String::new(), allow_auto_assign: true };
        let team = domain::team::create(&world.admin, input).await.unwrap();
        domain::team::set_members(&world.admin, team.id, vec![caio.id, outsider.id]).await.unwrap();
        let (bia, ivo, caio, outsider) = (bia.anew().await, ivo.anew().await, caio.anew().await, outsider.anew().await);
        let visitor = world.visitor(&inbox).await;
        let number = chat::say(&visitor, words("oi")).await.unwrap().message.display_id;
        conversation::assign::to_agent(&world.admin, number, Some(bia.id)).await.unwrap();

        let user = |id: UserId| Mention::User(id).link("Alguém");
        let text = [user(bia.id), user(ivo.id), user(UserId(9_999)), Mention::Team(TeamId(team.id.0)).link("vendas")].join(" ");
        // A public answer names nobody.
        send::send(&world.admin, number, reply(&text)).await.unwrap();
        assert!(involved(&bia, Involvement::Mentioned).await.is_empty());
        send::send(&world.admin, number, note(text)).await.unwrap();
        assert_eq!(involved(&bia, Involvement::Mentioned).await, [number]);
        assert_eq!(involved(&caio, Involvement::Mentioned).await, [number]);
        // The assistant cannot see what is Bia's, the other is in the team but not in the inbox.
        for person in [&ivo, &outsider] {
            assert!(involved(person, Involvement::Mentioned).await.is_empty());
        }
        conversation::assign::to_agent(&world.admin, number, None).await.unwrap();
        assert!(involved(&ivo, Involvement::Mentioned).await.is_empty(), "they were not told, so it is not theirs later");
        let path = world.path(&format!("/conversations/{number}/participants"));
        let list = world.ask(&world.admin_token, "GET", &path, None).await.ok();
        assert_eq!(ids(&list), [bia.id.0, caio.id.0]);
        let mentions = world.ask(&bia.token, "GET", &world.path("/conversations?conversation_type=mention"), None).await.ok();
        assert_eq!(mentions["data"]["meta"]["all_count"], 1);
    }
}
