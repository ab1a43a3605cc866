//! Tables that become contacts, and those that do not.

use model::Role;
use model::attribute::AttributeKind;
use model::contact::Contact;
use model::contact_import::ContactImportState as State;
use serde_json::json;

use super::*;
use crate::contact::{self, Facts, store as contacts};
use crate::job::runner;
use crate::testing;

async fn company(app: &std::sync::Arc<crate::App>) -> Ctx {
    let admin = testing::installed(app).await;
    for title in ["vip", "novo"] {
        let color = "#112233".to_owned();
        let new = label::LabelInput { title: title.into(), description: String::new(), color, show_on_sidebar: true };
        label::create(&admin, new).await.unwrap();
    }
    for (key, kind) in [("plano", AttributeKind::Text), ("desde", AttributeKind::Date)] {
        let input = attribute::AttributeInput {
            model: AttributeModel::Contact,
            key: key.to_owned(),
            name: key.to_owned(),
            description: String::new(),
            kind,
            values: Vec::new(),
            regex_pattern: None,
            regex_cue: None,
        };
        attribute::create(&admin, input).await.unwrap();
    }
    admin
}

async fn through(ctx: &Ctx, table: &str) -> ContactImport {
    let import = start(ctx, "clientes.csv", table.as_bytes()).await.unwrap();
    assert_eq!((import.state, import.done()), (State::Running, 0));
    runner::run_due(&ctx.app.system()).await.unwrap();
    get(ctx, import.id).await.unwrap()
}

async fn known(ctx: &Ctx, email: &str) -> Contact {
    let account = ctx.agent().unwrap().account_id;
    let row = contacts::find_by_email(ctx.db(), account, email).await.unwrap().unwrap();
    contact::get(ctx, row.id).await.unwrap()
}

fn refusal(outcome: Result<ContactImport>) -> (ErrorCode, Option<String>) {
    match outcome {
        Err(Error::Known(error)) => (error.code, error.detail),
        other => panic!("{other:?}"),
    }
}

db::db_test! {
    async fn rows_create_update_and_erase(test: TestDb) {
        let app = testing::app(&test);
        let admin = company(&app).await;
        let facts = Facts {
            name: Some("Ana".to_owned()),
            email: Some("ana@example.com".to_owned()),
            additional_attributes: Some(json!({"city": "Recife", "company_name": "Padaria"})),
            custom_attributes: Some(json!({"plano": "ouro"})),
            ..Facts::default()
        };
        let ana = contact::create(&admin, facts).await.unwrap().id;
        contact::label::set(&admin, ana, &["vip".to_owned()]).await.unwrap();

        let import = through(&admin, "Nome;E-mail;Telefone;Empresa;tags;plano;desde\r\n\
            Ana Souza;ANA@example.com;+55 11 8765-4321;;Novo;;2026-01-31\r\n\
            Bia;bia@example.com;;Loja;\"vip, novo\";prata;\r\n\
            ;;;;;;\r\n").await;
        assert_eq!((import.state, import.total, import.created, import.updated, import.failed), (State::Done, 2, 1, 1, 0));
        let found = contact::get(&admin, ana).await.unwrap();
        assert_eq!((found.name.as_str(), found.phone_number.as_deref()), ("Ana Souza", Some("+5511987654321")));
        // The column is there and empty: erased. There is none for the city: it stays.
        assert_eq!((&found.additional_attributes["company_name"], &found.additional_attributes["city"]), (&json!(""), &json!("Recife")));
        assert_eq!(found.custom_attributes, json!({"desde": "2026-01-31"}));
        assert_eq!(contact::label::list(&admin, ana).await.unwrap(), ["novo", "vip"], "labels are only added");
        let bia = known(&admin, "bia@example.com").await;
        assert_eq!((bia.name.as_str(), &bia.custom_attributes), ("Bia", &json!({"plano": "prata"})));
        assert_eq!(contact::label::list(&admin, bia.id).await.unwrap(), ["novo", "vip"]);

        // Found by the number, with and without its ninth digit; an empty cell takes nobody's address.
        let import = through(&admin, "phone_number,email,name,,\n+551187654321,,Ana S.,,,\n").await;
        assert_eq!((import.created, import.updated), (0, 1));
        let found = contact::get(&admin, ana).await.unwrap();
        assert_eq!((found.name.as_str(), found.email.as_deref()), ("Ana S.", Some("ana@example.com")));
        // What was read is not kept.
        assert_eq!(store::table(admin.db(), import.id).await.unwrap(), None);
    }

    async fn what_cannot_be_taken_is_told_with_the_reason(test: TestDb) {
        let app = testing::app(&test);
        let admin = company(&app).await;
        let import = through(&admin, "identifier,email,name,desde\n\
            c1,ana@example.com,Ana,\n\
            ,,Ninguém,\n\
            c2,ana@example,Torto,\n\
            c3,caio@example.com,Caio,ontem\n\
            c4,curta@example.com\n\
            c5,duda@example.com,=1+1,2026-02-01\n\
            c1,duda@example.com,Outra,\n").await;
        assert_eq!((import.state, import.total, import.created, import.updated, import.failed), (State::Done, 7, 2, 0, 5));
        let table = failures(&admin, import.id).await.unwrap();
        let mut table = Table::open(&table).unwrap();
        assert_eq!(table.headings.last().unwrap(), "errors");
        let duda = known(&admin, "duda@example.com").await.id;
        for (first, reason) in [
            ("", "precisa de e-mail".to_owned()),
            ("c2", "email: Digite um e-mail completo".to_owned()),
            ("c3", "desde: Digite uma data".to_owned()),
            ("c4", "columns: ".to_owned()),
            ("c1", format!("email: Isto já está em uso. ({duda})")),
        ] {
            let row = table.next().unwrap();
            assert_eq!(row[0], first);
            assert!(row.last().unwrap().contains(&reason), "{row:?}");
        }
        assert_eq!(table.next(), None);
        // Corrected, the same table is taken once more, with its last column.
        let again = failures(&admin, import.id).await.unwrap().replace("ana@example,", "torto@example.com,");
        let import = through(&admin, &again).await;
        assert_eq!((import.created, import.failed), (2, 3));
        let short = known(&admin, "curta@example.com").await;
        assert_eq!(short.custom_attributes, json!({}), "the reason is nobody's fact");
        // Whoever is erased is in no table any more.
        assert!(failures(&admin, import.id).await.unwrap().contains("duda@example.com"));
        contact::delete(&admin, duda).await.unwrap();
        let left = failures(&admin, import.id).await.unwrap();
        assert!(!left.contains("duda@example.com") && left.contains("caio@example.com"), "{left}");

        let mails = mail::kept(&admin).await.unwrap();
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject.contains("clientes.csv")).collect();
        assert_eq!(told.len(), 2, "one for each");
        let first = told.iter().find(|mail| mail.body.contains("5 linhas não importadas")).unwrap();
        assert!(first.body.contains("2 contatos novos") && first.body.contains("/contacts?imports=1"), "{}", first.body);
    }

    async fn a_table_that_is_wrong_as_a_whole_changes_nothing(test: TestDb) {
        let app = testing::app(&test);
        let admin = company(&app).await;
        let asked = async |text: &str| refusal(start(&admin, "x.csv", text.as_bytes()).await);
        assert_eq!(asked("").await, (ErrorCode::Required, None));
        assert_eq!(asked("email\n").await, (ErrorCode::NotATable, None));
        assert_eq!(asked("PK\u{3}\u{4}\0\0").await, (ErrorCode::NotATable, None));
        assert_eq!(asked("name,city\nAna,Recife\n").await, (ErrorCode::NobodyNamed, None));
        let unknown = Some("cpf, email".to_owned());
        assert_eq!(asked("email,cpf,Plano,email\na@b.co,1,x,y\n").await.0, ErrorCode::UnknownColumns);
        assert_eq!(asked("email,cpf,plano,email\na@b.co,1,x,y\n").await, (ErrorCode::UnknownColumns, unknown));
        let unknown = Some("bug, outra".to_owned());
        assert_eq!(asked("email,tags\na@b.co,vip\nb@b.co,\"Outra;bug\"\n").await, (ErrorCode::UnknownLabels, unknown));
        assert_eq!(asked(&format!("email\n{}", "a@b.co\n".repeat(MOST_ROWS + 1))).await.0, ErrorCode::TooMany);
        assert_eq!(refusal(start(&admin, "x.csv", &vec![b'a'; MOST_BYTES + 1]).await).0, ErrorCode::FileTooLarge);
        assert!(list(&admin).await.unwrap().is_empty());
        assert_eq!(contacts::count(admin.db(), admin.agent().unwrap().account_id).await.unwrap(), 0);
    }

    async fn several_workers_take_each_row_once(test: TestDb) {
        let app = testing::app(&test);
        let admin = company(&app).await;
        let rows: String = (0..1_030).map(|number| format!("c{number},Cliente {number}\n")).collect();
        let import = start(&admin, "muitos.csv", format!("identifier,name\n{rows}").as_bytes()).await.unwrap();
        let (system, account) = (app.system(), admin.agent().unwrap().account_id);
        // Both hold the same job, as after a lease that ran out.
        let (one, other) = tokio::join!(run(&system, account, import.id), run(&system, account, import.id));
        // Who comes too late leaves the job for later.
        assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
        runner::run_due(&system).await.unwrap();
        let import = get(&admin, import.id).await.unwrap();
        assert_eq!((import.state, import.created, import.updated, import.failed), (State::Done, 1_030, 0, 0));
        assert_eq!(contacts::count(admin.db(), account).await.unwrap(), 1_030);
        let told = mail::kept(&admin).await.unwrap().into_iter().filter(|mail| mail.subject.contains("muitos.csv")).count();
        assert_eq!(told, 1);
    }

    async fn only_administrators_import_and_only_as_long_as_they_are(test: TestDb) {
        let app = testing::app(&test);
        let admin = company(&app).await;
        let edu = testing::member(&admin, "edu@example.com", Role::Administrator).await;
        let import = start(&edu, "x.csv", b"email\na@b.co\n").await.unwrap();
        agent::update(&admin, edu.user_id().unwrap(), agent::AgentChange { role: Some(Role::Supervisor), ..Default::default() }).await.unwrap();
        runner::run_due(&app.system()).await.unwrap();
        let import = get(&admin, import.id).await.unwrap();
        assert_eq!((import.state, import.done()), (State::Stopped, 0));
        let sol = testing::member(&admin, "sol@example.com", Role::Supervisor).await;
        for outcome in [
            start(&sol, "x.csv", b"email\na@b.co\n").await.err(),
            get(&sol, import.id).await.err(),
            list(&sol).await.err(),
            failures(&sol, import.id).await.err(),
            template(&sol).await.err(),
        ] {
            assert_eq!(outcome.unwrap().known(), Some(ErrorCode::Forbidden));
        }
        let stranger = testing::another_account(&app, "zoe@example.com").await;
        assert_eq!(get(&stranger, import.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        assert_eq!(failures(&stranger, import.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
    }

    async fn the_template_can_be_filled_in_and_sent(test: TestDb) {
        let app = testing::app(&test);
        let admin = company(&app).await;
        let table = template(&admin).await.unwrap();
        assert!(table.contains("desde") && table.contains("plano"), "{table}");
        assert_eq!(through(&admin, &table).await.created, 1);
        assert_eq!(known(&admin, "ana.souza@example.com").await.phone_number.as_deref(), Some("+5511987654321"));
    }
}
