use model::{AuditAction, Role};

use super::*;
use crate::ctx::Origin;
use crate::label::{self, LabelInput};
use crate::{account, agent, testing};

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
}
