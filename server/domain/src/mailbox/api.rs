//! The settings of mail servers as the API has them: flat words beside each other.

use futures::future::BoxFuture;
use model::mailbox::{AfterReading, Back, Connection, LoginMethod, MailState, Security, Sender, Way};
use model::{AccountId, ErrorCode, InboxId};
use serde_json::{Map, Value, json};

use super::connect::{self, Tried};
use super::{store, trouble};
use crate::channel;
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// Days of mail that become conversations where nobody says how many.
const USUAL_DAYS: u16 = 1;

/// What was tried, and what is to be switched.
pub(crate) struct Link {
    connection: Option<Tried<Connection>>,
    sender: Option<Tried<Sender>>,
    after: Option<AfterReading>,
    switches: Vec<(Way, bool)>,
}

impl channel::Link for Link {
    fn keep<'a>(&'a self, work: &'a mut Work<'_>, account: AccountId, inbox: InboxId) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if let Some(tried) = &self.connection {
                connect::keep_connection(work, account, inbox, tried).await?;
            }
            if let Some(tried) = &self.sender {
                connect::keep_sender(work, account, inbox, tried).await?;
            }
            if let Some(after) = self.after {
                connect::keep_after(work, account, inbox, after).await?;
            }
            for (way, on) in &self.switches {
                connect::switched(work, account, inbox, *way, *on).await?;
            }
            Ok(())
        })
    }
}

/// Tries what is given of an inbox's servers; `None` where nothing of them is given.
pub(crate) async fn connect(ctx: &Ctx, id: Option<InboxId>, given: &Value) -> Result<Option<Link>> {
    let mut link = Link { connection: None, sender: None, after: None, switches: Vec::new() };
    for way in [Way::Imap, Way::Smtp] {
        let words = Words { given, way };
        if words.names_server() {
            match way {
                Way::Imap => link.connection = Some(try_imap(ctx, id, words).await?),
                Way::Smtp => link.sender = Some(try_smtp(ctx, id, words).await?),
            }
        }
        if let Some(on) = words.flag("enabled") {
            link.switches.push((way, on));
        }
    }
    link.after = after(Words { given, way: Way::Imap })?;
    let nothing =
        link.connection.is_none() && link.sender.is_none() && link.after.is_none() && link.switches.is_empty();
    Ok((!nothing).then_some(link))
}

async fn try_imap(ctx: &Ctx, id: Option<InboxId>, words: Words<'_>) -> Result<Tried<Connection>> {
    let kept = match id {
        Some(id) => store::connection::find(ctx.db(), ctx.agent()?.account_id, id).await?,
        None => None,
    };
    let mut connection = match kept {
        Some(row) => serde_json::from_value(row.config.0)?,
        None => Connection {
            host: String::new(),
            port: 993,
            encryption: Security::Tls,
            check_certificate: true,
            user: words.given.get("email").and_then(Value::as_str).unwrap_or_default().to_owned(),
            how_far: Back::Days(USUAL_DAYS),
            after: AfterReading::Leave,
        },
    };
    words.set("address", &mut connection.host)?;
    words.set("login", &mut connection.user)?;
    connection.port = words.port()?.unwrap_or(connection.port);
    if let Some(ssl) = words.flag("enable_ssl") {
        connection.encryption = if ssl { Security::Tls } else { Security::StartTls };
    }
    words.set_encryption(&mut connection.encryption)?;
    if let Some(days) = words.get("import_days") {
        connection.how_far = how_far(days)?;
    }
    let password = words.get("password").and_then(Value::as_str);
    match connect::try_connection(ctx, &ctx.app.mail, id, connection, password).await? {
        Ok(tried) => Ok(tried),
        Err(trouble) => Err(trouble::refused(Way::Imap, &trouble)),
    }
}

async fn try_smtp(ctx: &Ctx, id: Option<InboxId>, words: Words<'_>) -> Result<Tried<Sender>> {
    let kept = match id {
        Some(id) => store::sender::find(ctx.db(), ctx.agent()?.account_id, id).await?,
        None => None,
    };
    let mut sender = match kept {
        Some(row) => serde_json::from_value(row.config.0)?,
        None => Sender {
            host: String::new(),
            port: 587,
            encryption: Security::StartTls,
            check_certificate: true,
            user: words.given.get("email").and_then(Value::as_str).unwrap_or_default().to_owned(),
            method: LoginMethod::Any,
            domain: String::new(),
        },
    };
    words.set("address", &mut sender.host)?;
    words.set("login", &mut sender.user)?;
    words.set("domain", &mut sender.domain)?;
    sender.port = words.port()?.unwrap_or(sender.port);
    match (words.flag("enable_ssl_tls"), words.flag("enable_starttls_auto")) {
        (Some(true), _) => sender.encryption = Security::Tls,
        (_, Some(true)) => sender.encryption = Security::StartTls,
        (Some(false), Some(false)) => sender.encryption = Security::None,
        _ => {}
    }
    words.set_encryption(&mut sender.encryption)?;
    if let Some(mode) = words.get("openssl_verify_mode").and_then(Value::as_str) {
        sender.check_certificate = mode != "none";
    }
    if let Some(method) = words.get("authentication").and_then(Value::as_str) {
        // Whoever asks for a way we do not know gets the best that the server offers.
        sender.method = method.parse().unwrap_or(LoginMethod::Any);
    }
    let password = words.get("password").and_then(Value::as_str);
    match connect::try_sender(ctx, &ctx.app.mail, id, sender, password).await? {
        Ok(tried) => Ok(tried),
        Err(trouble) => Err(trouble::refused(Way::Smtp, &trouble)),
    }
}

/// What becomes of mails once they are read.
fn after(words: Words<'_>) -> Result<Option<AfterReading>> {
    let invalid = |_| Error::field("imap_after_reading", ErrorCode::Invalid);
    words.get("after_reading").map(|word| serde_json::from_value(word.clone()).map_err(invalid)).transpose()
}

/// `all`, or how many days.
fn how_far(days: &Value) -> Result<Back> {
    let invalid = || Error::field("imap_import_days", ErrorCode::Invalid);
    let text = days.as_str().map(str::to_owned).unwrap_or_else(|| days.to_string());
    match text.as_str() {
        "all" => Ok(Back::All),
        "0" => Ok(Back::Nothing),
        days => days.parse().map(Back::Days).map_err(|_| invalid()),
    }
}

/// The words of one way among those that are given.
#[derive(Clone, Copy)]
struct Words<'a> {
    given: &'a Value,
    way: Way,
}

impl<'a> Words<'a> {
    fn get(self, name: &str) -> Option<&'a Value> {
        self.given.get(format!("{}_{name}", self.way)).filter(|value| !value.is_null())
    }

    fn flag(self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        value.as_bool().or_else(|| value.as_str()?.parse().ok())
    }

    /// Whether anything is said that a server must be asked about; an empty address is what forms send that do not use it.
    fn names_server(self) -> bool {
        let says = |name: &&str| self.get(name).is_some_and(|value| value.as_str() != Some(""));
        self.flag("enabled") != Some(false) && ["address", "port", "login", "password"].iter().any(says)
    }

    fn set(self, name: &str, to: &mut String) -> Result<()> {
        let Some(value) = self.get(name) else { return Ok(()) };
        let text = value.as_str().ok_or_else(|| Error::field(&format!("{}_{name}", self.way), ErrorCode::Invalid))?;
        text.trim().clone_into(to);
        Ok(())
    }

    /// A word of our own, which says more than the two flags can.
    fn set_encryption(self, to: &mut Security) -> Result<()> {
        let Some(value) = self.get("encryption") else { return Ok(()) };
        let invalid = |_| Error::field(&format!("{}_encryption", self.way), ErrorCode::Invalid);
        *to = serde_json::from_value(value.clone()).map_err(invalid)?;
        Ok(())
    }

    fn port(self) -> Result<Option<u16>> {
        let Some(value) = self.get("port") else { return Ok(None) };
        let text = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
        let port = text.trim().parse();
        port.map(Some).map_err(|_| Error::field(&format!("{}_port", self.way), ErrorCode::InvalidNumber))
    }
}

/// The settings as answers show them to administrators. Passwords never leave.
pub(crate) fn shown(state: &MailState) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    let imap = state.connection.as_ref();
    put("imap_enabled", state.reads.into());
    put("imap_address", imap.map(|one| one.host.clone()).into());
    put("imap_port", imap.map(|one| one.port).into());
    put("imap_login", imap.map(|one| one.user.clone()).into());
    put("imap_password", Value::Null);
    put("imap_after_reading", imap.map(|one| one.after.as_str()).into());
    put("imap_encryption", imap.map(|one| json!(one.encryption)).into());
    put("imap_enable_ssl", imap.is_none_or(|one| one.encryption == Security::Tls).into());
    let smtp = state.sender.as_ref();
    put("smtp_encryption", smtp.map(|one| json!(one.encryption)).into());
    let is = |encryption| smtp.is_some_and(|one| one.encryption == encryption);
    put("smtp_enabled", state.sends.into());
    put("smtp_address", smtp.map(|one| one.host.clone()).into());
    put("smtp_port", smtp.map(|one| one.port).into());
    put("smtp_login", smtp.map(|one| one.user.clone()).into());
    put("smtp_password", Value::Null);
    put("smtp_domain", smtp.map(|one| one.domain.clone()).into());
    put("smtp_enable_ssl_tls", is(Security::Tls).into());
    put("smtp_enable_starttls_auto", (smtp.is_none() || is(Security::StartTls)).into());
    let mode = if smtp.is_some_and(|one| !one.check_certificate) { "none" } else { "peer" };
    put("smtp_openssl_verify_mode", mode.into());
    let method = smtp.map_or(LoginMethod::Login, |one| one.method);
    put("smtp_authentication", method.as_str().into());
    put("reauthorization_required", state.sign_in.as_ref().is_some_and(|sign_in| sign_in.is_lost).into());
    shown
}
