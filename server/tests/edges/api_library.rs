//! Canned responses, variables and macros over REST.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{self, World, words};
use domain::visitor::chat;
use model::{ContactId, Role};
use serde_json::{Value, json};

fn codes(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|canned| canned["short_code"].as_str().unwrap()).collect()
}

db::db_test! {
    async fn canned_responses_speak_the_dialect(test: TestDb) {
        let world = World::new(test).await;
        let agent = world.member("bia", Role::Agent).await;
        let path = world.path("/canned_responses");
        let nested = json!({"canned_response": {"short_code": "prazo", "content": "Chega em 7 dias, {{contact.name}}"}});
        let made = world.ask(&agent.token, "POST", &path, Some(nested)).await.ok();
        assert_eq!((&made["short_code"], &made["account_id"]), (&json!("prazo"), &json!(world.account)));
        assert!(made["created_at"].as_str().unwrap().ends_with('Z'));
        for (code, text) in [("frete-prazo", "x"), ("ola", "prazo de entrega")] {
            let flat = json!({"short_code": code, "content": text});
            world.ask(&agent.token, "POST", &path, Some(flat)).await.ok();
        }
        let found = world.ask(&agent.token, "GET", &format!("{path}?search=PRAZO"), None).await.ok();
        assert_eq!(codes(&found), ["prazo", "frete-prazo", "ola"]);
        let taken = json!({"short_code": "PRAZO", "content": "x"});
        let refusal = world.ask(&agent.token, "POST", &path, Some(taken)).await.refused(422);
        assert_eq!(refusal["attributes"], json!(["short_code"]));

        let one = format!("{path}/{}", made["id"]);
        let changed = world.ask(&agent.token, "PATCH", &one, Some(json!({"content": "novo"}))).await.ok();
        assert_eq!((&changed["short_code"], &changed["content"]), (&json!("prazo"), &json!("novo")));
        let assistant = world.member("ivo", Role::Assistant).await;
        assert_eq!(codes(&world.ask(&assistant.token, "GET", &path, None).await.ok()).len(), 3);
        world.ask(&assistant.token, "DELETE", &one, None).await.refused(401);
        world.ask(&agent.token, "DELETE", &one, None).await.ok();
        world.ask(&agent.token, "GET", &one, None).await.refused(404);
    }

    async fn variables_of_a_message_are_filled_in_once(test: TestDb) {
        let world = World::new(test).await;
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words("oi")).await.unwrap();
        let contact = ContactId(said.message.sender.clone().unwrap().id);
        let facts = domain::contact::Facts {
            name: Some("{{agent.email}} Silva".to_owned()),
            custom_attributes: Some(json!({"plano": "Ouro"})),
            ..Default::default()
        };
        domain::contact::update(&world.admin, contact, facts).await.unwrap();
        let path = world.path(&format!("/conversations/{}/messages", said.message.display_id));
        let content = "{{contact.name}}|{{contact.custom_attribute.plano}}|{{conversation.display_id}}|{{inbox.name}}|{{agent.name}}|{{x.y}}|`{{contact.name}}`";
        let sent = world.ask(&world.admin_token, "POST", &path, Some(json!({"content": content}))).await.ok();
        let expected = format!("{{{{agent.email}}}} Silva|Ouro|{}|{}|Ana Souza||`{{{{contact.name}}}}`", said.message.display_id, inbox.name);
        assert_eq!(sent["content"], expected);
        // A conversation that is opened with a message knows its own number.
        let body = json!({"inbox_id": inbox.id, "contact_id": contact, "message": {"content": "Ticket {{conversation.display_id}}"}});
        let opened = world.ask(&world.admin_token, "POST", &world.path("/conversations"), Some(body)).await.ok();
        assert_eq!(opened["messages"][0]["content"], format!("Ticket {}", opened["id"]));
        // What people write in the dashboard is theirs: braces stay braces.
        let draft = support::reply("{{contact.name}}");
        let typed = domain::message::send::send(&world.admin, said.message.display_id, draft).await.unwrap();
        assert_eq!(typed.content, "{{contact.name}}");
    }

    async fn a_macro_takes_its_steps_once_and_says_what_did_not_work(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let outsider = world.member("davi", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let bia = bia.anew().await;
        let visitor = world.visitor(&inbox).await;
        let number = chat::say(&visitor, words("oi")).await.unwrap().message.display_id;
        for title in ["vip", "troca"] {
            world.ask(&world.admin_token, "POST", &world.path("/labels"), Some(json!({"title": title}))).await.ok();
        }
        let form = "--x\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"guia.txt\"\r\nContent-Type: text/plain\r\n\r\nGuia\r\n--x--\r\n";
        let request = axum::http::Request::post(world.path("/upload"))
            .header("api_access_token", &bia.token)
            .header("content-type", "multipart/form-data; boundary=x")
            .body(axum::body::Body::from(form))
            .unwrap();
        let kept = world.send(request).await.ok();
        let actions = json!([
            {"action_name": "assign_agent", "action_params": ["self"]},
            {"action_name": "add_label", "action_params": ["vip", "TROCA", "nenhuma"]},
            {"action_name": "remove_label", "action_params": ["troca"]},
            {"action_name": "send_message", "action_params": ["Ticket {{conversation.display_id}}, por {{agent.first_name}}"]},
            {"action_name": "assign_agent", "action_params": [outsider.id]},
            {"action_name": "send_attachment", "action_params": [kept["blob_id"]]},
            {"action_name": "change_priority", "action_params": ["high"]},
            {"action_name": "add_private_note", "action_params": ["feito"]},
            {"action_name": "snooze_conversation", "action_params": ["tomorrow"]},
        ]);
        let body = json!({"name": "Troca", "visibility": "global", "actions": actions});
        let made = world.ask(&bia.token, "POST", &world.path("/macros"), Some(body)).await.ok();
        let made = &made["payload"];
        assert_eq!((&made["actions"][0], &made["files"][0]["filename"]), (&actions[0], &json!("guia.txt")));
        let wrong = json!({"name": "x", "actions": [{"action_name": "fly", "action_params": []}]});
        world.ask(&bia.token, "POST", &world.path("/macros"), Some(wrong)).await.refused(422);

        let path = world.path(&format!("/macros/{}/execute", made["id"]));
        // Whoever does not see the conversation begins nothing in it.
        let body = json!({"conversation_ids": [number]});
        world.ask(&outsider.token, "POST", &path, Some(body.clone())).await.refused(404);
        world.ask(&bia.token, "POST", &path, Some(body)).await.ok();
        let system = world.app.system();
        domain::job::runner::run_due(&system).await.unwrap();
        // A job that is done twice finds nothing left to do.
        let runs = domain::macros::run::list(&bia.ctx, number).await.unwrap();
        let results = &runs[0].results;
        assert_eq!((runs.len(), runs[0].state, results.len()), (1, model::action::RunState::Partly, 9));
        let failed: Vec<_> = results.iter().enumerate().filter(|(_, result)| result.error.is_some()).map(|(at, _)| at).collect();
        assert_eq!(failed, [4], "only the agent who is not in the inbox: {results:?}");

        let shown = world.ask(&bia.token, "GET", &world.path(&format!("/conversations/{number}")), None).await.ok();
        assert_eq!((&shown["labels"], &shown["priority"], &shown["status"]), (&json!(["vip"]), &json!("high"), &json!("snoozed")));
        assert_eq!(shown["meta"]["assignee"]["id"], json!(bia.id));
        let list = world.ask(&bia.token, "GET", &world.path(&format!("/conversations/{number}/messages")), None).await.ok();
        let all = list["payload"].as_array().unwrap();
        let spoken: Vec<_> = all.iter().filter(|message| message["message_type"] == 1).collect();
        assert_eq!(spoken.len(), 3, "{list}");
        assert_eq!(spoken[0]["content"], format!("Ticket {number}, por bia"));
        assert_eq!((&spoken[0]["sender"]["id"], &spoken[2]["private"]), (&json!(bia.id), &json!(true)));
        assert_eq!(spoken[1]["attachments"][0]["file_size"], 4);
    }

    async fn an_own_macro_is_nobody_elses_and_files_go_with_the_last_that_names_them(test: TestDb) {
        let world = World::new(test).await;
        let (bia, caio) = (world.member("bia", Role::Agent).await, world.member("caio", Role::Agent).await);
        let assistant = world.member("ivo", Role::Assistant).await;
        let body = |visibility: &str| json!({"name": "M", "visibility": visibility, "actions": [{"action_name": "mute_conversation"}]});
        let path = world.path("/macros");
        let own = world.ask(&bia.token, "POST", &path, Some(body("personal"))).await.ok()["payload"]["id"].clone();
        let shared = world.ask(&bia.token, "POST", &path, Some(body("global"))).await.ok()["payload"]["id"].clone();
        let seen = world.ask(&caio.token, "GET", &path, None).await.ok();
        assert_eq!(seen["payload"].as_array().unwrap().len(), 1);
        world.ask(&caio.token, "GET", &format!("{path}/{own}"), None).await.refused(404);
        world.ask(&caio.token, "PATCH", &format!("{path}/{shared}"), Some(json!({"name": "Nova"}))).await.ok();
        world.ask(&caio.token, "PATCH", &format!("{path}/{shared}"), Some(json!({"visibility": "personal"}))).await.refused(422);
        world.ask(&assistant.token, "GET", &path, None).await.refused(401);
        world.ask(&caio.token, "DELETE", &format!("{path}/{own}"), None).await.refused(404);
        world.ask(&bia.token, "DELETE", &format!("{path}/{own}"), None).await.ok();
    }
}
