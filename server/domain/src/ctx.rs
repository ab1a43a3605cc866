//! Who is asking, and everything the rules need.

use std::collections::HashSet;
use std::sync::Arc;

use db::Db;
use model::{AccountId, ContactId, ContactInboxId, InboxId, Millis, Role, UserId};

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
}

impl App {
    /// Puts the pieces together. Does not open sockets or start workers.
    pub fn new(db: Db, settings: Settings, clock: Clock) -> Result<Arc<Self>> {
        let keys = Keys::derive(&settings.secret_key);
        let blobs = Blobs::open(&settings.storage_url)?;
        let search = db.beside(SEARCHES);
        Ok(Arc::new(Self {
            db,
            search,
            settings,
            keys,
            blobs,
            hub: Hub::default(),
            clock,
            jobs: crate::job::Wake::default(),
        }))
    }

    /// The database by way of connections that only searches use: however long these take, the others find theirs free.
    pub fn search_db(&self) -> &Db {
        &self.search
    }

    /// A context for the system itself.
    pub fn system(self: &Arc<Self>) -> Ctx {
        Ctx { app: self.clone(), actor: Actor::System }
    }

    /// A context for somebody who has not said who they are.
    pub fn anonymous(self: &Arc<Self>) -> Ctx {
        Ctx { app: self.clone(), actor: Actor::Anonymous }
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
}

/// A visitor's browser in one inbox. The rows exist from the first message or identification on.
#[derive(Debug, Clone)]
pub struct VisitorActor {
    pub account_id: AccountId,
    pub inbox_id: InboxId,
    pub source_id: String,
    pub known: Option<KnownVisitor>,
}

/// The rows of a visitor who has some.
#[derive(Debug, Clone, Copy)]
pub struct KnownVisitor {
    pub contact_id: ContactId,
    pub contact_inbox_id: ContactInboxId,
    pub hmac_verified: bool,
}

/// Who is asking.
#[derive(Debug, Clone)]
pub enum Actor {
    System,
    Anonymous,
    /// Signed in, outside of any account (profile, account switch).
    User(UserId),
    Agent(AgentActor),
    Visitor(VisitorActor),
}

/// Passed to every rule. Cloning is cheap.
#[derive(Clone)]
pub struct Ctx {
    pub app: Arc<App>,
    pub actor: Actor,
}

impl Ctx {
    /// The same with another actor.
    pub fn with(&self, actor: Actor) -> Self {
        Self { app: self.app.clone(), actor }
    }

    /// Unix milliseconds.
    pub fn now(&self) -> Millis {
        self.app.clock.now()
    }

    /// For reads.
    pub fn db(&self) -> &Db {
        &self.app.db
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

    /// The person who is signed in, in an account or not.
    pub fn user_id(&self) -> Result<UserId> {
        match &self.actor {
            Actor::Agent(agent) => Ok(agent.user_id),
            Actor::User(id) => Ok(*id),
            _ => Err(Error::unauthenticated()),
        }
    }
}
