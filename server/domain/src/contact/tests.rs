//! Contacts by conditions: what is found, who may ask, and how the database finds them.

use model::Role;
use model::filter::{Condition, Join, Operator, Owner, joined};

use super::read::Sort;
use super::*;
use crate::saved_view::{self, ViewInput};
use crate::{App, testing};

use Operator::{
    Contains, DaysBefore, DoesNotContain, EqualTo, IsGreaterThan, IsLessThan, IsNotPresent, IsPresent, NotEqualTo,
    StartsWith,
};

fn on(key: &str, operator: Operator, values: &[&str]) -> Condition {
    Condition::new(key, operator, values)
}

async fn people(app: &std::sync::Arc<App>) -> Ctx {
    let admin = testing::installed(app).await;
    for title in ["vip", "novo"] {
        let color = "#112233".to_owned();
        let label =
            crate::label::LabelInput { title: title.into(), description: String::new(), color, show_on_sidebar: true };
        crate::label::create(&admin, label).await.unwrap();
    }
    for (name, email, phone, city, labels) in [
        ("João Ávila", Some("joao@loja.example"), None, "São Paulo", &["vip"][..]),
        ("Bia", Some("bia@example.com"), Some("+5511988887777"), "Recife", &["vip", "novo"]),
        ("Caio", None, Some("+5521977776666"), "SAO PAULO", &[]),
        ("Visitante", None, None, "Recife", &[]),
    ] {
        let facts = Facts {
            name: Some(name.to_owned()),
            email: email.map(str::to_owned),
            phone_number: phone.map(str::to_owned),
            additional_attributes: Some(serde_json::json!({"city": city, "company_name": format!("Casa {name}")})),
            ..Facts::default()
        };
        let contact = create(&admin, facts).await.unwrap();
        let titles: Vec<String> = labels.iter().map(|title| (*title).to_owned()).collect();
        label::set(&admin, contact.id, &titles).await.unwrap();
    }
    admin
}

async fn found(ctx: &Ctx, wanted: Wanted<'_>) -> Vec<String> {
    let page = rows(ctx, &wanted, Sort::Name, 1).await.unwrap();
    assert_eq!(page.total, i64::try_from(page.items.len()).unwrap());
    page.items.into_iter().map(|row| row.contact.name).collect()
}

db::db_test! {
    async fn every_field_of_contacts_can_be_filtered_by(test: TestDb) {
        let app = testing::app(&test);
        let admin = people(&app).await;
        for (condition, expected) in [
            (on("name", Contains, &["JOAO á"]), &["João Ávila"][..]),
            (on("name", EqualTo, &["bia", "CAIO"]), &["Bia", "Caio"]),
            (on("name", DoesNotContain, &["a"]), &[]),
            (on("email", EqualTo, &["BIA@example.com"]), &["Bia"]),
            (on("email", IsNotPresent, &[]), &["Caio"]),
            (on("phone_number", StartsWith, &["+55 11"]), &["Bia"]),
            (on("identifier", IsPresent, &[]), &[]),
            (on("company", Contains, &["casa BIA"]), &["Bia"]),
            (on("city", EqualTo, &["são paulo"]), &["Caio", "João Ávila"]),
            (on("city", NotEqualTo, &["são paulo"]), &["Bia"]),
            (on("country_code", IsNotPresent, &[]), &["Bia", "Caio", "João Ávila"]),
            (on("labels", EqualTo, &["vip"]), &["Bia", "João Ávila"]),
            (on("labels", NotEqualTo, &["novo"]), &["Caio", "João Ávila"]),
            (on("labels", IsNotPresent, &[]), &["Caio"]),
            (on("blocked", EqualTo, &["true"]), &[]),
            (on("blocked", EqualTo, &["false"]), &["Bia", "Caio", "João Ávila"]),
            (on("created_at", IsGreaterThan, &["2026-01-15"]), &["Bia", "Caio", "João Ávila"]),
            (on("created_at", IsLessThan, &["2026-01-15"]), &[]),
            (on("created_at", DaysBefore, &["1"]), &[]),
            (on("last_activity_at", IsPresent, &[]), &[]),
        ] {
            let conditions = [condition.clone()];
            let wanted = Wanted { conditions: &conditions, ..Wanted::default() };
            assert_eq!(found(&admin, wanted).await, expected, "{condition:?}");
        }
        let either = joined(vec![
            vec![on("labels", EqualTo, &["vip"]), on("city", EqualTo, &["recife"])],
            vec![on("name", StartsWith, &["x"])],
        ]);
        let wanted = Wanted { conditions: &either, ..Wanted::default() };
        assert_eq!(rows(&admin, &wanted, Sort::Name, 1).await.unwrap_err().known(), Some(ErrorCode::Invalid));
        let either = joined(vec![vec![on("labels", EqualTo, &["novo"])], vec![on("name", Contains, &["caio"])]]);
        let titles = ["vip".to_owned()];
        let wanted = Wanted { conditions: &either, ..Wanted::default() };
        assert_eq!(found(&admin, wanted).await, ["Bia", "Caio"]);
        assert_eq!(found(&admin, Wanted { labels: &titles, ..wanted }).await, ["Bia"]);
        assert_eq!(found(&admin, Wanted { query: Some("caio"), ..wanted }).await, ["Caio"]);
        let recife = [on("city", EqualTo, &["recife"])];
        let wanted = Wanted { conditions: &recife, ..Wanted::default() };
        assert_eq!(found(&admin, wanted).await, ["Bia"]);
        assert_eq!(found(&admin, Wanted { everyone: true, ..wanted }).await, ["Bia", "Visitante"]);
    }

    async fn a_segment_is_a_filter_of_contacts(test: TestDb) {
        let app = testing::app(&test);
        let admin = people(&app).await;
        let conditions = vec![on("labels", EqualTo, &["vip"])];
        let input = ViewInput { name: "VIPs".into(), conditions: conditions.clone(), shared: false };
        let own = saved_view::create(&admin, Subject::Contact, input.clone()).await.unwrap();
        let wanted = Wanted { segment: Some(own.id), ..Wanted::default() };
        assert_eq!(found(&admin, wanted).await, ["Bia", "João Ávila"]);
        let narrower = [on("city", EqualTo, &["Recife"])];
        assert_eq!(found(&admin, Wanted { conditions: &narrower, ..wanted }).await, ["Bia"]);

        let agent = testing::member(&admin, "eva@example.com", Role::Agent).await;
        let error = async |ctx: &Ctx, wanted: Wanted<'_>| rows(ctx, &wanted, Sort::Name, 1).await.unwrap_err().known();
        assert_eq!(error(&agent, wanted).await, Some(ErrorCode::NotFound), "somebody else's own");
        let change = saved_view::ViewChange { shared: Some(true), ..saved_view::ViewChange::default() };
        saved_view::update(&admin, own.id, change).await.unwrap();
        assert_eq!(found(&agent, wanted).await, ["Bia", "João Ávila"]);
        let ivo = testing::member(&admin, "ivo@example.com", Role::Assistant).await;
        assert_eq!(error(&ivo, wanted).await, Some(ErrorCode::Forbidden), "assistants have no list of contacts");

        let of_conversations = Condition::new("status", EqualTo, &["open"]);
        let wrong = ViewInput { conditions: vec![of_conversations.clone()], ..input.clone() };
        assert!(saved_view::create(&admin, Subject::Contact, wrong.clone()).await.is_err());
        let view = saved_view::create(&admin, Subject::Conversation, wrong).await.unwrap();
        assert_eq!(error(&admin, Wanted { segment: Some(view.id), ..wanted }).await, Some(ErrorCode::NotFound));
        let filter = ConversationFilter { view: Some(own.id), ..Default::default() };
        assert_eq!(conversation::counts(&admin, &filter).await.unwrap_err().known(), Some(ErrorCode::NotFound));
    }

    async fn attributes_of_contacts_can_be_filtered_by(test: TestDb) {
        let app = testing::app(&test);
        let admin = people(&app).await;
        let new = crate::attribute::AttributeInput {
            model: AttributeModel::Contact,
            key: "plano".into(),
            name: "Plano".into(),
            description: String::new(),
            kind: model::attribute::AttributeKind::Text,
            values: Vec::new(),
            regex_pattern: None,
            regex_cue: None,
        };
        crate::attribute::create(&admin, new).await.unwrap();
        let bia = list(&admin, &Wanted { query: Some("bia"), ..Wanted::default() }, Sort::Name, 1).await.unwrap().0[0].id;
        let facts = Facts { custom_attributes: Some(serde_json::json!({"plano": "Ouro ÁUREO"})), ..Facts::default() };
        update(&admin, bia, facts).await.unwrap();
        for condition in [on("plano", Contains, &["aureo"]), Condition { custom_attribute_type: Some(Owner::Contact), ..on("plano", EqualTo, &["OURO AUREO"]) }] {
            assert_eq!(found(&admin, Wanted { conditions: &[condition], ..Wanted::default() }).await, ["Bia"]);
        }
        let absent = [Condition { query_operator: Some(Join::And), ..on("plano", IsNotPresent, &[]) }, on("email", IsPresent, &[])];
        assert_eq!(found(&admin, Wanted { conditions: &absent, ..Wanted::default() }).await, ["João Ávila"]);
    }

    async fn many_are_erased_at_once(test: TestDb) {
        let app = testing::app(&test);
        let admin = people(&app).await;
        let all = Wanted { everyone: true, ..Wanted::default() };
        let ids: Vec<_> = list(&admin, &all, Sort::Name, 1).await.unwrap().0.iter().map(|contact| contact.id).collect();
        let agent = testing::member(&admin, "eva@example.com", Role::Agent).await;
        assert_eq!(delete_many(&agent, &ids).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
        assert_eq!(delete_many(&admin, &[ids[0], ids[1], ContactId(9_999)]).await.unwrap(), 2);
        assert_eq!(found(&admin, Wanted::default()).await.len(), 1, "nobody could be reached any more");
        crate::job::runner::run_due(&app.system()).await.unwrap();
        assert_eq!(list(&admin, &all, Sort::Name, 1).await.unwrap().1.number, 2);
    }

    async fn how_many_there_are_is_kept(test: TestDb) {
        let app = testing::app(&test);
        let admin = people(&app).await;
        let account = admin.agent().unwrap().account_id;
        let total = async |everyone| {
            let (_, total) = list(&admin, &Wanted { everyone, ..Wanted::default() }, Sort::Name, 1).await.unwrap();
            assert!(!total.at_least);
            total.number
        };
        let (all, reachable) = (total(true).await, total(false).await);
        assert!(all > reachable && reachable > 0);
        let new = create(&admin, Facts { name: Some("Nova".to_owned()), ..Facts::default() }).await.unwrap().id;
        assert_eq!((total(true).await, total(false).await), (all + 1, reachable));
        let met = Facts { email: Some("nova@example.com".to_owned()), ..Facts::default() };
        update(&admin, new, met).await.unwrap();
        assert_eq!((total(true).await, total(false).await), (all + 1, reachable + 1));
        store::list::settle(&app.db).await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        db::Query::fixed(
            "insert into contacts (account_id, name, email, created_at, updated_at)
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 1200)
             select $1, 'Muita Gente', 'm' || i || '@example.com', 1, 1 from n",
        )
        .bind(account)
        .execute(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!((total(true).await, total(false).await), (all + 1_201, reachable + 1_201));
        // Whoever is of the past is counted to a thousand.
        let conditions = [on("created_at", IsLessThan, &["2000-01-01"])];
        let many = Wanted { conditions: &conditions, ..Wanted::default() };
        let (_, some) = list(&admin, &many, Sort::Name, 1).await.unwrap();
        assert_eq!((some.number, some.at_least), (1_000, true));
        let last = rows(&admin, &many, Sort::Name, 24).await.unwrap();
        assert_eq!((last.items.len(), last.has_more), (50, true), "there is more behind what was counted");
        assert!(!rows(&admin, &many, Sort::Name, 25).await.unwrap().has_more);
        for number in 0..120 {
            let email = format!("n{number}@example.com");
            update(&admin, new, Facts { email: Some(if number % 2 == 0 { String::new() } else { email }), ..Facts::default() }).await.unwrap();
        }
        store::list::settle(&app.db).await.unwrap();
        let (kept,): (i64,) = db::Query::fixed("select count(*) from contact_tallies").fetch_one(&app.db).await.unwrap();
        assert_eq!(kept, 2, "one for each kind");
        delete(&admin, new).await.unwrap();
        assert_eq!((total(true).await, total(false).await), (all + 1_200, reachable + 1_200));
    }

    async fn pages_of_contacts_are_right_however_they_are_looked_for(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let account = admin.agent().unwrap().account_id;
        let mut tx = app.db.begin().await.unwrap();
        // Whom one can reach wrote lately, and few of them are of Recife; of the others, who wrote long ago, many are.
        db::Query::fixed(
            "insert into contacts (account_id, name, sort_name, email, additional_attributes, last_activity_at, created_at, updated_at)
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 300)
             select $1, 'Pessoa ' || n.i, 'pessoa ' || n.i, case when n.i > 100 then 'p' || n.i || '@example.com' end,
               case when n.i % 12 = 0 or n.i <= 40 then $2 else $3 end,
               (n.i / 2) * 1000, n.i, n.i from n",
        )
        .bind(account)
        .bind(serde_json::json!({"city": "Recife"}))
        .bind(serde_json::json!({"city": "Natal"}))
        .execute(&mut tx)
        .await
        .unwrap();
        crate::search::rebuild(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        for (city, everyone) in [("Recife", true), ("Natal", true), ("Recife", false), ("Natal", false)] {
            let conditions = [on("city", EqualTo, &[city])];
            let wanted = Wanted { conditions: &conditions, everyone, ..Wanted::default() };
            let is_there = |number: &i64| (number % 12 == 0 || *number <= 40) == (city == "Recife") && (everyone || *number > 100);
            let expected: Vec<String> = (1..=300).rev().filter(is_there).map(|number| format!("Pessoa {number}")).collect();
            let mut seen = Vec::new();
            for page in 1.. {
                let (rows, total) = list(&admin, &wanted, Sort::ActivityDesc, page).await.unwrap();
                let found = i64::try_from(expected.len()).unwrap();
                assert!(total.number <= found && (total.at_least || total.number == found), "{city} {page}: {total:?} of {found}");
                seen.extend(rows.into_iter().map(|contact| contact.name));
                assert!(total.number >= i64::try_from(seen.len()).unwrap());
                if !total.has_more(page, PAGE, seen.len() - usize::try_from((page - 1) * PAGE).unwrap()) {
                    break;
                }
            }
            assert_eq!(seen, expected, "{city} {everyone}");
        }
    }

    async fn contacts_are_found_by_indexes(test: TestDb) {
        // On PostgreSQL the plan depends on how many rows there are.
        if test.db.is_postgres() {
            return;
        }
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let account = admin.agent().unwrap().account_id;
        let titles = ["vip".to_owned()];
        for (condition, wanted, sort, index) in [
            (None, Wanted::default(), Sort::ActivityDesc, "contacts_by_activity"),
            (None, Wanted::default(), Sort::Name, "contacts_by_name"),
            (None, Wanted { labels: &titles, ..Wanted::default() }, Sort::Name, "contact_labels_by_label"),
            (Some(on("name", EqualTo, &["ana"])), Wanted::default(), Sort::Name, "contact_parts"),
            (Some(on("blocked", EqualTo, &["true"])), Wanted::default(), Sort::Name, "contacts_blocked"),
            (Some(on("name", Contains, &["joão"])), Wanted::default(), Sort::ActivityDesc, "contact_parts"),
            (Some(on("city", EqualTo, &["recife"])), Wanted::default(), Sort::ActivityDesc, "contact_parts"),
            (Some(on("email", EqualTo, &["a@b.co"])), Wanted::default(), Sort::Name, "email=?"),
            (Some(on("phone_number", EqualTo, &["+5511988887777"])), Wanted::default(), Sort::Name, "phone_number=?"),
            (Some(on("labels", EqualTo, &["vip"])), Wanted::default(), Sort::ActivityDesc, "contact_labels_by_label"),
        ] {
            let conditions: Vec<Condition> = condition.into_iter().collect();
            let asked = asked(&admin, &Wanted { conditions: &conditions, ..wanted }).await.unwrap();
            let [rows, count] = store::list::plans(&test.db, account, &asked, sort).await;
            assert!(rows.iter().any(|step| step.contains(index)), "{conditions:?} {sort:?}: {rows:?}");
            for plan in [rows, count] {
                assert!(!plan.iter().any(|step| step.starts_with("SCAN k")), "{conditions:?} {sort:?}: {plan:?}");
            }
        }
    }
}
