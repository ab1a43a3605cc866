use model::conversation::{ConversationFilter, Counted, Tab, TabCounts};
use model::filter::{Condition, Join, Operator};
use model::{ConversationStatus, DisplayId, InboxId, Role, TeamId};
use serde_json::json;

use super::*;
use crate::conversation::{self, assign, create, label, merge, status};
use crate::message::send::Draft;
use crate::testing;

struct Company {
    admin: Ctx,
    inboxes: [InboxId; 2],
    team: TeamId,
}

impl Company {
    async fn open(app: &std::sync::Arc<crate::App>) -> Self {
        let admin = testing::installed(app).await;
        for title in ["vip", "troca"] {
            let (title, color) = (title.to_owned(), "#112233".to_owned());
            let new = crate::label::LabelInput { title, description: String::new(), color, show_on_sidebar: true };
            crate::label::create(&admin, new).await.unwrap();
        }
        let team =
            crate::team::TeamInput { name: "vendas".to_owned(), description: String::new(), allow_auto_assign: false };
        let team = crate::team::create(&admin, team).await.unwrap().id;
        let inboxes = [testing::website(&admin).await, testing::website(&admin).await];
        Self { admin, inboxes, team }
    }

    async fn says(&self, inbox: usize, name: &str, said: &[&str]) -> DisplayId {
        let facts = crate::contact::Facts { name: Some(name.to_owned()), ..Default::default() };
        let contact = crate::contact::create(&self.admin, facts).await.unwrap();
        let new = create::NewConversation {
            inbox_id: Some(self.inboxes[inbox]),
            contact_id: Some(contact.id),
            custom_attributes: Some(json!({})),
            ..Default::default()
        };
        let id = create::create(&self.admin, new).await.unwrap().row.display_id;
        for content in said {
            let draft = Draft { content: (*content).to_owned(), private: true, ..Draft::default() };
            crate::message::send::send(&self.admin, id, draft).await.unwrap();
        }
        id
    }
}

fn all() -> ConversationFilter {
    ConversationFilter { status: None, tab: Tab::All, ..ConversationFilter::default() }
}

fn titled(titles: &[&str]) -> Vec<String> {
    titles.iter().map(|title| (*title).to_owned()).collect()
}

/// A place of conversations and how many lie there.
type Lie = (i64, String, i64, i64, i64, i64);

/// That the numbers that are kept are those one would count.
async fn is_right(ctx: &Ctx) {
    const KEPT: &str =
        "select label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0), CAST(sum(number) AS BIGINT)
        from conversation_tallies group by 1, 2, 3, 4, 5 having sum(number) <> 0 order by 1, 2, 3, 4, 5";
    const COUNTED: &str =
        "select l.label_id, c.status, c.inbox_id, coalesce(c.team_id, 0), coalesce(c.assignee_id, 0), count(*)
        from conversations c join (
            select id as conversation_id, 0 as label_id from conversations
            union all select conversation_id, label_id from conversation_labels
        ) l on l.conversation_id = c.id group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5";
    let kept: Vec<Lie> = db::Query::fixed(KEPT).fetch_all(ctx.db()).await.unwrap();
    let counted: Vec<Lie> = db::Query::fixed(COUNTED).fetch_all(ctx.db()).await.unwrap();
    assert_eq!(kept, counted);
}

db::db_test! {
    async fn numbers_that_are_kept_follow_every_change(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        let me = admin.user_id().unwrap();
        let ana = testing::member(admin, "beto@example.com", Role::Administrator).await.user_id().unwrap();
        let mut ids = Vec::new();
        for number in 0..8 {
            ids.push(company.says(number % 2, &format!("C{number}"), &[]).await);
        }
        is_right(admin).await;
        for id in &ids[..6] {
            label::set(admin, *id, &titled(&["vip", "troca"])).await.unwrap();
            assign::to_agent(admin, *id, Some(me)).await.unwrap();
        }
        label::set(admin, ids[0], &titled(&["troca"])).await.unwrap();
        assign::to_team(admin, ids[1], Some(company.team)).await.unwrap();
        assign::to_agent(admin, ids[2], Some(ana)).await.unwrap();
        assign::to_agent(admin, ids[3], None).await.unwrap();
        status::set(admin, ids[1], ConversationStatus::Resolved, None).await.unwrap();
        is_right(admin).await;

        let with = |labels: &[&str]| ConversationFilter { labels: titled(labels), ..all() };
        let counts = async |filter: ConversationFilter| {
            let counts = counts(admin, &filter).await.unwrap();
            (counts.all, counts.mine, counts.unassigned, counts.assigned)
        };
        assert_eq!(counts(all()).await, (8, 3, 4, 4));
        assert_eq!(counts(with(&["vip"])).await, (5, 2, 2, 3));
        assert_eq!(counts(ConversationFilter { status: Some(ConversationStatus::Open), ..with(&["vip"]) }).await, (4, 2, 1, 3));
        assert_eq!(counts(ConversationFilter { inbox_id: Some(company.inboxes[0]), ..all() }).await, (4, 2, 1, 3));
        assert_eq!(counts(ConversationFilter { team_id: Some(company.team), ..all() }).await, (1, 0, 1, 0));
        // Counted, because a conversation may have both.
        assert_eq!(counts(with(&["vip", "troca"])).await, (6, 3, 2, 4));
        let mut conditions = vec![
            Condition::new("status", Operator::EqualTo, &["open"]),
            Condition::new("labels", Operator::EqualTo, &["troca"]),
        ];
        assert_eq!(counts(ConversationFilter { conditions: conditions.clone(), ..all() }).await, (5, 3, 1, 4));
        conditions[0].query_operator = Some(Join::Or);
        assert_eq!(counts(ConversationFilter { conditions, ..all() }).await, (8, 3, 4, 4));

        // Deleting a label, a team, an inbox, somebody's place in the account, a contact; a merge and its undoing.
        conversation::delete(admin, ids[5]).await.unwrap();
        is_right(admin).await;
        let troca = crate::label::list(admin).await.unwrap().into_iter().find(|label| label.title == "troca").unwrap();
        crate::label::delete(admin, troca.id).await.unwrap();
        is_right(admin).await;
        crate::team::delete(admin, company.team).await.unwrap();
        crate::agent::leave::remove(admin, ana).await.unwrap();
        crate::job::runner::run_due(&app.system()).await.unwrap();
        is_right(admin).await;
        let contact = conversation::get(admin, ids[4]).await.unwrap().row.contact.id;
        crate::contact::erase::delete(admin, contact).await.unwrap();
        crate::job::runner::run_due(&app.system()).await.unwrap();
        is_right(admin).await;
        let again = conversation::get(admin, ids[0]).await.unwrap().row;
        let new = create::NewConversation {
            inbox_id: Some(again.inbox_id),
            contact_id: Some(again.contact.id),
            custom_attributes: Some(json!({})),
            ..Default::default()
        };
        let other = create::create(admin, new).await.unwrap().row.display_id;
        label::set(admin, other, &titled(&["vip"])).await.unwrap();
        merge::merge(admin, other, ids[0]).await.unwrap();
        is_right(admin).await;
        crate::inbox::delete(admin, company.inboxes[1]).await.unwrap();
        crate::job::runner::run_due(&app.system()).await.unwrap();
        is_right(admin).await;
        settle(&app.system()).await.unwrap();
        is_right(admin).await;
    }

    async fn numbers_that_are_kept_follow_many_at_once(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        let me = admin.user_id().unwrap();
        let mut ids = Vec::new();
        for number in 0..4 {
            ids.push(company.says(number % 2, &format!("C{number}"), &[]).await);
        }
        let mut tasks = tokio::task::JoinSet::new();
        for worker in 0..4_usize {
            let (admin, ids, team) = (admin.clone(), ids.clone(), company.team);
            tasks.spawn(async move {
                for turn in 0..24 {
                    let id = ids[(turn + worker) % ids.len()];
                    match (turn + worker) % 6 {
                        0 => drop(label::set(&admin, id, &titled(&["vip", "troca"])).await.unwrap()),
                        1 => drop(status::toggle(&admin, id).await.unwrap()),
                        2 => drop(assign::to_agent(&admin, id, Some(me)).await.unwrap()),
                        3 => drop(label::set(&admin, id, &titled(&["troca"])).await.unwrap()),
                        4 => drop(assign::to_team(&admin, id, (turn % 2 == 0).then_some(team)).await.unwrap()),
                        _ => settle(&admin).await.unwrap(),
                    }
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        is_right(admin).await;
        assert_eq!(counts(admin, &all()).await.unwrap().all, 4);
    }

    async fn sums_are_taken_when_much_was_added(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        let id = company.says(0, "Ana", &[]).await;
        label::set(admin, id, &titled(&["vip"])).await.unwrap();
        for _ in 0..60 {
            status::toggle(admin, id).await.unwrap();
        }
        settle(admin).await.unwrap();
        is_right(admin).await;
        let (rows,): (i64,) = db::Query::fixed("select count(*) from conversation_tallies").fetch_one(admin.db()).await.unwrap();
        assert_eq!(rows, 2, "one of all, one of the label");
    }

    async fn what_is_said_everywhere_is_counted_as_the_least(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        company.says(1, "Antiga", &["Um pedido antigo"]).await;
        for number in 0..110 {
            company.says(0, &format!("C{number}"), &[]).await;
        }
        // As many messages as make a word common, in the conversations of one inbox.
        let mut tx = admin.app.db.begin().await.unwrap();
        db::Query::fixed(
            "insert into messages (account_id, inbox_id, conversation_id, kind, content, status, created_at, updated_at)
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 50)
             select c.account_id, c.inbox_id, c.id, 'incoming', 'meu pedido', 'sent', 1, 1
             from conversations c, n where c.inbox_id = $1",
        )
        .bind(company.inboxes[0])
        .execute(&mut tx)
        .await
        .unwrap();
        search::rebuild(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        let asked = |inbox_id, text: &str| ConversationFilter { inbox_id, query: Some(text.to_owned()), ..all() };
        let found = counts(admin, &asked(None, "pedido")).await.unwrap();
        assert!(found.counted == Counted::Nothing && found.all >= 100 && found.unassigned == found.all, "{found:?}");
        // The newest messages say nothing of the other inbox, nor of what is rare.
        for (inbox, text) in [(Some(company.inboxes[1]), "pedido"), (None, "antigo")] {
            let found = counts(admin, &asked(inbox, text)).await.unwrap();
            assert_eq!((found.all, found.counted), (1, Counted::Whole), "{text}");
        }
    }

    async fn what_many_meet_is_told_by_the_first(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        let mine = company.says(0, "Ana", &[]).await;
        assign::to_agent(admin, mine, admin.user_id().ok()).await.unwrap();
        company.says(0, "Bia", &[]).await;
        let ivo = testing::member(admin, "ivo@example.com", Role::Administrator).await;
        let mut tx = admin.app.db.begin().await.unwrap();
        db::Query::fixed(
            "insert into conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, uuid, status, assignee_id,
               custom_attributes, last_activity_at, created_at, updated_at)
             with recursive n (i) as (select 100 union all select i + 1 from n where i < 1199)
             select c.account_id, c.inbox_id, c.contact_id, c.contact_inbox_id, n.i, CAST(n.i AS TEXT), 'open', CAST($2 AS BIGINT),
               '{}', 1, c.created_at, 1
             from conversations c, n where c.display_id = $1",
        )
        .bind(mine)
        .bind(ivo.user_id().unwrap())
        .execute(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();

        let old = Condition::new("created_at", Operator::IsGreaterThan, &["2000-01-01"]);
        let asked = |condition: &Condition| ConversationFilter { conditions: vec![condition.clone()], ..all() };
        let found = counts(admin, &asked(&old)).await.unwrap();
        assert_eq!((found.all, found.counted), (100, Counted::Nothing));
        let unfinished =
            |condition: &Condition| ConversationFilter { status: Some(ConversationStatus::Open), ..asked(condition) };
        let found = counts(admin, &unfinished(&old)).await.unwrap();
        let assigned = found.assigned;
        assert_eq!(
            found,
            TabCounts { mine: 1, unassigned: 1, assigned, all: 100, counted: Counted::Watched },
            "the two that people watch are exact"
        );
        assert!((98..=100).contains(&assigned));
        assert_eq!([Tab::Mine, Tab::Unassigned, Tab::Assigned, Tab::All].map(|tab| found.is_at_least(tab)), [false, false, true, true]);
        let found = counts(&ivo, &unfinished(&old)).await.unwrap();
        assert_eq!((found.mine, found.counted), (100, Counted::Nothing));
        // What lies behind a time an index counts, to a thousand.
        let past = Condition::new("last_activity_at", Operator::IsLessThan, &["2000-01-01"]);
        let found = counts(admin, &asked(&past)).await.unwrap();
        assert_eq!((found.all, found.counted), (1_000, Counted::Nothing));
        // None is said to be somebody's where all are nobody's.
        let mut tx = admin.app.db.begin().await.unwrap();
        db::Query::fixed("update conversations set assignee_id = null where assignee_id = $1")
            .bind(ivo.user_id().unwrap())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (filter, most) in [(asked(&old), 100), (unfinished(&old), 100), (asked(&past), 1_000), (unfinished(&past), 1_000)] {
            let found = counts(&ivo, &filter).await.unwrap();
            assert_eq!((found.all, found.counted), (most, Counted::Nothing));
            assert!((most - 1..=most).contains(&found.unassigned), "{found:?}");
            assert!((0..=1).contains(&found.assigned) && (0..=1).contains(&found.mine), "{found:?}");
        }
        // What is kept is exact, however much it is.
        let open = Condition::new("status", Operator::EqualTo, &["open"]);
        assert_eq!(counts(admin, &asked(&open)).await.unwrap(), TabCounts { mine: 1, unassigned: 1_101, assigned: 1, all: 1_102, counted: Counted::Whole });
    }

    async fn pages_and_numbers_are_right_however_they_are_looked_for(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        let first = company.says(0, "Ana", &[]).await;
        let mut tx = admin.app.db.begin().await.unwrap();
        // Of three hundred a third speaks Portuguese, five Catalan; thirty spoke French, long ago.
        db::Query::fixed(
            "insert into conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, uuid, status,
               additional_attributes, custom_attributes, last_activity_at, created_at, updated_at)
             with recursive n (i) as (select 100 union all select i + 1 from n where i < 399)
             select c.account_id, c.inbox_id, c.contact_id, c.contact_inbox_id, n.i, CAST(n.i AS TEXT), 'open',
               case when n.i < 130 then $2 when n.i < 135 then $3 when n.i % 3 = 0 then $4 else $5 end,
               '{}', (n.i / 2) * 1000, c.created_at, n.i
             from conversations c, n where c.display_id = $1",
        )
        .bind(first)
        .bind(json!({"browser_language": "fr"}))
        .bind(json!({"browser_language": "ca"}))
        .bind(json!({"browser_language": "pt"}))
        .bind(json!({"browser_language": "en"}))
        .execute(&mut tx)
        .await
        .unwrap();
        search::rebuild(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        for (language, exactly) in [("pt", Some(89)), ("en", None), ("fr", Some(30)), ("ca", Some(5)), ("xx", Some(0))] {
            let conditions = vec![Condition::new("browser_language", Operator::EqualTo, &[language])];
            let filter = ConversationFilter { conditions, ..all() };
            let expected: Vec<i64> = (100..400).rev().filter(|number| language == match number {
                ..130 => "fr",
                ..135 => "ca",
                number if number % 3 == 0 => "pt",
                _ => "en",
            }).collect();
            let (mut by_cursor, mut by_number) = (Vec::new(), Vec::new());
            let mut cursor = None;
            loop {
                let page = list(admin, &filter, Paging::After { cursor: cursor.clone(), size: 25 }).await.unwrap();
                by_cursor.extend(page.items.iter().map(|row| row.display_id.0));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            for page in 1.. {
                let rows = list(admin, &filter, Paging::Number { page, size: 25 }).await.unwrap().items;
                if rows.is_empty() {
                    break;
                }
                by_number.extend(rows.iter().map(|row| row.display_id.0));
            }
            assert_eq!(by_cursor, expected, "{language}");
            assert_eq!(by_number, expected, "{language}");
            let found = counts(admin, &filter).await.unwrap();
            match exactly {
                Some(number) => assert_eq!((found.all, found.counted), (number, Counted::Whole), "{language}"),
                // Of sixty that are looked at, of which one says nothing.
                None => assert_eq!((found.all, found.unassigned, found.counted), (39, 39, Counted::Nothing), "{language}"),
            }
        }
        let young = Condition::new("created_at", Operator::IsGreaterThan, &["2000-01-01"]);
        let found = counts(admin, &ConversationFilter { conditions: vec![young], ..all() }).await.unwrap();
        assert_eq!((found.all, found.counted), (100, Counted::Nothing), "no more than a hundred of the first are counted");
    }

    async fn words_are_found_by_a_look_and_by_the_index(test: TestDb) {
        let app = testing::app(&test);
        let company = Company::open(&app).await;
        let admin = &company.admin;
        for number in 0..70 {
            let name = format!("C{number}");
            let said = match number % 10 {
                0 => vec!["O pedido não chegou"],
                1 => vec!["Pedidos atrasados", "chegou"],
                2..6 => vec!["Oi", "meu pedido chegou, obrigada"],
                _ => vec!["Bom dia"],
            };
            let id = company.says(number % 2, &name, &said).await;
            if number == 3 {
                company.says(0, "Rara", &["Foi extraviado o PEDIDO"]).await;
            }
            if number % 3 == 0 {
                status::set(admin, id, ConversationStatus::Resolved, None).await.unwrap();
            }
        }
        let ivo = testing::member(admin, "ivo@example.com", Role::Assistant).await;
        for (ctx, text, exact) in [
            (admin, "pedido", 43), (admin, "pedido chegou", 35), (admin, "pedido che", 35), (admin, "chegou pedid", 35),
            (admin, "extraviado", 1), (admin, "nao", 7), (admin, "nada", 0), (admin, "…", 0), (&ivo, "pedido", 0),
        ] {
            for (sort, status) in [(SortBy::LastActivityDesc, None), (SortBy::CreatedAsc, Some(ConversationStatus::Open))] {
                let filter = ConversationFilter { query: Some(text.to_owned()), sort, status, ..all() };
                let indexed = every(ctx, &filter, 1_000).await.unwrap();
                let mut paged = Vec::new();
                let mut cursor = None;
                loop {
                    let page = list(ctx, &filter, Paging::After { cursor, size: 15 }).await.unwrap();
                    paged.extend(page.items.iter().map(|row| row.id));
                    cursor = page.next;
                    if cursor.is_none() { break }
                }
                assert_eq!(paged, indexed, "{text}");
                let mut numbered = Vec::new();
                for number in 1..6 {
                    let page = list(ctx, &filter, Paging::Number { page: number, size: 15 }).await.unwrap();
                    numbered.extend(page.items.iter().map(|row| row.id));
                }
                assert_eq!(numbered, indexed, "{text}");
                let counts = counts(ctx, &filter).await.unwrap();
                assert_eq!((usize::try_from(counts.all).unwrap(), counts.counted), (indexed.len(), Counted::Whole), "{text}");
                assert_eq!(count_up_to(ctx, &filter, 1_000).await.unwrap(), counts.all);
                if status.is_none() {
                    assert_eq!(counts.all, exact, "{text}");
                }
            }
        }
    }
}
