use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::mailbox::{AfterReading, Back, Connection, Security};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::super::connect::connect;
use super::super::watch::{Pace, watch as watch_mailboxes};
use super::super::{MailInbox, store};
use super::{mail, mailbox};
use crate::Ctx;
use crate::testing::{app, installed};

/// A server that tells of news, and counts who waits for it.
#[derive(Clone)]
struct Server {
    mails: Arc<Mutex<u32>>,
    news: watch::Sender<u32>,
    waiting: Arc<AtomicUsize>,
    port: u16,
}

impl Server {
    async fn start(mails: u32) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server =
            Self { mails: Arc::new(Mutex::new(mails)), news: watch::Sender::new(mails), waiting: Arc::default(), port };
        let listening = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(listening.clone().visit(BufReader::new(stream)));
            }
        });
        server
    }

    fn receive(&self) {
        let count = {
            let mut mails = self.mails.lock().unwrap();
            *mails += 1;
            *mails
        };
        self.news.send_replace(count);
    }

    async fn visit(self, mut stream: BufReader<TcpStream>) {
        // What this visitor knows of: news are whatever came since they were last told, also on the way to IDLE (RFC 2177).
        let (mut line, mut told) = (String::new(), 0);
        let _ = stream.get_mut().write_all(b"* OK ready\r\n").await;
        while stream.read_line(&mut line).await.unwrap_or_default() > 0 {
            let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
            let count = *self.mails.lock().unwrap();
            let said = match command {
                "CAPABILITY" => "* CAPABILITY IMAP4rev1 IDLE\r\n".to_owned(),
                "EXAMINE INBOX" => {
                    told = count;
                    format!("* {count} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {}] ok\r\n", count + 1)
                }
                "NOOP" => {
                    told = count;
                    format!("* {count} EXISTS\r\n")
                }
                "IDLE" => {
                    self.waiting.fetch_add(1, Ordering::SeqCst);
                    told = self.idle(&mut stream, told).await;
                    self.waiting.fetch_sub(1, Ordering::SeqCst);
                    String::new()
                }
                fetch if fetch.contains("RFC822.SIZE") => {
                    (1..=count).map(|uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE 300)\r\n")).collect()
                }
                fetch if fetch.contains("BODY.PEEK") => (1..=count).map(body).collect(),
                _ => String::new(),
            };
            let _ = stream.get_mut().write_all(format!("{said}{tag} OK done\r\n").as_bytes()).await;
            line.clear();
        }
    }

    /// Tells of news until the client has enough. How many mails it knows of then.
    async fn idle(&self, stream: &mut BufReader<TcpStream>, known: u32) -> u32 {
        let _ = stream.get_mut().write_all(b"+ idling\r\n").await;
        let mut news = self.news.subscribe();
        let mut done = String::new();
        let count = tokio::select! {
            found = news.wait_for(|count| *count > known) => found.map(|count| *count).unwrap_or(known),
            _ = stream.read_line(&mut done) => return known,
        };
        let _ = stream.get_mut().write_all(format!("* {count} EXISTS\r\n").as_bytes()).await;
        let _ = stream.read_line(&mut done).await;
        count
    }
}

fn body(uid: u32) -> String {
    let mail = mail(&format!("{uid}@c"), "", "Oi");
    format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{})\r\n", mail.len(), String::from_utf8_lossy(&mail))
}

/// Comes back once so many mails are stored.
async fn stored(ctx: &Ctx, inbox: &MailInbox, wanted: i64) {
    let looking = async {
        loop {
            let mark = store::mark(ctx.db(), inbox.account_id, inbox.inbox_id).await.unwrap();
            if mark.is_some_and(|mark| mark.last_uid == wanted) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), looking).await.unwrap();
}

db::db_test! {
    async fn news_are_read_at_once_and_by_one_node(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Server::start(2).await;
        let connection = Connection {
            host: "127.0.0.1".to_owned(), port: server.port, encryption: Security::None, check_certificate: true,
            user: "suporte".to_owned(), how_far: Back::All, after: AfterReading::Leave,
        };
        connect(&admin, &app.mail, inbox.inbox_id, connection, Some("geheim")).await.unwrap().unwrap();
        let pace = Pace { look: Duration::from_millis(20), wait: Duration::from_secs(30), lease: 100_000 };
        let stop = CancellationToken::new();
        let nodes: Vec<_> = (0..2).map(|_| tokio::spawn(watch_mailboxes(app.clone(), pace, stop.clone()))).collect();
        stored(&ctx, &inbox, 2).await;
        for wanted in 3..6 {
            server.receive();
            stored(&ctx, &inbox, wanted).await;
        }
        assert!(server.waiting.load(Ordering::SeqCst) <= 1);
        // Whoever looks every minute leaves it alone.
        assert_eq!(store::connection::due(ctx.db(), ctx.now() + 60_000, 10).await.unwrap(), []);
        stop.cancel();
        for node in nodes {
            node.await.unwrap();
        }
        let due = store::connection::due(ctx.db(), ctx.now() + 60_000, 10).await.unwrap();
        assert_eq!(due, [(inbox.account_id, inbox.inbox_id)]);
    }
}
