//! Automatic assignment: conversations that wait are given to agents who are online and have room, in turn.
//!
//! A conversation waits when it is open and nobody's. One with a team waits in the team's queue, where the team has one, and nobody
//! outside of the team gets it; every other waits in the queue of its inbox. The longest wait is served first, by whoever of the
//! queue was served the longest ago. The queues are in the database, and an account's clock lets one assignment happen at a time, so
//! it is the same on however many nodes.
//!
//! Limits bind only this module: people may give, and customers reopen, more than they allow.

pub mod store;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use db::Conn;
use model::{AccountId, InboxId, Millis, TeamId, UserId};

use crate::conversation::activity::Activity;
use crate::conversation::{self, assign};
use crate::job::Job;
use crate::{Ctx, Result};
use store::{Queue, Waiting};

/// Assignments in one run of the job; the next goes on.
const PORTION: usize = 200;

/// Gives the conversations of an account that wait to whoever can take them.
pub(crate) async fn serve(ctx: &Ctx, account: AccountId) -> Result<()> {
    for _ in 0..PORTION {
        // Looked at without holding anything first: most changes leave nothing to do.
        if find(&mut ctx.db().into(), account, ctx.now()).await?.is_none() || !serve_one(ctx, account).await? {
            return Ok(());
        }
    }
    let mut work = ctx.begin().await?;
    work.enqueue_now(account, Job::AssignWaiting { account_id: account });
    work.commit().await
}

/// Gives away the conversation that has waited longest of those that somebody can take; false when there is none.
async fn serve_one(ctx: &Ctx, account: AccountId) -> Result<bool> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    // From here on nobody else assigns in this account: what is counted stays true until the commit.
    let tick = store::take_turn(&mut work.tx, account).await?;
    let Some(found) = find(&mut work.tx.conn(), account, now).await? else { return Ok(false) };
    let Found { waiting, queue, user } = found;
    let facts = conversation::store::lock(&mut work.tx, account, waiting.id, now).await?;
    // Somebody may have taken or moved it while its row was waited for: then the next look decides.
    let Some(facts) = facts.filter(|facts| waiting.is_still(facts)) else { return Ok(true) };
    store::note_turn(&mut work.tx, account, queue, user, tick).await?;
    let name = store::name(&mut work.tx, user).await?;
    let place = store::queue_name(&mut work.tx, account, queue).await?;
    let activity = match queue {
        Queue::Team(_) => Activity::AssignedFromTeam { name: &name, team: &place },
        Queue::Inbox(_) => Activity::AssignedFromInbox { name: &name, inbox: &place },
    };
    assign::give(ctx, &mut work, &facts, Some(user), activity).await?;
    work.commit().await?;
    Ok(true)
}

/// A conversation that waits, and whose turn it is.
struct Found {
    waiting: Waiting,
    queue: Queue,
    user: UserId,
}

async fn find(on: &mut Conn<'_>, account: AccountId, now: Millis) -> Result<Option<Found>> {
    if !store::is_any_waiting(on.reborrow(), account).await? {
        return Ok(None);
    }
    let free = store::free_agents(on.reborrow(), account, now).await?;
    if free.is_empty() {
        return Ok(None);
    }
    let places = Places::read(on, account, &free).await?;
    let waiting = store::next(on.reborrow(), account, &places.inbox_queues(), &places.team_queues()).await?;
    let Some(waiting) = waiting else { return Ok(None) };
    let (queue, able) = places.candidates(&waiting);
    let user = store::longest_ago(on.reborrow(), account, queue, &able).await?;
    Ok(user.map(|user| Found { waiting, queue, user }))
}

/// Where those who have room may be given conversations.
struct Places {
    /// Members with room, by inbox.
    inboxes: BTreeMap<InboxId, BTreeSet<UserId>>,
    /// The inboxes that have a queue of their own.
    queued: HashSet<InboxId>,
    /// Members with room, by team that has a queue.
    teams: BTreeMap<TeamId, BTreeSet<UserId>>,
}

impl Places {
    async fn read(on: &mut Conn<'_>, account: AccountId, free: &[UserId]) -> Result<Self> {
        let mut places = Self { inboxes: BTreeMap::new(), queued: HashSet::new(), teams: BTreeMap::new() };
        for (inbox, user, has_queue) in store::in_inboxes(on.reborrow(), account, free).await? {
            places.inboxes.entry(inbox).or_default().insert(user);
            if has_queue {
                places.queued.insert(inbox);
            }
        }
        for (team, user) in store::in_teams(on.reborrow(), account, free).await? {
            places.teams.entry(team).or_default().insert(user);
        }
        Ok(places)
    }

    /// Inboxes from whose queue somebody can be served.
    fn inbox_queues(&self) -> Vec<InboxId> {
        self.inboxes.keys().copied().filter(|inbox| self.queued.contains(inbox)).collect()
    }

    /// Teams from whose queue somebody can be served, each with the inboxes in which.
    fn team_queues(&self) -> Vec<(TeamId, Vec<InboxId>)> {
        let meets = |members: &BTreeSet<UserId>| {
            let shared = self.inboxes.iter().filter(|(_, others)| !members.is_disjoint(others));
            shared.map(|(inbox, _)| *inbox).collect::<Vec<_>>()
        };
        let teams = self.teams.iter().map(|(team, members)| (*team, meets(members)));
        teams.filter(|(_, inboxes)| !inboxes.is_empty()).collect()
    }

    /// The queue a conversation waits in, and who can take it.
    fn candidates(&self, waiting: &Waiting) -> (Queue, Vec<UserId>) {
        let of_inbox = self.inboxes.get(&waiting.inbox_id).cloned().unwrap_or_default();
        match waiting.team_id {
            Some(team) => {
                let of_team = self.teams.get(&team).cloned().unwrap_or_default();
                (Queue::Team(team), of_team.intersection(&of_inbox).copied().collect())
            }
            None => (Queue::Inbox(waiting.inbox_id), of_inbox.into_iter().collect()),
        }
    }
}

/// Serves every account in which something waits, though nothing was heard to happen: a node may have died between two steps. Runs
/// every minute.
pub(crate) async fn sweep(ctx: &Ctx) -> Result<()> {
    for account in store::accounts_with_waiting(ctx.db()).await? {
        serve(ctx, account).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
