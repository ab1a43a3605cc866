//! People who follow a conversation: whoever is given it, is named in a note or wants to. They leave only by being taken out.

pub(crate) mod store;

use std::collections::HashSet;

use model::agent::Agent;
use model::live::Aside;
use model::{AccountId, DisplayId, ErrorCode, Permission, UserId};

use super::access;
use super::store::Facts;
use crate::ctx::AgentActor;
use crate::event::Event;
use crate::work::Work;
use crate::{Ctx, Error, Result, agent};

/// Most people of one change.
const MOST: usize = 200;

/// How the people who are named change those who follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Add,
    /// Exactly these.
    Set,
    Remove,
}

/// Who follows a conversation, by name.
pub async fn list(ctx: &Ctx, id: DisplayId) -> Result<Vec<Agent>> {
    let facts = access(ctx, id).await?;
    listed(ctx, &facts).await
}

/// Changes who follows a conversation; who does then. Everybody may follow and leave; taking others in or out is for those who assign.
pub async fn change(ctx: &Ctx, id: DisplayId, change: Change, users: &[UserId]) -> Result<Vec<Agent>> {
    let asking = ctx.agent()?;
    asking.require(Permission::WorkConversations)?;
    let facts = access(ctx, id).await?;
    if users.len() > MOST {
        return Err(Error::field("user_ids", ErrorCode::TooMany));
    }
    let before: HashSet<UserId> = store::list(ctx.db(), facts.account_id, facts.id).await?.into_iter().collect();
    let named: HashSet<UserId> = users.iter().copied().collect();
    let joining: Vec<UserId> = match change {
        Change::Remove => Vec::new(),
        Change::Add | Change::Set => named.difference(&before).copied().collect(),
    };
    let leaving: Vec<UserId> = match change {
        Change::Add => Vec::new(),
        Change::Remove => before.intersection(&named).copied().collect(),
        Change::Set => before.difference(&named).copied().collect(),
    };
    if joining.iter().chain(&leaving).any(|user| *user != asking.user_id) {
        asking.require(Permission::Assign)?;
    }
    for user in &joining {
        // Following shows nobody what they could not see.
        if sees(ctx, &facts, *user).await?.is_none() {
            return Err(Error::field("user_ids", ErrorCode::Invalid));
        }
    }
    if joining.is_empty() && leaving.is_empty() {
        return listed(ctx, &facts).await;
    }
    let mut work = ctx.begin().await?;
    let now = work.now;
    for user in joining {
        store::join(&mut work.tx, &facts, user, now).await?;
    }
    for user in leaving {
        store::leave(&mut work.tx, &facts, user).await?;
    }
    tell(&mut work, &facts);
    work.commit().await?;
    listed(ctx, &facts).await
}

/// Takes somebody in, in an open change. Says so only when they did not follow yet.
pub(crate) async fn join(work: &mut Work<'_>, facts: &Facts, user: UserId) -> Result<()> {
    let now = work.now;
    if store::join(&mut work.tx, facts, user, now).await? {
        tell(work, facts);
    }
    Ok(())
}

fn tell(work: &mut Work<'_>, facts: &Facts) {
    work.record(facts.account_id, Event::ConversationAside { conversation_id: facts.id, aside: Aside::Participants });
}

/// A member of the account who may know of the conversation.
pub(crate) async fn sees(ctx: &Ctx, facts: &Facts, user: UserId) -> Result<Option<AgentActor>> {
    let actor = match crate::access::agent(ctx, user, facts.account_id).await {
        Ok(actor) => actor,
        Err(Error::Known(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(actor).filter(|actor| actor.sees(facts.inbox_id, facts.assignee_id)))
}

async fn listed(ctx: &Ctx, facts: &Facts) -> Result<Vec<Agent>> {
    let ids = store::list(ctx.db(), facts.account_id, facts.id).await?;
    of_account(ctx, facts.account_id, &ids).await
}

async fn of_account(ctx: &Ctx, account: AccountId, ids: &[UserId]) -> Result<Vec<Agent>> {
    let all = agent::read::all(ctx, account).await?;
    Ok(all.into_iter().filter(|agent| ids.contains(&agent.id)).collect())
}
