//! How an inbox reaches its mailbox.

use model::{AccountId, ErrorCode, InboxId, Permission};
use post::{Credentials, Dialer, Encryption, HowFar, Server, Trouble};
use serde::{Deserialize, Serialize};

use super::{MailInbox, store};
use crate::job::{self, Job};
use crate::{Ctx, Error, Result, inbox};

/// Where passwords are kept encrypted.
const SECRETS: &str = "mailbox_connections.secrets";
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What somebody types to connect a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub host: String,
    pub port: u16,
    pub encryption: Security,
    pub check_certificate: bool,
    pub user: String,
    pub how_far: Back,
}

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    Tls,
    StartTls,
    None,
}

/// How much of the mail that is there becomes conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Back {
    Nothing,
    Days(u16),
    All,
}

#[derive(Serialize, Deserialize)]
struct Secrets {
    password: String,
}

impl Connection {
    pub fn server(&self) -> Server {
        let encryption = match self.encryption {
            Security::Tls => Encryption::Tls,
            Security::StartTls => Encryption::StartTls,
            Security::None => Encryption::None,
        };
        Server { host: self.host.clone(), port: self.port, encryption, check_certificate: self.check_certificate }
    }

    fn check(&self) -> Result<()> {
        let too_long = |text: &str| text.trim().is_empty() || text.len() > 255;
        if too_long(&self.host) {
            return Err(Error::field("imap_address", ErrorCode::Invalid));
        }
        if too_long(&self.user) {
            return Err(Error::field("imap_login", ErrorCode::Invalid));
        }
        if self.port == 0 {
            return Err(Error::field("imap_port", ErrorCode::Invalid));
        }
        Ok(())
    }
}

/// A connection as it is kept, ready to be used.
pub(super) struct Ready {
    pub inbox: MailInbox,
    pub connection: Connection,
    pub credentials: Credentials,
    pub failures: i64,
}

/// Connects an inbox to its mailbox. For administrators. The credentials are tried first; what the server says against them is the inner
/// error, and then nothing is kept. Reading begins at once.
pub async fn connect(
    ctx: &Ctx,
    dialer: &Dialer,
    id: InboxId,
    connection: Connection,
    password: &str,
) -> Result<std::result::Result<(), Trouble>> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    inbox::get(ctx, id).await?;
    connection.check()?;
    let credentials = Credentials::password(&connection.user, password);
    if let Err(trouble) = post::check_imap(dialer, &connection.server(), &credentials).await {
        return Ok(Err(trouble));
    }
    let secrets = serde_json::to_vec(&Secrets { password: password.to_owned() })?;
    let sealed = ctx.app.keys.encrypt(SECRETS, &secrets)?;
    let config = serde_json::to_value(&connection)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::connection::save(&mut work.tx, agent.account_id, id, &config, sealed, now).await?;
    work.enqueue(read_now(agent.account_id, id));
    work.commit().await?;
    Ok(Ok(()))
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
    let secrets: Secrets = serde_json::from_slice(&ctx.app.keys.decrypt(SECRETS, &row.secrets)?)?;
    let mut addresses = vec![inbox.identifier.to_lowercase(), connection.user.to_lowercase()];
    addresses.retain(|address| address.contains('@'));
    addresses.dedup();
    let credentials = Credentials::password(&connection.user, &secrets.password);
    let inbox = MailInbox { account_id: account, inbox_id: id, addresses };
    Ok(Some(Ready { inbox, connection, credentials, failures: row.failures }))
}

/// How far back, as a day of the server's.
pub(super) fn how_far(back: Back, now: i64) -> HowFar {
    match back {
        Back::Nothing => HowFar::Nothing,
        Back::Days(days) => HowFar::Since(super::read::day(now - i64::from(days) * DAY)),
        Back::All => HowFar::All,
    }
}
