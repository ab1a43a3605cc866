use std::sync::{Arc, Mutex};

use model::Role;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::{job, session, testing};

db::db_test! {
    async fn unsent_mail_is_for_administrators_of_nobody_elses_people(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let bia = testing::member(&ana, "bia@example.com", Role::Supervisor).await;
        let leo = testing::another_account(&app, "leo@example.com").await;
        job::runner::run_due(&app.system()).await.unwrap();
        let invitations = kept(&ana).await.unwrap();
        assert_eq!(invitations.len(), 1);
        assert_eq!(invitations[0].to, "bia@example.com");
        assert!(kept(&bia).await.is_err());
        assert!(kept(&leo).await.unwrap().is_empty());

        // Somebody who works for two companies: neither may take over what they do at the other.
        testing::member(&leo, "bia@example.com", Role::Agent).await;
        session::reset::request(&app.anonymous(), "bia@example.com").await.unwrap();
        job::runner::run_due(&app.system()).await.unwrap();
        assert!(kept(&ana).await.unwrap().is_empty());
        assert!(kept(&leo).await.unwrap().is_empty());
    }

    async fn a_mail_is_told_in_both_forms_by_a_program(test: TestDb) {
        let server = Server::start(&["250 ok"]).await;
        let ctx = ready(&test, &server).await;
        job::runner::run_due(&ctx).await.unwrap();
        let mails = server.taken();
        assert_eq!(mails.len(), 1);
        let mail = mails[0].replace("\r\n ", " ");
        for part in ["To: bia <bia@example.com>", "From: Loja <chat@loja.example>", "Auto-Submitted: auto-generated", "@loja.example>",
            "multipart/alternative", "text/plain", "text/html", "/app/"] {
            assert!(mail.contains(part), "{part}: {mail}");
        }
    }

    async fn a_no_for_good_is_not_asked_again_and_a_passing_one_is(test: TestDb) {
        let server = Server::start(&["451 4.3.0 Busy.", "554 5.7.1 Spam."]).await;
        let ctx = ready(&test, &server).await;
        job::runner::run_due(&ctx).await.unwrap();
        assert_eq!(job::store::counts(&ctx.app.db).await.unwrap(), (1, 0));
        let soon = "update jobs set run_at = 0";
        db::Builder::new(soon).build().execute(ctx.app.db.writer()).await.unwrap();
        job::runner::run_due(&ctx).await.unwrap();
        assert_eq!((job::store::counts(&ctx.app.db).await.unwrap(), server.taken().len()), ((0, 0), 2));
    }
}

/// A company with an invitation that is to be sent.
async fn ready(test: &db::testing::TestDb, server: &Server) -> Ctx {
    let mut settings = testing::app(test).settings.clone();
    settings.smtp_url = Some(format!("smtp://127.0.0.1:{}", server.port));
    settings.mail_from = "Loja <chat@loja.example>".to_owned();
    let app = crate::App::new(test.db.clone(), settings, crate::clock::Clock::System).unwrap();
    let ana = testing::installed(&app).await;
    testing::member(&ana, "bia@example.com", Role::Agent).await;
    app.system()
}

/// A server that hears mails and says of each what it is told to.
#[derive(Clone)]
struct Server {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(ends: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), taken: Arc::default() };
        let taken = server.taken.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(hear(BufReader::new(stream), ends, taken.clone()));
            }
        });
        server
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

async fn hear(mut stream: BufReader<TcpStream>, ends: &'static [&'static str], taken: Arc<Mutex<Vec<String>>>) {
    let mut line = String::new();
    let _ = stream.get_mut().write_all(b"220 ready\r\n").await;
    while stream.read_line(&mut line).await.unwrap_or_default() > 0 {
        let said = match line.trim() {
            "DATA" => {
                let _ = stream.get_mut().write_all(b"354 go on\r\n").await;
                let mut text = String::new();
                while stream.read_line(&mut text).await.unwrap_or_default() > 0 && !text.ends_with("\r\n.\r\n") {}
                let mut taken = taken.lock().unwrap();
                taken.push(text);
                ends.get(taken.len() - 1).copied().unwrap_or("250 ok")
            }
            _ => "250 ok",
        };
        let _ = stream.get_mut().write_all(format!("{said}\r\n").as_bytes()).await;
        line.clear();
    }
}
