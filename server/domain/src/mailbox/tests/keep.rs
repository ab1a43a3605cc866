use std::sync::atomic::Ordering;

use model::{InboxId, Role};
use post::{Dialer, Trouble};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use model::mailbox::{AfterReading, Back, Connection, Security};

use super::super::connect::connect;
use super::super::keep::{read_due, read_through};
use super::super::store;
use super::{mail, mailbox};
use crate::Ctx;
use crate::clock::Clock;
use crate::job;
use crate::testing::{NOW, app, app_at, installed, member};

const MINUTE: i64 = 60_000;

/// An IMAP server with two mails and one password.
async fn server() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let _ = stream.get_mut().write_all(b"* OK ready\r\n").await;
            let mut line = String::new();
            while stream.read_line(&mut line).await.unwrap_or_default() > 0 {
                let answer = answer(line.trim_end());
                let _ = stream.get_mut().write_all(&answer).await;
                line.clear();
            }
        }
    });
    port
}

fn answer(line: &str) -> Vec<u8> {
    let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
    let listed = "* 1 FETCH (UID 1 RFC822.SIZE 300)\r\n* 2 FETCH (UID 2 RFC822.SIZE 300)\r\n";
    let said = match command {
        "CAPABILITY" => "* CAPABILITY IMAP4rev1\r\n".to_owned(),
        "EXAMINE INBOX" => "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 3] ok\r\n".to_owned(),
        fetch if fetch.contains("RFC822.SIZE") => listed.to_owned(),
        fetch if fetch.contains("BODY.PEEK") => [1, 2].iter().map(body).collect(),
        login if login.starts_with("LOGIN") && !login.ends_with("\"geheim\"") => {
            return format!("{tag} NO [AUTHENTICATIONFAILED] Not you.\r\n").into_bytes();
        }
        _ => String::new(),
    };
    format!("{said}{tag} OK done\r\n").into_bytes()
}

fn body(uid: &u32) -> String {
    let mail = mail(&format!("{uid}@c"), "", "Oi");
    format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{})\r\n", mail.len(), String::from_utf8_lossy(&mail))
}

fn connection(port: u16) -> Connection {
    Connection {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: Security::None,
        check_certificate: true,
        user: "suporte".to_owned(),
        how_far: Back::All,
        after: AfterReading::Leave,
    }
}

fn anywhere() -> Dialer {
    Dialer::new(|_| true)
}

async fn row(ctx: &Ctx, admin: &Ctx, inbox: InboxId) -> store::connection::Row {
    let account = admin.agent().unwrap().account_id;
    store::connection::find(ctx.db(), account, inbox).await.unwrap().unwrap()
}

db::db_test! {
    async fn a_connected_mailbox_is_read(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let port = server().await;
        connect(&admin, &anywhere(), inbox.inbox_id, connection(port), Some("geheim")).await.unwrap().unwrap();
        // Nobody who reads the database learns the password.
        let kept = row(&ctx, &admin, inbox.inbox_id).await;
        assert!(!String::from_utf8_lossy(&kept.secrets).contains("geheim") && !kept.config.0.to_string().contains("geheim"));
        read_through(&ctx, &anywhere(), inbox.account_id, inbox.inbox_id).await.unwrap();
        let mark = store::mark(ctx.db(), inbox.account_id, inbox.inbox_id).await.unwrap().unwrap();
        assert_eq!((mark.last_uid, mark.taken), (2, 2));
        let kept = row(&ctx, &admin, inbox.inbox_id).await;
        assert_eq!((kept.trouble, kept.failures, kept.retry_at), (None, 0, NOW + MINUTE));
    }

    async fn wrong_credentials_are_not_kept(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let port = server().await;
        let refused = connect(&admin, &anywhere(), inbox.inbox_id, connection(port), Some("wrong")).await.unwrap();
        assert_eq!(refused, Err(Trouble::LoginRefused { said: "[AUTHENTICATIONFAILED] Not you.".to_owned() }));
        let inner = connect(&admin, &Dialer::new(post::is_public), inbox.inbox_id, connection(port), Some("geheim")).await.unwrap();
        assert!(matches!(inner, Err(Trouble::Forbidden { .. })));
        let nowhere = Connection { host: String::new(), ..connection(port) };
        assert!(connect(&admin, &anywhere(), inbox.inbox_id, nowhere, Some("geheim")).await.is_err());
        let agent = member(&admin, "rui@example.com", Role::Agent).await;
        assert!(connect(&agent, &anywhere(), inbox.inbox_id, connection(port), Some("geheim")).await.is_err());
        assert!(store::connection::find(ctx.db(), inbox.account_id, inbox.inbox_id).await.unwrap().is_none());
    }

    async fn trouble_is_noted_and_waited_out(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let port = server().await;
        connect(&admin, &anywhere(), inbox.inbox_id, connection(port), Some("geheim")).await.unwrap().unwrap();
        let refusing = Dialer::new(|_| false);
        for failures in 1..=2 {
            read_through(&ctx, &refusing, inbox.account_id, inbox.inbox_id).await.unwrap();
            let kept = row(&ctx, &admin, inbox.inbox_id).await;
            assert_eq!((kept.trouble.as_deref(), kept.failures), (Some("forbidden"), failures));
            assert!(kept.retry_at > NOW + MINUTE && kept.trouble_said.unwrap().contains("127.0.0.1"));
        }
        assert_eq!(store::connection::due(ctx.db(), NOW, 10).await.unwrap(), []);
        hand.fetch_add(61 * MINUTE, Ordering::SeqCst);
        assert_eq!(store::connection::due(ctx.db(), ctx.now(), 10).await.unwrap(), [(inbox.account_id, inbox.inbox_id)]);
        // Once, however often it is looked for.
        read_due(&ctx).await.unwrap();
        read_due(&ctx).await.unwrap();
        let claimed = job::store::claim(ctx.db(), "worker", ctx.now(), MINUTE, 100).await.unwrap();
        assert_eq!(claimed.iter().filter(|claimed| claimed.payload.0["kind"] == "read_mailbox").count(), 1);
        read_through(&ctx, &anywhere(), inbox.account_id, inbox.inbox_id).await.unwrap();
        assert_eq!(row(&ctx, &admin, inbox.inbox_id).await.trouble, None);
    }
}
