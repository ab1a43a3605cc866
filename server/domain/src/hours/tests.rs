use model::hours::Span;
use model::{MessageKind, Role};
use serde_json::json;

use super::*;
use crate::clock::Clock;
use crate::message::store::Window;
use crate::team::{self, TeamInput};
use crate::visitor::{self, chat};
use crate::{Ctx, conversation, inbox, message, testing};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Thursday, 15 January 2026, midnight UTC.
const THURSDAY: i64 = 1_768_435_200_000;

fn hours(timezone: &str) -> Hours {
    Hours { enabled: true, timezone: timezone.to_owned(), ..Hours::default() }
}

#[test]
fn the_clock_of_the_place_decides() {
    let sao_paulo = hours("America/Sao_Paulo");
    // Nine in São Paulo is noon in UTC.
    assert!(!is_open(&sao_paulo, THURSDAY + 12 * HOUR - 1));
    assert!(is_open(&sao_paulo, THURSDAY + 12 * HOUR));
    assert!(!is_open(&sao_paulo, THURSDAY + 20 * HOUR));
    assert!(is_open(&Hours { enabled: false, ..sao_paulo.clone() }, THURSDAY));
    assert_eq!(next_opening(&sao_paulo, THURSDAY + 13 * HOUR), None);
    assert_eq!(next_opening(&sao_paulo, THURSDAY + 4 * HOUR), Some(THURSDAY + 12 * HOUR));
    // Friday evening: Monday morning.
    assert_eq!(next_opening(&sao_paulo, THURSDAY + 45 * HOUR), Some(THURSDAY + 4 * 24 * HOUR + 12 * HOUR));
}

#[test]
fn a_week_without_an_hour_never_opens_and_one_hour_a_week_is_found() {
    let closed = Hours { week: Week { days: Default::default() }, ..hours("UTC") };
    assert_eq!((is_open(&closed, THURSDAY), next_opening(&closed, THURSDAY)), (false, None));
    let mut week = Week { days: Default::default() };
    week.days[4] = vec![Span { from: 0, until: 60 }];
    let rare = Hours { week, ..closed };
    assert!(is_open(&rare, THURSDAY));
    assert_eq!(next_opening(&rare, THURSDAY + HOUR), Some(THURSDAY + 7 * 24 * HOUR));
}

#[test]
fn clocks_that_are_changed_do_not_lose_an_opening() {
    // 29 March 2026 in Berlin: two o'clock is three.
    let mut week = Week { days: Default::default() };
    week.days[0] = vec![Span { from: 150, until: 240 }];
    let berlin = Hours { week, ..hours("Europe/Berlin") };
    let night = 1_774_738_800_000; // 2026-03-29 00:00 +01:00
    let opening = next_opening(&berlin, night).unwrap();
    assert_eq!(opening, night + 150 * MINUTE);
    // A team's hours, and the inbox's words where it has none.
    let inbox = Hours { message: "Volte amanhã".to_owned(), ..hours("UTC") };
    assert_eq!(that_count(inbox.clone(), None), inbox);
    assert_eq!(that_count(inbox.clone(), Some(Hours::default())), inbox);
    assert_eq!(that_count(inbox.clone(), Some(berlin.clone())), Hours { message: inbox.message, ..berlin });
}

async fn said(admin: &Ctx, id: model::DisplayId) -> Vec<String> {
    let facts = conversation::access(admin, id).await.unwrap();
    let window = Window { limit: 50, ..Window::default() };
    let all = message::read::list(admin, facts.account_id, &[facts.id], window).await.unwrap();
    all.into_iter().filter(|message| message.kind == MessageKind::Template).map(|message| message.content).collect()
}

db::db_test! {
    async fn who_writes_out_of_hours_is_told_once_a_day(test: TestDb) {
        let (clock, hand) = Clock::fixed(THURSDAY + 22 * HOUR);
        let app = testing::app_at(&test, clock);
        let at = |time| hand.store(time, std::sync::atomic::Ordering::SeqCst);
        let admin = testing::installed(&app).await;
        let settings = inbox::Settings {
            name: Some("Loja".to_owned()),
            config: Some(json!({"website_url": "https://loja.com.br"})),
            working_hours_enabled: Some(true),
            out_of_office_message: Some("Voltamos às 9 h.".to_owned()),
            timezone: Some("UTC".to_owned()),
            ..inbox::Settings::default()
        };
        let new = inbox::NewInbox { channel: visitor::VISITOR_CHANNEL.to_owned(), settings, members: Vec::new() };
        let inbox = inbox::create(&admin, new).await.unwrap();
        let visitor = visitor::enter(&app.anonymous(), &inbox.identifier, None).await.unwrap().ctx;
        let write = || async {
            let ctx = visitor::refresh(&visitor).await.unwrap();
            let draft = chat::Draft { content: "Oi".to_owned(), ..Default::default() };
            chat::say(&ctx, draft).await.unwrap().message.display_id
        };
        let id = write().await;
        assert_eq!(said(&admin, id).await, ["Voltamos às 9 h."]);
        at(THURSDAY + 23 * HOUR);
        write().await;
        assert_eq!(said(&admin, id).await.len(), 1, "once a day");
        // The next morning before nine it is another day; an answer of a person then silences it for a while.
        at(THURSDAY + 31 * HOUR);
        let reply = message::send::Draft { content: "Já vejo".to_owned(), ..Default::default() };
        message::send::send(&admin, id, reply).await.unwrap();
        at(THURSDAY + 31 * HOUR + 4 * MINUTE);
        write().await;
        assert_eq!(said(&admin, id).await.len(), 1);
        at(THURSDAY + 31 * HOUR + 6 * MINUTE);
        write().await;
        assert_eq!(said(&admin, id).await.len(), 2);
        at(THURSDAY + 34 * HOUR);
        write().await;
        assert_eq!(said(&admin, id).await.len(), 2, "open");

        // The team has hours and words of its own.
        let new = TeamInput { name: "plantão".into(), description: String::new(), allow_auto_assign: false };
        let team = team::create(&admin, new).await.unwrap().id;
        conversation::assign::to_team(&admin, id, Some(team)).await.unwrap();
        let own = Hours { message: "O plantão acabou.".to_owned(), week: Week { days: Default::default() }, ..hours("UTC") };
        team::set_hours(&admin, team, own.clone()).await.unwrap();
        assert_eq!(team::hours(&admin, team).await.unwrap(), own);
        at(THURSDAY + 7 * 24 * HOUR + 12 * HOUR);
        write().await;
        assert_eq!(said(&admin, id).await.last().unwrap(), "O plantão acabou.");
    }

    async fn hours_are_checked_and_kept_by_administrators(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let bia = testing::member(&admin, "bia@example.com", Role::Supervisor).await;
        let new = TeamInput { name: "vendas".into(), description: String::new(), allow_auto_assign: true };
        let team = team::create(&admin, new).await.unwrap().id;
        let mut broken = hours("UTC");
        broken.week.days[1] = vec![Span { from: 20, until: 10 }];
        assert_eq!(team::set_hours(&admin, team, broken).await.unwrap_err().known(), Some(ErrorCode::Invalid));
        let nowhere = hours("Nowhere/Land");
        assert_eq!(team::set_hours(&admin, team, nowhere).await.unwrap_err().known(), Some(ErrorCode::Invalid));
        assert!(team::set_hours(&bia, team, hours("UTC")).await.is_err());
        assert_eq!(team::hours(&admin, team).await.unwrap(), Hours::default());
        // Deleting by name: only with the right one.
        assert_eq!(team::delete_named(&admin, team, "venda").await.unwrap_err().known(), Some(ErrorCode::Invalid));
        team::delete_named(&admin, team, " vendas ").await.unwrap();
        assert!(team::get(&admin, team).await.is_err());
    }
}
