//! Jobs outlive whoever does them: workers that die, servers that stop, what they need being away.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::support::s3::Storage;
use crate::support::{World, words};
use axum::body::Body;
use axum::http::Request;
use db::testing::TestDb;
use domain::clock::Clock;
use domain::job::{runner, store};
use domain::message::attachment::Upload;
use domain::message::send::{self, Draft};
use domain::visitor::chat;
use domain::{App, Settings, mail, session, testing};
use serde_json::json;
use tokio_util::sync::CancellationToken;

const MINUTE: i64 = 60_000;
/// What takes longer never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A picture that is so large that a job makes a small one of it.
fn picture() -> Upload {
    let mut out = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(1200, 800, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]));
    picture.write_to(&mut out, image::ImageFormat::Png).unwrap();
    Upload { file_name: "foto.png".to_owned(), content_type: "image/png".to_owned(), bytes: out.into_inner().into() }
}

async fn send_picture(world: &World) {
    let inbox = world.website(&[]).await;
    let said = chat::say(&world.visitor(&inbox).await, words("Oi")).await.unwrap();
    // What follows from the conversation is not what is looked at here.
    runner::run_due(&world.app.system()).await.unwrap();
    let draft = Draft { files: vec![picture()], ..Draft::default() };
    send::send(&world.admin, said.message.display_id, draft).await.unwrap();
}

/// A company whose mail server nobody reaches, at a time of the test's own.
async fn without_mail(test: &TestDb) -> (Arc<App>, Arc<AtomicI64>) {
    let (clock, hand) = Clock::fixed(testing::NOW);
    let settings = Settings { smtp_url: Some("smtp://127.0.0.1:9".to_owned()), ..testing::app(test).settings.clone() };
    let app = App::new(test.db.clone(), settings, clock).unwrap();
    testing::installed(&app).await;
    (app, hand)
}

db::db_test! {
    async fn the_job_of_a_worker_that_died_is_taken_up_once_its_time_is_over(test: TestDb) {
        let (clock, hand) = Clock::fixed(testing::NOW);
        let storage = Storage::start().await;
        let world = World::with_storage(test, storage.url(""), clock).await;
        send_picture(&world).await;
        let system = world.app.system();
        let claimed = store::claim(&world.app.db, "the one that dies", testing::NOW, MINUTE, 8).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(runner::run_due(&system).await.unwrap(), 0, "it may still be at it");
        hand.fetch_add(MINUTE + 1, Ordering::SeqCst);
        assert_eq!(runner::run_due(&system).await.unwrap(), 1);
        assert_eq!(storage.files().len(), 2);
        // The dead one's word counts no more.
        store::fail(&world.app.db, claimed[0].id, "the one that dies", "late", None).await.unwrap();
        assert_eq!(store::counts(&world.app.db).await.unwrap(), (0, 0));
        assert_eq!(runner::run_due(&system).await.unwrap(), 0);
    }

    async fn what_fails_is_tried_again_later_and_waits_for_a_person_in_the_end(test: TestDb) {
        let (app, hand) = without_mail(&test).await;
        let system = app.system();
        session::reset::request(&system, "ana@example.com").await.unwrap();
        session::reset::request(&system, "ana@example.com").await.unwrap();
        for attempt in 1..=12 {
            assert_eq!(runner::run_due(&system).await.unwrap(), 1, "{attempt}");
            assert_eq!(runner::run_due(&system).await.unwrap(), 0, "not at once again");
            hand.fetch_add(70 * MINUTE, Ordering::SeqCst);
        }
        assert_eq!(runner::run_due(&system).await.unwrap(), 0);
        assert_eq!(store::counts(&app.db).await.unwrap(), (0, 1));
        let dead = store::dead(&app.db, None, 10).await.unwrap().remove(0);
        assert_eq!((dead.kind.as_str(), dead.attempts), ("mail_password_reset", 12));
        assert!(!dead.last_error.unwrap().is_empty());
        // Somebody mends the mail server and says so, or the person asks again.
        assert!(store::revive(&app.db, dead.id, app.clock.now()).await.unwrap());
        assert_eq!(store::counts(&app.db).await.unwrap(), (1, 0));
        for _ in 0..12 {
            assert_eq!(runner::run_due(&system).await.unwrap(), 1);
            hand.fetch_add(70 * MINUTE, Ordering::SeqCst);
        }
        assert_eq!(store::counts(&app.db).await.unwrap(), (0, 1));
        session::reset::request(&system, "ana@example.com").await.unwrap();
        assert_eq!(store::counts(&app.db).await.unwrap(), (1, 0));
    }

    async fn a_job_that_hangs_holds_up_no_other(test: TestDb) {
        let storage = Storage::start().await;
        let world = World::with_storage(test, storage.url(""), Clock::System).await;
        send_picture(&world).await;
        let gate = storage.hold().await;
        let stop = CancellationToken::new();
        let asked = storage.asked();
        let worker = tokio::spawn(runner::work(world.app.clone(), stop.clone()));
        asked.await;
        session::reset::request(&world.app.system(), "ana@example.com").await.unwrap();
        let written = async { while mail::kept(&world.admin).await.unwrap().is_empty() {} };
        tokio::time::timeout(PATIENCE, written).await.expect("the mail is written meanwhile");
        assert_eq!(storage.files().len(), 1, "the other one still waits for the storage");
        drop(gate);
        stop.cancel();
        worker.await.unwrap();
        assert_eq!(storage.files().len(), 2);
        assert_eq!(store::counts(&world.app.db).await.unwrap(), (0, 0));
    }

    async fn a_stopping_server_finishes_the_job_it_began_and_leaves_the_rest(test: TestDb) {
        let storage = Storage::start().await;
        let world = World::with_storage(test, storage.url(""), Clock::System).await;
        send_picture(&world).await;
        let gate = storage.hold().await;
        let stop = CancellationToken::new();
        let asked = storage.asked();
        let worker = tokio::spawn(runner::work(world.app.clone(), stop.clone()));
        asked.await;
        stop.cancel();
        let system = world.app.system();
        session::reset::request(&system, "ana@example.com").await.unwrap();
        assert!(!worker.is_finished());
        drop(gate);
        worker.await.unwrap();
        assert_eq!(storage.files().len(), 2, "the small picture is there");
        // What came after the word to stop is done by the next.
        assert_eq!(store::counts(&world.app.db).await.unwrap(), (1, 0));
        let health = world.send(Request::get("/health").body(Body::empty()).unwrap()).await.ok();
        assert_eq!(health["queue"], json!({"ready": 1, "dead": 0}));
        assert_eq!(runner::run_due(&system).await.unwrap(), 1);
    }
}
