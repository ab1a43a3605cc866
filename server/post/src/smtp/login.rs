//! From a connection to a server that takes mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials as Secret, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;

use super::Account;
use super::outcome::refusal;
use crate::credentials::{Credentials, Method};
use crate::net::{Bounds, Dialer, Encryption, Wire, may_send_password, of_io, within};
use crate::trouble::{Trouble, words};

const BOUNDS: Bounds = Bounds { line: 64 << 10, literal: usize::MAX };
const MOST_LINES: usize = 100;

/// A connection, let in, and the flag that tells whether a mail's end was written.
pub struct Connected {
    pub connection: AsyncSmtpConnection,
    pub ended: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

pub async fn connect(dialer: &Dialer, account: &Account) -> Result<Connected, Trouble> {
    let mut wire = dialer.dial(&account.server, BOUNDS).await?;
    let hello = hello(&account.hello);
    if account.server.encryption == Encryption::StartTls {
        within(dialer.timeouts.connect, "waiting for the greeting", start_tls(&mut wire, &hello)).await?;
        wire = dialer.encrypt(wire, &account.server).await?;
        // There is no second greeting, but the library waits for one.
        wire.say_first("220 encrypted\r\n");
    } else {
        let greeting = within(dialer.timeouts.connect, "waiting for the greeting", answer(&mut wire)).await?;
        expect(&greeting, "220", "the greeting")?;
        wire.say_first("220 greeted\r\n");
    }
    let may_send_password = may_send_password(&wire, account.server.encryption);
    let ended = wire.end_of_mail();
    let hello = ClientId::Domain(hello);
    let begin = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello);
    let greeted = within(dialer.timeouts.answer, "greeting", async { begin.await.map_err(|error| of_library(&error)) });
    let mut connection = greeted.await?;
    if let Some(credentials) = &account.credentials {
        if !may_send_password {
            return Err(Trouble::Unencrypted);
        }
        within(dialer.timeouts.answer, "logging in", log_in(&mut connection, credentials)).await?;
    }
    Ok(Connected { connection, ended })
}

/// A domain, or the address literal that says nothing.
fn hello(domain: &str) -> String {
    let plain = !domain.is_empty()
        && domain.len() <= 253
        && domain.chars().all(|char| char.is_ascii_alphanumeric() || ".-".contains(char));
    if plain { domain.to_owned() } else { "[127.0.0.1]".to_owned() }
}

/// Greeting, `EHLO`, `STARTTLS`; everything said so far is forgotten afterwards.
async fn start_tls(wire: &mut Wire, hello: &str) -> Result<(), Trouble> {
    expect(&answer(wire).await?, "220", "the greeting")?;
    wire.say(&format!("EHLO {hello}")).await?;
    let can = answer(wire).await?;
    expect(&can, "250", "EHLO")?;
    if !can.iter().any(|line| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"))) {
        return Err(Trouble::NoStartTls);
    }
    wire.say("STARTTLS").await?;
    expect(&answer(wire).await?, "220", "STARTTLS")
}

/// All lines of one answer.
async fn answer(wire: &mut Wire) -> Result<Vec<String>, Trouble> {
    let mut lines = Vec::new();
    while lines.len() < MOST_LINES {
        let line = wire.line().await?;
        let numbered = line.len() >= 3 && line.as_bytes()[..3].iter().all(u8::is_ascii_digit);
        if !numbered {
            return Err(Trouble::Nonsense { reason: format!("this is not an SMTP server: {}", words(&line)) });
        }
        let last = line.as_bytes().get(3) != Some(&b'-');
        lines.push(line);
        if last {
            return Ok(lines);
        }
    }
    Err(Trouble::TooLarge)
}

fn expect(lines: &[String], code: &str, doing: &'static str) -> Result<(), Trouble> {
    if lines.iter().all(|line| line.starts_with(code)) {
        return Ok(());
    }
    let said = words(&lines.join(" "));
    // Closing: too busy, or it does not like where we come from.
    Err(if said.starts_with('4') { Trouble::Throttled { said, wait: None } } else { Trouble::Refused { doing, said } })
}

async fn log_in(connection: &mut AsyncSmtpConnection, credentials: &Credentials) -> Result<(), Trouble> {
    if !credentials.is_sendable() {
        return Err(Trouble::LoginRefused {
            said: "a name and a password have no line ends and are not empty".to_owned(),
        });
    }
    let can = |mechanism| connection.server_info().supports_auth_mechanism(mechanism);
    let mechanism = match credentials {
        Credentials::Token { .. } => can(Mechanism::Xoauth2).then_some(Mechanism::Xoauth2),
        Credentials::Password { method: Method::Any, .. } => {
            [Mechanism::Plain, Mechanism::Login].into_iter().find(|one| can(*one))
        }
        Credentials::Password { method: Method::Plain, .. } => can(Mechanism::Plain).then_some(Mechanism::Plain),
        Credentials::Password { method: Method::Login, .. } => {
            [Mechanism::Login, Mechanism::Plain].into_iter().find(|one| can(*one))
        }
    };
    let mechanism = mechanism.ok_or(Trouble::NoLoginMethod)?;
    let outcome = match credentials {
        Credentials::Token { user, token } => xoauth2(connection, user, token).await,
        Credentials::Password { user, password, .. } => {
            connection.auth(&[mechanism], &Secret::new(user.clone(), password.clone())).await.map(drop)
        }
    };
    outcome.map_err(|error| refused(&error))
}

/// A refusal comes as a question that must be answered with nothing; then come the words.
async fn xoauth2(connection: &mut AsyncSmtpConnection, user: &str, token: &str) -> Result<(), Error> {
    let first = STANDARD.encode(Credentials::xoauth2(user, token));
    let response = connection.command(format!("AUTH XOAUTH2 {first}\r\n")).await?;
    if response.has_code(334) {
        connection.command("\r\n").await?;
    }
    Ok(())
}

fn refused(error: &Error) -> Trouble {
    match refusal(error, None) {
        Some(refusal) if refusal.is_passing() => {
            Trouble::Throttled { said: format!("{} {}", refusal.code, refusal.said), wait: None }
        }
        Some(refusal) => Trouble::LoginRefused { said: format!("{} {}", refusal.code, refusal.said) },
        None => of_library(error),
    }
}

/// What an error that is no answer means.
pub fn of_library(error: &Error) -> Trouble {
    if let Some(refusal) = refusal(error, None) {
        return Trouble::Refused { doing: "a command", said: format!("{} {}", refusal.code, refusal.said) };
    }
    let source = std::error::Error::source(error);
    if let Some(io) = source.and_then(|inner| inner.downcast_ref::<std::io::Error>()) {
        return of_io(io);
    }
    let said = error.to_string();
    // What the library says when the connection ends instead of answering.
    if said.contains("incomplete response") {
        return Trouble::Closed { said: String::new() };
    }
    Trouble::Nonsense { reason: words(&said) }
}
