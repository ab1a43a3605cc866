use std::sync::atomic::Ordering;

use model::ErrorCode;

use super::*;
use crate::clock::Clock;
use crate::{Actor, agent, job, mail, testing};

const EMAIL: &str = "ana@example.com";
const MINUTE: i64 = 60_000;

async fn enter(ctx: &Ctx, email: &str, password: &str) -> Result<SignedIn> {
    let client = Client { ip: "127.0.0.1".to_owned(), user_agent: "Test\u{0}".to_owned() };
    Ok(sign_in(ctx, email, password.to_owned(), &client).await?.signed_in().expect("no second step"))
}

db::db_test! {
    async fn somebody_signs_in_and_out(test: TestDb) {
        let app = testing::app(&test);
        let user = testing::installed(&app).await.user_id().unwrap();
        let ctx = app.anonymous();
        for (email, password) in [(EMAIL, "wrong horse"), ("nobody@example.com", "correct horse"), ("", "")] {
            let refused = enter(&ctx, email, password).await.unwrap_err();
            assert_eq!(refused.known(), Some(ErrorCode::WrongCredentials));
        }
        let signed_in = enter(&ctx, " ANA@example.com ", "correct horse").await.unwrap();
        assert_eq!(authenticate(&ctx, &signed_in.token).await.unwrap(), Some(user));
        assert_eq!(authenticate(&ctx, "other").await.unwrap(), None);
        sign_out(&ctx, &signed_in.token).await.unwrap();
        assert_eq!(authenticate(&ctx, &signed_in.token).await.unwrap(), None);
        sign_out(&ctx, &signed_in.token).await.unwrap();
    }

    async fn a_session_lasts_while_it_is_used(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let app = testing::app_at(&test, clock);
        let user = testing::installed(&app).await.user_id().unwrap();
        let ctx = app.anonymous();
        let used = enter(&ctx, EMAIL, "correct horse").await.unwrap().token;
        let left = enter(&ctx, EMAIL, "correct horse").await.unwrap().token;
        hand.fetch_add(LASTS - MINUTE, Ordering::SeqCst);
        assert_eq!(authenticate(&ctx, &used).await.unwrap(), Some(user));
        hand.fetch_add(2 * MINUTE, Ordering::SeqCst);
        assert_eq!(authenticate(&ctx, &used).await.unwrap(), Some(user));
        assert_eq!(authenticate(&ctx, &left).await.unwrap(), None);
        prune(&app.system()).await.unwrap();
        let own = list(&ctx.with(Actor::User(user)), Some(&used)).await.unwrap();
        assert_eq!(own.len(), 1);
        assert!(own[0].current);
        assert_eq!(own[0].user_agent, "Test");
    }

    async fn only_own_sessions_can_be_ended(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let leo = testing::another_account(&app, "leo@example.com").await;
        let token = enter(&app.anonymous(), EMAIL, "correct horse").await.unwrap().token;
        let id = list(&ana, None).await.unwrap()[0].id;
        assert_eq!(end(&leo, id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        end(&ana, id).await.unwrap();
        assert_eq!(authenticate(&ana, &token).await.unwrap(), None);
    }

    async fn a_link_replaces_the_password_once(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let app = testing::app_at(&test, clock);
        let ana = testing::installed(&app).await;
        let user = ana.user_id().unwrap();
        let ctx = app.anonymous();
        let session = enter(&ctx, EMAIL, "correct horse").await.unwrap();
        let socket = agent::pubsub_token(&ctx, user).await.unwrap();
        assert_eq!(agent::verify_pubsub_token(&ctx, &socket).await.unwrap(), Some(user));

        reset::request(&ctx, "nobody@example.com").await.unwrap();
        reset::request(&ctx, EMAIL).await.unwrap();
        reset::request(&ctx, EMAIL).await.unwrap();
        assert_eq!(job::runner::run_due(&app.system()).await.unwrap(), 1);
        let kept = mail::kept(&ana).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].to, EMAIL);
        assert_eq!(kept[0].subject, "Escolha uma nova senha");
        let token = kept[0].body.split("token=").nth(1).and_then(|rest| rest.lines().next()).unwrap().to_owned();

        let weak = reset::redeem(&ctx, &token, "short".to_owned()).await.unwrap_err();
        assert_eq!(weak.known(), Some(ErrorCode::WeakPassword));
        assert!(reset::is_valid(&ctx, &token).await.unwrap());
        let (left, right) = tokio::join!(
            reset::redeem(&ctx, &token, "battery staple".to_owned()),
            reset::redeem(&ctx, &token, "battery staple".to_owned())
        );
        assert!(left.is_ok() != right.is_ok(), "used twice or never");
        assert_eq!(reset::redeem(&ctx, &token, "third one".to_owned()).await.unwrap_err().known(), Some(ErrorCode::LinkExpired));
        assert_eq!(authenticate(&ctx, &session.token).await.unwrap(), None);
        assert_eq!(agent::verify_pubsub_token(&ctx, &socket).await.unwrap(), None);
        assert!(enter(&ctx, EMAIL, "correct horse").await.is_err());
        assert!(enter(&ctx, EMAIL, "battery staple").await.is_ok());

        let late = reset::link(&app.system(), user).await.unwrap();
        assert!(reset::link(&ctx, user).await.is_err(), "only the operator");
        hand.fetch_add(reset::LASTS, Ordering::SeqCst);
        let late = late.split("token=").nth(1).unwrap().to_owned();
        assert_eq!(reset::redeem(&ctx, &late, "another one".to_owned()).await.unwrap_err().known(), Some(ErrorCode::LinkExpired));
    }
}
