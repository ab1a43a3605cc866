//! How an inbox reaches its mailbox, and how it sends.

use model::mailbox::{AfterReading, LoginMethod, Way};
use model::{AccountId, AuditSubject, ErrorCode, InboxId, Permission};
use post::{Account, Credentials, Dialer, Encryption, HowFar, Mailbox, Method, Server, Trouble};
use serde::{Deserialize, Serialize};

pub use model::mailbox::{Back, Connection, Security, Sender};

use super::read::Stopped;
use super::sign_in::{self, Token};
use super::{MailInbox, store, trouble};
use crate::audit::{self, Entry};
use crate::event::Event;
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Ctx, Error, Result, inbox};

/// Where passwords are kept encrypted.
const READING: &str = "mailbox_connections.secrets";
const SENDING: &str = "mail_senders.secrets";
const DAY: i64 = 24 * 60 * 60 * 1_000;
const LONGEST: usize = 255;

#[derive(Serialize, Deserialize)]
struct Secrets {
    password: String,
}

/// Settings that were tried with a server and work, with their password as it is kept.
#[derive(Debug)]
pub(crate) struct Tried<T> {
    config: T,
    sealed: Vec<u8>,
}

/// A connection as it is kept, ready to be used.
pub(super) struct Ready {
    pub inbox: MailInbox,
    pub connection: Connection,
    /// What opens it, or why nothing does.
    opens: Opens,
    pub failures: i64,
}

/// Credentials of a server. Tokens have a version, by which it can be said that they are not taken.
type Opens = std::result::Result<(Credentials, Option<i64>), Trouble>;

/// The server by which an inbox sends.
pub(super) struct Sending {
    pub account: std::result::Result<Account, Trouble>,
    /// Of the tokens, where it signs in.
    pub version: Option<i64>,
}

impl Sending {
    /// Hands a mail in, where it can be signed in.
    pub async fn send(&self, ctx: &Ctx, parcel: post::Parcel<'_>) -> post::Outcome {
        match &self.account {
            Ok(account) => post::send(&ctx.app.mail, account, parcel).await,
            Err(trouble) => post::Outcome::NoWay(trouble.clone()),
        }
    }
}

impl Ready {
    /// Opens the mailbox. Where a token is not taken that was fetched a while ago, another is.
    pub async fn open(&self, ctx: &Ctx, dialer: &Dialer) -> std::result::Result<Mailbox, Stopped> {
        let (credentials, version) = self.opens.clone()?;
        let (server, inbox) = (server(&self.connection), &self.inbox);
        let opened = Mailbox::open(dialer, &server, &credentials).await;
        let (Err(trouble), Some(version)) = (&opened, version) else { return Ok(opened?) };
        let (account, id) = (inbox.account_id, inbox.inbox_id);
        if !trouble.is_login() || !sign_in::distrust(ctx, account, id, version).await? {
            return Ok(opened?);
        }
        match sign_in::token(ctx, account, id).await? {
            Some(token) => Ok(Mailbox::open(dialer, &server, &token?.credentials).await?),
            None => Ok(opened?),
        }
    }
}

/// Connects an inbox to its mailbox. For administrators. The credentials are tried first; what the server says against them is the inner
/// error, and then nothing is kept. Without a password the one that is kept counts, as long as it goes to the same server and user.
/// Reading begins at once.
pub async fn connect(
    ctx: &Ctx,
    dialer: &Dialer,
    id: InboxId,
    connection: Connection,
    password: Option<&str>,
) -> Result<std::result::Result<(), Trouble>> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let name = inbox::get(ctx, id).await?.name;
    let tried = match try_connection(ctx, dialer, Some(id), connection, password).await? {
        Ok(tried) => tried,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let mut work = ctx.begin().await?;
    keep_connection(&mut work, agent.account_id, id, &tried).await?;
    noted(&mut work, agent.account_id, id, &name, Way::Imap);
    work.commit().await?;
    Ok(Ok(()))
}

/// Says by which server an inbox sends. For administrators; tried like [`connect`].
pub async fn connect_sender(
    ctx: &Ctx,
    dialer: &Dialer,
    id: InboxId,
    sender: Sender,
    password: Option<&str>,
) -> Result<std::result::Result<(), Trouble>> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let name = inbox::get(ctx, id).await?.name;
    let tried = match try_sender(ctx, dialer, Some(id), sender, password).await? {
        Ok(tried) => tried,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let mut work = ctx.begin().await?;
    keep_sender(&mut work, agent.account_id, id, &tried).await?;
    noted(&mut work, agent.account_id, id, &name, Way::Smtp);
    work.commit().await?;
    Ok(Ok(()))
}

/// Stops or goes on reading or sending with the settings that are kept. For administrators.
pub async fn switch(ctx: &Ctx, id: InboxId, way: Way, on: bool) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let name = inbox::get(ctx, id).await?.name;
    let mut work = ctx.begin().await?;
    switched(&mut work, agent.account_id, id, way, on).await?;
    noted(&mut work, agent.account_id, id, &name, way);
    work.commit().await
}

fn noted(work: &mut Work<'_>, account: AccountId, id: InboxId, name: &str, way: Way) {
    // That it was changed; what is in it may open doors.
    audit::record(work, account, Entry::updated(AuditSubject::Inbox, id, name).change(way.as_str(), false, true));
    work.record(account, Event::InboxChanged { inbox_id: id });
}

pub(crate) async fn switched(work: &mut Work<'_>, account: AccountId, id: InboxId, way: Way, on: bool) -> Result<()> {
    let now = work.now;
    match way {
        Way::Imap => store::connection::switch(&mut work.tx, account, id, on, now).await?,
        Way::Smtp => store::sender::switch(&mut work.tx, account, id, on, now).await?,
    }
    if on && way == Way::Imap {
        work.enqueue(read_now(account, id));
    }
    trouble::show(work, account, id).await
}

/// Logs in at the mailbox and leaves again.
pub(crate) async fn try_connection(
    ctx: &Ctx,
    dialer: &Dialer,
    id: Option<InboxId>,
    connection: Connection,
    password: Option<&str>,
) -> Result<std::result::Result<Tried<Connection>, Trouble>> {
    refuse_signed_in(ctx, Way::Imap, id).await?;
    check(Way::Imap, &connection.host, connection.port, &connection.user)?;
    if connection.user.trim().is_empty() {
        return Err(Error::field("imap_login", ErrorCode::Required));
    }
    let password = match given(password) {
        Some(password) => password.to_owned(),
        None => kept_password(ctx, id, &connection).await?,
    };
    let credentials = Credentials::password(&connection.user, &password);
    if let Err(trouble) = post::check_imap(dialer, &server(&connection), &credentials).await {
        return Ok(Err(trouble));
    }
    let sealed = ctx.app.keys.encrypt(READING, &serde_json::to_vec(&Secrets { password })?)?;
    Ok(Ok(Tried { config: connection, sealed }))
}

/// Logs in at the server for sending and leaves again.
pub(crate) async fn try_sender(
    ctx: &Ctx,
    dialer: &Dialer,
    id: Option<InboxId>,
    sender: Sender,
    password: Option<&str>,
) -> Result<std::result::Result<Tried<Sender>, Trouble>> {
    refuse_signed_in(ctx, Way::Smtp, id).await?;
    check(Way::Smtp, &sender.host, sender.port, &sender.user)?;
    let password = match given(password) {
        Some(password) => password.to_owned(),
        None if sender.user.is_empty() => String::new(),
        None => kept_sender_password(ctx, id, &sender).await?,
    };
    if let Err(trouble) = post::check_smtp(dialer, &account(&sender, &password)).await {
        return Ok(Err(trouble));
    }
    let sealed = ctx.app.keys.encrypt(SENDING, &serde_json::to_vec(&Secrets { password })?)?;
    Ok(Ok(Tried { config: sender, sealed }))
}

pub(crate) async fn keep_connection(
    work: &mut Work<'_>,
    account: AccountId,
    id: InboxId,
    tried: &Tried<Connection>,
) -> Result<()> {
    let (config, now) = (serde_json::to_value(&tried.config)?, work.now);
    store::connection::save(&mut work.tx, account, id, &config, tried.sealed.clone(), now).await?;
    work.enqueue(read_now(account, id));
    trouble::show(work, account, id).await
}

pub(crate) async fn keep_sender(
    work: &mut Work<'_>,
    account: AccountId,
    id: InboxId,
    tried: &Tried<Sender>,
) -> Result<()> {
    let (config, now) = (serde_json::to_value(&tried.config)?, work.now);
    store::sender::save(&mut work.tx, account, id, &config, tried.sealed.clone(), now).await?;
    trouble::show(work, account, id).await
}

/// Says what becomes of mails on their server once they are read. For administrators.
pub async fn set_after(ctx: &Ctx, id: InboxId, after: AfterReading) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let name = inbox::get(ctx, id).await?.name;
    let mut work = ctx.begin().await?;
    keep_after(&mut work, agent.account_id, id, after).await?;
    noted(&mut work, agent.account_id, id, &name, Way::Imap);
    work.commit().await
}

pub(crate) async fn keep_after(
    work: &mut Work<'_>,
    account: AccountId,
    id: InboxId,
    after: AfterReading,
) -> Result<()> {
    let row = store::connection::find(&mut work.tx, account, id).await?.ok_or_else(Error::not_found)?;
    let connection = Connection { after, ..serde_json::from_value(row.config.0)? };
    let (config, now) = (serde_json::to_value(&connection)?, work.now);
    store::connection::configure(&mut work.tx, account, id, &config, now).await
}

/// What stands where a password would, in the rows of an inbox that signs in: reading, sending.
pub(super) fn no_password(ctx: &Ctx) -> Result<(Vec<u8>, Vec<u8>)> {
    let nothing = serde_json::to_vec(&Secrets { password: String::new() })?;
    Ok((ctx.app.keys.encrypt(READING, &nothing)?, ctx.app.keys.encrypt(SENDING, &nothing)?))
}

/// The servers of an inbox that signs in are the provider's.
async fn refuse_signed_in(ctx: &Ctx, way: Way, id: Option<InboxId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match sign_in::find(ctx, ctx.agent()?.account_id, id).await? {
        Some(_) => Err(Error::field(&format!("{way}_address"), ErrorCode::Invalid)),
        None => Ok(()),
    }
}

fn given(password: Option<&str>) -> Option<&str> {
    password.filter(|password| !password.is_empty())
}

fn check(way: Way, host: &str, port: u16, user: &str) -> Result<()> {
    let field = |name: &str, code| Err(Error::field(&format!("{way}_{name}"), code));
    if host.trim().is_empty() {
        return field("address", ErrorCode::Required);
    }
    if host.len() > LONGEST {
        return field("address", ErrorCode::TooLong);
    }
    if user.len() > LONGEST {
        return field("login", ErrorCode::TooLong);
    }
    if port == 0 {
        return field("port", ErrorCode::Invalid);
    }
    Ok(())
}

/// The password that is kept, unless it would go to another server or user than it was typed for.
async fn kept_password(ctx: &Ctx, id: Option<InboxId>, wanted: &Connection) -> Result<String> {
    let required = || Error::field("imap_password", ErrorCode::Required);
    let id = id.ok_or_else(required)?;
    let row = store::connection::find(ctx.db(), ctx.agent()?.account_id, id).await?.ok_or_else(required)?;
    let kept: Connection = serde_json::from_value(row.config.0)?;
    if (&kept.host, kept.port, &kept.user) != (&wanted.host, wanted.port, &wanted.user) {
        return Err(required());
    }
    opened(ctx, READING, &row.secrets)
}

async fn kept_sender_password(ctx: &Ctx, id: Option<InboxId>, wanted: &Sender) -> Result<String> {
    let required = || Error::field("smtp_password", ErrorCode::Required);
    let id = id.ok_or_else(required)?;
    let row = store::sender::find(ctx.db(), ctx.agent()?.account_id, id).await?.ok_or_else(required)?;
    let kept: Sender = serde_json::from_value(row.config.0)?;
    if (&kept.host, kept.port, &kept.user) != (&wanted.host, wanted.port, &wanted.user) {
        return Err(required());
    }
    opened(ctx, SENDING, &row.secrets)
}

fn opened(ctx: &Ctx, place: &str, sealed: &[u8]) -> Result<String> {
    let secrets: Secrets = serde_json::from_slice(&ctx.app.keys.decrypt(place, sealed)?)?;
    Ok(secrets.password)
}

pub(super) fn server(connection: &Connection) -> Server {
    reached(&connection.host, connection.port, connection.encryption, connection.check_certificate)
}

fn reached(host: &str, port: u16, encryption: Security, check_certificate: bool) -> Server {
    let encryption = match encryption {
        Security::Tls => Encryption::Tls,
        Security::StartTls => Encryption::StartTls,
        Security::None => Encryption::None,
    };
    Server { host: host.trim().to_owned(), port, encryption, check_certificate }
}

fn account(sender: &Sender, password: &str) -> Account {
    let method = match sender.method {
        LoginMethod::Any => Method::Any,
        LoginMethod::Plain => Method::Plain,
        LoginMethod::Login => Method::Login,
    };
    let user = sender.user.clone();
    let credentials = (!user.is_empty()).then(|| Credentials::Password { user, password: password.to_owned(), method });
    account_of(sender, credentials)
}

/// A server for sending, and what opens it.
pub(super) fn account_of(sender: &Sender, credentials: Option<Credentials>) -> Account {
    let server = reached(&sender.host, sender.port, sender.encryption, sender.check_certificate);
    Account { server, credentials, hello: sender.domain.clone() }
}

/// The job that reads an inbox's mailbox; one at a time.
pub(super) fn read_now(account: AccountId, inbox: InboxId) -> job::New {
    let job = Job::ReadMailbox { account_id: account, inbox_id: inbox };
    job::New::now(Some(account), job).unique(format!("read mailbox {inbox}"))
}

/// The connection of an inbox; `None` where there is none or it is switched off.
pub(super) async fn ready(ctx: &Ctx, account: AccountId, id: InboxId) -> Result<Option<Ready>> {
    let row = store::connection::find(ctx.db(), account, id).await?.filter(|row| row.enabled);
    let (Some(row), Some(inbox)) = (row, inbox::store::find(ctx.db(), account, id).await?) else { return Ok(None) };
    let connection: Connection = serde_json::from_value(row.config.0)?;
    let opens = match sign_in::token(ctx, account, id).await? {
        Some(token) => token.map(|Token { credentials, version }| (credentials, Some(version))),
        None => Ok((Credentials::password(&connection.user, &opened(ctx, READING, &row.secrets)?), None)),
    };
    let mut addresses = vec![inbox.identifier.to_lowercase(), connection.user.to_lowercase()];
    addresses.retain(|address| address.contains('@'));
    addresses.dedup();
    let inbox = MailInbox { account_id: account, inbox_id: id, addresses, after: connection.after };
    Ok(Some(Ready { inbox, connection, opens, failures: row.failures }))
}

/// The server by which an inbox sends; `None` where there is none or it is switched off.
pub(super) async fn sending(ctx: &Ctx, account_id: AccountId, id: InboxId) -> Result<Option<Sending>> {
    let row = store::sender::find(ctx.db(), account_id, id).await?.filter(|row| row.enabled);
    let Some(row) = row else { return Ok(None) };
    let sender: Sender = serde_json::from_value(row.config.0)?;
    let sending = match sign_in::token(ctx, account_id, id).await? {
        Some(Ok(token)) => {
            Sending { account: Ok(account_of(&sender, Some(token.credentials))), version: Some(token.version) }
        }
        Some(Err(trouble)) => Sending { account: Err(trouble), version: None },
        None => Sending { account: Ok(account(&sender, &opened(ctx, SENDING, &row.secrets)?)), version: None },
    };
    Ok(Some(sending))
}

/// How far back, as a day of the server's.
pub(super) fn how_far(back: Back, now: i64) -> HowFar {
    match back {
        Back::Nothing => HowFar::Nothing,
        Back::Days(days) => HowFar::Since(super::read::day(now - i64::from(days) * DAY)),
        Back::All => HowFar::All,
    }
}
