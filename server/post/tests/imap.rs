//! Reading from a real Dovecot.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

mod support;

use std::time::Duration;

use post::{
    CertificateFault, Contents, Continuation, Credentials, Dialer, Encryption, HowFar, Mailbox, Mark, Method,
    ReadLimits, Server, Settle, Trouble, Wake, check_imap,
};
use support::dovecot::{Dovecot, Options, PASSWORD};
use support::provider::StandIn;
use support::{dialer, hasty};

const USER: &str = "ana@lume.example";

fn dovecot() -> Dovecot {
    Dovecot::start(&Options { token_info: None })
}

fn server(dovecot: &Dovecot) -> Server {
    Server::new("localhost", dovecot.imaps, Encryption::Tls)
}

async fn open(dovecot: &Dovecot) -> Mailbox {
    Mailbox::open(&dialer(), &server(dovecot), &Credentials::password(USER, PASSWORD)).await.unwrap()
}

fn mail(number: usize, bytes: usize) -> Vec<u8> {
    let line = format!("{}\r\n", "x".repeat(70));
    format!(
        "From: c@cliente.example\r\nSubject: {number}\r\nMessage-ID: <{number}@cliente.example>\r\n\r\n{}",
        line.repeat(bytes / 72)
    )
    .into_bytes()
}

fn subjects(mails: &[post::Mail]) -> Vec<String> {
    let subject = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.split_once("Subject: ").unwrap().1.lines().next().unwrap().to_owned()
    };
    let of = |mail: &post::Mail| match &mail.contents {
        Contents::Whole(bytes) => subject(bytes),
        Contents::Beginning(bytes) => format!("{} cut at {}", subject(bytes), bytes.len()),
        Contents::Withheld => "withheld".to_owned(),
    };
    mails.iter().map(of).collect()
}

/// Everything after the mark, batch by batch.
async fn read_all(mailbox: &mut Mailbox, mut mark: Mark, limits: ReadLimits) -> (Vec<post::Mail>, Mark, usize) {
    let (mut mails, mut batches) = (Vec::new(), 0);
    loop {
        let batch = mailbox.read(mark, limits).await.unwrap();
        mark = batch.mark;
        batches += 1;
        mails.extend(batch.mails);
        if !batch.more {
            return (mails, mark, batches);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_read_once_and_nothing_is_changed() {
    let dovecot = dovecot();
    dovecot.deliver(USER, &(1..=7).map(|number| mail(number, 200)).collect::<Vec<_>>());
    let mut mailbox = open(&dovecot).await;
    assert!(mailbox.can_idle());
    let begin = mailbox.begin(&HowFar::All).await.unwrap();
    assert_eq!((begin.mark.last_uid, begin.waiting), (0, 7));
    let (mails, mark, batches) =
        read_all(&mut mailbox, begin.mark, ReadLimits { mails: 3, ..ReadLimits::default() }).await;
    assert_eq!(subjects(&mails), ["1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!((mark.last_uid, batches), (7, 3));
    assert!(mails.iter().all(|mail| !mail.seen && mail.received.is_some() && mail.size > 200));
    let (again, same, _) = read_all(&mut mailbox, mark, ReadLimits::default()).await;
    assert!(again.is_empty() && same == mark);

    // Others delete and add in between, also while we are connected.
    let mut other = dovecot.other(USER);
    other.run("SELECT INBOX");
    other.run("STORE 1:7 +FLAGS (\\Deleted)");
    other.run("EXPUNGE");
    other.append(&mail(8, 100));
    let (news, mark, _) = read_all(&mut mailbox, mark, ReadLimits::default()).await;
    assert_eq!((subjects(&news), mark.last_uid), (vec!["8".to_owned()], 8));
    mailbox.close().await;
    let unseen = dovecot.other(USER).run("STATUS INBOX (UNSEEN MESSAGES)");
    assert!(unseen[0].contains("MESSAGES 1") && unseen[0].contains("UNSEEN 1"), "{unseen:?}");

    // A connection later the mark still holds.
    let mut mailbox = open(&dovecot).await;
    assert_eq!(mailbox.continuation(mark), Continuation::Continues);
    assert!(mailbox.read(mark, ReadLimits::default()).await.unwrap().mails.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_begins_as_far_back_as_wanted() {
    let dovecot = dovecot();
    let mut other = dovecot.other(USER);
    for (number, date) in [(1, "01-Jan-2026"), (2, "10-Nov-2026"), (3, "20-Nov-2026")] {
        other.append_dated(&mail(number, 100), &format!("{date} 12:00:00 +0000"));
    }
    let mut mailbox = open(&dovecot).await;
    let nothing = mailbox.begin(&HowFar::Nothing).await.unwrap();
    assert_eq!((nothing.mark.last_uid, nothing.waiting), (3, 0));
    let some = mailbox.begin(&HowFar::Since("10-Nov-2026".to_owned())).await.unwrap();
    assert_eq!((some.mark.last_uid, some.waiting), (1, 2));
    let (mails, ..) = read_all(&mut mailbox, some.mark, ReadLimits::default()).await;
    assert_eq!(subjects(&mails), ["2", "3"]);
    let none = mailbox.begin(&HowFar::Since("21-Nov-2026".to_owned())).await.unwrap();
    assert_eq!((none.mark.last_uid, none.waiting), (3, 0));
    assert!(mailbox.begin(&HowFar::Since("1-Jan-2026 LOGOUT\r\nx".to_owned())).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn large_mails_are_cut_and_batches_stay_small() {
    let dovecot = dovecot();
    dovecot.deliver(USER, &[mail(1, 40_000), mail(2, 300_000), mail(3, 40_000), mail(4, 40_000), mail(5, 40_000)]);
    let mut mailbox = open(&dovecot).await;
    let mark = mailbox.begin(&HowFar::All).await.unwrap().mark;
    let limits = ReadLimits { bytes: 100_000, largest: 200_000, beginning: 5_000, ..ReadLimits::default() };
    let (mails, _, batches) = read_all(&mut mailbox, mark, limits).await;
    assert_eq!(subjects(&mails), ["1", "2 cut at 5000", "3", "4", "5"]);
    assert_eq!(batches, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_numbered_anew_are_noticed() {
    let dovecot = dovecot();
    dovecot.deliver(USER, &[mail(1, 100), mail(2, 100)]);
    let mut mailbox = open(&dovecot).await;
    let begin = mailbox.begin(&HowFar::All).await.unwrap();
    let (_, mark, _) = read_all(&mut mailbox, begin.mark, ReadLimits::default()).await;
    mailbox.close().await;
    dovecot.renumber(USER);
    let mut mailbox = open(&dovecot).await;
    assert_eq!(mailbox.continuation(mark), Continuation::Renumbered);
    assert!(mailbox.read(mark, ReadLimits::default()).await.is_err());
    let begin = mailbox.begin(&HowFar::All).await.unwrap();
    assert_eq!(read_all(&mut mailbox, begin.mark, ReadLimits::default()).await.0.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn news_are_told_while_waiting() {
    let dovecot = dovecot();
    dovecot.deliver(USER, &[mail(1, 100)]);
    let mut mailbox = open(&dovecot).await;
    let mark = mailbox.begin(&HowFar::Nothing).await.unwrap().mark;
    assert_eq!(mailbox.wait(Duration::from_millis(50)).await.unwrap(), Wake::Quiet);
    let (woken, ()) = tokio::join!(mailbox.wait(Duration::from_secs(30)), async {
        let dovecot = &dovecot;
        tokio::task::block_in_place(|| dovecot.deliver(USER, &[mail(2, 100)]));
    });
    assert_eq!(woken.unwrap(), Wake::News);
    assert_eq!(subjects(&mailbox.read(mark, ReadLimits::default()).await.unwrap().mails), ["2"]);
    // The connection goes on after any number of waits.
    for _ in 0..3 {
        assert_eq!(mailbox.wait(Duration::from_millis(20)).await.unwrap(), Wake::Quiet);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_in_works() {
    let dovecot = dovecot();
    let ways =
        [(dovecot.imaps, Encryption::Tls), (dovecot.imap, Encryption::StartTls), (dovecot.imap, Encryption::None)];
    for (port, encryption) in ways {
        for method in [Method::Any, Method::Plain, Method::Login] {
            let server = Server::new("localhost", port, encryption);
            // LOGIN takes ASCII only.
            let password = if method == Method::Login { "ascii" } else { PASSWORD };
            let user = if method == Method::Login { "ascii@lume.example" } else { USER };
            let credentials = Credentials::Password { user: user.to_owned(), password: password.to_owned(), method };
            let outcome = check_imap(&dialer(), &server, &credentials).await;
            assert!(outcome.is_ok(), "{encryption:?} {method:?}: {outcome:?}\n{}", dovecot.log());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_is_named() {
    let dovecot = dovecot();
    let good = Credentials::password(USER, PASSWORD);
    let tls = server(&dovecot);
    let wrong = check_imap(&dialer(), &tls, &Credentials::password(USER, "wrong")).await;
    let said = "[AUTHENTICATIONFAILED] Authentication failed.".to_owned();
    assert_eq!(wrong, Err(Trouble::LoginRefused { said }));
    let plain = Server::new("localhost", dovecot.imap, Encryption::Tls);
    assert_eq!(check_imap(&dialer(), &plain, &good).await, Err(Trouble::NotTls));
    for encryption in [Encryption::StartTls, Encryption::None] {
        let server = Server::new("localhost", dovecot.imaps, encryption);
        assert_eq!(check_imap(&hasty(), &server, &good).await, Err(Trouble::OnlyTls));
    }
    let host = Server::new("nothing.invalid", 993, Encryption::Tls);
    assert!(matches!(check_imap(&dialer(), &host, &good).await, Err(Trouble::HostNotFound { .. })));
    // The authority of the tests is nobody's but theirs; and the certificate is for `localhost`.
    let strangers = Dialer::new(|_| true);
    let outcome = check_imap(&strangers, &tls, &good).await;
    assert!(matches!(outcome, Err(Trouble::Certificate { fault: CertificateFault::UnknownIssuer, .. })), "{outcome:?}");
    let by_address = Server::new("127.0.0.1", dovecot.imaps, Encryption::Tls);
    let outcome = check_imap(&dialer(), &by_address, &good).await;
    assert!(matches!(outcome, Err(Trouble::Certificate { fault: CertificateFault::WrongName, .. })), "{outcome:?}");
    let trusting = Server { check_certificate: false, ..by_address };
    assert!(check_imap(&strangers, &trusting, &good).await.is_ok());
    let guarded = Dialer::new(post::is_public);
    assert!(matches!(check_imap(&guarded, &tls, &good).await, Err(Trouble::Forbidden { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_open_the_mailbox() {
    let provider = StandIn::start(USER, false).await;
    let dovecot = Dovecot::start(&Options { token_info: Some(&format!("{}/introspect", provider.base)) });
    let outcome = check_imap(&dialer(), &server(&dovecot), &Credentials::token(USER, &provider.access())).await;
    assert!(outcome.is_ok(), "{outcome:?}\n{}", dovecot.log());
    let refused = check_imap(&dialer(), &server(&dovecot), &Credentials::token(USER, "old")).await;
    assert!(
        matches!(&refused, Err(Trouble::LoginRefused { said }) if said.contains("AUTHENTICATIONFAILED")),
        "{refused:?}"
    );
    let other =
        check_imap(&dialer(), &server(&dovecot), &Credentials::token("bia@lume.example", &provider.access())).await;
    assert!(matches!(other, Err(Trouble::LoginRefused { .. })), "{other:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_mails_come_in_order() {
    let dovecot = dovecot();
    dovecot.deliver(USER, &(1..=1_200).map(|number| mail(number, 300)).collect::<Vec<_>>());
    let mut mailbox = open(&dovecot).await;
    let begin = mailbox.begin(&HowFar::All).await.unwrap();
    let (mails, mark, _) = read_all(&mut mailbox, begin.mark, ReadLimits::default()).await;
    assert_eq!(mails.len(), 1_200);
    assert!(mails.windows(2).all(|pair| pair[0].uid < pair[1].uid));
    assert_eq!(mark.last_uid, 1_200);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_marked_and_deleted_only_when_asked() {
    let dovecot = dovecot();
    dovecot.deliver(USER, &(1..=4).map(|number| mail(number, 300)).collect::<Vec<_>>());
    let mut mailbox = open(&dovecot).await;
    let begin = mailbox.begin(&HowFar::All).await.unwrap();
    let (mails, mark, _) = read_all(&mut mailbox, begin.mark, ReadLimits::default()).await;
    let mut other = dovecot.other(USER);
    other.run("SELECT INBOX");
    let found = |lines: Vec<String>| lines.into_iter().find(|line| line.starts_with("* SEARCH")).unwrap();
    assert_eq!(found(other.run("UID SEARCH SEEN")).trim(), "* SEARCH");
    // Somebody marked one for deletion themselves: that is theirs to finish.
    other.run("UID STORE 4 +FLAGS (\\Deleted)");
    mailbox.settle(&[mails[0].uid], Settle::MarkRead).await.unwrap();
    mailbox.settle(&[mails[1].uid, 99], Settle::Delete).await.unwrap();
    mailbox.settle(&[mails[1].uid], Settle::Delete).await.unwrap();
    // Another connection hears of it when it asks for news.
    other.run("NOOP");
    assert_eq!(found(other.run("UID SEARCH SEEN")).trim(), "* SEARCH 1");
    assert_eq!(found(other.run("UID SEARCH ALL")).trim(), "* SEARCH 1 3 4");
    // Reading goes on, and what comes is told of.
    dovecot.deliver(USER, &[mail(5, 300)]);
    assert_eq!(mailbox.wait(Duration::from_secs(20)).await.unwrap(), Wake::News);
    let (mails, ..) = read_all(&mut mailbox, mark, ReadLimits::default()).await;
    assert_eq!(subjects(&mails), ["5"]);
    mailbox.settle(&[], Settle::Delete).await.unwrap();
}
