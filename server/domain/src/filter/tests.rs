use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::conversation::{ConversationFilter, Tab};
use model::filter::{Condition, Join, joined};
use model::{ConversationStatus, Priority, Role};
use serde_json::json;

use super::*;
use crate::clock::Clock;
use crate::conversation::{self, Paging, attribute, create, label, status};
use crate::{App, inbox, testing};

/// An account with an inbox, a label, and conversations by name.
struct Company {
    admin: Ctx,
    inbox: model::InboxId,
}

impl Company {
    async fn open(app: &Arc<App>) -> Self {
        let admin = testing::installed(app).await;
        let inbox = testing::website(&admin).await;
        let color = "#112233".to_owned();
        let vip =
            crate::label::LabelInput { title: "vip".into(), description: String::new(), color, show_on_sidebar: true };
        crate::label::create(&admin, vip).await.unwrap();
        Self { admin, inbox }
    }

    async fn conversation(&self, name: &str, custom: serde_json::Value) -> model::DisplayId {
        let facts = crate::contact::Facts {
            name: Some(name.to_owned()),
            email: Some(format!("{}@example.com", name.to_lowercase())),
            ..Default::default()
        };
        let contact = crate::contact::create(&self.admin, facts).await.unwrap();
        let new = create::NewConversation {
            inbox_id: Some(self.inbox),
            contact_id: Some(contact.id),
            additional_attributes: Some(json!({"referer": format!("https://loja.example/{name}")})),
            custom_attributes: Some(custom),
            ..Default::default()
        };
        create::create(&self.admin, new).await.unwrap().row.display_id
    }

    async fn found(&self, ctx: &Ctx, conditions: Vec<Condition>) -> Vec<String> {
        let filter = ConversationFilter { status: None, tab: Tab::All, conditions, ..Default::default() };
        let counts = conversation::counts(ctx, &filter).await.unwrap();
        let page = conversation::list(ctx, &filter, Paging::start(50)).await.unwrap();
        assert_eq!(counts.all, i64::try_from(page.items.len()).unwrap());
        let mut names: Vec<String> = page.items.into_iter().map(|row| row.contact.name).collect();
        names.sort();
        names
    }
}

fn on(key: &str, operator: Operator, values: &[&str]) -> Condition {
    Condition::new(key, operator, values)
}

db::db_test! {
    async fn every_field_can_be_filtered_by(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        let me = admin.user_id().unwrap().to_string();
        let (ana, bia) = (company.conversation("Ana", json!({})).await, company.conversation("Bia", json!({})).await);
        company.conversation("Caio", json!({})).await;
        status::set(admin, ana, ConversationStatus::Resolved, None).await.unwrap();
        status::set_priority(admin, bia, Some(Priority::High)).await.unwrap();
        conversation::assign::to_agent(admin, bia, Some(admin.user_id().unwrap())).await.unwrap();
        label::set(admin, bia, &["vip".to_owned()]).await.unwrap();
        let inbox = company.inbox.to_string();
        let number = bia.to_string();
        use Operator::*;
        for (condition, expected) in [
            (on("status", EqualTo, &["resolved"]), &["Ana"][..]),
            (on("status", NotEqualTo, &["resolved"]), &["Bia", "Caio"]),
            (on("status", EqualTo, &["open", "resolved"]), &["Ana", "Bia", "Caio"]),
            (on("status", EqualTo, &["all"]), &["Ana", "Bia", "Caio"]),
            (on("assignee_id", EqualTo, &["me"]), &["Bia"]),
            (on("assignee_id", EqualTo, &[&me]), &["Bia"]),
            (on("assignee_id", NotEqualTo, &[&me]), &["Ana", "Caio"]),
            (on("assignee_id", IsNotPresent, &[]), &["Ana", "Caio"]),
            (on("inbox_id", EqualTo, &[&inbox]), &["Ana", "Bia", "Caio"]),
            (on("team_id", IsPresent, &[]), &[]),
            (on("priority", EqualTo, &["high", "urgent"]), &["Bia"]),
            (on("priority", NotEqualTo, &["high"]), &["Ana", "Caio"]),
            (on("labels", EqualTo, &["VIP"]), &["Bia"]),
            (on("labels", NotEqualTo, &["vip"]), &["Ana", "Caio"]),
            (on("labels", IsNotPresent, &[]), &["Ana", "Caio"]),
            (on("unread", IsPresent, &[]), &[]),
            (on("display_id", EqualTo, &[&number]), &["Bia"]),
            (on("contact_name", Contains, &["I"]), &["Bia", "Caio"]),
            (on("contact_name", DoesNotContain, &["i"]), &["Ana"]),
            (on("contact_email", EqualTo, &["ANA@example.com"]), &["Ana"]),
            (on("contact_phone_number", IsPresent, &[]), &[]),
            (on("referer", Contains, &["/caio"]), &["Caio"]),
            (on("browser_language", EqualTo, &["pt"]), &[]),
            (on("mail_subject", DoesNotContain, &["x"]), &["Ana", "Bia", "Caio"]),
            (on("created_at", IsGreaterThan, &["2026-01-15"]), &["Ana", "Bia", "Caio"]),
            (on("created_at", IsLessThan, &["2026-01-15"]), &[]),
            (on("created_at", IsGreaterThan, &["2026-01-16"]), &[]),
            (on("last_activity_at", DaysBefore, &["1"]), &[]),
            (on("snoozed_until", IsNotPresent, &[]), &["Ana", "Bia", "Caio"]),
            (on("waiting_since", IsPresent, &[]), &["Ana", "Bia", "Caio"]),
            (on("country_code", IsPresent, &[]), &[]),
            (on("campaign_id", IsNotPresent, &[]), &["Ana", "Bia", "Caio"]),
            (on("conversation_language", NotEqualTo, &["pt"]), &["Ana", "Bia", "Caio"]),
        ] {
            assert_eq!(company.found(admin, vec![condition.clone()]).await, expected, "{condition:?}");
        }
        // "And" binds more tightly than "or".
        let either = joined(vec![
            vec![on("priority", EqualTo, &["high"]), on("status", EqualTo, &["open"])],
            vec![on("contact_name", Contains, &["ana"])],
        ]);
        assert_eq!(company.found(admin, either).await, ["Ana", "Bia"]);
        let both = vec![
            Condition { query_operator: Some(Join::And), ..on("contact_name", Contains, &["i"]) },
            on("assignee_id", IsNotPresent, &[]),
        ];
        assert_eq!(company.found(admin, both).await, ["Caio"]);
    }

    async fn neither_capitals_nor_accents_count(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let facts = |name: &str, subject: &str| (name.to_owned(), subject.to_owned());
        for (name, subject) in [facts("João", "Cobrança nº 7"), facts("joana", "COBRANÇA"), facts("Ångström", "Cobranca (10%) [x]*")] {
            let contact = crate::contact::Facts { name: Some(name), phone_number: Some("+5511988887777".into()), ..Default::default() };
            let contact = match crate::contact::create(&company.admin, contact.clone()).await {
                Ok(contact) => contact,
                Err(_) => crate::contact::create(&company.admin, crate::contact::Facts { phone_number: None, ..contact }).await.unwrap(),
            };
            let new = create::NewConversation {
                inbox_id: Some(company.inbox),
                contact_id: Some(contact.id),
                additional_attributes: Some(json!({"mail_subject": subject})),
                ..Default::default()
            };
            create::create(&company.admin, new).await.unwrap();
        }
        use Operator::*;
        let all = &["João", "joana", "Ångström"][..];
        for (condition, expected) in [
            (on("contact_name", Contains, &["JOÃO"]), &["João"][..]),
            (on("contact_name", Contains, &["joao"]), &["João"]),
            (on("contact_name", EqualTo, &["JOAO", "JOÁNA"]), &["João", "joana"]),
            (on("contact_name", EqualTo, &["angstrom"]), &["Ångström"]),
            (on("contact_name", DoesNotContain, &["JÕA"]), &["Ångström"]),
            (on("contact_phone_number", Contains, &["8888-7777"]), &["João"]),
            (on("contact_phone_number", StartsWith, &["+55 (11)"]), &["João"]),
            (on("contact_phone_number", Contains, &["x"]), &[]),
            (on("contact_phone_number", IsNotPresent, &[]), &["joana", "Ångström"]),
            (on("mail_subject", Contains, &["cobranca"]), all),
            (on("mail_subject", Contains, &["COBRANÇA"]), all),
            (on("mail_subject", EqualTo, &["cobrança"]), &["joana"]),
            (on("mail_subject", Contains, &["(10%) [X]*"]), &["Ångström"]),
            (on("mail_subject", Contains, &["?"]), &[]),
            (on("mail_subject", DoesNotContain, &["nº"]), &["joana", "Ångström"]),
        ] {
            assert_eq!(company.found(&company.admin, vec![condition.clone()]).await, expected, "{condition:?}");
        }
    }

    async fn values_are_only_values(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        company.conversation("Ana", json!({})).await;
        for hostile in ["' or 1=1 --", "%", "_", "\\", "$1", "\"", "a\0b", "'); drop table conversations; --", "🙂", "[", "*", "?", "(", "ã\\", "^$"] {
            for key in ["contact_name", "referer", "contact_email"] {
                assert_eq!(company.found(&company.admin, vec![on(key, Operator::Contains, &[hostile])]).await, [""; 0], "{hostile}");
            }
            assert!(company.found(&company.admin, vec![on("labels", Operator::EqualTo, &[hostile])]).await.is_empty());
        }
        assert_eq!(company.found(&company.admin, vec![on("contact_name", Operator::Contains, &["ana"])]).await, ["Ana"]);
    }

    async fn a_filter_shows_nothing_that_is_out_of_sight(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let ivo = testing::member(&company.admin, "ivo@example.com", Role::Assistant).await;
        company.conversation("Ana", json!({})).await;
        let taken = company.conversation("Bia", json!({})).await;
        conversation::assign::to_agent(&company.admin, taken, company.admin.user_id().ok()).await.unwrap();
        let either = joined(vec![
            vec![on("assignee_id", Operator::IsPresent, &[])],
            vec![on("assignee_id", Operator::IsNotPresent, &[])],
        ]);
        assert!(company.found(&ivo, either.clone()).await.is_empty(), "not in the inbox");
        inbox::member::add(&company.admin, company.inbox, &[ivo.user_id().unwrap()]).await.unwrap();
        let ivo = crate::access::enter(&ivo, ivo.agent().unwrap().account_id).await.unwrap();
        assert_eq!(company.found(&ivo, either).await, ["Ana"]);
    }

    async fn custom_attributes_are_compared_by_their_kind(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let ana = company.conversation("Ana", json!({"valor": 10.5, "plano": "Ouro", "ativo": true, "vence": "2026-02-01"})).await;
        company.conversation("Bia", json!({"valor": 9, "plano": "Prata", "ativo": false, "vence": "2025-12-31"})).await;
        company.conversation("Caio", json!({"valor": "muito"})).await;
        let mut scope = Scope::of(&company.admin).await.unwrap();
        for (key, kind) in [("valor", Kind::Number), ("plano", Kind::List), ("ativo", Kind::Flag), ("vence", Kind::Date), ("x\"y", Kind::Text)] {
            scope.customs.insert((Owner::Conversation, key.to_owned()), kind);
        }
        let account = company.admin.agent().unwrap().account_id;
        let found = async |condition: Condition| -> Vec<model::DisplayId> {
            let filter = super::super::check(&scope, Subject::Conversation, &[condition]).unwrap();
            store::ids_for_test(&app.db, account, Subject::Conversation, &filter).await.into_iter().map(model::DisplayId).collect()
        };
        use Operator::*;
        assert_eq!(found(on("valor", IsGreaterThan, &["9.5"])).await, [ana]);
        assert_eq!(found(on("valor", EqualTo, &["10,5"])).await, [ana]);
        assert_eq!(found(on("valor", IsPresent, &[])).await.len(), 3);
        assert_eq!(found(on("plano", EqualTo, &["ouro"])).await, [ana]);
        assert_eq!(found(on("plano", NotEqualTo, &["Prata"])).await.len(), 2);
        assert_eq!(found(on("ativo", EqualTo, &["true"])).await, [ana]);
        assert_eq!(found(on("ativo", EqualTo, &["false"])).await.len(), 2, "what nobody ticked is not ticked");
        assert_eq!(found(on("vence", IsGreaterThan, &["2026-01-01"])).await, [ana]);
        assert_eq!(found(on("vence", DaysBefore, &["1"])).await.len(), 1);
        let wrong = super::super::check(&scope, Subject::Conversation, &[on("x\"y", EqualTo, &["1"])]).unwrap_err();
        assert_eq!(wrong.known(), Some(ErrorCode::Invalid), "a key that would be syntax");
        attribute::replace(&company.admin, ana, json!({})).await.unwrap();
        assert!(found(on("plano", EqualTo, &["ouro"])).await.is_empty());
    }

    async fn indexes_find_what_a_look_at_each_row_finds(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        let account = admin.agent().unwrap().account_id;
        let mut scope = Scope::of(admin).await.unwrap();
        for (key, kind) in [("plano", Kind::Text), ("vezes", Kind::Number), ("vip", Kind::Flag), ("vence", Kind::Date)] {
            for owner in [Owner::Conversation, Owner::Contact] {
                scope.customs.insert((owner, key.to_owned()), kind);
            }
        }
        let of_all = [
            json!({"plano": "Ouro à vista", "vezes": 5, "vip": true, "vence": "2026-01-31"}),
            json!({"plano": "o", "vezes": 5.0, "vip": false}),
            json!({"plano": "OURO", "vezes": 12, "outro": "ouro à vista"}),
            json!({"plano": "", "vezes": 12.5, "vip": "true", "vence": "2027-02-01"}),
            json!({"plano": "it's \"so\" \\ 100%_", "vezes": "5"}),
            json!({"plano": ["ouro"], "vezes": null}),
            json!({"plano": 5.0, "vezes": -0.0, "vip": 1, "vence": {"b": 1, "a": [1, 2]}}),
            json!({"plano": true, "vezes": true, "vip": "1"}),
            json!({"plano": "ΑΘΗΝΑΣ IŞIK straße ﬁm", "vezes": 1e3}),
            json!({"plano": "\u{1}", "vence": "\u{301}"}),
            json!({}),
        ];
        let more = [
            json!({"country_code": "BR", "browser_language": "pt-BR", "referer": "https://loja.example/ofertas"}),
            json!({"country_code": "pt", "browser_language": "PT", "mail_subject": "Orçamento"}),
            json!({"campaign_id": "7", "conversation_language": "pt_BR", "company_name": "Açúcar & Cia", "city": "São Paulo"}),
        ];
        for (number, custom) in of_all.iter().enumerate() {
            let facts = crate::contact::Facts {
                name: Some(format!("Cliente {number}")),
                additional_attributes: Some(more[(number + 1) % 3].clone()),
                custom_attributes: Some(of_all[(number + 2) % of_all.len()].clone()),
                blocked: Some(number == 2),
                ..Default::default()
            };
            let contact = crate::contact::create(admin, facts).await.unwrap();
            let new = create::NewConversation {
                inbox_id: Some(company.inbox),
                contact_id: Some(contact.id),
                additional_attributes: Some(if number < 7 { more[number % 3].clone() } else { json!({}) }),
                custom_attributes: Some(json!({})),
                ..Default::default()
            };
            let id = create::create(admin, new).await.unwrap().row.display_id;
            attribute::replace(admin, id, custom.clone()).await.unwrap();
            if number % 3 == 1 {
                label::set(admin, id, &["vip".to_owned()]).await.unwrap();
                status::set_priority(admin, id, Some(Priority::Urgent)).await.unwrap();
            }
        }
        let texts = ["Ouro à vista", "ouro a vista", "OURO", "o", "5", "5.0", "12", "12.5", "true", "7", "pt", "BR", "pt-br", "ofertas",
            "it's \"so\" \\ 100%_", "100%", "%", "\"", "orcamento", "São", "açúcar & cia", "nada", "2026-01-31", "urgent", "vip", "1", "0", "1000", "1000.0",
            "αθήνας", "ışık", "ıŞ", "STRASSE", "[1, 2]", "2020-01-01"];
        let mut found = 0;
        for (subject, fields, owners) in [
            (Subject::Conversation, filter::CONVERSATION, &[Owner::Conversation, Owner::Contact][..]),
            (Subject::Contact, filter::CONTACT, &[Owner::Contact]),
        ] {
            let plain = fields.iter().map(|field| (field.key, None, field.operators));
            let customs = ["plano", "vezes", "vip", "vence"].into_iter().flat_map(|key| {
                owners.iter().map(move |owner| (key, Some(*owner)))
            });
            let customs = customs.map(|(key, owner)| {
                let kind = scope.customs[&(owner.unwrap(), key.to_owned())];
                (key, owner, filter::operators_of(kind))
            });
            for (key, owner, operators) in plain.chain(customs) {
                for operator in operators {
                    for text in texts {
                        let one = Condition { custom_attribute_type: owner, ..on(key, *operator, &[text]) };
                        let two = Condition { query_operator: Some(Join::Or), ..one.clone() };
                        for conditions in [vec![one.clone()], vec![two, on("created_at", Operator::IsLessThan, &["2000-01-01"])]] {
                            // A value that the field doesn't take.
                            let Ok(filter) = super::super::check(&scope, subject, &conditions) else { continue };
                            let rows = store::ids_for_test(&app.db, account, subject, &filter).await;
                            for aim in [Aim::First, Aim::All, Aim::Among] {
                                let weighed = filter.clone().weighed(&app.db, account, aim).await.unwrap();
                                assert_eq!(store::ids_for_test(&app.db, account, subject, &weighed).await, rows, "{conditions:?}");
                                found += usize::from(weighed.is_narrow()) * rows.len();
                            }
                        }
                    }
                }
            }
        }
        assert!(found > 500, "{found} are found by indexes");
    }

    async fn what_is_not_indexed_yet_is_while_it_is_used(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let app = testing::app_at(&test, clock);
        let company = Company::open(&app).await;
        // More than are indexed at a time.
        let all = [company.conversation("Bia", json!({})).await, company.conversation("Ana", json!({})).await];
        let referer = on("referer", Operator::Contains, &["loja.example/ana"]);
        let name = on("name", Operator::Contains, &["ana"]);
        let account = company.admin.agent().unwrap().account_id;
        // Another process, which knows nothing yet.
        let started = async || {
            let other = testing::app_at(&test, app.clock.clone());
            let ctx = other.system().with(company.admin.actor.clone());
            (Scope::of(&ctx).await.unwrap(), ctx)
        };
        let found = async |(scope, ctx): &(Scope, Ctx), subject, condition: &Condition| {
            let filter = super::super::check(scope, subject, std::slice::from_ref(condition)).unwrap();
            let filter = filter.weighed(ctx.db(), account, Aim::All).await.unwrap();
            (store::ids_for_test(ctx.db(), account, subject, &filter).await.len(), filter.is_narrow())
        };
        let old = started().await;
        assert_eq!(found(&old, Subject::Conversation, &referer).await, (1, true));
        // The database of an older program: without the index, and without the note of it.
        let clear = async || {
            let statements = if app.db.is_postgres() {
                ["delete from conversation_parts", "delete from contact_parts"]
            } else {
                [
                    "insert into conversation_parts (conversation_parts) values ('delete-all')",
                    "insert into contact_parts (contact_parts) values ('delete-all')",
                ]
            };
            let mut tx = app.db.begin().await.unwrap();
            for statement in statements {
                db::Query::fixed(statement).execute(&mut tx).await.unwrap();
            }
            tx.commit().await.unwrap();
        };
        clear().await;
        let mut tx = app.db.begin().await.unwrap();
        db::Query::fixed("delete from installation where key = 'parts'").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&old, Subject::Conversation, &referer).await, (0, true), "the index is asked");
        let new = started().await;
        assert_eq!(found(&new, Subject::Conversation, &referer).await, (1, false), "each is looked at until the index is there");
        crate::search::keep(&app.system()).await.unwrap();
        if app.db.is_postgres() {
            let new = started().await;
            assert_eq!(found(&new, Subject::Contact, &name).await, (1, false), "nodes of the older program may go on for a while");
            // As if one of those had written them after they were indexed.
            clear().await;
            hand.fetch_add(31 * 60_000, Ordering::SeqCst);
            crate::search::keep(&app.system()).await.unwrap();
        }
        let new = started().await;
        assert_eq!(found(&new, Subject::Conversation, &referer).await, (1, true));
        assert_eq!(found(&new, Subject::Contact, &name).await, (1, true));
        for id in all {
            conversation::delete(&company.admin, id).await.unwrap();
        }
        let (left,): (bool,) = db::Query::fixed("select exists (select 1 from conversation_parts)").fetch_one(&app.db).await.unwrap();
        assert!(!left);
    }

    async fn errors_name_the_condition(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let scope = Scope::of(&company.admin).await.unwrap();
        use Operator::*;
        for (condition, part) in [
            (on("colour", EqualTo, &["red"]), "attribute_key"),
            (Condition { custom_attribute_type: Some(Owner::Contact), ..on("status", EqualTo, &["open"]) }, "attribute_key"),
            (on("status", Contains, &["open"]), "filter_operator"),
            (on("status", EqualTo, &["closed"]), "values"),
            (on("status", EqualTo, &[]), "values"),
            (on("assignee_id", EqualTo, &["Ana"]), "values"),
            (on("created_at", IsLessThan, &["soon"]), "values"),
            (on("created_at", DaysBefore, &["-1"]), "values"),
            (on("contact_name", Contains, &[" "]), "values"),
        ] {
            let good = on("status", EqualTo, &["open"]);
            let error = super::super::check(&scope, Subject::Conversation, &[good, condition.clone()]).unwrap_err();
            let Error::Known(error) = error else { panic!("{condition:?}") };
            assert_eq!(error.field, Some(format!("payload[1].{part}")), "{condition:?}");
        }
    }
}
