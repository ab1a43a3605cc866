use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::Role;

use super::*;
use crate::clock::Clock;
use crate::session::{self, Client, Step};
use crate::{Actor, App, testing};

const PASSWORD: &str = "correct horse";

/// The app on a phone.
struct Phone {
    secret: Vec<u8>,
    time: Arc<AtomicI64>,
}

impl Phone {
    fn code(&self) -> String {
        totp::code(&self.secret, self.time.load(Ordering::SeqCst) / totp::STEP)
    }

    fn later(&self) {
        self.time.fetch_add(totp::STEP, Ordering::SeqCst);
    }
}

async fn first_step(app: &Arc<App>) -> Step {
    session::sign_in(&app.anonymous(), "ana@example.com", PASSWORD.to_owned(), &Client::default()).await.unwrap()
}

async fn challenge_of(app: &Arc<App>) -> String {
    let Step::Second(challenge) = first_step(app).await else { panic!("no second step") };
    challenge
}

async fn enter(app: &Arc<App>, code: &str) -> Result<session::SignedIn> {
    session::second_step(&app.anonymous(), &challenge_of(app).await, code, &Client::default()).await
}

/// Somebody with a second step; their codes on paper.
async fn secured(test: &db::testing::TestDb) -> (Arc<App>, Ctx, Phone, Vec<String>) {
    let (clock, time) = Clock::fixed(testing::NOW);
    let app = testing::app_at(test, clock);
    let ana = testing::installed(&app).await;
    begin(&ana).await.unwrap();
    let row = store::find(&test.db, ana.user_id().unwrap()).await.unwrap().unwrap();
    let phone = Phone { secret: app.keys.decrypt(PLACE, &row.secret_encrypted).unwrap(), time };
    let codes = confirm(&ana, &phone.code()).await.unwrap();
    phone.later();
    (app, ana, phone, codes)
}

db::db_test! {
    async fn it_is_asked_for_once_a_first_code_was_right(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let setup = begin(&ana).await.unwrap();
        assert!(setup.address.contains(&setup.secret) && setup.picture.side > 20);
        assert_eq!(confirm(&ana, "000000").await.unwrap_err().known(), Some(ErrorCode::WrongCode));
        assert!(first_step(&app).await.signed_in().is_some(), "nothing is in force yet");
        assert_eq!(read(&ana).await.unwrap(), SecondFactor { enabled_at: None, recovery_codes_left: 0 });
    }

    async fn a_code_opens_once(test: TestDb) {
        let (app, ana, phone, codes) = secured(&test).await;
        assert_eq!(codes.len(), CODES);
        assert_eq!(read(&ana).await.unwrap().recovery_codes_left, 10);
        assert_eq!(begin(&ana).await.unwrap_err().known(), Some(ErrorCode::Conflict), "a secret in force is not replaced");

        let code = phone.code();
        let (left, right) = tokio::join!(enter(&app, &code), enter(&app, &code));
        assert!(left.is_ok() != right.is_ok(), "used twice or never");
        phone.later();
        assert!(enter(&app, &format!("{} {}", &phone.code()[..3], &phone.code()[3..])).await.is_ok());

        let paper = codes[0].to_uppercase();
        let signed_in = enter(&app, &paper).await.unwrap();
        assert_eq!(session::authenticate(&app.anonymous(), &signed_in.token).await.unwrap(), ana.user_id().ok());
        assert_eq!(enter(&app, &paper).await.unwrap_err().known(), Some(ErrorCode::WrongCode));
        assert_eq!(read(&ana).await.unwrap().recovery_codes_left, 9);
        phone.later();
        let new = renew_codes(&ana, &phone.code()).await.unwrap();
        assert!(enter(&app, &codes[1]).await.is_err() && enter(&app, &new[1]).await.is_ok());
    }

    async fn whoever_guesses_has_to_wait(test: TestDb) {
        let (app, _, phone, codes) = secured(&test).await;
        for _ in 0..MOST_FAILURES {
            assert_eq!(enter(&app, "123456").await.unwrap_err().known(), Some(ErrorCode::WrongCode));
        }
        for code in [phone.code(), codes[0].clone()] {
            assert!(matches!(enter(&app, &code).await, Err(Error::Limited { .. })));
        }
        phone.time.fetch_add(LOCKED_FOR, Ordering::SeqCst);
        assert!(enter(&app, &phone.code()).await.is_ok());
    }

    async fn the_first_step_alone_opens_nothing(test: TestDb) {
        let (app, ana, phone, _) = secured(&test).await;
        let user = ana.user_id().unwrap();
        let challenge = challenge_of(&app).await;
        assert_eq!(session::authenticate(&app.anonymous(), &challenge).await.unwrap(), None);
        let forged = challenge.replacen(&user.to_string(), "999", 1);
        let wait = Client::default();
        for wrong in ["", "a.b.c", &forged, &challenge[..challenge.len() - 2]] {
            let refused = session::second_step(&app.anonymous(), wrong, &phone.code(), &wait).await.unwrap_err();
            assert_eq!(refused.known(), Some(ErrorCode::LinkExpired));
        }
        // A link to a new password proves no more than the password.
        let link = session::reset::link(&app.system(), user).await.unwrap();
        let token = link.split("token=").nth(1).unwrap();
        session::reset::redeem(&app.anonymous(), token, "battery staple".to_owned()).await.unwrap();
        assert!(session::first_step(&app.anonymous(), user, &wait).await.unwrap().signed_in().is_none());
        // The new password made the old first step void.
        let late = session::second_step(&app.anonymous(), &challenge, &phone.code(), &wait).await.unwrap_err();
        assert_eq!(late.known(), Some(ErrorCode::LinkExpired));
        let Step::Second(fresh) = session::first_step(&app.anonymous(), user, &wait).await.unwrap() else { panic!() };
        phone.time.fetch_add(CHALLENGE_LASTS, Ordering::SeqCst);
        let late = session::second_step(&app.anonymous(), &fresh, &phone.code(), &wait).await.unwrap_err();
        assert_eq!(late.known(), Some(ErrorCode::LinkExpired));
    }

    async fn it_ends_by_oneself_an_administrator_or_the_operator(test: TestDb) {
        let (app, ana, phone, codes) = secured(&test).await;
        let user = ana.user_id().unwrap();
        let wrong = disable(&ana, "wrong".to_owned(), &phone.code()).await.unwrap_err();
        assert_eq!(wrong.known(), Some(ErrorCode::WrongCredentials));
        assert!(disable(&ana, PASSWORD.to_owned(), "000000").await.is_err());
        disable(&ana, PASSWORD.to_owned(), &codes[0]).await.unwrap();
        assert!(first_step(&app).await.signed_in().is_some());

        begin(&ana).await.unwrap();
        let row = store::find(&test.db, user).await.unwrap().unwrap();
        let phone = Phone { secret: app.keys.decrypt(PLACE, &row.secret_encrypted).unwrap(), time: phone.time };
        confirm(&ana, &phone.code()).await.unwrap();
        let bia = testing::member(&ana, "bia@example.com", Role::Administrator).await;
        let rui = testing::member(&ana, "rui@example.com", Role::Supervisor).await;
        assert_eq!(crate::second_factor::secured(&bia).await.unwrap(), [user]);
        assert!(crate::second_factor::secured(&rui).await.is_err());
        assert_eq!(reset(&rui, user).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
        let stranger = testing::another_account(&app, "leo@example.com").await;
        assert_eq!(reset(&stranger, user).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        reset(&bia, user).await.unwrap();
        assert!(first_step(&app).await.signed_in().is_some());
        assert!(reset_by_operator(&app.anonymous().with(Actor::User(user)), user).await.is_err());
        reset_by_operator(&app.system(), user).await.unwrap();
    }
}
