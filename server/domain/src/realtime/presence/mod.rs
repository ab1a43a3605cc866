//! Who is here. Kept in memory: after a restart everybody says so again within seconds.
//!
//! Of agents the database knows as well with which node they have a page open, so that every node shows the same and assignment
//! finds them. A node's word lasts for a lease: those of one that died are gone when it ends.

pub mod store;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::live::Passing;
use model::{AccountId, Availability, ContactId, Millis, UserId};
use tokio_util::sync::CancellationToken;

use super::{PassingTo, lock};
use crate::job::Job;
use crate::{App, Ctx, Result, agent, notification, secret};

/// Milliseconds after the last sign of life until somebody counts as gone. Clients give one every 20 seconds.
pub const GONE_AFTER: i64 = 45_000;
/// Milliseconds after the last page was closed: who follows a link is back before that.
const GRACE: i64 = 6_000;
/// How often those who are gone are looked for.
const SWEEP: Duration = Duration::from_secs(3);
/// Milliseconds for which a node's word about who is with it holds.
const LEASE: i64 = 45_000;
/// How often it is given anew, in sweeps.
const EVERY: u32 = 5;

/// Somebody who can be here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    User(AccountId, UserId),
    Contact(AccountId, ContactId),
}

#[derive(Debug, Clone, Copy)]
struct Here {
    seen: Millis,
    /// Connections that are open.
    pages: u32,
}

/// The signs of life of this process.
pub struct Presence {
    /// This program's name among those on the same database.
    node: String,
    all: Mutex<HashMap<Who, Here>>,
}

impl Default for Presence {
    fn default() -> Self {
        Self { node: secret::short_token(), all: Mutex::default() }
    }
}

impl Presence {
    /// A page of theirs is open. True when they were away before.
    pub fn alive(&self, who: Who, now: Millis) -> bool {
        self.sign(who, now, 0)
    }

    fn sign(&self, who: Who, now: Millis, pages: u32) -> bool {
        let mut all = lock(&self.all);
        let here = all.entry(who).or_insert(Here { seen: now - GONE_AFTER, pages: 0 });
        let was_away = now - here.seen >= GONE_AFTER;
        here.seen = now;
        here.pages += pages;
        was_away
    }

    fn left(&self, who: Who, now: Millis) {
        let mut all = lock(&self.all);
        let Some(here) = all.get_mut(&who) else { return };
        here.pages = here.pages.saturating_sub(1);
        if here.pages == 0 {
            here.seen = here.seen.min(now - GONE_AFTER + GRACE);
        }
    }

    /// They closed their last page.
    pub fn gone(&self, who: Who) {
        lock(&self.all).remove(&who);
    }

    /// Whether they have a page open.
    pub fn is_here(&self, who: Who, now: Millis) -> bool {
        lock(&self.all).get(&who).is_some_and(|here| now - here.seen < GONE_AFTER)
    }

    /// The contacts of an account who have a page open.
    pub fn contacts(&self, account: AccountId, now: Millis) -> Vec<ContactId> {
        let all = lock(&self.all);
        let here = all.iter().filter(|(_, here)| now - here.seen < GONE_AFTER);
        let contact = |who: &Who| match who {
            Who::Contact(of, contact) if *of == account => Some(*contact),
            _ => None,
        };
        here.filter_map(|(who, _)| contact(who)).collect()
    }

    /// The agents who are here.
    fn agents(&self, now: Millis) -> HashSet<(AccountId, UserId)> {
        let all = lock(&self.all);
        let here = all.iter().filter(|(_, here)| now - here.seen < GONE_AFTER);
        let agent = |who: &Who| match who {
            Who::User(account, user) => Some((*account, *user)),
            Who::Contact(..) => None,
        };
        here.filter_map(|(who, _)| agent(who)).collect()
    }

    /// Forgets and returns those who have gone since the last time.
    fn take_gone(&self, now: Millis) -> Vec<Who> {
        let mut all = lock(&self.all);
        let gone: Vec<Who> =
            all.iter().filter(|(_, here)| now - here.seen >= GONE_AFTER).map(|(who, _)| *who).collect();
        for who in &gone {
            all.remove(who);
        }
        gone
    }
}

/// A page that is open, for as long as it lives.
pub struct Page {
    app: Arc<App>,
    who: Who,
}

impl Page {
    /// Somebody opens a page; colleagues learn of it when they were away.
    pub async fn open(app: &Arc<App>, who: Who) -> Self {
        let was_away = app.hub.presence.sign(who, app.clock.now(), 1);
        let page = Self { app: app.clone(), who };
        if was_away {
            came(app, who).await;
        }
        page
    }

    /// The page gave a sign of life.
    pub async fn alive(&self) {
        if self.app.hub.presence.alive(self.who, self.app.clock.now()) {
            came(&self.app, self.who).await;
        }
    }

    /// Whose page it is.
    pub fn who(&self) -> Who {
        self.who
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.app.hub.presence.left(self.who, self.app.clock.now());
    }
}

/// What colleagues see of an agent: their choice, offline when they are away and want to be shown so.
pub async fn availability(
    ctx: &Ctx,
    account: AccountId,
    user: UserId,
    chosen: Availability,
    auto_offline: bool,
) -> Result<Availability> {
    let shows = !auto_offline || is_here(ctx, account, user).await?;
    Ok(if shows { chosen } else { Availability::Offline })
}

/// Whether somebody of the account has a page open, with whatever node.
pub async fn is_here(ctx: &Ctx, account: AccountId, user: UserId) -> Result<bool> {
    let now = ctx.now();
    if ctx.app.hub.presence.is_here(Who::User(account, user), now) {
        return Ok(true);
    }
    store::is_here(ctx.db(), account, user, now).await
}

/// The agents of an account who have a page open, with whatever node.
pub async fn agents_here(ctx: &Ctx, account: AccountId) -> Result<HashSet<UserId>> {
    let now = ctx.now();
    let mut here = store::here(ctx.db(), account, now).await?;
    let own = ctx.app.hub.presence.agents(now);
    here.extend(own.into_iter().filter(|(of, _)| *of == account).map(|(_, user)| user));
    Ok(here)
}

/// Somebody who was away is here: it is noted, told, and what waits may find its way to them.
async fn came(app: &Arc<App>, who: Who) {
    if let Who::User(account, user) = who
        && let Err(error) = note(app, &[(account, user)], &[]).await
    {
        // The next sweep that gives the node's word tries again.
        tracing::warn!(%error, "arrival not noted");
    }
    tell(app, who).await;
}

/// Writes down who came and who went, and until when this node's word holds.
async fn note(app: &Arc<App>, came: &[(AccountId, UserId)], gone: &[(AccountId, UserId)]) -> Result<()> {
    let ctx = app.system();
    let node = &app.hub.presence.node;
    let mut work = ctx.begin().await?;
    let until = work.now + LEASE;
    store::keep_node(&mut work.tx, node, until).await?;
    let mut accounts = HashSet::new();
    for (account, user) in came {
        if store::arrive(&mut work.tx, node, *account, *user).await? {
            accounts.insert(*account);
            notification::came_back(&mut work, *account, *user).await?;
        }
    }
    for (account, user) in gone {
        store::leave(&mut work.tx, node, *account, *user).await?;
    }
    for account_id in accounts {
        work.enqueue_now(account_id, Job::AssignWaiting { account_id });
    }
    work.commit().await
}

/// Tells the account whether somebody is here now.
async fn tell(app: &Arc<App>, who: Who) {
    match passing(app, who).await {
        Ok(Some((account, passing))) => {
            app.hub.pass(account, PassingTo { passing, reach: None, visitors: Vec::new(), by: None });
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "presence not told"),
    }
}

async fn passing(app: &Arc<App>, who: Who) -> Result<Option<(AccountId, Passing)>> {
    Ok(match who {
        Who::User(account, user_id) => {
            let agent = agent::read::one(&app.system(), account, user_id).await?;
            agent.map(|agent| (account, Passing::AgentPresence { user_id, availability: agent.availability }))
        }
        Who::Contact(account, contact_id) => {
            let online = app.hub.presence.is_here(who, app.clock.now());
            Some((account, Passing::ContactPresence { contact_id, online }))
        }
    })
}

/// Tells who has gone and gives the node's word, until `stop`.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    let mut sweeps = 0_u32;
    while !stop.is_cancelled() {
        sweep(&app).await;
        if sweeps.is_multiple_of(EVERY)
            && let Err(error) = give_word(&app).await
        {
            tracing::warn!(%error, "other nodes do not learn who is here");
        }
        sweeps = sweeps.wrapping_add(1);
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
    if let Err(error) = withdraw(&app).await {
        tracing::debug!(%error, "those who were here count as here until the lease ends");
    }
}

/// Tells who has gone since the last time.
pub async fn sweep(app: &Arc<App>) {
    let gone = app.hub.presence.take_gone(app.clock.now());
    let agents: Vec<_> = gone
        .iter()
        .filter_map(|who| match who {
            Who::User(account, user) => Some((*account, *user)),
            Who::Contact(..) => None,
        })
        .collect();
    if !agents.is_empty()
        && let Err(error) = note(app, &[], &agents).await
    {
        tracing::warn!(%error, "leaving not noted");
    }
    for who in gone {
        tell(app, who).await;
    }
}

/// Says anew for how long this node's word holds, mends what is noted of who is with it, and tells of those whose node died.
pub async fn give_word(app: &Arc<App>) -> Result<()> {
    // In this order: whoever comes meanwhile is in memory before they are noted, and must not be struck out again.
    let noted: HashSet<_> = store::with_node(&app.db, &app.hub.presence.node).await?.into_iter().collect();
    let here = app.hub.presence.agents(app.clock.now());
    let came: Vec<_> = here.difference(&noted).copied().collect();
    let gone: Vec<_> = noted.difference(&here).copied().collect();
    if !here.is_empty() || !gone.is_empty() {
        note(app, &came, &gone).await?;
    }
    if !store::is_any_dead(&app.db, app.clock.now()).await? {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    let lost = store::bury(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    for (account, user) in lost {
        tell(app, Who::User(account, user)).await;
    }
    Ok(())
}

/// The node goes: whoever was with it is not here any more, until they come to another.
async fn withdraw(app: &Arc<App>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::keep_node(&mut tx, &app.hub.presence.node, 0).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: Who = Who::Contact(AccountId(1), ContactId(7));

    #[test]
    fn who_follows_a_link_never_was_away() {
        let presence = Presence::default();
        assert!(presence.sign(WHO, 0, 1));
        presence.left(WHO, 1_000);
        assert!(presence.is_here(WHO, 5_000));
        assert!(!presence.sign(WHO, 5_000, 1));
        assert!(presence.take_gone(5_001).is_empty());
    }

    #[test]
    fn who_closes_the_last_page_is_gone_and_told_once() {
        let presence = Presence::default();
        presence.sign(WHO, 0, 1);
        presence.sign(WHO, 0, 1);
        presence.left(WHO, 1_000);
        assert!(presence.is_here(WHO, 20_000));
        presence.left(WHO, 21_000);
        assert!(!presence.is_here(WHO, 21_000 + GRACE));
        assert_eq!(presence.take_gone(21_000 + GRACE), [WHO]);
        assert!(presence.take_gone(30_000).is_empty());
    }

    #[test]
    fn silence_is_absence() {
        let presence = Presence::default();
        presence.sign(WHO, 0, 1);
        assert_eq!(presence.contacts(AccountId(1), GONE_AFTER - 1), [ContactId(7)]);
        assert!(presence.contacts(AccountId(2), 0).is_empty());
        assert!(!presence.is_here(WHO, GONE_AFTER));
        assert!(presence.alive(WHO, GONE_AFTER));
    }
}
