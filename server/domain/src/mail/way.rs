//! How system mail leaves the house: composed like any other mail of ours, and handed in to the operator's server.

use std::sync::LazyLock;

use letter::{Address, Automatic, Content, Draft, MessageId, Threading};
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use post::{Account, Credentials, Dialer, Encryption, Outcome, Parcel, Refusal, Server};
use reqwest::Url;
use uuid::Uuid;

use crate::{Ctx, Error, Result, Settings, secret};

/// The operator named the server, so it may be anywhere.
static DIALER: LazyLock<Dialer> = LazyLock::new(|| Dialer::new(|_| true));

/// What is said to somebody.
pub(super) struct Said<'a> {
    pub to: Address,
    /// The secret name of a conversation and a message in it: the mail's name is made of them.
    pub about: Option<(&'a str, model::MessageId)>,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
}

/// Hands a mail in. What is refused for good is not tried again; for everything else the job is.
pub(super) async fn send(ctx: &Ctx, url: &str, said: Said<'_>) -> Result<()> {
    let (from, by) = (sender(&ctx.app.settings)?, account(url, &ctx.app.settings)?);
    let name = match said.about {
        Some((conversation, message)) => {
            let uuid = Uuid::parse_str(conversation).map_err(|error| Error::Internal(error.into()))?;
            MessageId::of_message(uuid, message.0, from.domain())
        }
        None => MessageId::new(&format!("{}@{}", secret::uuid(), from.domain())),
    };
    let draft = Draft {
        from,
        reply_to: None,
        to: vec![said.to],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: said.subject,
        written_at: ctx.now(),
        id: name.ok_or_else(|| Error::Internal(anyhow::anyhow!("a mail has no name")))?,
        threading: Threading::default(),
        content: Content { text: said.text, html: Some(said.html), links_title: "" },
        inline: Vec::new(),
        files: Vec::new(),
        automatic: Some(Automatic::Generated),
        loop_mark: None,
    };
    let letter = draft.compose().map_err(|error| Error::Internal(error.into()))?;
    let parcel = Parcel { from: &letter.envelope.from, to: &letter.envelope.to, bytes: &letter.bytes };
    match post::send(&DIALER, &by, parcel).await {
        Outcome::Sent { but, .. } if but.is_empty() => Ok(()),
        Outcome::Sent { but: no, .. } | Outcome::Refused(no) => {
            tracing::error!(to = ?letter.envelope.to, said = %words(&no), "system mail was refused");
            Ok(())
        }
        Outcome::Later(no) => Err(Error::Unavailable(format!("mail not sent: {}", words(&no)))),
        // The same twice is better than a link that never came.
        Outcome::NoWay(trouble) | Outcome::Unknown(trouble) => {
            Err(Error::Unavailable(format!("mail not sent: {trouble}")))
        }
    }
}

fn words(refusals: &[Refusal]) -> String {
    refusals.iter().map(|no| format!("{} {}", no.code, no.said)).collect::<Vec<_>>().join("; ")
}

/// Whether the server takes us in and the sender is an address. Sends nothing.
pub(super) async fn check(settings: &Settings) -> Result<()> {
    sender(settings)?;
    let Some(url) = &settings.smtp_url else { return Ok(()) };
    let checked = post::check_smtp(&DIALER, &account(url, settings)?).await;
    checked.map_err(|trouble| Error::Unavailable(format!("the mail server does not take us in: {trouble}")))
}

fn sender(settings: &Settings) -> Result<Address> {
    let wrong = || Error::Unavailable(format!("MAIL_FROM is not an address: {}", settings.mail_from));
    let mailbox: Mailbox = settings.mail_from.parse().map_err(|_| wrong())?;
    Address::new(mailbox.name.as_deref().unwrap_or_default(), mailbox.email.as_ref()).ok_or_else(wrong)
}

/// `smtps://` is TLS from the beginning, `smtp://` becomes it; a server on this machine needs none. `?tls=none` asks for none elsewhere,
/// and then no password is sent.
fn account(url: &str, settings: &Settings) -> Result<Account> {
    let wrong = |what: &str| Error::Unavailable(format!("SMTP_URL: {what}"));
    let url = Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(|| wrong("a host is missing"))?
        .trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(post::is_loopback);
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let (encryption, port) = match (url.scheme(), tls.as_deref()) {
        ("smtps", _) => (Encryption::Tls, 465),
        ("smtp", Some("none")) => (Encryption::None, 25),
        ("smtp", None) if is_here => (Encryption::None, 25),
        ("smtp", _) => (Encryption::StartTls, 587),
        _ => return Err(wrong("expected smtp:// or smtps://")),
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, password) = (decoded(url.username()), decoded(url.password().unwrap_or_default()));
    let credentials = (!user.is_empty()).then(|| Credentials::password(&user, &password));
    let hello = sender(settings)?.domain().to_owned();
    Ok(Account { server: Server::new(host, url.port().unwrap_or(port), encryption), credentials, hello })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            base_url: String::new(),
            data_dir: std::path::PathBuf::new(),
            storage_url: String::new(),
            smtp_url: None,
            mail_from: "Cloud Chat <chat@loja.example>".to_owned(),
            private_mail_servers: false,
            private_webhooks: false,
            mail_providers: Vec::new(),
            secret_key: Vec::new(),
        }
    }

    #[test]
    fn an_address_says_how_the_server_is_reached() {
        let reached = |url: &str| {
            let account = account(url, &settings()).unwrap();
            (account.server.host, account.server.port, account.server.encryption)
        };
        assert_eq!(reached("smtps://mail.example"), ("mail.example".to_owned(), 465, Encryption::Tls));
        assert_eq!(reached("smtp://mail.example"), ("mail.example".to_owned(), 587, Encryption::StartTls));
        assert_eq!(reached("smtp://10.0.0.5:25?tls=none"), ("10.0.0.5".to_owned(), 25, Encryption::None));
        assert_eq!(reached("smtp://127.0.0.1:1025"), ("127.0.0.1".to_owned(), 1025, Encryption::None));
        assert_eq!(reached("smtp://[::1]:1025?tls=required"), ("::1".to_owned(), 1025, Encryption::StartTls));
        let account = account("smtps://ana%40loja.example:p%C3%A4ss@mail.example", &settings()).unwrap();
        assert_eq!(account.credentials, Some(Credentials::password("ana@loja.example", "päss")));
        assert_eq!(account.hello, "loja.example");
        for wrong in ["mail.example", "http://mail.example", "smtp://"] {
            assert!(super::account(wrong, &settings()).is_err(), "{wrong}");
        }
    }
}
