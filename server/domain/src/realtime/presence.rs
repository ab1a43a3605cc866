//! Who is here. Kept in memory: after a restart everybody says so again within seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::live::Passing;
use model::{AccountId, Availability, ContactId, Millis, UserId};
use tokio_util::sync::CancellationToken;

use super::{PassingTo, lock};
use crate::{App, Result, agent};

/// Milliseconds after the last sign of life until somebody counts as gone. Clients give one every 20 seconds.
pub const GONE_AFTER: i64 = 45_000;
/// Milliseconds after the last page was closed: who follows a link is back before that.
const GRACE: i64 = 6_000;
/// How often those who are gone are looked for.
const SWEEP: Duration = Duration::from_secs(3);

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
#[derive(Default)]
pub struct Presence(Mutex<HashMap<Who, Here>>);

impl Presence {
    /// A page of theirs is open. True when they were away before.
    pub fn alive(&self, who: Who, now: Millis) -> bool {
        self.sign(who, now, 0)
    }

    fn sign(&self, who: Who, now: Millis, pages: u32) -> bool {
        let mut all = lock(&self.0);
        let here = all.entry(who).or_insert(Here { seen: now - GONE_AFTER, pages: 0 });
        let was_away = now - here.seen >= GONE_AFTER;
        here.seen = now;
        here.pages += pages;
        was_away
    }

    fn left(&self, who: Who, now: Millis) {
        let mut all = lock(&self.0);
        let Some(here) = all.get_mut(&who) else { return };
        here.pages = here.pages.saturating_sub(1);
        if here.pages == 0 {
            here.seen = here.seen.min(now - GONE_AFTER + GRACE);
        }
    }

    /// They closed their last page.
    pub fn gone(&self, who: Who) {
        lock(&self.0).remove(&who);
    }

    /// Whether they have a page open.
    pub fn is_here(&self, who: Who, now: Millis) -> bool {
        lock(&self.0).get(&who).is_some_and(|here| now - here.seen < GONE_AFTER)
    }

    /// What colleagues see of an agent: their choice, offline when they are away and want to be shown so.
    pub fn availability(&self, who: Who, chosen: Availability, auto_offline: bool, now: Millis) -> Availability {
        if auto_offline && !self.is_here(who, now) { Availability::Offline } else { chosen }
    }

    /// The contacts of an account who have a page open.
    pub fn contacts(&self, account: AccountId, now: Millis) -> Vec<ContactId> {
        let all = lock(&self.0);
        let here = all.iter().filter(|(_, here)| now - here.seen < GONE_AFTER);
        let contact = |who: &Who| match who {
            Who::Contact(of, contact) if *of == account => Some(*contact),
            _ => None,
        };
        here.filter_map(|(who, _)| contact(who)).collect()
    }

    /// Forgets and returns those who have gone since the last time.
    fn take_gone(&self, now: Millis) -> Vec<Who> {
        let mut all = lock(&self.0);
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
            tell(app, who).await;
        }
        page
    }

    /// The page gave a sign of life.
    pub async fn alive(&self) {
        if self.app.hub.presence.alive(self.who, self.app.clock.now()) {
            tell(&self.app, self.who).await;
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

/// Tells who has gone, until `stop`.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        sweep(&app).await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}

/// Tells who has gone since the last time.
pub async fn sweep(app: &Arc<App>) {
    for who in app.hub.presence.take_gone(app.clock.now()) {
        tell(app, who).await;
    }
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
