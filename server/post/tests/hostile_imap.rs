//! Servers that hang, close, lie or never end: each in a typed error, in bounded time and memory.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

mod support;

use std::time::Duration;

use post::{Contents, Credentials, Encryption, HowFar, Mailbox, Mark, ReadLimits, Server, Trouble, Wake, check_imap};
use support::hasty;
use support::script::{imap, serve};

fn server(port: u16) -> Server {
    Server::new("127.0.0.1", port, Encryption::None)
}

fn credentials() -> Credentials {
    Credentials::password("ana", "x")
}

async fn open(port: u16) -> Result<Mailbox, Trouble> {
    Mailbox::open(&hasty(), &server(port), &credentials()).await
}

const MARK: Mark = Mark { uid_validity: 7, last_uid: 0 };

#[tokio::test]
async fn every_greeting_ends_in_time() {
    let hanging = serve(|mut line| async move { line.hang().await }).await;
    assert_eq!(
        check_imap(&hasty(), &server(hanging), &credentials()).await,
        Err(Trouble::TimedOut { doing: "waiting for the greeting" })
    );
    let closing = serve(|_| async {}).await;
    assert_eq!(
        check_imap(&hasty(), &server(closing), &credentials()).await,
        Err(Trouble::Closed { said: String::new() })
    );
    let busy = serve(|mut line| async move { line.say("* BYE Too many simultaneous connections").await }).await;
    assert!(matches!(open(busy).await, Err(Trouble::Throttled { .. })));
    let web = serve(|mut line| async move {
        line.say("HTTP/1.1 400 Bad Request\r\n\r\n<html>").await;
        line.hang().await;
    });
    assert!(matches!(open(web.await).await, Err(Trouble::Nonsense { reason }) if reason.contains("HTTP/1.1 400")));
    let endless = serve(|mut line| async move {
        loop {
            line.send(&[b'x'; 4096]).await;
        }
    });
    assert_eq!(open(endless.await).await.err(), Some(Trouble::TooLarge));
    let tls = serve(|mut line| async move {
        line.send(&[0x15, 0x03, 0x01, 0, 2, 2, 40]).await;
        line.hang().await;
    });
    assert_eq!(open(tls.await).await.err(), Some(Trouble::OnlyTls));
}

#[tokio::test]
async fn nothing_said_before_encryption_counts() {
    let injecting = serve(|mut line| async move {
        line.say("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready").await;
        while let Some((tag, command)) =
            line.hear().await.split_once(' ').map(|(tag, command)| (tag.to_owned(), command.to_owned()))
        {
            match command.as_str() {
                "CAPABILITY" => line.say(&format!("* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK")).await,
                _ => line.send(format!("{tag} OK go\r\n* OK injected\r\n").as_bytes()).await,
            }
        }
    });
    let server = Server::new("127.0.0.1", injecting.await, Encryption::StartTls);
    let outcome = check_imap(&hasty(), &server, &credentials()).await;
    assert!(
        matches!(&outcome, Err(Trouble::Nonsense { reason }) if reason.contains("before encryption")),
        "{outcome:?}"
    );

    let without = serve(|mut line| async move {
        line.say("* OK ready").await;
        let tag = line.hear().await.split(' ').next().unwrap_or_default().to_owned();
        line.say(&format!("* CAPABILITY IMAP4rev1\r\n{tag} OK")).await;
        assert_eq!(line.hear().await, "", "a password without encryption");
    });
    let server = Server::new("127.0.0.1", without.await, Encryption::StartTls);
    assert_eq!(check_imap(&hasty(), &server, &credentials()).await, Err(Trouble::NoStartTls));
}

#[tokio::test]
async fn a_gigabyte_is_not_taken() {
    for announced in ["{1073741824}", "{500000000}", "{99999999999999999999}"] {
        let huge = imap(1, move |mut line, _, _| async move {
            line.say(&format!("* 1 FETCH (UID 1 BODY[] {announced}")).await;
            line.send(&[b'x'; 65_536]).await;
            line.hang().await;
            None
        });
        let mut mailbox = open(huge.await).await.unwrap();
        assert_eq!(mailbox.read(MARK, ReadLimits::default()).await, Err(Trouble::TooLarge), "{announced}");
    }
    let endless = imap(1, |mut line, _, _| async move {
        loop {
            line.send(b"* 1 FETCH (FLAGS (\\Seen) UID 1 RFC822.SIZE 1)\r\n").await;
        }
    });
    let mut mailbox = open(endless.await).await.unwrap();
    assert!(matches!(mailbox.read(MARK, ReadLimits::default()).await, Err(Trouble::TimedOut { .. })));
    let long = imap(1, |mut line, _, _| async move {
        loop {
            line.send(&b"* SEARCH 1 2 3 4 5 6 7 8 9".repeat(100)).await;
        }
    });
    let mut mailbox = open(long.await).await.unwrap();
    assert!(mailbox.read(MARK, ReadLimits::default()).await.is_err());
}

#[tokio::test]
async fn refusals_and_goodbyes_are_not_ends() {
    let throttling = imap(1, |mut line, tag, _| async move {
        line.say(&format!("{tag} NO [UNAVAILABLE] Request is throttled. Suggested Backoff Time: 5000 milliseconds"))
            .await;
        Some(line)
    });
    let mut mailbox = open(throttling.await).await.unwrap();
    let Err(Trouble::Throttled { wait, .. }) = mailbox.read(MARK, ReadLimits::default()).await else {
        panic!("taken for an empty mailbox")
    };
    assert_eq!(wait, Some(Duration::from_secs(5)));

    let leaving = imap(1, |mut line, _, _| async move {
        line.say("* BYE Server shutting down").await;
        None
    });
    let mut mailbox = open(leaving.await).await.unwrap();
    assert_eq!(
        mailbox.read(MARK, ReadLimits::default()).await,
        Err(Trouble::Closed { said: "Server shutting down".to_owned() })
    );

    let cutting = imap(1, |mut line, _, _| async move {
        line.send(b"* 1 FETCH (UID 1 BODY[] {100}\r\nhalf").await;
        None
    });
    let mut mailbox = open(cutting.await).await.unwrap();
    assert_eq!(mailbox.read(MARK, ReadLimits::default()).await, Err(Trouble::Closed { said: String::new() }));

    let babbling = imap(1, |mut line, _, _| async move {
        line.send(b"\0\xff\xfe nonsense\r\n").await;
        line.hang().await;
        None
    });
    let mut mailbox = open(babbling.await).await.unwrap();
    assert!(matches!(mailbox.read(MARK, ReadLimits::default()).await, Err(Trouble::Nonsense { .. })));
}

#[tokio::test]
async fn lies_lose_nothing() {
    // Lists a mail and never hands it out; speaks of mails nobody asked for; repeats itself.
    let lying = imap(3, |mut line, tag, command| async move {
        if command.contains("RFC822.SIZE") {
            line.say("* 9 FETCH (FLAGS ())\r\n* 1 FETCH (UID 1 RFC822.SIZE 10 FLAGS ())\r\n* 2 FETCH (UID 2 RFC822.SIZE 4000000000 FLAGS (\\Seen))").await;
            line.say("* 1 FETCH (UID 1 RFC822.SIZE 10 FLAGS ())").await;
        } else if command.contains("<0.") {
            line.say("* 2 FETCH (UID 2 BODY[]<0> {5}\r\nhello)").await;
        } else {
            line.say("* 1 FETCH (UID 4711 BODY[] {3}\r\nabc)\r\n* 1 FETCH (UID 1 BODY[] NIL)").await;
        }
        line.say(&format!("{tag} OK done")).await;
        Some(line)
    });
    let mut mailbox = open(lying.await).await.unwrap();
    let batch = mailbox.read(MARK, ReadLimits::default()).await.unwrap();
    let contents: Vec<_> = batch.mails.iter().map(|mail| (mail.uid, mail.contents.clone())).collect();
    assert_eq!(contents, [(1, Contents::Withheld), (2, Contents::Beginning(b"hello".to_vec()))]);
    assert_eq!((batch.mark.last_uid, batch.more), (2, false));
}

#[tokio::test]
async fn waiting_survives_what_servers_do() {
    let deaf = imap(1, |mut line, _, command| async move {
        assert_eq!(command, "IDLE");
        line.hang().await;
        None
    });
    assert!(matches!(
        open(deaf.await).await.unwrap().wait(Duration::from_secs(5)).await,
        Err(Trouble::TimedOut { .. })
    ));
    for refusal in ["BAD", "NO", "BAD what?"] {
        let refusing = imap(1, move |mut line, tag, _| async move {
            line.say(&format!("{tag} {refusal}")).await;
            Some(line)
        });
        let outcome = open(refusing.await).await.unwrap().wait(Duration::from_secs(5)).await;
        assert!(matches!(outcome, Err(Trouble::Refused { .. })), "{refusal}: {outcome:?}");
    }
    let talking = imap(1, |mut line, tag, _| async move {
        line.say("+ idling\r\n* OK still here\r\n* 1 EXPUNGE\r\n* 0 RECENT\r\n* 1 EXISTS").await;
        assert_eq!(line.hear().await, "DONE");
        line.say(&format!("{tag} OK done")).await;
        Some(line)
    });
    assert_eq!(open(talking.await).await.unwrap().wait(Duration::from_secs(5)).await, Ok(Wake::News));
}

#[tokio::test]
async fn searches_over_wide_numbers_end() {
    let sparse = imap(4_000_000_000, |mut line, tag, command| async move {
        if command.contains("3999") {
            line.say("* SEARCH 3999999999 5").await;
        }
        line.say(&format!("{tag} OK done")).await;
        Some(line)
    });
    let mut mailbox = open(sparse.await).await.unwrap();
    let begin = mailbox.begin(&HowFar::Since("01-Nov-2026".to_owned())).await.unwrap();
    assert!(begin.waiting <= 1, "{begin:?}");
    let outcome = mailbox.read(MARK, ReadLimits::default()).await.unwrap();
    assert!(outcome.mails.is_empty());
}
