use model::audit::AuditFilter;
use model::{AuditAction, ErrorCode, Role};

use super::{start, stop};
use crate::agent::{self, profile, token};
use crate::label::{self, LabelInput};
use crate::session::{self, Client};
use crate::{Actor, Ctx, access, audit, contact, conversation, testing};

async fn token_of(ctx: &Ctx) -> String {
    session::open(ctx, ctx.user_id().unwrap(), &Client::default()).await.unwrap().token
}

/// Whoever asks with a token, in the account of `ctx`.
async fn entered(ctx: &Ctx, token: &str) -> Ctx {
    let actor = session::actor(ctx, token).await.unwrap().unwrap();
    let account = ctx.agent().unwrap().account_id;
    access::enter(&ctx.app.anonymous().with(actor), account).await.unwrap()
}

db::db_test! {
    async fn an_administrator_sees_what_the_agent_sees_and_changes_nothing(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let ivo = testing::member(&ana, "ivo@example.com", Role::Assistant).await;
        let (own, user) = (token_of(&ana).await, ivo.user_id().unwrap());
        start(&ana, &own, user).await.unwrap();

        let viewer = entered(&ana, &own).await;
        let eyes = viewer.agent().unwrap();
        assert_eq!((eyes.user_id, eyes.role, eyes.viewer), (user, Role::Assistant, ana.user_id().ok()));
        assert!(contact::active(&viewer).await.is_err(), "no more than the assistant");
        assert!(conversation::list(&viewer, &Default::default(), conversation::Paging::start(10)).await.is_ok());
        assert_eq!(session::view::profile(&viewer).await.unwrap().email, "ivo@example.com");

        let read_only = Some(ErrorCode::ReadOnly);
        let color = "#123456".to_owned();
        let input = LabelInput { title: "vip".to_owned(), description: String::new(), color, show_on_sidebar: true };
        start(&ana, &own, testing::member(&ana, "bia@example.com", Role::Administrator).await.user_id().unwrap()).await.unwrap();
        let as_administrator = entered(&ana, &own).await;
        assert_eq!(label::create(&as_administrator, input).await.unwrap_err().known(), read_only);
        assert_eq!(agent::remove(&as_administrator, user).await.unwrap_err().known(), read_only);
        assert_eq!(profile::set_availability(&viewer, model::Availability::Busy).await.unwrap_err().known(), read_only);
        // What is personal stays so.
        assert_eq!(token::own(&viewer).await.unwrap_err().known(), read_only);
        assert_eq!(session::list(&viewer, None).await.unwrap_err().known(), read_only);
        assert_eq!(start(&as_administrator, &own, user).await.unwrap_err().known(), read_only);

        stop(&app.anonymous(), &own).await.unwrap();
        assert!(matches!(session::actor(&ana, &own).await.unwrap(), Some(Actor::User(id)) if Some(id) == ana.user_id().ok()));
        let log = audit::list(&ana, &AuditFilter::default(), 1, 50).await.unwrap().entries;
        let actions: Vec<_> = log.iter().map(|line| line.action).collect();
        assert_eq!(actions.iter().filter(|action| **action == AuditAction::ViewAs).count(), 2);
        assert_eq!(actions[0], AuditAction::StopViewAs);
        assert_eq!(log[0].by.as_ref().unwrap().email, "ana@example.com");
    }

    async fn only_administrators_and_only_with_their_own_session(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let bia = testing::member(&ana, "bia@example.com", Role::Supervisor).await;
        let stranger = testing::another_account(&app, "leo@example.com").await;
        let user = bia.user_id().unwrap();
        let (own, others) = (token_of(&ana).await, token_of(&bia).await);
        assert_eq!(start(&bia, &others, ana.user_id().unwrap()).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
        assert!(start(&ana, &others, user).await.is_err(), "somebody else's browser");
        assert!(start(&ana, &own, ana.user_id().unwrap()).await.is_err(), "one's own eyes");
        assert_eq!(start(&ana, &own, stranger.user_id().unwrap()).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        assert!(matches!(session::actor(&ana, &others).await.unwrap(), Some(Actor::User(_))));
    }

    async fn it_ends_when_one_of_the_two_loses_what_it_takes(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let edu = testing::member(&ana, "edu@example.com", Role::Administrator).await;
        let bia = testing::member(&ana, "bia@example.com", Role::Agent).await;
        let (own, user) = (token_of(&edu).await, bia.user_id().unwrap());
        start(&edu, &own, user).await.unwrap();
        assert!(matches!(session::actor(&ana, &own).await.unwrap(), Some(Actor::Viewer(_))));
        let demote = agent::AgentChange { role: Some(Role::Agent), ..Default::default() };
        agent::update(&ana, edu.user_id().unwrap(), demote).await.unwrap();
        assert!(matches!(session::actor(&ana, &own).await.unwrap(), Some(Actor::User(_))));

        let own = token_of(&ana).await;
        start(&ana, &own, user).await.unwrap();
        agent::remove(&ana, user).await.unwrap();
        assert!(matches!(session::actor(&ana, &own).await.unwrap(), Some(Actor::User(_))));
    }
}
