use model::action::{Action, MacroVisibility};
use model::attribute::{AttributeKind, AttributeModel};
use model::filter::Subject;
use model::{AuditAction, Role};

use super::*;
use crate::canned::{self, CannedInput};
use crate::ctx::Origin;
use crate::label::{self, LabelInput};
use crate::macros::{self, MacroInput};
use crate::{account, agent, saved_view, testing};

fn label(title: &str) -> LabelInput {
    let color = "#123456".to_owned();
    LabelInput { title: title.to_owned(), description: String::new(), color, show_on_sidebar: true }
}

async fn newest(ctx: &Ctx) -> model::audit::AuditEntry {
    list(ctx, &AuditFilter::default(), 1, 1).await.unwrap().entries.remove(0)
}

db::db_test! {
    async fn a_line_says_who_did_what_to_what_and_from_where(test: TestDb) {
        let app = testing::app(&test);
        let origin = Origin { ip: "203.0.113.7".to_owned(), request_id: "abc".to_owned() };
        let admin = testing::installed(&app).await.coming_from(origin);
        let vip = label::create(&admin, label("vip")).await.unwrap();
        label::update(&admin, vip.id, label("ouro")).await.unwrap();
        let line = newest(&admin).await;
        assert_eq!((line.action, line.subject, line.subject_id), (AuditAction::Update, AuditSubject::Label, Some(vip.id.0)));
        assert_eq!((line.ip.as_str(), line.request_id.as_str(), line.at), ("203.0.113.7", "abc", testing::NOW));
        let by = line.by.unwrap();
        assert_eq!((by.name.as_str(), by.email.as_str()), ("Ana Souza", "ana@example.com"));
        let change = AuditChange { field: "title".to_owned(), before: "vip".into(), after: "ouro".into() };
        assert_eq!(line.changes, [change]);

        // What changes nothing is no news, and what fails leaves no line.
        let before = list(&admin, &AuditFilter::default(), 1, 1).await.unwrap().total;
        label::update(&admin, vip.id, label("ouro")).await.unwrap();
        let taken = account::AccountChange { name: Some(String::new()), ..Default::default() };
        account::update(&admin, taken).await.unwrap_err();
        assert_eq!(list(&admin, &AuditFilter::default(), 1, 1).await.unwrap().total, before);
    }

    async fn the_log_is_filtered_and_paged_and_for_administrators_only(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let bia = testing::member(&admin, "bia@example.com", Role::Administrator).await;
        for number in 0..4 {
            label::create(if number % 2 == 0 { &admin } else { &bia }, label(&format!("etiqueta-{number}"))).await.unwrap();
        }
        let labels = AuditFilter { subject: Some(AuditSubject::Label), ..Default::default() };
        let first = list(&admin, &labels, 1, 3).await.unwrap();
        let second = list(&admin, &labels, 2, 3).await.unwrap();
        assert_eq!((first.total, first.entries.len(), second.entries.len()), (4, 3, 1));
        assert_eq!(second.entries[0].subject_name, "etiqueta-0");
        let own = AuditFilter { by: bia.user_id().ok(), ..labels.clone() };
        assert_eq!(list(&admin, &own, 1, 10).await.unwrap().total, 2);
        let later = AuditFilter { since: Some(testing::NOW + 1), ..labels.clone() };
        assert_eq!(list(&admin, &later, 1, 10).await.unwrap().total, 0);

        let rui = testing::member(&admin, "rui@example.com", Role::Supervisor).await;
        assert!(list(&rui, &labels, 1, 10).await.is_err());
        let stranger = testing::another_account(&app, "leo@example.com").await;
        assert_eq!(list(&stranger, &labels, 1, 10).await.unwrap().total, 0);
    }

    async fn what_people_did_stays_when_they_go(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let bia = testing::member(&admin, "bia@example.com", Role::Administrator).await;
        label::create(&bia, label("vip")).await.unwrap();
        agent::remove(&admin, bia.user_id().unwrap()).await.unwrap();
        let gone = newest(&admin).await;
        assert_eq!((gone.action, gone.subject_name.as_str()), (AuditAction::Destroy, "bia"));
        let all = list(&admin, &AuditFilter::default(), 1, 100).await.unwrap().entries;
        let made = all.iter().find(|line| line.subject == AuditSubject::Label).unwrap();
        assert_eq!(made.by.as_ref().unwrap().email, "bia@example.com");
    }

    async fn signing_in_and_out_is_known_in_every_account(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let leo = testing::another_account(&app, "leo@example.com").await;
        let new = agent::NewAgent {
            name: String::new(), email: "ana@example.com".to_owned(), role: Role::Agent, availability: None, auto_offline: None, assignment_limit: None,
        };
        agent::add(&leo, new).await.unwrap();
        let client = crate::session::Client::default();
        let password = "correct horse".to_owned();
        let signed_in = crate::session::sign_in(&app.anonymous(), "ana@example.com", password, &client).await.unwrap();
        let signed_in = signed_in.signed_in().unwrap();
        assert_eq!(newest(&admin).await.action, AuditAction::SignIn);
        assert_eq!(newest(&leo).await.by.unwrap().id, signed_in.user_id);
        crate::session::sign_out(&app.anonymous(), &signed_in.token).await.unwrap();
        assert_eq!(newest(&leo).await.action, AuditAction::SignOut);
    }

    async fn the_library_of_the_account_is_logged(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let lines = async |subject: AuditSubject| -> Vec<(AuditAction, String, Vec<String>)> {
            let filter = AuditFilter { subject: Some(subject), ..Default::default() };
            let mut entries = list(&admin, &filter, 1, 20).await.unwrap().entries;
            entries.reverse();
            let told = |line: model::audit::AuditEntry| {
                (line.action, line.subject_name, line.changes.into_iter().map(|change| change.field).collect())
            };
            entries.into_iter().map(told).collect()
        };
        let is = |found: Vec<(AuditAction, String, Vec<String>)>, name: &str, new: &str, fields: &[&str]| {
            let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
            let made = (AuditAction::Create, name.to_owned(), Vec::new());
            let changed = (AuditAction::Update, new.to_owned(), fields);
            assert_eq!(found, [made, changed, (AuditAction::Destroy, new.to_owned(), Vec::new())]);
        };

        let size = |name: &str| crate::attribute::AttributeInput {
            model: AttributeModel::Contact, key: "porte".to_owned(), name: name.to_owned(), description: String::new(), kind: AttributeKind::Text,
            values: Vec::new(), regex_pattern: None, regex_cue: None,
        };
        let made = crate::attribute::create(&admin, size("Porte")).await.unwrap();
        crate::attribute::update(&admin, made.id, size("Porte")).await.unwrap();
        crate::attribute::update(&admin, made.id, size("Tamanho")).await.unwrap();
        crate::attribute::delete(&admin, made.id).await.unwrap();
        is(lines(AuditSubject::CustomAttribute).await, "Porte", "Tamanho", &["name"]);

        let canned = |content: &str| CannedInput { short_code: "ola".to_owned(), content: content.to_owned(), files: Vec::new() };
        let made = canned::create(&admin, canned("Oi")).await.unwrap();
        canned::update(&admin, made.id, canned("Olá")).await.unwrap();
        canned::delete(&admin, made.id).await.unwrap();
        is(lines(AuditSubject::CannedResponse).await, "ola", "ola", &["content"]);

        let steps = |visibility, actions: &[Action]| MacroInput { name: "Fim".to_owned(), visibility, actions: actions.to_vec() };
        let made = macros::create(&admin, steps(MacroVisibility::Personal, &[Action::Resolve])).await.unwrap();
        macros::update(&admin, made.id, steps(MacroVisibility::Global, &[Action::Mute])).await.unwrap();
        macros::delete(&admin, made.id).await.unwrap();
        is(lines(AuditSubject::Macro).await, "Fim", "Fim", &["visibility", "actions"]);

        let view = |shared| saved_view::ViewInput { name: "Abertas".to_owned(), conditions: Vec::new(), shared };
        let own = saved_view::create(&admin, Subject::Conversation, view(false)).await.unwrap();
        saved_view::delete(&admin, own.id).await.unwrap();
        assert!(lines(AuditSubject::SavedView).await.is_empty());
        let shared = saved_view::create(&admin, Subject::Conversation, view(true)).await.unwrap();
        let renamed = saved_view::ViewChange { name: Some("Novas".to_owned()), ..Default::default() };
        saved_view::update(&admin, shared.id, renamed).await.unwrap();
        saved_view::delete(&admin, shared.id).await.unwrap();
        is(lines(AuditSubject::SavedView).await, "Abertas", "Novas", &["name"]);
    }

    async fn the_accounts_own_facts_are_logged(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let change = account::AccountChange {
            domain: Some("Aurora.com.br".to_owned()), support_email: Some("ajuda@aurora.com.br".to_owned()), industry: Some("Varejo".to_owned()),
            ..Default::default()
        };
        account::update(&admin, change).await.unwrap();
        let line = newest(&admin).await;
        assert_eq!((line.subject, line.subject_name.as_str()), (AuditSubject::Account, "Loja Aurora"));
        let told: Vec<_> = line.changes.iter().map(|change| (change.field.as_str(), change.after.as_str().unwrap())).collect();
        assert_eq!(told, [("domain", "aurora.com.br"), ("industry", "Varejo"), ("support_email", "ajuda@aurora.com.br")]);
        let wrong = account::AccountChange { domain: Some("https://aurora".to_owned()), ..Default::default() };
        assert_eq!(account::update(&admin, wrong).await.unwrap_err().known(), Some(model::ErrorCode::Invalid));
    }
}
