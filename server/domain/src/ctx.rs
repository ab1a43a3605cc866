//! Who is asking, and everything the rules need.

use std::collections::HashSet;
use std::sync::Arc;

use db::Db;
use model::{
    AccountId, ContactId, ContactInboxId, ConversationId, DisplayId, ErrorCode, InboxId, Millis, Role, UserId,
};

use crate::blob::Blobs;
use crate::clock::Clock;
use crate::realtime::Hub;
use crate::secret::Keys;
use crate::work::Work;
use crate::{Error, Result, Settings};

/// Searches that run at once.
const SEARCHES: u32 = 3;

/// What the rules stand on. One per process (and one per test).
pub struct App {
    pub db: Db,
    /// Connections for searching alone: see [`App::search_db`].
    search: Db,
    pub settings: Settings,
    pub keys: Keys,
    pub blobs: Blobs,
    pub hub: Hub,
    pub clock: Clock,
    pub jobs: crate::job::Wake,
    /// Opens connections to the mail servers of inboxes.
    pub mail: post::Dialer,
    /// Where mailboxes are opened by signing in.
    pub providers: crate::mailbox::sign_in::Providers,
    pub webhooks: crate::webhook::Webhooks,
    /// Whether the index of what is filtered by can be asked.
    pub(crate) parts: crate::search::Parts,
}

impl App {
    /// Puts the pieces together. Does not open sockets or start workers.
    pub fn new(db: Db, settings: Settings, clock: Clock) -> Result<Arc<Self>> {
        let keys = Keys::derive(&settings.secret_key);
        let blobs = Blobs::open(&settings.storage_url)?;
        let search = db.beside(SEARCHES);
        let providers = crate::mailbox::sign_in::Providers::new(&settings)?;
        let private = settings.private_mail_servers;
        let mail = post::Dialer::new(move |address| private || post::is_public(address));
        Ok(Arc::new(Self {
            db,
            search,
            settings,
            keys,
            blobs,
            hub: Hub::default(),
            clock,
            jobs: crate::job::Wake::default(),
            mail,
            providers,
            webhooks: crate::webhook::Webhooks::default(),
            parts: crate::search::Parts::default(),
        }))
    }

    /// The database by way of connections that only searches use: however long these take, the others find theirs free.
    pub fn search_db(&self) -> &Db {
        &self.search
    }

    /// A context for the system itself.
    pub fn system(self: &Arc<Self>) -> Ctx {
        Ctx::new(self.clone(), Actor::System)
    }

    /// A context for somebody who has not said who they are.
    pub fn anonymous(self: &Arc<Self>) -> Ctx {
        Ctx::new(self.clone(), Actor::Anonymous)
    }
}

/// A member of an account at work in it.
#[derive(Debug, Clone)]
pub struct AgentActor {
    pub account_id: AccountId,
    pub user_id: UserId,
    pub role: Role,
    pub name: String,
    /// Inboxes they belong to; `None` for administrators, who reach all.
    pub inboxes: Option<Arc<HashSet<InboxId>>>,
    /// Who really looks, while an administrator sees everything as this agent does. Nothing can be changed then.
    pub viewer: Option<UserId>,
}

/// An administrator who sees an account as one of its agents does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Who is signed in.
    pub user_id: UserId,
    pub account_id: AccountId,
    /// Whose eyes they look through.
    pub as_user_id: UserId,
}

/// A visitor's browser in one inbox. The rows exist from the first message or identification on.
#[derive(Debug, Clone)]
pub struct VisitorActor {
    pub account_id: AccountId,
    pub inbox_id: InboxId,
    pub source_id: String,
    pub known: Option<KnownVisitor>,
    /// Which of their conversations they mean, where they have several; `None` for the newest.
    pub chosen: Option<DisplayId>,
}

/// The rows of a visitor who has some.
#[derive(Debug, Clone, Copy)]
pub struct KnownVisitor {
    pub contact_id: ContactId,
    pub contact_inbox_id: ContactInboxId,
    pub hmac_verified: bool,
    /// The newest conversation of this browser when it was let in.
    pub newest: Option<ConversationId>,
}

/// Who is asking.
#[derive(Debug, Clone)]
pub enum Actor {
    System,
    Anonymous,
    /// Signed in, outside of any account (profile, account switch).
    User(UserId),
    /// Signed in, and looking through somebody else's eyes. Nothing can be changed.
    Viewer(Viewer),
    Agent(AgentActor),
    Visitor(VisitorActor),
}

/// Passed to every rule. Cloning is cheap.
#[derive(Clone)]
pub struct Ctx {
    pub app: Arc<App>,
    pub actor: Actor,
    origin: Arc<Origin>,
}

/// Where a request comes from, for the log. Empty when nobody asked from anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address.
    pub ip: String,
    /// The name of the request in the server's own log.
    pub request_id: String,
}

impl Ctx {
    fn new(app: Arc<App>, actor: Actor) -> Self {
        Self { app, actor, origin: Arc::default() }
    }

    /// The same with another actor.
    pub fn with(&self, actor: Actor) -> Self {
        Self { app: self.app.clone(), actor, origin: self.origin.clone() }
    }

    /// The same, asked from somewhere.
    pub fn coming_from(self, origin: Origin) -> Self {
        Self { origin: Arc::new(origin), ..self }
    }

    /// Where it is asked from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Unix milliseconds.
    pub fn now(&self) -> Millis {
        self.app.clock.now()
    }

    /// For reads.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// Fails for those who look through somebody else's eyes: whatever they ask for, nothing changes, and nobody is told anything.
    pub fn require_own_eyes(&self) -> Result<()> {
        match &self.actor {
            Actor::Viewer(_) | Actor::Agent(AgentActor { viewer: Some(_), .. }) => {
                Err(Error::code(ErrorCode::ReadOnly))
            }
            _ => Ok(()),
        }
    }

    /// Opens the one transaction of a change.
    pub async fn begin(&self) -> Result<Work<'_>> {
        Work::begin(self).await
    }

    /// The agent who is asking; others are told that they must sign in.
    pub fn agent(&self) -> Result<&AgentActor> {
        match &self.actor {
            Actor::Agent(agent) => Ok(agent),
            Actor::Visitor(_) => Err(Error::forbidden()),
            _ => Err(Error::unauthenticated()),
        }
    }

    /// Refuses everybody but the system itself and the operator at the command line.
    pub fn require_system(&self) -> Result<()> {
        match &self.actor {
            Actor::System => Ok(()),
            _ => Err(Error::forbidden()),
        }
    }

    /// The visitor who is asking.
    pub fn visitor(&self) -> Result<&VisitorActor> {
        match &self.actor {
            Actor::Visitor(visitor) => Ok(visitor),
            _ => Err(Error::unauthenticated()),
        }
    }

    /// The person who is signed in, in an account or not. Whoever looks through somebody else's eyes is not that person: what is
    /// personal (tokens, sessions, the password) stays so.
    pub fn user_id(&self) -> Result<UserId> {
        match &self.actor {
            Actor::Agent(agent) if agent.viewer.is_some() => Err(Error::code(ErrorCode::ReadOnly)),
            Actor::Agent(agent) => Ok(agent.user_id),
            Actor::User(id) => Ok(*id),
            Actor::Viewer(_) => Err(Error::code(ErrorCode::ReadOnly)),
            _ => Err(Error::unauthenticated()),
        }
    }
}
