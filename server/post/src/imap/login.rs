//! From a connection to a session.

use async_imap::{Authenticator, Client, Session};

use super::run::{inner_words, of_library, throttled};
use crate::credentials::{Credentials, Method};
use crate::net::{Bounds, Dialer, Encryption, Server, Wire, may_send_password, within};
use crate::trouble::{Trouble, words};

/// A line of a million numbers, a mail of 64 MB.
const BOUNDS: Bounds = Bounds { line: 1 << 20, literal: 64 << 20 };
/// A server that greets and lists what it can needs no more lines.
const MOST_LINES: usize = 100;

/// What a server says it can do before anybody is logged in.
#[derive(Debug, Default)]
struct Capabilities(Vec<String>);

impl Capabilities {
    fn of(line: &str) -> Self {
        Self(line.split_whitespace().map(str::to_ascii_uppercase).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|one| one == name)
    }
}

pub async fn session(dialer: &Dialer, server: &Server, credentials: &Credentials) -> Result<Session<Wire>, Trouble> {
    let (wire, capabilities) = greeted(dialer, server).await?;
    if !credentials.is_sendable() {
        return Err(Trouble::LoginRefused {
            said: "a name and a password have no line ends and are not empty".to_owned(),
        });
    }
    if !may_send_password(&wire, server.encryption) {
        return Err(Trouble::Unencrypted);
    }
    let client = Client::new(wire);
    within(dialer.timeouts.answer, "logging in", log_in(client, credentials, &capabilities)).await
}

/// Connected, greeted and encrypted.
async fn greeted(dialer: &Dialer, server: &Server) -> Result<(Wire, Capabilities), Trouble> {
    let mut wire = dialer.dial(server, BOUNDS).await?;
    let doing = "waiting for the greeting";
    let greeting = within(dialer.timeouts.connect, doing, wire.line()).await?;
    check_greeting(&greeting)?;
    if server.encryption == Encryption::StartTls {
        let capabilities = within(dialer.timeouts.answer, doing, capabilities(&mut wire, "a1")).await?;
        if !capabilities.has("STARTTLS") {
            return Err(Trouble::NoStartTls);
        }
        within(dialer.timeouts.answer, "encrypting", start_tls(&mut wire)).await?;
        wire = dialer.encrypt(wire, server).await?;
    }
    // Asked anew: what was said unencrypted may have been said by anybody.
    let capabilities = within(dialer.timeouts.answer, doing, capabilities(&mut wire, "a3")).await?;
    Ok((wire, capabilities))
}

fn check_greeting(greeting: &str) -> Result<(), Trouble> {
    let upper = greeting.to_ascii_uppercase();
    if upper.starts_with("* OK") || upper.starts_with("* PREAUTH") {
        return Ok(());
    }
    if let Some(said) = upper.starts_with("* BYE").then(|| greeting.get(5..).unwrap_or_default()) {
        return Err(throttled(said).unwrap_or(Trouble::Closed { said: words(said) }));
    }
    Err(Trouble::Nonsense { reason: format!("this is not an IMAP server: {}", words(greeting)) })
}

async fn capabilities(wire: &mut Wire, tag: &str) -> Result<Capabilities, Trouble> {
    wire.say(&format!("{tag} CAPABILITY")).await?;
    let mut found = Capabilities::default();
    for _ in 0..MOST_LINES {
        let line = wire.line().await?;
        if let Some(listed) = line.strip_prefix("* CAPABILITY ") {
            found = Capabilities::of(listed);
        }
        if let Some(outcome) = line.strip_prefix(tag) {
            return match outcome.trim_start().get(..2) {
                Some("OK" | "ok" | "Ok") => Ok(found),
                _ => Err(Trouble::Refused { doing: "listing capabilities", said: words(outcome) }),
            };
        }
    }
    Err(Trouble::TooLarge)
}

async fn start_tls(wire: &mut Wire) -> Result<(), Trouble> {
    wire.say("a2 STARTTLS").await?;
    for _ in 0..MOST_LINES {
        let line = wire.line().await?;
        if let Some(outcome) = line.strip_prefix("a2") {
            let agreed = outcome.trim_start().to_ascii_uppercase().starts_with("OK");
            return if agreed { Ok(()) } else { Err(Trouble::Refused { doing: "STARTTLS", said: words(outcome) }) };
        }
    }
    Err(Trouble::TooLarge)
}

async fn log_in(client: Client<Wire>, credentials: &Credentials, can: &Capabilities) -> Result<Session<Wire>, Trouble> {
    let outcome = match credentials {
        Credentials::Token { user, token } => {
            if !can.has("AUTH=XOAUTH2") {
                return Err(Trouble::NoLoginMethod);
            }
            client.authenticate("XOAUTH2", Once(Some(Credentials::xoauth2(user, token)))).await
        }
        Credentials::Password { user, password, method } => {
            let plain = can.has("AUTH=PLAIN") && *method != Method::Login;
            if !plain && (can.has("LOGINDISABLED") || *method == Method::Plain) {
                return Err(Trouble::NoLoginMethod);
            }
            if plain {
                client.authenticate("PLAIN", Once(Some(format!("\0{user}\0{password}")))).await
            } else {
                client.login(user, password).await
            }
        }
    };
    outcome.map_err(|(error, _)| refused(&error))
}

fn refused(error: &async_imap::error::Error) -> Trouble {
    use async_imap::error::Error;
    match error {
        Error::No(text) | Error::Bad(text) => {
            let said = inner_words(text);
            throttled(&said).unwrap_or(Trouble::LoginRefused { said })
        }
        other => of_library(other),
    }
}

/// Answers the first question, and every further one (the reason of a refusal) with nothing: without it the server waits for ever.
struct Once(Option<String>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}
