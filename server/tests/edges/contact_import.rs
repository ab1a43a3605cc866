//! Contacts from tables, by the API and by the dashboard.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use crate::support::{Answer, World};
use axum::body::Body;
use axum::http::{Request, header};
use domain::job::runner;
use domain::session::{self, Client};
use model::Role;
use serde_json::json;

fn form(name: &str, table: &str) -> String {
    format!(
        "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"clientes.csv\"\r\nContent-Type: text/csv\r\n\r\n{table}\r\n--x--\r\n"
    )
}

async fn post(world: &World, path: &str, (name, value): (&str, &str), body: String) -> Answer {
    let request = Request::post(path)
        .header(name, value)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body));
    world.send(request.unwrap()).await
}

db::db_test! {
    async fn a_table_is_imported_and_what_failed_comes_back(test: TestDb) {
        let world = World::new(test).await;
        let own = ("api_access_token", world.admin_token.as_str());
        let path = world.path("/contacts/import");
        let begun = post(&world, &path, own, form("import_file", "email,name\nana@example.com,Ana\nx,X\n")).await.ok();
        assert_eq!((&begun["state"], &begun["total_records"], &begun["processed_records"]), (&json!("running"), &json!(2), &json!(0)));
        runner::run_due(&world.app.system()).await.unwrap();
        let one = world.get(&format!("/contacts/imports/{}", begun["id"])).await.ok();
        assert_eq!((&one["state"], &one["created_records"], &one["failed_records"]), (&json!("done"), &json!(1), &json!(1)));
        assert_eq!(world.get("/contacts/imports").await.ok()["payload"], json!([one]));
        assert_eq!(world.get("/contacts/search?q=ana@").await.ok()["meta"]["count"], 1);
        let failed = world.get(&format!("/contacts/imports/{}/failures", begun["id"])).await;
        assert_eq!(failed.status, 200);
        assert!(failed.text().lines().nth(1).unwrap().starts_with("x,X,"), "{}", failed.text());

        let wrong = post(&world, &path, own, form("import_file", "email,cpf\na@b.co,1\n")).await.refused(422);
        assert_eq!(wrong["attributes"], json!(["import_file"]));
        assert!(wrong["message"].as_str().unwrap().contains("cpf"), "{wrong}");
        post(&world, &path, own, form("other", "email\na@b.co\n")).await.refused(422);
        let sol = world.member("sol", Role::Supervisor).await;
        post(&world, &path, ("api_access_token", &sol.token), form("import_file", "email\na@b.co\n")).await.refused(401);
    }

    async fn the_dashboard_sends_tables_and_downloads_them(test: TestDb) {
        let world = World::new(test).await;
        let token = session::open(&world.admin, world.admin.user_id().unwrap(), &Client::default()).await.unwrap().token;
        let cookie = format!("cloudchat_session={token}");
        let own = (header::COOKIE.as_str(), cookie.as_str());
        let path = format!("/app/api/accounts/{}/contacts/import", world.account);
        let fetch = async |path: String, cookie: &str| {
            world.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
        };
        let template = fetch(format!("{path}/template.csv"), &cookie).await;
        assert_eq!(template.status, 200);
        let begun = post(&world, &path, own, form("import_file", template.text().trim_end())).await.ok();
        assert_eq!(begun["total"], 1);
        runner::run_due(&world.app.system()).await.unwrap();
        assert_eq!(world.get("/contacts/search?q=ana.souza@").await.ok()["meta"]["count"], 1);
        let failures = format!("{path}/{}/failures.csv", begun["id"]);
        assert_eq!(fetch(failures.clone(), &cookie).await.status, 200);

        let refused = post(&world, &path, own, form("import_file", "name\nAna\n")).await.refused(422);
        assert_eq!((&refused["code"], &refused["field"]), (&json!("nobody_named"), &json!("import_file")));
        let bia = world.member("bia", Role::Agent).await;
        let theirs = format!("cloudchat_session={}", session::open(&bia.ctx, bia.id, &Client::default()).await.unwrap().token);
        post(&world, &path, (header::COOKIE.as_str(), &theirs), form("import_file", "email\na@b.co\n")).await.refused(403);
        assert_eq!(fetch(failures.clone(), &theirs).await.status, 403);
        assert_eq!(fetch(format!("{path}/template.csv"), &theirs).await.status, 403);
        assert_eq!(fetch(failures, "").await.status, 401);
    }
}
