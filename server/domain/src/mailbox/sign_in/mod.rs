//! Signing in at Google and Microsoft: an administrator goes there, agrees, comes back, and the mailbox is connected.

mod provider;
pub mod store;
mod token;

use futures::future::BoxFuture;
use model::mailbox::{AfterReading, Back, Connection, LoginMethod, MailProvider, SignIn, SignInRefusal, SignInWish};
use model::{AccountId, AuditSubject, ErrorCode, InboxId, Millis, Permission};
use post::{OAuthTrouble, Pending, Trouble};
use serde::{Deserialize, Serialize};

pub use provider::{Providers, Registered};
pub(crate) use token::{Token, distrust, token};

use super::connect::{self, Sender};
use super::trouble;
use crate::audit::{self, Entry};
use crate::event::Event;
use crate::inbox::{self, NewInbox, Settings};
use crate::work::Work;
use crate::{Ctx, Error, Result, access, channel, contact, delivery, secret};
use store::{At, Consent};

/// Where what is remembered of somebody who is away is kept encrypted.
const PLACE: &str = "mail_consents.sealed";
/// How long somebody may be away: they may have to look for a password.
const AWAY: Millis = 30 * 60_000;

/// What is remembered of somebody who is away.
#[derive(Serialize, Deserialize)]
struct Away {
    verifier: String,
    email: String,
    how_far: Back,
}

/// Where somebody who came back has landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    pub account_id: AccountId,
    pub provider: MailProvider,
    /// The inbox that was made or connected anew, or was to be.
    pub inbox: Option<InboxId>,
    /// Whether it was made just now.
    pub is_new: bool,
    /// Why nothing is connected.
    pub refusal: Option<SignInRefusal>,
}

/// The providers at which somebody can sign in here. For administrators.
pub fn providers(ctx: &Ctx) -> Result<Vec<MailProvider>> {
    ctx.agent()?.require(Permission::ManageAccount)?;
    Ok(ctx.app.providers.kinds())
}

/// Where an administrator has to go to sign in. They must come back in the same browser, within half an hour, and once.
pub async fn begin(ctx: &Ctx, wish: SignInWish) -> Result<String> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let email = match wish.inbox {
        Some(id) => mail_inbox(ctx, id).await?,
        None => fresh(ctx, &wish.email).await?,
    };
    let registered = ctx.app.providers.get(wish.provider);
    let registered = registered.ok_or_else(|| Error::field("provider", ErrorCode::NotConnected))?;
    let consent = registered.provider.consent(&email);
    let away = Away { verifier: consent.pending.verifier, email, how_far: wish.how_far };
    let sealed = ctx.app.keys.encrypt(PLACE, &serde_json::to_vec(&away)?)?;
    let mut work = ctx.begin().await?;
    let row = Consent {
        account_id: agent.account_id,
        user_id: agent.user_id,
        inbox_id: wish.inbox,
        provider: wish.provider,
        sealed,
        created_at: work.now,
    };
    store::await_consent(&mut work.tx, secret::hash(&consent.pending.state), row).await?;
    work.commit().await?;
    Ok(consent.url)
}

/// The address of an inbox that reads mail.
async fn mail_inbox(ctx: &Ctx, id: InboxId) -> Result<String> {
    let inbox = inbox::get(ctx, id).await?;
    match inbox.channel == channel::MAIL_CHANNEL {
        true => Ok(inbox.identifier),
        false => Err(Error::not_found()),
    }
}

/// An address for which there is no inbox yet.
async fn fresh(ctx: &Ctx, email: &str) -> Result<String> {
    let email = contact::checked_email(email).map_err(|_| Error::field("email", ErrorCode::InvalidEmail))?;
    match inbox::store::find_by_identifier(ctx.db(), channel::MAIL_CHANNEL, &email).await? {
        Some(_) => Err(Error::field("email", ErrorCode::Taken)),
        None => Ok(email),
    }
}

/// Somebody came back, with a code or with the provider's word for no. `ctx` is the person who is signed in in that browser: whoever was
/// sent here by somebody else is refused like one who is too late.
pub async fn finish(
    ctx: &Ctx,
    provider: MailProvider,
    state: &str,
    answer: std::result::Result<&str, &str>,
) -> Result<Landed> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    let found = store::take_consent(&mut work.tx, secret::hash(state)).await?;
    let Some(consent) = found.filter(|found| found.user_id == user && found.provider == provider) else {
        return Err(Error::code(ErrorCode::LinkExpired));
    };
    work.commit().await?;
    let ctx = &access::enter(ctx, consent.account_id).await?;
    ctx.agent()?.require(Permission::ManageAccount)?;
    let landed = |inbox, is_new, refusal| Landed { account_id: consent.account_id, provider, inbox, is_new, refusal };
    if ctx.now() - consent.created_at > AWAY {
        return Ok(landed(consent.inbox_id, false, Some(SignInRefusal::Expired)));
    }
    let away: Away = serde_json::from_slice(&ctx.app.keys.decrypt(PLACE, &consent.sealed)?)?;
    let signed_in = match sign_in(ctx, provider, &away, state, answer).await? {
        Ok(signed_in) => signed_in,
        Err(refusal) => return Ok(landed(consent.inbox_id, false, Some(refusal))),
    };
    if let Some(id) = consent.inbox_id {
        connect_anew(ctx, id, &signed_in).await?;
        return Ok(landed(Some(id), false, None));
    }
    match make(ctx, signed_in).await {
        Ok(id) => Ok(landed(Some(id), true, None)),
        Err(error) if error.known() == Some(ErrorCode::Taken) => Ok(landed(None, false, Some(SignInRefusal::Taken))),
        Err(error) => Err(error),
    }
}

/// A mailbox that was opened.
struct SignedIn {
    provider: MailProvider,
    email: String,
    /// What its owner calls themselves.
    name: Option<String>,
    /// As the provider's server is reached.
    connection: Connection,
    sender: Sender,
    /// Sending may be forbidden where reading is not.
    cannot_send: Option<Trouble>,
    sealed: (Vec<u8>, Millis),
    /// No password: for the rows that keep one.
    no_password: (Vec<u8>, Vec<u8>),
}

/// The code becomes tokens, and the tokens open the mailbox that was named.
async fn sign_in(
    ctx: &Ctx,
    provider: MailProvider,
    away: &Away,
    state: &str,
    answer: std::result::Result<&str, &str>,
) -> Result<std::result::Result<SignedIn, SignInRefusal>> {
    let providers = &ctx.app.providers;
    let Some(registered) = providers.get(provider) else { return Ok(Err(SignInRefusal::Installation)) };
    let pending = Pending { state: state.to_owned(), verifier: away.verifier.clone() };
    let tokens = match registered.provider.exchange(providers.http()?, &pending, state, answer).await {
        Ok(tokens) => tokens,
        Err(trouble) => {
            tracing::info!(%provider, %trouble, "a sign-in at a mail provider came to nothing");
            return Ok(Err(refusal(&trouble)));
        }
    };
    let whose = tokens.identity.as_ref().and_then(|identity| identity.email.as_deref());
    let is_another = whose.is_some_and(|whose| whose != away.email);
    // At Microsoft people open shared mailboxes as themselves; its server has the last word then.
    if is_another && provider == MailProvider::Google {
        return Ok(Err(SignInRefusal::WrongMailbox));
    }
    let (connection, sender) = reached(registered, away);
    let credentials = post::Credentials::token(&away.email, &tokens.access);
    if let Err(trouble) = post::check_imap(&ctx.app.mail, &connect::server(&connection), &credentials).await {
        tracing::info!(%provider, %trouble, "a mailbox does not open for whoever signed in");
        return Ok(Err(match trouble {
            _ if trouble.is_login() && is_another => SignInRefusal::WrongMailbox,
            _ if trouble.is_login() || !trouble.is_passing() => SignInRefusal::Mailbox,
            _ => SignInRefusal::Unavailable,
        }));
    }
    let account = connect::account_of(&sender, Some(credentials));
    let cannot_send = post::check_smtp(&ctx.app.mail, &account).await.err();
    let sealed = token::sealed(ctx, &tokens, ctx.now())?;
    Ok(Ok(SignedIn {
        provider,
        email: away.email.clone(),
        name: tokens.identity.as_ref().and_then(|identity| identity.name.clone()),
        connection,
        sender,
        cannot_send,
        sealed,
        no_password: connect::no_password(ctx)?,
    }))
}

fn refusal(trouble: &OAuthTrouble) -> SignInRefusal {
    match trouble {
        OAuthTrouble::Denied { .. } => SignInRefusal::Denied,
        OAuthTrouble::MissingPermission { .. } => SignInRefusal::Permission,
        OAuthTrouble::InvalidGrant { .. } | OAuthTrouble::WrongState => SignInRefusal::Expired,
        OAuthTrouble::InvalidClient { .. } => SignInRefusal::Installation,
        OAuthTrouble::Passing { .. } | OAuthTrouble::Nonsense { .. } => SignInRefusal::Unavailable,
    }
}

/// How the provider's servers are reached.
fn reached(registered: &Registered, away: &Away) -> (Connection, Sender) {
    let (imap, smtp) = (registered.imap.clone(), registered.smtp.clone());
    let domain = away.email.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
    let connection = Connection {
        host: imap.host,
        port: imap.port,
        encryption: imap.encryption,
        check_certificate: true,
        user: away.email.clone(),
        how_far: away.how_far,
        after: AfterReading::Leave,
    };
    let sender = Sender {
        host: smtp.host,
        port: smtp.port,
        encryption: smtp.encryption,
        check_certificate: true,
        user: away.email.clone(),
        method: LoginMethod::Any,
        domain,
    };
    (connection, sender)
}

/// Makes the inbox of a mailbox. Whoever signed in answers in it until somebody says who does.
async fn make(ctx: &Ctx, signed_in: SignedIn) -> Result<InboxId> {
    let settings = Settings {
        name: Some(signed_in.name.clone().unwrap_or_else(|| signed_in.email.clone())),
        config: Some(serde_json::json!({ "email": signed_in.email })),
        ..Settings::default()
    };
    let new = NewInbox { channel: channel::MAIL_CHANNEL.to_owned(), settings, members: vec![ctx.agent()?.user_id] };
    Ok(inbox::create_linked(ctx, new, Some(Box::new(signed_in))).await?.id)
}

/// The same mailbox with new tokens: reading goes on where it stopped, and what waits is sent.
async fn connect_anew(ctx: &Ctx, id: InboxId, signed_in: &SignedIn) -> Result<()> {
    use channel::Link as _;
    let (account, name) = (ctx.agent()?.account_id, inbox::get(ctx, id).await?.name);
    let mut work = ctx.begin().await?;
    signed_in.keep(&mut work, account, id).await?;
    audit::record(&mut work, account, Entry::updated(AuditSubject::Inbox, id, &name).change("sign_in", false, true));
    work.record(account, Event::InboxChanged { inbox_id: id });
    work.commit().await
}

impl channel::Link for SignedIn {
    fn keep<'a>(&'a self, work: &'a mut Work<'_>, account: AccountId, inbox: InboxId) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.keep_all(work, account, inbox))
    }
}

impl SignedIn {
    async fn keep_all(&self, work: &mut Work<'_>, account: AccountId, inbox: InboxId) -> Result<()> {
        let (at, now) = (At { account, inbox }, work.now);
        let (secrets, expires_at) = self.sealed.clone();
        store::save(&mut work.tx, at, (self.provider, &self.email), secrets, expires_at, now).await?;
        self.keep_servers(work, at).await?;
        let row = inbox::store::find(&mut work.tx, account, inbox).await?.ok_or_else(Error::not_found)?;
        let mut config = row.config.0;
        if let Some(config) = config.as_object_mut() {
            config.insert(super::PROVIDER.to_owned(), self.provider.as_str().into());
        }
        inbox::store::set_config(&mut work.tx, account, inbox, &config, now).await?;
        work.enqueue(connect::read_now(account, inbox));
        delivery::hurry(work, account, inbox).await?;
        trouble::show(work, account, inbox).await
    }

    /// What somebody chose of the mailbox before stays chosen.
    async fn keep_servers(&self, work: &mut Work<'_>, at: At) -> Result<()> {
        use super::store::{connection, sender};
        let (account, inbox, now) = (at.account, at.inbox, work.now);
        let mut reads = self.connection.clone();
        if let Some(row) = connection::find(&mut work.tx, account, inbox).await? {
            let before: Connection = serde_json::from_value(row.config.0)?;
            (reads.how_far, reads.after) = (before.how_far, before.after);
        }
        let (reading, sending) = self.no_password.clone();
        connection::save(&mut work.tx, account, inbox, &serde_json::to_value(&reads)?, reading, now).await?;
        sender::save(&mut work.tx, account, inbox, &serde_json::to_value(&self.sender)?, sending, now).await?;
        if let Some(found) = &self.cannot_send {
            let said = found.to_string();
            let found = Some((trouble::kind(found).as_str(), said.as_str()));
            sender::note(&mut work.tx, account, inbox, found, now).await?;
        }
        Ok(())
    }
}

/// How the mailbox of an inbox is opened, where that takes no password.
pub(super) async fn find(ctx: &Ctx, account: AccountId, inbox: InboxId) -> Result<Option<SignIn>> {
    let row = store::find(ctx.db(), At { account, inbox }).await?;
    Ok(row.map(|row| SignIn { provider: row.provider, email: row.email, is_lost: row.lost.is_some() }))
}

/// Forgets those who never came back.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    store::prune(ctx.db(), ctx.now() - AWAY).await
}
