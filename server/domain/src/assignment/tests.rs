use std::collections::BTreeMap;
use std::sync::Arc;

use db::testing::TestDb;
use model::conversation::{ConversationFilter, ConversationRow};
use model::{Availability, ConversationStatus, DisplayId, MessageKind, Role, UserId};
use serde_json::json;

use super::store;
use crate::agent::{self, AgentChange, profile};
use crate::clock::Clock;
use crate::conversation::{self, Paging, assign, status};
use crate::job::runner;
use crate::message::store::Window;
use crate::realtime::presence::{self, Page, Who};
use crate::team::{self, TeamInput};
use crate::testing::{self, installed, member};
use crate::visitor::{self, chat};
use crate::{App, Ctx, access, inbox, message};

/// A company with an inbox, and what tests of its queues ask again and again.
struct Shop {
    app: Arc<App>,
    admin: Ctx,
    inbox: model::inbox::Inbox,
}

impl Shop {
    async fn open(app: Arc<App>) -> Self {
        let admin = installed(&app).await;
        let inbox = website(&admin, "Loja", true).await;
        Self { app, admin, inbox }
    }

    /// An agent of the inbox who counts as online.
    async fn agent(&self, name: &str) -> Ctx {
        let agent = self.away(name).await;
        profile::set_auto_offline(&agent, false).await.unwrap();
        agent
    }

    /// An agent of the inbox without a page open.
    async fn away(&self, name: &str) -> Ctx {
        let agent = member(&self.admin, &format!("{name}@example.com"), Role::Agent).await;
        inbox::member::add(&self.admin, self.inbox.id, &[id(&agent)]).await.unwrap();
        access::enter(&agent, self.inbox_account()).await.unwrap()
    }

    async fn writes(&self) -> DisplayId {
        visitor_writes(&self.app, &self.inbox).await
    }

    /// Does what is to be done; who has which conversation then.
    async fn settle(&self) -> BTreeMap<DisplayId, UserId> {
        runner::run_due(&self.app.system()).await.unwrap();
        self.owners().await
    }

    async fn rows(&self) -> Vec<ConversationRow> {
        let filter = ConversationFilter { status: None, ..Default::default() };
        conversation::list(&self.admin, &filter, Paging::start(100)).await.unwrap().items
    }

    async fn owners(&self) -> BTreeMap<DisplayId, UserId> {
        let rows = self.rows().await;
        rows.into_iter().filter_map(|row| Some((row.display_id, row.assignee?.id))).collect()
    }

    async fn limit(&self, limit: Option<i64>) {
        db::sql!("update accounts set assignment_limit = $1").bind(limit).execute(self.app.db.writer()).await.unwrap();
        let mut work = self.admin.begin().await.unwrap();
        work.record(self.inbox_account(), crate::event::Event::AccountChanged);
        work.commit().await.unwrap();
    }

    fn inbox_account(&self) -> model::AccountId {
        self.admin.agent().unwrap().account_id
    }

    async fn activities(&self, id: DisplayId) -> Vec<String> {
        let facts = conversation::access(&self.admin, id).await.unwrap();
        let window = Window { limit: 50, ..Window::default() };
        let all = message::read::list(&self.admin, facts.account_id, &[facts.id], window).await.unwrap();
        all.into_iter().filter(|m| m.kind == MessageKind::Activity).map(|m| m.content).collect()
    }
}

fn id(ctx: &Ctx) -> UserId {
    ctx.user_id().unwrap()
}

async fn website(admin: &Ctx, name: &str, has_queue: bool) -> model::inbox::Inbox {
    let settings = inbox::Settings {
        name: Some(name.to_owned()),
        enable_auto_assignment: Some(has_queue),
        config: Some(json!({"website_url": "https://loja.com.br"})),
        ..inbox::Settings::default()
    };
    let channel = visitor::VISITOR_CHANNEL.to_owned();
    inbox::create(admin, inbox::NewInbox { channel, settings, members: Vec::new() }).await.unwrap()
}

async fn visitor_writes(app: &Arc<App>, inbox: &model::inbox::Inbox) -> DisplayId {
    let visitor = visitor::enter(&app.anonymous(), &inbox.identifier, None).await.unwrap().ctx;
    says(&visitor).await
}

async fn says(visitor: &Ctx) -> DisplayId {
    let draft = chat::Draft { content: "Oi".to_owned(), ..Default::default() };
    chat::say(visitor, draft).await.unwrap().message.display_id
}

/// Another program on the same database.
async fn node(test: &TestDb, clock: Clock) -> Arc<App> {
    let db = db::Db::open(&db::Options { url: test.url.clone(), connections: 4 }).await.unwrap();
    let settings = testing::app(test).settings.clone();
    App::new(db, settings, clock).unwrap()
}

db::db_test! {
    async fn an_inbox_serves_its_agents_in_turn_up_to_the_limit_and_goes_on_when_there_is_room(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let shop = Shop::open(testing::app_at(&test, clock)).await;
        let (bia, caio) = (shop.agent("bia").await, shop.agent("caio").await);
        shop.limit(Some(2)).await;
        let mut written = Vec::new();
        for _ in 0..6 {
            hand.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
            written.push(shop.writes().await);
        }
        let owners = shop.settle().await;
        let served: Vec<_> = owners.values().copied().collect();
        assert_eq!(served, [id(&bia), id(&caio), id(&bia), id(&caio)], "in turn, the oldest first, two each");
        let why = shop.activities(written[0]).await;
        assert_eq!(why, ["Atribuída automaticamente a bia, na vez da fila de Loja"]);

        // Room: by resolving, by snoozing, by a pending one, each for one more.
        status::set(&caio, written[1], ConversationStatus::Resolved, None).await.unwrap();
        assert_eq!(shop.settle().await.get(&written[4]), Some(&id(&caio)));
        status::set(&bia, written[0], ConversationStatus::Pending, None).await.unwrap();
        assert_eq!(shop.settle().await.get(&written[5]), Some(&id(&bia)));

        // A limit of one's own, above the account's.
        let (seventh, eighth) = (shop.writes().await, shop.writes().await);
        assert_eq!(shop.settle().await.len(), 6);
        db::sql!("update account_users set assignment_limit = 3 where user_id = $1")
            .bind(id(&caio)).execute(shop.app.db.writer()).await.unwrap();
        agent::update(&shop.admin, id(&caio), AgentChange::default()).await.unwrap();
        assert_eq!(shop.settle().await.get(&seventh), Some(&id(&caio)));
        shop.limit(None).await;
        assert_eq!(shop.settle().await.get(&eighth), Some(&id(&bia)), "no limit any more");
    }

    async fn people_and_customers_may_exceed_the_limit(test: TestDb) {
        let shop = Shop::open(testing::app(&test)).await;
        let bia = shop.agent("bia").await;
        shop.limit(Some(1)).await;
        let visitor = visitor::enter(&shop.app.anonymous(), &shop.inbox.identifier, None).await.unwrap().ctx;
        let first = says(&visitor).await;
        let visitor = visitor::refresh(&visitor).await.unwrap();
        assert_eq!(shop.settle().await.get(&first), Some(&id(&bia)));
        status::set(&bia, first, ConversationStatus::Pending, None).await.unwrap();
        let second = shop.writes().await;
        assert_eq!(shop.settle().await.get(&second), Some(&id(&bia)));
        // The customer answers the pending one: it is open again, and the limit is exceeded.
        assert_eq!(says(&visitor).await, first);
        let third = shop.writes().await;
        assert_eq!(shop.settle().await.len(), 2);
        let open = shop.rows().await.into_iter().filter(|row| row.status == ConversationStatus::Open).count();
        assert_eq!(open, 3);
        assign::to_agent(&shop.admin, third, Some(id(&bia))).await.unwrap();
        let fourth = shop.writes().await;
        assert_eq!(shop.settle().await.len(), 3);
        // One less is not room yet.
        status::set(&bia, first, ConversationStatus::Resolved, None).await.unwrap();
        assert_eq!(shop.settle().await.get(&fourth), None);
        status::set(&bia, second, ConversationStatus::Resolved, None).await.unwrap();
        assert_eq!(shop.settle().await.get(&fourth), None);
        assign::to_agent(&bia, third, None).await.unwrap();
        // What was given back waits too, and has waited longer.
        assert_eq!(shop.settle().await.get(&third), Some(&id(&bia)));
    }

    async fn only_who_is_online_receives_and_what_waits_comes_with_the_next_page(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let shop = Shop::open(testing::app_at(&test, clock.clone())).await;
        let (bia, caio) = (shop.away("bia").await, shop.agent("caio").await);
        profile::set_availability(&caio, Availability::Busy).await.unwrap();
        let first = shop.writes().await;
        assert!(shop.settle().await.is_empty());
        let other = node(&test, clock).await;
        let account = shop.inbox_account();
        let page = Page::open(&other, Who::User(account, id(&bia))).await;
        assert_eq!(shop.settle().await.get(&first), Some(&id(&bia)), "with whatever node the page is open");
        let colleagues = agent::list(&shop.admin).await.unwrap();
        let seen = colleagues.iter().find(|agent| agent.id == id(&bia)).unwrap().availability;
        assert_eq!(seen, Availability::Online);

        // She closes it, and counts as here for a moment only.
        drop(page);
        hand.fetch_add(10_000, std::sync::atomic::Ordering::SeqCst);
        presence::sweep(&other).await;
        let second = shop.writes().await;
        assert_eq!(shop.settle().await.get(&second), None);
        profile::set_availability(&caio, Availability::Online).await.unwrap();
        assert_eq!(shop.settle().await.get(&second), Some(&id(&caio)));

        // A node that dies takes its people with it when its word has run out.
        profile::set_availability(&caio, Availability::Offline).await.unwrap();
        let _lost = Page::open(&other, Who::User(account, id(&bia))).await;
        let third = shop.writes().await;
        assert_eq!(shop.settle().await.get(&third), Some(&id(&bia)));
        hand.fetch_add(60_000, std::sync::atomic::Ordering::SeqCst);
        presence::give_word(&shop.app).await.unwrap();
        let fourth = shop.writes().await;
        assert_eq!(shop.settle().await.get(&fourth), None);
        let seen = agent::list(&shop.admin).await.unwrap();
        assert!(seen.iter().all(|agent| agent.availability != Availability::Online));
    }

    async fn a_team_serves_its_members_who_belong_to_the_inbox(test: TestDb) {
        let shop = Shop::open(testing::app(&test)).await;
        let (bia, caio) = (shop.agent("bia").await, shop.agent("caio").await);
        // In the team, but not in the inbox.
        let duda = member(&shop.admin, "duda@example.com", Role::Agent).await;
        profile::set_auto_offline(&duda, false).await.unwrap();
        let input = |auto| TeamInput { name: "vendas".into(), description: String::new(), allow_auto_assign: auto };
        let team = team::create(&shop.admin, input(true)).await.unwrap().id;
        team::set_members(&shop.admin, team, vec![id(&caio), id(&duda)]).await.unwrap();
        let (first, second) = (shop.writes().await, shop.writes().await);
        assert_eq!(shop.settle().await, BTreeMap::from([(first, id(&bia)), (second, id(&caio))]));

        // Who is not in the team loses it; who is, keeps it.
        assign::to_team(&shop.admin, second, Some(team)).await.unwrap();
        let moved = assign::to_team(&shop.admin, first, Some(team)).await.unwrap();
        assert_eq!(moved.row.assignee, None);
        assert_eq!(shop.settle().await, BTreeMap::from([(first, id(&caio)), (second, id(&caio))]));
        assert_eq!(
            shop.activities(first).await.last().unwrap(),
            "Atribuída automaticamente a caio, na vez da fila do time vendas"
        );

        // Without a queue of the team it stays with nobody, though the inbox has one.
        team::update(&shop.admin, team, input(false)).await.unwrap();
        let third = shop.writes().await;
        assign::to_team(&shop.admin, third, Some(team)).await.unwrap();
        assert_eq!(shop.settle().await.get(&third), None);
        // The queue of a team works in an inbox that has none.
        let quiet = website(&shop.admin, "Atacado", false).await;
        inbox::member::add(&shop.admin, quiet.id, &[id(&duda)]).await.unwrap();
        let fourth = visitor_writes(&shop.app, &quiet).await;
        assert_eq!(shop.settle().await.get(&fourth), None);
        team::update(&shop.admin, team, input(true)).await.unwrap();
        assign::to_team(&shop.admin, fourth, Some(team)).await.unwrap();
        let owners = shop.settle().await;
        assert_eq!((owners.get(&third), owners.get(&fourth)), (Some(&id(&caio)), Some(&id(&duda))));
    }

    async fn who_left_the_inbox_loses_what_opens_again(test: TestDb) {
        let shop = Shop::open(testing::app(&test)).await;
        let settings = inbox::Settings { lock_to_single_conversation: Some(true), ..inbox::Settings::default() };
        inbox::update(&shop.admin, shop.inbox.id, settings).await.unwrap();
        let bia = shop.agent("bia").await;
        let visitor = visitor::enter(&shop.app.anonymous(), &shop.inbox.identifier, None).await.unwrap().ctx;
        let first = says(&visitor).await;
        assert_eq!(shop.settle().await.get(&first), Some(&id(&bia)));
        status::set(&bia, first, ConversationStatus::Resolved, None).await.unwrap();
        let second = shop.writes().await;
        assert_eq!(shop.settle().await.get(&second), Some(&id(&bia)));
        let caio = shop.agent("caio").await;
        inbox::member::remove(&shop.admin, shop.inbox.id, &[id(&bia)]).await.unwrap();
        let owners = shop.settle().await;
        // What was open went on at once; what was resolved stays hers until it opens.
        assert_eq!((owners.get(&second), owners.get(&first)), (Some(&id(&caio)), Some(&id(&bia))));
        says(&visitor::refresh(&visitor).await.unwrap()).await;
        assert_eq!(shop.settle().await.get(&first), Some(&id(&caio)));
    }

    async fn several_nodes_never_give_twice_nor_too_much(test: TestDb) {
        let shop = Shop::open(testing::app_at(&test, Clock::System)).await;
        let mut agents = Vec::new();
        for name in ["bia", "caio", "duda", "edu"] {
            agents.push(shop.agent(name).await);
        }
        shop.limit(Some(3)).await;
        let nodes = [shop.app.clone(), node(&test, Clock::System).await, node(&test, Clock::System).await];
        let mut tasks = tokio::task::JoinSet::new();
        for app in &nodes {
            let (app, inbox) = (app.clone(), shop.inbox.clone());
            tasks.spawn(async move {
                for _ in 0..8 {
                    visitor_writes(&app, &inbox).await;
                    runner::run_due(&app.system()).await.unwrap();
                }
            });
        }
        // Agents resolve what they are given, while it is given.
        for agent in &agents {
            let agent = agent.clone();
            tasks.spawn(async move {
                let filter = ConversationFilter { tab: model::conversation::Tab::Mine, ..Default::default() };
                for _ in 0..10 {
                    let page = conversation::list(&agent, &filter, Paging::start(10)).await.unwrap();
                    assert!(page.items.len() <= 3, "over the limit");
                    if let Some(row) = page.items.first() {
                        status::set(&agent, row.display_id, ConversationStatus::Resolved, None).await.unwrap();
                    }
                    tokio::task::yield_now().await;
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        for app in &nodes {
            runner::run_due(&app.system()).await.unwrap();
        }
        let rows = shop.rows().await;
        assert_eq!(rows.len(), 24);
        let mut open: BTreeMap<UserId, usize> = BTreeMap::new();
        let mut given: BTreeMap<String, usize> = BTreeMap::new();
        for row in &rows {
            let lines = shop.activities(row.display_id).await;
            let times: Vec<_> = lines.into_iter().filter(|line| line.starts_with("Atribuída")).collect();
            assert_eq!(times.len(), usize::from(row.assignee.is_some()), "given once: {times:?}");
            *given.entry(times.into_iter().next().unwrap_or_default()).or_default() += 1;
            if let (ConversationStatus::Open, Some(owner)) = (row.status, &row.assignee) {
                *open.entry(owner.id).or_default() += 1;
            }
        }
        assert!(open.values().all(|count| *count <= 3), "{open:?}");
        // Whoever has room has nothing left to wait for.
        let waiting = rows.iter().filter(|row| row.assignee.is_none()).count();
        assert!(waiting == 0 || open.values().sum::<usize>() == 12, "{waiting} wait, {open:?}");
    }

    async fn turns_are_fair_after_a_restart(test: TestDb) {
        let shop = Shop::open(testing::app(&test)).await;
        let agents = [shop.agent("bia").await, shop.agent("caio").await, shop.agent("duda").await];
        let expected: Vec<UserId> = agents.iter().map(id).cycle().take(9).collect();
        let mut served = Vec::new();
        for _ in 0..9 {
            // Each time a program that has just begun.
            let app = node(&test, Clock::fixed(testing::NOW).0).await;
            let written = visitor_writes(&app, &shop.inbox).await;
            runner::run_due(&app.system()).await.unwrap();
            served.push(shop.owners().await[&written]);
        }
        assert_eq!(served, expected);
    }

    async fn the_longest_wait_is_found_without_a_look_at_the_others(test: TestDb) {
        // On PostgreSQL the plan depends on how many rows there are.
        if test.db.is_postgres() {
            return;
        }
        let mut query = db::Builder::new("explain query plan ");
        let (inbox, team) = (model::InboxId(1), model::TeamId(1));
        store::ask_for_next(&mut query, model::AccountId(1), &[inbox], &[(team, vec![inbox])]);
        let plan: Vec<(i64, i64, i64, String)> = query.build().fetch_all(&test.db).await.unwrap();
        let plan: Vec<_> = plan.into_iter().map(|(.., step)| step).collect();
        assert_eq!(plan, ["SEARCH conversations USING INDEX conversations_unowned (account_id=? AND status=?)"]);
    }
}
