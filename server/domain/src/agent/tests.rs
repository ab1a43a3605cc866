use std::sync::atomic::Ordering;

use model::{AccountId, Error as Known};

use super::*;
use crate::clock::Clock;
use crate::realtime::presence::Who;
use crate::{Actor, access, job, mail, session, testing};

fn new(email: &str, role: Role) -> NewAgent {
    NewAgent {
        name: "Bia Lima".to_owned(),
        email: email.to_owned(),
        role,
        availability: None,
        auto_offline: None,
        assignment_limit: None,
    }
}

async fn account_of(ctx: &Ctx) -> AccountId {
    ctx.agent().unwrap().account_id
}

async fn link_in_mail(admin: &Ctx) -> String {
    job::runner::run_due(&admin.app.system()).await.unwrap();
    let mails = mail::kept(admin).await.unwrap();
    mails[0].body.split("token=").nth(1).and_then(|rest| rest.lines().next()).unwrap().to_owned()
}

db::db_test! {
    async fn an_invited_person_accepts_once(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let app = testing::app_at(&test, clock);
        let admin = testing::installed(&app).await;
        let bia = add(&admin, new("Bia@Example.com", Role::Agent)).await.unwrap();
        assert_eq!((bia.email.as_str(), bia.confirmed, bia.availability), ("bia@example.com", false, Availability::Offline));
        assert_eq!(add(&admin, new("bia@example.com", Role::Agent)).await.unwrap_err().known(), Some(ErrorCode::Taken));

        let ctx = app.anonymous();
        let token = link_in_mail(&admin).await;
        let shown = invitation::read(&ctx, &token).await.unwrap();
        assert_eq!((shown.account_name.as_str(), shown.name.as_str()), ("Loja Aurora", "Bia Lima"));
        let forged = token.replacen(&bia.id.to_string(), &admin.user_id().unwrap().to_string(), 1);
        for wrong in ["", "a.b.c.d", &forged, &token[..token.len() - 2]] {
            assert_eq!(invitation::read(&ctx, wrong).await.unwrap_err().known(), Some(ErrorCode::LinkExpired));
        }
        let password = || "battery staple".to_owned();
        let accepted = invitation::accept(&ctx, &token, "Beatriz Lima", password()).await.unwrap();
        assert_eq!(accepted, bia.id);
        assert!(invitation::accept(&ctx, &token, "Beatriz", password()).await.is_err());
        assert!(session::sign_in(&ctx, "bia@example.com", password(), &session::Client::default()).await.is_ok());
        let shown = read::one(&ctx, bia.account_id, bia.id).await.unwrap().unwrap();
        assert_eq!((shown.name.as_str(), shown.confirmed), ("Beatriz Lima", true));
        assert_eq!(invite_again(&admin, bia.id).await.unwrap_err().known(), Some(ErrorCode::Conflict));

        let caio = add(&admin, new("caio@example.com", Role::Agent)).await.unwrap();
        let token = link_in_mail(&admin).await;
        hand.fetch_add(invitation::LASTS, Ordering::SeqCst);
        assert!(invitation::read(&ctx, &token).await.is_err());
        invite_again(&admin, caio.id).await.unwrap();
        assert!(invitation::read(&ctx, &link_in_mail(&admin).await).await.is_ok());
    }

    async fn a_person_may_belong_to_two_accounts(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let leo = testing::another_account(&app, "leo@example.com").await;
        let linked = add(&leo, new("ana@example.com", Role::Agent)).await.unwrap();
        assert_eq!((linked.id, linked.name.as_str()), (ana.user_id().unwrap(), "Ana Souza"));
        let profile = profile::read(&ana).await.unwrap();
        assert_eq!(profile.memberships.len(), 2);
        let rename = AgentChange { name: Some("X".to_owned()), ..AgentChange::default() };
        assert_eq!(update(&leo, linked.id, rename).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
        assert_eq!(list(&leo).await.unwrap().len(), 2);
        assert_eq!(list(&ana).await.unwrap().len(), 1);
    }

    async fn the_last_administrator_stays(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let user = ana.user_id().unwrap();
        let demote = AgentChange { role: Some(Role::Agent), ..AgentChange::default() };
        assert_eq!(update(&ana, user, demote.clone()).await.unwrap_err().known(), Some(ErrorCode::Conflict));
        assert_eq!(remove(&ana, user).await.unwrap_err().known(), Some(ErrorCode::Conflict));
        assert_eq!(list(&ana).await.unwrap()[0].role, Role::Administrator);

        let bia = testing::member(&ana, "bia@example.com", Role::Administrator).await;
        update(&bia, user, demote).await.unwrap();
        let again = access::enter(&app.anonymous().with(Actor::User(user)), account_of(&ana).await).await.unwrap();
        assert_eq!(remove(&again, bia.user_id().unwrap()).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
    }

    async fn who_is_removed_is_out(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let bia = testing::member(&ana, "bia@example.com", Role::Agent).await;
        let user = bia.user_id().unwrap();
        let conversation = conversation_of(&ana, user).await;
        remove(&ana, user).await.unwrap();
        let row: (Option<UserId>,) =
            db::sql!("select assignee_id from conversations where id = $1").bind(conversation).fetch_one(&test.db).await.unwrap();
        assert_eq!(row, (None,));
        let (line,): (String,) = db::sql!("select content from messages where conversation_id = $1 and kind = 'activity'")
            .bind(conversation)
            .fetch_one(&test.db)
            .await
            .unwrap();
        assert_eq!(line, "bia saiu da equipe e a conversa voltou para a fila");
        let (events,): (i64,) = db::sql!("select count(*) from events where kind = 'conversation_updated'")
            .fetch_one(&test.db)
            .await
            .unwrap();
        assert_eq!(events, 1);
        let outside = app.anonymous().with(Actor::User(user));
        assert!(access::enter(&outside, account_of(&ana).await).await.is_err());
        assert_eq!(remove(&ana, user).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        let stranger = testing::another_account(&app, "leo@example.com").await;
        assert_eq!(remove(&stranger, ana.user_id().unwrap()).await.unwrap_err().known(), Some(ErrorCode::NotFound));
    }

    async fn a_profile_is_the_persons_own(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let setting = |key: &str| Some(serde_json::Map::from_iter([(key.to_owned(), serde_json::json!(true))]));
        let change = profile::ProfileChange {
            display_name: Some("Ana da Aurora".to_owned()),
            locale: Some(Some("en".to_owned())),
            ui_settings: setting("a"),
            ..profile::ProfileChange::default()
        };
        profile::update(&ana, change).await.unwrap();
        let more = profile::ProfileChange { ui_settings: setting("b"), locale: Some(None), ..Default::default() };
        let profile = profile::update(&ana, more).await.unwrap();
        assert_eq!(profile.ui_settings, serde_json::json!({"a": true, "b": true}));
        assert_eq!((profile.display_name.as_str(), profile.locale), ("Ana da Aurora", None));
        let long = profile::ProfileChange { name: Some("x".repeat(200)), ..Default::default() };
        let Error::Known(Known { field, .. }) = profile::update(&ana, long).await.unwrap_err() else { panic!() };
        assert_eq!(field.as_deref(), Some("name"));

        let who = Who::User(ana.agent().unwrap().account_id, profile.id);
        app.hub.presence.alive(who, testing::NOW);
        profile::set_availability(&ana, Availability::Busy).await.unwrap();
        assert_eq!(list(&ana).await.unwrap()[0].availability, Availability::Busy);
        profile::set_auto_offline(&ana, false).await.unwrap();
        app.hub.presence.gone(who);
        assert_eq!(list(&ana).await.unwrap()[0].availability, Availability::Busy);
    }

    async fn a_new_password_ends_other_sessions(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let here = session::open(&ana, ana.user_id().unwrap(), &session::Client::default()).await.unwrap().token;
        let there = session::open(&ana, ana.user_id().unwrap(), &session::Client::default()).await.unwrap().token;
        let change = |current: &str| profile::change_password(&ana, current.to_owned(), "battery staple".to_owned(), Some(&here));
        assert_eq!(change("wrong").await.unwrap_err().known(), Some(ErrorCode::WrongCredentials));
        change("correct horse").await.unwrap();
        assert!(session::authenticate(&ana, &here).await.unwrap().is_some());
        assert!(session::authenticate(&ana, &there).await.unwrap().is_none());
    }

    async fn an_api_token_can_be_replaced(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let token = token::own(&ana).await.unwrap();
        assert_eq!(authenticate_token(&ana, &token).await.unwrap(), ana.user_id().ok());
        let new = token::rotate(&ana).await.unwrap();
        assert_ne!(token, new);
        assert_eq!(authenticate_token(&ana, &token).await.unwrap(), None);
        assert_eq!(token::own(&ana).await.unwrap(), new);
        let bia = testing::member(&ana, "bia@example.com", Role::Agent).await;
        assert_ne!(token::own(&bia).await.unwrap(), new);
    }
}

/// A conversation that the agent has, written without its own rules.
async fn conversation_of(admin: &Ctx, user: UserId) -> i64 {
    let account = account_of(admin).await;
    let mut work = admin.begin().await.unwrap();
    let (inbox,): (i64,) = db::sql!(
        "insert into inboxes (account_id, name, channel, identifier, created_at, updated_at) values ($1, 'a', 'a', 'a', 0, 0) returning id"
    )
    .bind(account)
    .fetch_one(&mut work.tx)
    .await
    .unwrap();
    let (contact,): (i64,) =
        db::sql!("insert into contacts (account_id, created_at, updated_at) values ($1, 0, 0) returning id")
            .bind(account)
            .fetch_one(&mut work.tx)
            .await
            .unwrap();
    let (contact_inbox,): (i64,) = db::sql!(
        "insert into contact_inboxes (account_id, contact_id, inbox_id, source_id, created_at, updated_at)
         values ($1, $2, $3, 'a', 0, 0) returning id"
    )
    .bind(account)
    .bind(contact)
    .bind(inbox)
    .fetch_one(&mut work.tx)
    .await
    .unwrap();
    let (id,): (i64,) = db::sql!(
        "insert into conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, uuid, status,
         assignee_id, last_activity_at, created_at, updated_at) values ($1, $2, $3, $4, 1, 'a', 'open', $5, 0, 0, 0) returning id"
    )
    .bind(account)
    .bind(inbox)
    .bind(contact)
    .bind(contact_inbox)
    .bind(user)
    .fetch_one(&mut work.tx)
    .await
    .unwrap();
    work.commit().await.unwrap();
    id
}
