//! Sending to a server that does what a plan says.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

mod support;

use post::{
    Account, CertificateFault, Credentials, Dialer, Encryption, Method, Outcome, Parcel, Server, Trouble, check_smtp,
    send,
};
use support::certificate::{certificate, self_signed};
use support::smtp::{Fault, Plan, Smtp};
use support::{dialer, hasty};

const BYTES: &[u8] = b"From: a@lume.example\r\nTo: b@cliente.example\r\nSubject: x\r\n\r\nOi\r\n.\r\n..dois\r\nfim\r\n";

fn plan() -> Plan {
    Plan {
        auth: "PLAIN LOGIN XOAUTH2",
        start_tls: true,
        user: "ana@lume.example",
        password: "geheim",
        token: "token-7",
        ..Plan::default()
    }
}

fn account(port: u16, encryption: Encryption) -> Account {
    Account {
        server: Server::new("localhost", port, encryption),
        credentials: Some(Credentials::password("ana@lume.example", "geheim")),
        hello: "lume.example".to_owned(),
    }
}

async fn sent(dialer: &Dialer, account: &Account, to: &[&str]) -> Outcome {
    let to: Vec<String> = to.iter().map(|to| (*to).to_owned()).collect();
    send(dialer, account, Parcel { from: "a@lume.example", to: &to, bytes: BYTES }).await
}

async fn start(plan: Plan) -> Smtp {
    Smtp::start(plan, &certificate(&["localhost"], false)).await
}

#[tokio::test]
async fn a_mail_arrives_over_every_way_in() {
    let credentials = [
        Credentials::password("ana@lume.example", "geheim"),
        Credentials::Password {
            user: "ana@lume.example".to_owned(),
            password: "geheim".to_owned(),
            method: Method::Login,
        },
        Credentials::Password {
            user: "ana@lume.example".to_owned(),
            password: "geheim".to_owned(),
            method: Method::Plain,
        },
        Credentials::token("ana@lume.example", "token-7"),
    ];
    for encryption in [Encryption::StartTls, Encryption::Tls, Encryption::None] {
        let start_tls = encryption == Encryption::StartTls;
        let server = start(Plan { start_tls, implicit_tls: encryption == Encryption::Tls, ..plan() }).await;
        for credentials in &credentials {
            let account = Account { credentials: Some(credentials.clone()), ..account(server.port, encryption) };
            let outcome = sent(&dialer(), &account, &["b@cliente.example", "c@cliente.example"]).await;
            assert_eq!(
                outcome,
                Outcome::Sent { said: "2.0.0 Ok: queued as 4711".to_owned(), but: Vec::new() },
                "{credentials:?}"
            );
            check_smtp(&dialer(), &account).await.unwrap();
        }
        let taken = server.taken();
        assert_eq!(taken.len(), credentials.len());
        for mail in taken {
            assert_eq!(mail.bytes, BYTES);
            assert_eq!(mail.to, ["b@cliente.example", "c@cliente.example"]);
            assert_eq!(mail.encrypted, encryption != Encryption::None);
            assert_eq!(mail.user.as_deref(), Some("ana@lume.example"));
        }
    }
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused(all) if all[0].code / 100 == 5);
    let later = |outcome: &Outcome| matches!(outcome, Outcome::Later(all) if all[0].code / 100 == 4);
    type Check<'a> = &'a dyn Fn(&Outcome) -> bool;
    let cases: [(Fault, Check<'_>); 6] = [
        (Fault::Sender("550 5.7.1 not you"), &refused),
        (Fault::Sender("451 4.7.1 greylisted, try again"), &later),
        (Fault::Begin("503 5.5.1 no"), &refused),
        (Fault::Data("552 5.3.4 message too big"), &refused),
        (Fault::Data("452 4.3.1 insufficient storage"), &later),
        (Fault::Closing, &|outcome| matches!(outcome, Outcome::NoWay(Trouble::Throttled { .. }))),
    ];
    for (fault, check) in cases {
        let server = start(Plan { fault, ..plan() }).await;
        let outcome = sent(&dialer(), &account(server.port, Encryption::StartTls), &["b@cliente.example"]).await;
        assert!(check(&outcome), "{fault:?}: {outcome:?}");
        assert!(server.taken().is_empty());
    }
    let server = start(Plan { fault: Fault::Data("552-5.3.4 message\r\n552 5.3.4 too big"), ..plan() }).await;
    let Outcome::Refused(all) =
        sent(&dialer(), &account(server.port, Encryption::StartTls), &["b@cliente.example"]).await
    else {
        panic!("not refused")
    };
    assert_eq!(
        (all[0].code, all[0].status.as_deref(), all[0].said.as_str()),
        (552, Some("5.3.4"), "5.3.4 message too big")
    );
}

#[tokio::test]
async fn each_recipient_has_an_outcome_of_its_own() {
    let recipients = vec![("gone", "550 5.1.1 no such user"), ("full", "452 4.2.2 mailbox full")];
    let server = start(Plan { recipients, ..plan() }).await;
    let account = account(server.port, Encryption::StartTls);
    let outcome = sent(&dialer(), &account, &["gone@x.example", "b@x.example", "full@x.example"]).await;
    let Outcome::Sent { but, .. } = outcome else { panic!("{outcome:?}") };
    let but: Vec<_> = but.iter().map(|one| (one.recipient.as_deref().unwrap(), one.code, one.is_passing())).collect();
    assert_eq!(but, [("gone@x.example", 550, false), ("full@x.example", 452, true)]);
    assert_eq!(server.taken()[0].to, ["b@x.example"]);
    assert!(matches!(sent(&dialer(), &account, &["gone@x.example"]).await, Outcome::Refused(_)));
    assert!(matches!(sent(&dialer(), &account, &["gone@x.example", "full@x.example"]).await, Outcome::Later(_)));
    assert!(matches!(sent(&dialer(), &account, &["no address"]).await, Outcome::Refused(_)));
    assert!(matches!(sent(&dialer(), &account, &["a@x.example>\r\nRCPT TO:<b@x.example"]).await, Outcome::Refused(_)));
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn nobody_claims_what_nobody_knows() {
    for (fault, unknown) in [(Fault::CloseAfterData, true), (Fault::HangAfterData, true), (Fault::CloseInData, false)] {
        let server = start(Plan { fault, ..plan() }).await;
        let outcome =
            sent(&hasty_but_able(), &account(server.port, Encryption::StartTls), &["b@cliente.example"]).await;
        // A server that closes early may be noticed only after all was written.
        let honest = if unknown {
            matches!(outcome, Outcome::Unknown(_))
        } else {
            matches!(outcome, Outcome::NoWay(_) | Outcome::Unknown(_))
        };
        assert!(honest, "{fault:?}: {outcome:?}");
        assert_eq!(server.taken().len(), usize::from(unknown));
    }
}

fn hasty_but_able() -> Dialer {
    let mut dialer = dialer();
    dialer.timeouts.transfer = std::time::Duration::from_secs(2);
    dialer
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let server = start(plan()).await;
    let good = account(server.port, Encryption::StartTls);
    let wrong = |password: &str| Account {
        credentials: Some(Credentials::password("ana@lume.example", password)),
        ..good.clone()
    };
    let said = "535 5.7.8 Error: authentication failed".to_owned();
    assert_eq!(check_smtp(&dialer(), &wrong("x")).await, Err(Trouble::LoginRefused { said: said.clone() }));
    let token = Account { credentials: Some(Credentials::token("ana@lume.example", "old")), ..good.clone() };
    assert_eq!(check_smtp(&dialer(), &token).await, Err(Trouble::LoginRefused { said }));
    assert!(matches!(check_smtp(&dialer(), &wrong("a\r\nQUIT")).await, Err(Trouble::LoginRefused { .. })));
    let with = |encryption| Account { server: Server { encryption, ..good.server.clone() }, ..good.clone() };
    assert_eq!(check_smtp(&dialer(), &with(Encryption::Tls)).await, Err(Trouble::NotTls));
    let host = |host: &str| Account { server: Server { host: host.to_owned(), ..good.server.clone() }, ..good.clone() };
    assert!(matches!(check_smtp(&dialer(), &host("nothing.invalid")).await, Err(Trouble::HostNotFound { .. })));

    let implicit = start(Plan { implicit_tls: true, start_tls: false, ..plan() }).await;
    assert_eq!(check_smtp(&hasty(), &account(implicit.port, Encryption::StartTls)).await, Err(Trouble::OnlyTls));
    let plain = start(Plan { start_tls: false, ..plan() }).await;
    assert_eq!(check_smtp(&dialer(), &account(plain.port, Encryption::StartTls)).await, Err(Trouble::NoStartTls));
    let silent = start(Plan { auth: "GSSAPI", ..plan() }).await;
    assert_eq!(check_smtp(&dialer(), &account(silent.port, Encryption::StartTls)).await, Err(Trouble::NoLoginMethod));
    let disabled = start(Plan {
        refusal: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
        ..plan()
    })
    .await;
    let Err(Trouble::LoginRefused { said }) = check_smtp(
        &dialer(),
        &Account { server: Server::new("localhost", disabled.port, Encryption::StartTls), ..wrong("x") },
    )
    .await
    else {
        panic!("let in")
    };
    assert!(said.contains("SmtpClientAuthentication is disabled"), "{said}");
}

#[tokio::test]
async fn servers_that_misbehave_end_in_time() {
    for fault in [Fault::NoGreeting, Fault::HangAtGreeting, Fault::Endless] {
        let server = start(Plan { fault, ..plan() }).await;
        for encryption in [Encryption::StartTls, Encryption::None] {
            let outcome = sent(&hasty(), &account(server.port, encryption), &["b@cliente.example"]).await;
            assert!(matches!(outcome, Outcome::NoWay(_)), "{fault:?}: {outcome:?}");
        }
    }
    let closed = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let outcome = sent(&dialer(), &account(closed, Encryption::StartTls), &["b@cliente.example"]).await;
    assert!(matches!(outcome, Outcome::NoWay(Trouble::ConnectionRefused { .. })), "{outcome:?}");
}

#[tokio::test]
async fn certificates_are_looked_at() {
    let cases = [
        (self_signed("localhost"), CertificateFault::UnknownIssuer),
        (certificate(&["mail.other.example"], false), CertificateFault::WrongName),
        (certificate(&["localhost"], true), CertificateFault::Expired),
    ];
    for (certificate, expected) in cases {
        for start_tls in [true, false] {
            let server = Smtp::start(Plan { start_tls, implicit_tls: !start_tls, ..plan() }, &certificate).await;
            let mut account = account(server.port, if start_tls { Encryption::StartTls } else { Encryption::Tls });
            let Err(Trouble::Certificate { fault, .. }) = check_smtp(&dialer(), &account).await else {
                panic!("{expected:?} believed")
            };
            assert_eq!(fault, expected);
            account.server.check_certificate = false;
            check_smtp(&dialer(), &account).await.unwrap();
        }
    }
}

#[tokio::test]
async fn inner_addresses_are_forbidden_and_passwords_stay_encrypted() {
    let server = start(Plan { start_tls: false, ..plan() }).await;
    let guarded = Dialer::new(post::is_public);
    let outcome = sent(&guarded, &account(server.port, Encryption::None), &["b@cliente.example"]).await;
    assert!(matches!(outcome, Outcome::NoWay(Trouble::Forbidden { .. })), "{outcome:?}");
    for host in ["127.0.0.1", "::1", "[::1]", "localhost.", "0x7f.1", "2130706433"] {
        let account = Account {
            server: Server::new(host, server.port, Encryption::None),
            ..account(server.port, Encryption::None)
        };
        let outcome = sent(&guarded, &account, &["b@cliente.example"]).await;
        assert!(
            matches!(outcome, Outcome::NoWay(Trouble::Forbidden { .. } | Trouble::HostNotFound { .. })),
            "{host}: {outcome:?}"
        );
    }
    assert!(server.taken().is_empty());
}
