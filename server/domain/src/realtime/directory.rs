//! The lists of an account that payloads refer to: inboxes, agents, teams. Without asking who reads; callers have asked.
//!
//! They are kept until they change, so that a burst of events or requests reads them once. A change on this node is known with its
//! commit, one on another node when its event is read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::agent::Agent;
use model::inbox::Inbox;
use model::team::Team;
use model::{AccountId, InboxId, TeamId, UserId};
use text::Lang;

use crate::{Ctx, Result, account, agent, inbox, team};

/// How long lists are used that nobody said had changed: agents go away without a word.
const FRESH: Duration = Duration::from_secs(2);

/// Accounts that are remembered.
const MOST: usize = 1_000;

/// An account's lists by id.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    pub inboxes: HashMap<InboxId, Inbox>,
    pub agents: HashMap<UserId, Agent>,
    pub teams: HashMap<TeamId, Team>,
    /// The account's language.
    pub lang: Lang,
}

/// The lists of accounts that were needed lately.
#[derive(Default)]
pub struct Directories(Mutex<Known>);

#[derive(Default)]
struct Known {
    lists: HashMap<AccountId, (Instant, Arc<Directory>)>,
    /// How many changes were heard of.
    changes: u64,
}

impl Directories {
    /// The lists of the account changed.
    pub fn forget(&self, account: AccountId) {
        let mut known = self.lock();
        known.changes += 1;
        known.lists.remove(&account);
    }

    /// What is known of the account, or else how many changes were heard of before it is read.
    fn get(&self, account: AccountId) -> std::result::Result<Arc<Directory>, u64> {
        let known = self.lock();
        let lists = known.lists.get(&account).filter(|(at, _)| at.elapsed() < FRESH);
        lists.map(|(_, lists)| lists.clone()).ok_or(known.changes)
    }

    /// Keeps what was read, unless it changed meanwhile.
    fn keep(&self, account: AccountId, lists: &Arc<Directory>, changes: u64) {
        let mut known = self.lock();
        if known.changes != changes {
            return;
        }
        if known.lists.len() >= MOST {
            known.lists.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        known.lists.insert(account, (Instant::now(), lists.clone()));
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lists of an account.
pub async fn of(ctx: &Ctx, account: AccountId) -> Result<Arc<Directory>> {
    let directories = &ctx.app.hub.directories;
    let changes = match directories.get(account) {
        Ok(known) => return Ok(known),
        Err(changes) => changes,
    };
    let lists = Arc::new(read(ctx, account).await?);
    directories.keep(account, &lists, changes);
    Ok(lists)
}

async fn read(ctx: &Ctx, id: AccountId) -> Result<Directory> {
    let inboxes = inbox::read::all(ctx, id).await?;
    let agents = agent::read::all(ctx, id).await?;
    let teams = team::store::list(ctx.db(), id).await?;
    let lang = account::store::get(ctx.db(), id).await?.and_then(|account| account.locale.parse().ok());
    Ok(Directory {
        lang: lang.unwrap_or_default(),
        inboxes: inboxes.into_iter().map(|inbox| (inbox.id, inbox)).collect(),
        agents: agents.into_iter().map(|agent| (agent.id, agent)).collect(),
        teams: teams.into_iter().map(|team| (team.id, team)).collect(),
    })
}
