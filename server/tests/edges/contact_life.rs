//! Contacts over their whole life: who they are, whom they become one with, and that nothing is left of them in the end.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use crate::support::{World, reply, words};
use axum::http::StatusCode;
use domain::contact::{self, Facts, erase, merge};
use domain::message::attachment::Upload;
use domain::visitor::chat;
use domain::{job, label, message, visitor};
use futures::StreamExt as _;
use model::{ContactId, ErrorCode, Role};
use serde_json::{Value, json};

async fn make(world: &World, body: Value) -> i64 {
    world.post("/contacts", body).await.ok()["payload"]["contact"]["id"].as_i64().unwrap()
}

async fn shown(world: &World, id: i64) -> Value {
    world.get(&format!("/contacts/{id}")).await.ok()["payload"].clone()
}

async fn titled(world: &World, title: &str) {
    let input = label::LabelInput {
        title: title.to_owned(),
        description: String::new(),
        color: "#1f93ff".to_owned(),
        show_on_sidebar: true,
    };
    label::create(&world.admin, input).await.unwrap();
}

/// A conversation of a visitor's own; who they are and its number.
async fn talk(world: &World, inbox: &model::inbox::Inbox, text: &str) -> (i64, i64, domain::Ctx) {
    let visitor = world.visitor(inbox).await;
    let said = chat::say(&visitor, words(text)).await.unwrap();
    (said.message.sender.unwrap().id, said.message.display_id.0, said.ctx)
}

/// Everything in the database that is not an index, as text.
async fn everything(world: &World) -> String {
    let mut tx = world.app.db.snapshot().await.unwrap();
    let tables = db::dump::tables(&mut tx).await.unwrap();
    let mut all = String::new();
    for table in tables {
        let mut rows = db::dump::rows(&mut tx, &table);
        while let Some(row) = rows.next().await {
            all.push_str(&row.unwrap());
            all.push('\n');
        }
    }
    all
}

async fn count(world: &World, text: &'static str) -> i64 {
    let (count,): (i64,) = db::Query::fixed(text).fetch_one(&world.app.db).await.unwrap();
    count
}

db::db_test! {
    async fn labels_and_notes_belong_to_a_contact(test: TestDb) {
        let world = World::new(test).await;
        titled(&world, "vip").await;
        titled(&world, "bug").await;
        let (ana, bia) = (make(&world, json!({"name": "Ana", "email": "ana@x.com"})).await, make(&world, json!({"name": "Bia", "email": "bia@x.com"})).await);
        let path = format!("/contacts/{ana}/labels");
        assert_eq!(world.post(&path, json!({"labels": ["VIP", "nenhum"]})).await.ok(), json!({"payload": ["vip"]}));
        assert_eq!(world.post(&path, json!({"labels": ["bug", "vip"]})).await.ok(), json!({"payload": ["bug", "vip"]}));
        let listed = world.get("/contacts?labels[]=bug&labels[]=x").await.ok();
        assert_eq!((&listed["meta"]["count"], &listed["payload"][0]["name"]), (&json!(1), &json!("Ana")));
        let many = json!({"ids": [ana, bia, 99_999], "labels": {"add": ["vip"], "remove": ["bug"]}});
        assert_eq!(world.post("/contacts/bulk_labels", many).await.ok(), json!({"count": 2}));
        for id in [ana, bia] {
            assert_eq!(world.get(&format!("/contacts/{id}/labels")).await.ok(), json!({"payload": ["vip"]}));
        }

        let notes = format!("/contacts/{ana}/notes");
        let first = world.post(&notes, json!({"content": "Prefere a manhã"})).await.ok();
        assert_eq!((&first["content"], &first["user"]["name"]), (&json!("Prefere a manhã"), &json!("Ana Souza")));
        let second = world.post(&notes, json!({"note": {"content": "Ligar"}})).await.ok();
        assert_eq!(world.get(&notes).await.ok().as_array().unwrap().len(), 2);
        assert_eq!(world.get(&notes).await.ok()[0]["id"], second["id"]);
        let own = format!("{notes}/{}", first["id"]);
        assert_eq!(world.patch(&own, json!({"content": "À tarde"})).await.ok()["content"], "À tarde");
        world.patch(&own, json!({"content": " "})).await.refused(422);
        world.get(&format!("/contacts/{bia}/notes/{}", first["id"])).await.refused(404);
        world.delete(&own).await.ok();
        world.get(&own).await.refused(404);
        let assistant = world.member("caio", Role::Assistant).await;
        world.ask(&assistant.token, "GET", &world.path(&notes), None).await.refused(401);
    }

    async fn a_number_is_one_person_with_and_without_the_ninth_digit(test: TestDb) {
        let world = World::new(test).await;
        let ana = make(&world, json!({"name": "Ana", "phone_number": "+55 11 8888-7777"})).await;
        assert_eq!(shown(&world, ana).await["phone_number"], "+5511988887777");
        for same in ["+5511988887777", "+551188887777", "(11) 98888-7777", "11 8888 7777"] {
            let taken = world.post("/contacts", json!({"name": "Outra", "phone_number": same})).await.refused(422);
            assert_eq!(taken["attributes"], json!(["phone_number"]), "{same}");
            assert!(taken["message"].as_str().unwrap().contains(&ana.to_string()), "{taken}");
        }
        for part in ["8888-7777", "1188887777", "11 98888", "+55 11 98888-7777", "7777"] {
            let found = world.get(&format!("/contacts/search?q={}", part.replace('+', "%2B").replace(' ', "%20"))).await.ok();
            assert_eq!(found["meta"]["count"], 1, "{part}");
        }
    }

    async fn what_is_unique_stays_unique_under_many_writers(test: TestDb) {
        let world = World::new(test).await;
        let facts = |number: usize| match number % 3 {
            0 => Facts { email: Some("Mesmo@Example.com".to_owned()), ..Facts::default() },
            1 => Facts { phone_number: Some("+5511988887777".to_owned()), ..Facts::default() },
            _ => Facts { identifier: Some("mesmo".to_owned()), ..Facts::default() },
        };
        let tries = (0..18).map(|number| {
            let (ctx, facts) = (world.admin.clone(), facts(number));
            tokio::spawn(async move { (number, contact::create(&ctx, facts).await) })
        });
        let mut made = [0_usize; 3];
        for tried in futures::future::join_all(tries).await {
            let (number, outcome) = tried.unwrap();
            match outcome {
                Ok(_) => made[number % 3] += 1,
                Err(domain::Error::Known(error)) => {
                    assert_eq!(error.code, ErrorCode::Taken);
                    let field = ["email", "phone_number", "identifier"][number % 3];
                    assert_eq!(error.field.as_deref(), Some(field));
                    let other: i64 = error.detail.unwrap().parse().unwrap();
                    contact::get(&world.admin, ContactId(other)).await.unwrap();
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(made, [1, 1, 1]);
        let second = make(&world, json!({"name": "Bia", "email": "bia@example.com"})).await;
        let refused = world.patch(&format!("/contacts/{second}"), json!({"email": "MESMO@example.com"})).await.refused(422);
        assert_eq!(refused["attributes"], json!(["email"]));
        assert_eq!(shown(&world, second).await["email"], "bia@example.com");
    }

    async fn a_merge_is_taken_apart_exactly(test: TestDb) {
        let world = World::new(test).await;
        titled(&world, "vip").await;
        let inbox = world.website(&[]).await;
        let (gone, number, visitor) = talk(&world, &inbox, "Minha entrega atrasou").await;
        let old = json!({
            "name": "Ana Lima", "email": "ana@x.com", "phone_number": "+5511988887777", "identifier": "c-1",
            "custom_attributes": {"plano": "Ouro", "cpf": "1"}, "additional_attributes": {"city": "Recife"},
        });
        world.patch(&format!("/contacts/{gone}"), old).await.ok();
        world.post(&format!("/contacts/{gone}/labels"), json!({"labels": ["vip"]})).await.ok();
        world.post(&format!("/contacts/{gone}/notes"), json!({"content": "da primeira"})).await.ok();
        let kept = make(&world, json!({"name": "Ana", "email": "ana@trabalho.com", "custom_attributes": {"plano": "Prata"}})).await;
        let (before_gone, before_kept) = (shown(&world, gone).await, shown(&world, kept).await);

        let merged = world.post("/actions/contact_merge", json!({"base_contact_id": kept, "mergee_contact_id": gone})).await.ok();
        assert_eq!(merged["email"], "ana@trabalho.com");
        assert_eq!((&merged["phone_number"], &merged["custom_attributes"]), (&json!("+5511988887777"), &json!({"plano": "Prata", "cpf": "1"})));
        world.get(&format!("/contacts/{gone}")).await.refused(404);
        assert_eq!(world.get(&format!("/contacts/{kept}/labels")).await.ok(), json!({"payload": ["vip"]}));
        assert_eq!(world.get(&format!("/contacts/{kept}/notes")).await.ok().as_array().unwrap().len(), 1);
        assert_eq!(world.get(&format!("/conversations/{number}")).await.ok()["meta"]["sender"]["id"], kept);

        // Meanwhile: a message, and a change by hand.
        world.patch(&format!("/contacts/{kept}"), json!({"custom_attributes": {"cpf": "2"}})).await.ok();
        let token = visitor::token::issue(&visitor).unwrap();
        let browser = visitor::enter(&world.app.anonymous(), &inbox.identifier, Some(&token)).await.unwrap();
        let more = chat::say(&browser.ctx, words("Alguma novidade?")).await.unwrap().message;
        assert_eq!(more.sender.as_ref().unwrap().id, kept);

        let merges = world.get(&format!("/contacts/{kept}/merges")).await.ok();
        assert_eq!(merges[0]["name"], "Ana Lima");
        let undo = format!("/contacts/{kept}/merges/{}/undo", merges[0]["id"]);
        world.ask(&world.stranger().await.token, "POST", &world.path(&undo), Some(json!({}))).await.refused(401);
        let back = world.post(&undo, json!({})).await.ok();
        assert_eq!(back["id"], gone);
        let after = shown(&world, gone).await;
        for fact in ["name", "email", "phone_number", "identifier", "custom_attributes", "additional_attributes", "contact_inboxes", "created_at"] {
            assert_eq!(after[fact], before_gone[fact], "{fact}");
        }
        let after = shown(&world, kept).await;
        for fact in ["name", "email", "phone_number", "identifier", "additional_attributes", "contact_inboxes"] {
            assert_eq!(after[fact], before_kept[fact], "{fact}");
        }
        // What was changed by hand since stays.
        assert_eq!(after["custom_attributes"], json!({"plano": "Prata", "cpf": "2"}));
        assert_eq!(world.get(&format!("/contacts/{gone}/labels")).await.ok(), json!({"payload": ["vip"]}));
        assert_eq!(world.get(&format!("/contacts/{kept}/labels")).await.ok(), json!({"payload": []}));
        assert_eq!(world.get(&format!("/contacts/{gone}/notes")).await.ok()[0]["content"], "da primeira");
        let messages = world.get(&format!("/conversations/{number}/messages")).await.ok();
        let senders: Vec<_> = messages["payload"].as_array().unwrap().iter().filter(|message| message["message_type"] == 0).map(|message| message["sender"]["id"].clone()).collect();
        assert_eq!(senders, [json!(gone), json!(kept)]);
        assert_eq!(world.get(&format!("/conversations/{number}")).await.ok()["meta"]["sender"]["id"], gone);
        assert_eq!(world.get("/contacts/search?q=ana%20lima").await.ok()["meta"]["count"], 1);
        world.post(&undo, json!({})).await.refused(404);
    }

    async fn merges_of_merges_come_apart_in_turn(test: TestDb) {
        let world = World::new(test).await;
        let mut ids = Vec::new();
        for name in ["a", "b", "c"] {
            ids.push(make(&world, json!({"name": name, "email": format!("{name}@x.com")})).await);
        }
        for (base, mergee) in [(ids[1], ids[0]), (ids[2], ids[1])] {
            world.post("/actions/contact_merge", json!({"base_contact_id": base, "mergee_contact_id": mergee})).await.ok();
        }
        let merges = world.get(&format!("/contacts/{}/merges", ids[2])).await.ok();
        assert_eq!(merges.as_array().unwrap().len(), 1);
        world.post(&format!("/contacts/{}/merges/{}/undo", ids[2], merges[0]["id"]), json!({})).await.ok();
        let merges = world.get(&format!("/contacts/{}/merges", ids[1])).await.ok();
        // The address went to somebody else meanwhile.
        let other = make(&world, json!({"name": "d", "email": "a@x.com"})).await;
        let undo = format!("/contacts/{}/merges/{}/undo", ids[1], merges[0]["id"]);
        assert_eq!(world.post(&undo, json!({})).await.refused(422)["attributes"], json!(["email"]));
        world.patch(&format!("/contacts/{other}"), json!({"email": null})).await.ok();
        world.post(&undo, json!({})).await.ok();
        assert_eq!(shown(&world, ids[0]).await["email"], "a@x.com");
        merge::prune(&world.app.system()).await.unwrap();
    }

    async fn nothing_is_left_of_somebody_who_is_erased(test: TestDb) {
        let world = World::new(test).await;
        titled(&world, "vip").await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let file = Upload { file_name: "segredofoto.txt".to_owned(), content_type: "text/plain".to_owned(), bytes: "segredofoto".into() };
        let draft = chat::Draft { files: vec![file], ..words("segredomensagem") };
        let said = chat::say(&visitor, draft).await.unwrap();
        let id = said.message.sender.clone().unwrap().id;
        message::send::send(&world.admin, said.message.display_id, reply("segredoresposta")).await.unwrap();
        let facts = json!({"name": "Segredonome", "email": "segredo@x.com", "phone_number": "+5511988887777", "identifier": "segredoid", "custom_attributes": {"a": "segredovalor"}});
        world.patch(&format!("/contacts/{id}"), facts).await.ok();
        world.post(&format!("/contacts/{id}/notes"), json!({"content": "segredonota"})).await.ok();
        world.post(&format!("/contacts/{id}/labels"), json!({"labels": ["vip"]})).await.ok();
        let twin = make(&world, json!({"name": "Segredogemeo", "email": "segredogemeo@x.com"})).await;
        world.post("/actions/contact_merge", json!({"base_contact_id": id, "mergee_contact_id": twin})).await.ok();
        let other = make(&world, json!({"name": "Outra pessoa", "email": "fica@x.com"})).await;
        assert!(everything(&world).await.to_lowercase().contains("segredo"));
        assert_eq!(world.get("/search?q=segredomensagem").await.ok()["payload"]["messages"].as_array().unwrap().len(), 1);

        let agent = world.member("bia", Role::Agent).await;
        world.ask(&agent.token, "DELETE", &world.path(&format!("/contacts/{id}")), None).await.refused(401);
        world.delete(&format!("/contacts/{id}")).await.ok();
        world.get(&format!("/contacts/{id}")).await.refused(404);
        let left = everything(&world).await.to_lowercase();
        let lines: Vec<_> = left.lines().filter(|line| line.contains("segredo") || line.contains("988887777")).collect();
        assert_eq!(lines, Vec::<&str>::new());
        for text in [
            "select count(*) from message_search", "select count(*) from conversations", "select count(*) from messages",
            "select count(*) from attachments", "select count(*) from contact_merges", "select count(*) from contact_notes",
            "select count(*) from contact_labels", "select count(*) from uploads",
        ] {
            assert_eq!(count(&world, text).await, 0, "{text}");
        }
        let files: Vec<_> = world.app.blobs.list().collect().await;
        assert!(files.is_empty(), "{files:?}");
        let found = world.get("/search?q=segredo").await.ok();
        assert_eq!(found["payload"]["contacts"], json!([]));
        assert_eq!(shown(&world, other).await["name"], "Outra pessoa");
        // The job that would have finished it finds nothing to do.
        erase::finish(&world.app.system(), world.account, ContactId(id)).await.unwrap();
    }

    async fn a_long_history_is_erased_by_the_job(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let (id, number, _) = talk(&world, &inbox, "começo").await;
        let facts = conversation_facts(&world, number).await;
        for _ in 0..3 {
            let mut query = db::Builder::new("insert into messages (account_id, inbox_id, conversation_id, kind, content, created_at, updated_at) values ");
            query.rows((0..400).map(|_| vec![world.account.into(), inbox.id.into(), facts.into(), "incoming".into(), "mais".into(), 1_i64.into(), 1_i64.into()]));
            query.build().execute(world.app.db.writer()).await.unwrap();
        }
        world.delete(&format!("/contacts/{id}")).await.ok();
        erase::finish(&world.app.system(), world.account, ContactId(id)).await.unwrap();
        assert_eq!(count(&world, "select count(*) from messages").await, 0);
        assert_eq!(count(&world, "select count(*) from contacts").await, 0);
        let kinds = job::Job::EraseContact { account_id: world.account, contact_id: ContactId(id) }.kind();
        assert_eq!(kinds, "erase_contact");
    }

    async fn what_a_blocked_contact_writes_opens_nothing(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let (id, number, visitor) = talk(&world, &inbox, "oi").await;
        world.patch(&format!("/contacts/{id}"), json!({"blocked": true})).await.ok();
        world.post(&format!("/conversations/{number}/toggle_status"), json!({"status": "resolved"})).await.ok();
        chat::say(&visitor, words("ei")).await.unwrap();
        assert_eq!(world.get(&format!("/conversations/{number}")).await.ok()["status"], "resolved");
        let said = chat::begin(&visitor, words("outra"), &json!({})).await.unwrap();
        let fresh = format!("/conversations/{}", said.message.display_id);
        assert_eq!(world.get(&fresh).await.ok()["status"], "resolved");
        world.patch(&format!("/contacts/{id}"), json!({"blocked": false})).await.ok();
        let next = chat::say(&said.ctx, words("obrigado")).await.unwrap().message.display_id;
        assert_eq!(world.get(&format!("/conversations/{next}")).await.ok()["status"], "open");
        assert_eq!(world.get(&fresh).await.status, StatusCode::OK);
    }
}

async fn conversation_facts(world: &World, number: i64) -> model::ConversationId {
    domain::conversation::access(&world.admin, model::DisplayId(number)).await.unwrap().id
}
