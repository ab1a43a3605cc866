//! What visitors are asked by messages, and what becomes of their answers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::World;
use crate::support::browser::Browser;
use axum::body::Body;
use axum::http::{Request, header};
use domain::inbox;
use model::inbox::Inbox;
use serde_json::{Value, json};

/// A website inbox that asks.
async fn website(world: &World, settings: inbox::Settings) -> Inbox {
    let made = world.website(&[]).await;
    inbox::update(&world.admin, made.id, settings).await.unwrap()
}

fn asks_email() -> inbox::Settings {
    inbox::Settings { enable_email_collect: Some(true), ..inbox::Settings::default() }
}

fn asks_opinion() -> inbox::Settings {
    inbox::Settings { csat_survey_enabled: Some(true), ..inbox::Settings::default() }
}

/// What the visitor sees, as kinds of content.
async fn kinds(browser: &mut Browser<'_>) -> Vec<String> {
    let list = browser.list("messages").await;
    let kinds = list["payload"].as_array().unwrap().iter();
    kinds.map(|message| message["content_type"].as_str().unwrap().to_owned()).collect()
}

async fn last(browser: &mut Browser<'_>) -> Value {
    browser.list("messages").await["payload"].as_array().unwrap().last().unwrap().clone()
}

async fn resolve(world: &World, number: &Value) {
    world.post(&format!("/conversations/{number}/toggle_status"), json!({"status": "resolved"})).await.ok();
}

async fn page(world: &World, method: &str, uuid: &str, form: &str) -> crate::support::Answer {
    let request = Request::builder().method(method).uri(format!("/survey/responses/{uuid}"));
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    world.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

fn opinion(rating: Value, words: Value) -> Value {
    json!({"message": {"submitted_values": {"csat_survey_response": {"rating": rating, "feedback_message": words}}}})
}

db::db_test! {
    async fn somebody_unknown_is_asked_once_for_their_address(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world, asks_email()).await;
        let mut browser = Browser::new(&world, &inbox);
        let first = browser.say("Oi").await;
        browser.say("Alguém?").await;
        assert_eq!(kinds(&mut browser).await, ["text", "input_email", "text"]);
        let asked = browser.list("messages").await["payload"][1].clone();
        assert_eq!(asked["message_type"], 3);
        let path = format!("messages/{}", asked["id"]);
        for wrong in [json!({}), json!({"contact": {"email": "bia"}}), json!({"contact": {"email": ["b@c.example"]}}), json!({"contact": {"email": ""}})] {
            browser.ask("PATCH", &path, wrong).await.refused(422);
        }
        let mine = browser.ask("PATCH", &format!("messages/{}", first["id"]), json!({"contact": {"email": "b@c.example"}})).await;
        assert_eq!(mine.status, 404, "nobody asked that");

        let known = world.post("/contacts", json!({"name": "Bia", "email": "bia@example.com"})).await.ok();
        let answered = browser.ask("PATCH", &path, json!({"contact": {"email": " Bia@Example.com"}})).await.ok();
        assert_eq!(answered["content_attributes"]["submitted_email"], "bia@example.com");
        assert_eq!(answered["contact"]["has_email"], true);
        browser.ask("PATCH", &path, json!({"contact": {"email": "bia@example.com"}})).await.ok();
        let other = browser.ask("PATCH", &path, json!({"contact": {"email": "eve@example.com"}})).await.refused(422);
        assert_eq!(other["message"], "This question was answered already.");
        let shown = world.get(&format!("/conversations/{}", first["conversation_id"])).await.ok();
        let sender = &shown["meta"]["sender"];
        assert_eq!((&sender["id"], &sender["email"]), (&known["payload"]["contact"]["id"], &json!("bia@example.com")));
        assert_eq!(sender["name"], "Bia", "who they are was known already");

        resolve(&world, &first["conversation_id"]).await;
        browser.say("Outra coisa").await;
        assert_eq!(kinds(&mut browser).await, ["text"], "whoever has an address is not asked for it");
    }

    async fn strangers_do_not_answer_for_others(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world, asks_email()).await;
        let mut browser = Browser::new(&world, &inbox);
        browser.say("Oi").await;
        let asked = last(&mut browser).await;
        let mut stranger = Browser::new(&world, &inbox);
        let answer = json!({"contact": {"email": "eve@example.com"}});
        for path in [format!("messages/{}", asked["id"]), "messages/0".to_owned(), "messages/x".to_owned()] {
            assert_eq!(stranger.ask("PATCH", &path, answer.clone()).await.status, 404);
            stranger.say("Oi").await;
            assert_eq!(stranger.ask("PATCH", &path, answer.clone()).await.status, 404);
        }
        assert!(last(&mut browser).await["content_attributes"]["submitted_email"].is_null());
    }

    async fn an_opinion_is_asked_once_and_belongs_to_whoever_had_it_last(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world, asks_opinion()).await;
        let mut browser = Browser::new(&world, &inbox);
        let number = browser.say("Oi").await["conversation_id"].clone();
        let me = world.admin.user_id().unwrap();
        let assign = format!("/conversations/{number}/assignments");
        world.post(&assign, json!({"assignee_id": me})).await.ok();
        world.post(&assign, json!({"assignee_id": 0})).await;
        resolve(&world, &number).await;
        assert_eq!(kinds(&mut browser).await, ["text", "input_csat"]);
        let asked = last(&mut browser).await;
        let path = format!("messages/{}", asked["id"]);
        for wrong in [json!(0), json!(6), json!("x"), Value::Null, json!([5])] {
            browser.ask("PATCH", &path, opinion(wrong, Value::Null)).await.refused(422);
        }
        browser.ask("PATCH", &path, opinion(json!(5), json!({"a": 1}))).await.refused(422);
        browser.ask("PATCH", &path, opinion(json!(2), json!("Demorou"))).await.ok();
        let changed = browser.ask("PATCH", &path, opinion(json!(4), Value::Null)).await.ok();
        let kept = &changed["content_attributes"]["submitted_values"]["csat_survey_response"];
        assert_eq!(kept, &json!({"rating": 4, "feedback_message": "Demorou"}));

        let all = world.get("/csat_survey_responses").await.ok();
        assert_eq!(all.as_array().unwrap().len(), 1);
        assert_eq!((&all[0]["rating"], &all[0]["feedback_message"], &all[0]["conversation_id"]), (&json!(4), &json!("Demorou"), &number));
        assert_eq!(all[0]["assigned_agent"]["id"], json!(me), "the last one, though nobody has it now");
        assert_eq!(all[0]["message_id"], asked["id"]);
        for (query, found) in [
            (format!("user_ids[]={me}"), 1), ("user_ids[]=0".to_owned(), 0), (format!("inbox_id={}", inbox.id), 1), ("inbox_id=0".to_owned(), 0),
            ("rating=4".to_owned(), 1), ("rating=5".to_owned(), 0), ("team_id=1".to_owned(), 0), ("since=32503680000".to_owned(), 0), ("page=2".to_owned(), 0),
        ] {
            let list = world.get(&format!("/csat_survey_responses?{query}")).await.ok();
            assert_eq!(list.as_array().unwrap().len(), found, "{query}");
        }
        let metrics = world.get("/csat_survey_responses/metrics").await.ok();
        assert_eq!(metrics, json!({"total_count": 1, "ratings_count": {"4": 1}, "total_sent_messages_count": 1}));

        let status = format!("/conversations/{number}/toggle_status");
        world.post(&status, json!({"status": "open"})).await.ok();
        resolve(&world, &number).await;
        assert_eq!(kinds(&mut browser).await, ["text", "input_csat"], "once for each conversation");
    }

    async fn nobody_is_asked_where_it_is_off_or_the_conversation_goes_on(test: TestDb) {
        let world = World::new(test).await;
        let single = inbox::Settings { lock_to_single_conversation: Some(true), ..asks_opinion() };
        for settings in [inbox::Settings::default(), single] {
            let inbox = website(&world, settings).await;
            let mut browser = Browser::new(&world, &inbox);
            let number = browser.say("Oi").await["conversation_id"].clone();
            resolve(&world, &number).await;
            assert_eq!(kinds(&mut browser).await, ["text"]);
        }
    }

    async fn a_survey_is_answered_behind_its_link_too(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world, asks_opinion()).await;
        let mut browser = Browser::new(&world, &inbox);
        let number = browser.say("Oi").await["conversation_id"].clone();
        let uuid = world.get(&format!("/conversations/{number}")).await.ok()["uuid"].as_str().unwrap().to_owned();
        for path in ["x", &uuid] {
            assert_eq!(page(&world, "GET", path, "").await.status, 404, "nothing was asked yet");
        }
        resolve(&world, &number).await;
        let shown = page(&world, "GET", &uuid, "").await;
        assert_eq!((shown.status.as_u16(), shown.text().matches("type=\"radio\"").count()), (200, 5));
        for wrong in ["", "rating=", "rating=9", "rating=x&feedback=y"] {
            assert_eq!(page(&world, "POST", &uuid, wrong).await.status, 422, "{wrong}");
        }
        let taken = page(&world, "POST", &uuid, "rating=5&feedback=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
        assert_eq!((taken.status.as_u16(), taken.headers[header::LOCATION].to_str().unwrap()), (303, &*format!("/survey/responses/{uuid}")));
        let thanks = page(&world, "GET", &uuid, "").await.text();
        assert!(thanks.contains("value=\"5\" aria-label=\"5 of 5\" required checked") && !thanks.contains("<script>"), "{thanks}");
        assert!(thanks.contains("<html lang=\"en\" dir=\"ltr\">"), "in the language of the chat, not the account's: {thanks}");

        let path = format!("/public/api/v1/csat_survey/{uuid}");
        let read = world.send(Request::get(&path).body(Body::empty()).unwrap()).await.ok();
        assert_eq!(read["csat_survey_response"]["rating"], 5);
        assert_eq!((&read["display_type"], &read["inbox_name"]), (&json!("emoji"), &json!("Loja")));
        let put = |body: Value| Request::put(&path).header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap();
        assert_eq!(world.send(put(opinion(json!(3), json!("")))).await.ok()["csat_survey_response"], json!({"rating": 3, "feedback_message": ""}));
        world.send(put(opinion(json!(30), Value::Null))).await.refused(422);
        world.send(put(json!([]))).await.refused(422);
        assert_eq!(world.get("/csat_survey_responses").await.ok()[0]["rating"], 3);
    }

    async fn choices_and_forms_are_sent_by_the_api_and_answered_once(test: TestDb) {
        let world = World::new(test).await;
        let inbox = website(&world, inbox::Settings::default()).await;
        let mut browser = Browser::new(&world, &inbox);
        let number = browser.say("Oi").await["conversation_id"].clone();
        let send = async |kind: &str, items: Value| {
            let body = json!({"content": "Escolha", "content_type": kind, "content_attributes": {"items": items}});
            world.post(&format!("/conversations/{number}/messages"), body).await
        };
        send("input_select", json!([])).await.refused(422);
        send("input_select", json!([{"title": "x", "value": "y", "html": "<b>"}])).await.refused(422);
        send("cards", json!([{"title": "x", "actions": [{"type": "link", "text": "y", "uri": "javascript:alert(1)"}]}])).await.refused(422);
        let asked = send("input_select", json!([{"title": "Troca", "value": "1"}, {"title": "Entrega", "value": "2"}])).await.ok();
        let path = format!("messages/{}", asked["id"]);
        let chosen = |value: &str| json!({"message": {"submitted_values": [{"title": "?", "value": value}]}});
        browser.ask("PATCH", &path, chosen("3")).await.refused(422);
        let answered = browser.ask("PATCH", &path, chosen("2")).await.ok();
        assert_eq!(answered["content_attributes"]["submitted_values"], json!([{"title": "Entrega", "value": "2"}]));
        browser.ask("PATCH", &path, chosen("2")).await.ok();
        browser.ask("PATCH", &path, chosen("1")).await.refused(422);

        let form = send("form", json!([{"name": "cep", "label": "CEP", "type": "text", "required": true, "pattern": "^\\d{8}$", "pattern_error": "Oito números"}])).await.ok();
        let path = format!("messages/{}", form["id"]);
        let filled = |value: &str| json!({"message": {"submitted_values": [{"name": "cep", "value": value}]}});
        let refused = browser.ask("PATCH", &path, filled("12")).await.refused(422);
        assert_eq!((&refused["message"], &refused["attributes"]), (&json!("Oito números"), &json!(["cep"])));
        browser.ask("PATCH", &path, filled("01310100")).await.ok();
        let seen = world.get(&format!("/conversations/{number}/messages")).await.ok();
        let seen = seen["payload"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(seen["content_attributes"]["submitted_values"], json!([{"name": "cep", "title": "CEP", "value": "01310100"}]));

        let article = send("article", json!([{"title": "Trocas", "description": "Como", "link": "https://loja.example/t"}])).await.ok();
        browser.ask("PATCH", &format!("messages/{}", article["id"]), chosen("1")).await.refused(422);
    }
}
