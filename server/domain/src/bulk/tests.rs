use model::bulk::BulkState;
use model::conversation::Standing;
use model::filter::{Condition, Operator};
use model::{ConversationStatus, InboxId, Priority, Role};
use serde_json::json;

use super::*;
use crate::conversation::{assign, create, label, mute, restore, status};
use crate::job::runner;
use crate::{inbox, testing};

async fn begun(admin: &Ctx, inbox: InboxId, name: &str) -> DisplayId {
    let facts = crate::contact::Facts { name: Some(name.to_owned()), ..Default::default() };
    let contact = crate::contact::create(admin, facts).await.unwrap();
    let (inbox_id, contact_id) = (Some(inbox), Some(contact.id));
    let new =
        create::NewConversation { inbox_id, contact_id, custom_attributes: Some(json!({})), ..Default::default() };
    create::create(admin, new).await.unwrap().row.display_id
}

async fn stands(ctx: &Ctx, id: DisplayId) -> Standing {
    Standing::from(&conversation::get(ctx, id).await.unwrap().row)
}

async fn vip(admin: &Ctx) {
    let color = "#112233".to_owned();
    let new =
        crate::label::LabelInput { title: "vip".into(), description: String::new(), color, show_on_sidebar: true };
    crate::label::create(admin, new).await.unwrap();
}

db::db_test! {
    async fn a_run_changes_what_is_in_sight_and_is_taken_back(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let inbox = testing::website(&admin).await;
        vip(&admin).await;
        let mut numbers = Vec::new();
        for number in 0..60 {
            numbers.push(begun(&admin, inbox, &format!("C{number}")).await);
        }
        status::set_priority(&admin, numbers[3], Some(Priority::Low)).await.unwrap();
        let me = admin.user_id().unwrap();
        let acts = vec![
            BulkAct::Agent(Some(me)),
            BulkAct::Priority(Some(Priority::High)),
            BulkAct::AddLabels(vec!["VIP".to_owned()]),
            BulkAct::Status(ConversationStatus::Resolved, None),
        ];
        let run = start(&admin, Which::Numbers(numbers.clone()), acts.clone()).await.unwrap();
        assert_eq!((run.state, run.total, run.done), (BulkState::Running, 60, 0));
        assert_eq!(running(&admin).await.unwrap().len(), 1);
        runner::run_due(&app.system()).await.unwrap();
        let run = get(&admin, run.id).await.unwrap();
        assert_eq!((run.state, run.done, run.skipped), (BulkState::Done, 60, 0));
        let after = stands(&admin, numbers[3]).await;
        assert_eq!((after.status, after.priority, after.assignee_id), (ConversationStatus::Resolved, Some(Priority::High), Some(me)));
        assert_eq!(after.labels, ["vip"]);
        // Doing it twice changes nothing more.
        let lines = events(&admin).await;
        super::run(&app.system(), admin.agent().unwrap().account_id, run.id).await.unwrap();
        assert_eq!(events(&admin).await, lines);

        status::set(&admin, numbers[5], ConversationStatus::Open, None).await.unwrap();
        let back = undo(&admin, run.id).await.unwrap();
        assert_eq!(undo(&admin, run.id).await.unwrap_err().known(), Some(ErrorCode::Conflict), "once");
        runner::run_due(&app.system()).await.unwrap();
        let back = get(&admin, back.id).await.unwrap();
        assert_eq!((back.state, back.done, back.skipped), (BulkState::Done, 59, 1), "one was changed since");
        let before = stands(&admin, numbers[3]).await;
        assert_eq!((before.status, before.priority, before.assignee_id), (ConversationStatus::Open, Some(Priority::Low), None));
        assert!(before.labels.is_empty());
        assert_eq!(stands(&admin, numbers[5]).await.assignee_id, Some(me), "left as it was");
    }

    async fn a_run_may_do_what_its_agent_may_do(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let inbox = testing::website(&admin).await;
        let ivo = testing::member(&admin, "ivo@example.com", Role::Assistant).await;
        inbox::member::add(&admin, inbox, &[ivo.user_id().unwrap()]).await.unwrap();
        let ivo = crate::access::enter(&ivo, ivo.agent().unwrap().account_id).await.unwrap();
        let (free, taken) = (begun(&admin, inbox, "Ana").await, begun(&admin, inbox, "Bia").await);
        assign::to_agent(&admin, taken, admin.user_id().ok()).await.unwrap();
        let forbidden = Some(ErrorCode::Forbidden);
        let give = vec![BulkAct::Agent(None)];
        assert_eq!(start(&ivo, Which::Numbers(vec![free]), give).await.unwrap_err().known(), forbidden);
        let resolve = vec![BulkAct::Status(ConversationStatus::Resolved, None)];
        let run = start(&ivo, Which::Numbers(vec![free, taken]), resolve.clone()).await.unwrap();
        assert_eq!(run.total, 1, "what is out of sight is not counted");
        // Out of sight by the time it is their turn.
        assign::to_agent(&admin, free, admin.user_id().ok()).await.unwrap();
        runner::run_due(&app.system()).await.unwrap();
        assert_eq!(get(&ivo, run.id).await.unwrap().skipped, 1);
        assert_eq!(stands(&admin, free).await.status, ConversationStatus::Open);
        assert_eq!(get(&admin, run.id).await.unwrap_err().known(), Some(ErrorCode::NotFound), "somebody else's run");

        let run = start(&ivo, Which::Numbers(Vec::new()), resolve).await.unwrap();
        crate::agent::remove(&admin, ivo.user_id().unwrap()).await.unwrap();
        runner::run_due(&app.system()).await.unwrap();
        let rows: (String,) = db::sql!("select state from bulk_runs where id = $1").bind(run.id).fetch_one(&app.db).await.unwrap();
        assert_eq!(rows.0, "stopped");
    }

    async fn everything_that_matches_can_be_changed(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let inbox = testing::website(&admin).await;
        for name in ["Ana", "Bia", "Caio"] {
            begun(&admin, inbox, name).await;
        }
        let conditions = vec![Condition::new("contact_name", Operator::Contains, &["i"])];
        let filter = ConversationFilter { conditions, ..ConversationFilter::default() };
        let acts = vec![BulkAct::Status(ConversationStatus::Pending, None)];
        let run = start(&admin, Which::Matching(Box::new(filter)), acts).await.unwrap();
        assert_eq!(run.total, 2);
        runner::run_due(&app.system()).await.unwrap();
        let pending = ConversationFilter { status: Some(ConversationStatus::Pending), ..ConversationFilter::default() };
        assert_eq!(conversation::counts(&admin, &pending).await.unwrap().all, 2);
        for (acts, field) in [
            (vec![], "fields"),
            (vec![BulkAct::Seen(true); 11], "fields"),
            (vec![BulkAct::Status(ConversationStatus::Snoozed, Some(7))], "snoozed_until"),
        ] {
            let Err(Error::Known(error)) = start(&admin, Which::Numbers(Vec::new()), acts).await else { panic!("{field}") };
            assert_eq!(error.field.as_deref(), Some(field));
        }
    }

    async fn an_undo_brings_back_how_it_stood_unless_somebody_changed_it(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let inbox = testing::website(&admin).await;
        vip(&admin).await;
        let id = begun(&admin, inbox, "Ana").await;
        let before = stands(&admin, id).await;
        status::set(&admin, id, ConversationStatus::Resolved, None).await.unwrap();
        status::set_priority(&admin, id, Some(Priority::High)).await.unwrap();
        assign::to_agent(&admin, id, admin.user_id().ok()).await.unwrap();
        label::set(&admin, id, &["vip".to_owned()]).await.unwrap();
        let after = stands(&admin, id).await;
        // A colleague changes one part: the others can be brought back, that one not.
        status::set_priority(&admin, id, Some(Priority::Urgent)).await.unwrap();
        assert_eq!(restore::restore(&admin, id, &after, &before).await.unwrap_err().known(), Some(ErrorCode::Conflict));
        assert_eq!(stands(&admin, id).await.status, ConversationStatus::Resolved, "all or nothing");
        let but_priority = Standing { priority: Some(Priority::High), ..before.clone() };
        let restored = restore::restore(&admin, id, &after, &but_priority).await.unwrap();
        assert_eq!(Standing::from(&restored.row), Standing { priority: Some(Priority::Urgent), ..before.clone() });

        // Somebody who may only take may give back what they took, and nothing else.
        let ivo = testing::member(&admin, "ivo@example.com", Role::Assistant).await;
        inbox::member::add(&admin, inbox, &[ivo.user_id().unwrap()]).await.unwrap();
        let ivo = crate::access::enter(&ivo, ivo.agent().unwrap().account_id).await.unwrap();
        let free = stands(&ivo, id).await;
        assign::to_agent(&ivo, id, ivo.user_id().ok()).await.unwrap();
        let taken = stands(&ivo, id).await;
        let to_admin = Standing { assignee_id: admin.user_id().ok(), ..free.clone() };
        assert_eq!(restore::restore(&ivo, id, &taken, &to_admin).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
        restore::restore(&ivo, id, &taken, &free).await.unwrap();
        assert_eq!(stands(&admin, id).await, free);
    }

    async fn a_muted_contact_disturbs_nobody(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let inbox = testing::website(&admin).await;
        let id = begun(&admin, inbox, "Ana").await;
        let muted = mute::mute(&admin, id).await.unwrap();
        assert_eq!((muted.row.status, muted.contact.blocked), (ConversationStatus::Resolved, true));
        let heard = mute::unmute(&admin, id).await.unwrap();
        assert_eq!((heard.row.status, heard.contact.blocked), (ConversationStatus::Resolved, false));
        let ivo = testing::member(&admin, "ivo@example.com", Role::Assistant).await;
        inbox::member::add(&admin, inbox, &[ivo.user_id().unwrap()]).await.unwrap();
        let ivo = crate::access::enter(&ivo, ivo.agent().unwrap().account_id).await.unwrap();
        let refused = mute::mute(&ivo, id).await.unwrap_err();
        assert_eq!(refused.known(), Some(ErrorCode::Forbidden));
    }
}

async fn events(ctx: &Ctx) -> i64 {
    let (count,): (i64,) = db::sql!("select count(*) from events").fetch_one(ctx.db()).await.unwrap();
    count
}
