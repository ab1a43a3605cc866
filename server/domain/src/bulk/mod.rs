//! Changing many conversations at once: a run is written with the conversations it is about, and done behind the scenes, one
//! conversation in one transaction, so that it can be left alone, be interrupted anywhere and go on, and be taken back.

mod act;
pub mod store;
mod work;

use model::bulk::{BulkAct, BulkRun, MOST};
use model::conversation::ConversationFilter;
use model::{BulkId, DisplayId, ErrorCode, Permission};

use crate::ctx::AgentActor;
use crate::event::Event;
use crate::job::{self, Job};
use crate::{Ctx, Error, Result, conversation};

pub(crate) use work::{prune, run};

/// Most acts of one run.
const MAX_ACTS: usize = 10;
/// Most labels in an act.
const MAX_LABELS: usize = 50;

/// Which conversations.
#[derive(Debug, Clone)]
pub enum Which {
    /// By their numbers; those that are out of sight are left out.
    Numbers(Vec<DisplayId>),
    /// All that match.
    Matching(Box<ConversationFilter>),
}

/// Begins a run.
pub async fn start(ctx: &Ctx, which: Which, acts: Vec<BulkAct>) -> Result<BulkRun> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    check(ctx, agent, &acts)?;
    let ids = match which {
        Which::Numbers(numbers) if numbers.len() > MOST => return Err(Error::field("ids", ErrorCode::TooMany)),
        Which::Numbers(numbers) => store::visible(ctx.db(), agent, &numbers).await?,
        Which::Matching(filter) => conversation::list::every(ctx, &filter, MOST).await?,
    };
    let mut work = ctx.begin().await?;
    let now = work.now;
    let id = store::insert(&mut work.tx, agent, &acts, None, ids.len(), now).await?;
    store::insert_items(&mut work.tx, id, &ids).await?;
    enqueue(&mut work, agent, id);
    work.commit().await?;
    get(ctx, id).await
}

/// Takes a run of the agent's back: every conversation that nobody else has changed since stands again as before.
pub async fn undo(ctx: &Ctx, id: BulkId) -> Result<BulkRun> {
    let agent = ctx.agent()?;
    let known = get(ctx, id).await?;
    if !known.can_be_undone() {
        return Err(Error::code(ErrorCode::Conflict));
    }
    let mut work = ctx.begin().await?;
    let now = work.now;
    // What it has not come to yet stays as it is.
    store::stop(&mut work.tx, agent.account_id, id, now).await?;
    if store::is_undone(&mut work.tx, agent.account_id, id).await? {
        return Err(Error::code(ErrorCode::Conflict));
    }
    let total = usize::try_from(known.done).unwrap_or_default();
    let next = store::insert(&mut work.tx, agent, &known.acts, Some(id), total, now).await?;
    store::insert_done_of(&mut work.tx, id, next).await?;
    enqueue(&mut work, agent, next);
    work.commit().await?;
    get(ctx, next).await
}

/// A run of the agent's.
pub async fn get(ctx: &Ctx, id: BulkId) -> Result<BulkRun> {
    let agent = ctx.agent()?;
    store::get(ctx.db(), agent.account_id, agent.user_id, id).await?.ok_or_else(Error::not_found)
}

/// The agent's runs that are at work.
pub async fn running(ctx: &Ctx) -> Result<Vec<BulkRun>> {
    let agent = ctx.agent()?;
    store::running(ctx.db(), agent.account_id, agent.user_id).await
}

fn enqueue(work: &mut crate::work::Work<'_>, agent: &AgentActor, id: BulkId) {
    work.record(agent.account_id, Event::BulkChanged { bulk_id: id, user_id: agent.user_id });
    let job = Job::RunBulk { account_id: agent.account_id, bulk_id: id };
    work.enqueue(job::New::now(Some(agent.account_id), job).unique(format!("bulk {id}")));
}

fn check(ctx: &Ctx, agent: &AgentActor, acts: &[BulkAct]) -> Result<()> {
    if acts.is_empty() {
        return Err(Error::field("fields", ErrorCode::Required));
    }
    if acts.len() > MAX_ACTS {
        return Err(Error::field("fields", ErrorCode::TooMany));
    }
    for act in acts {
        match act {
            BulkAct::Status(_, until) if until.is_some_and(|until| until <= ctx.now()) => {
                return Err(Error::field("snoozed_until", ErrorCode::Invalid));
            }
            // Whoever may not give conversations away may take them.
            BulkAct::Agent(user) if *user != Some(agent.user_id) => agent.require(Permission::Assign)?,
            BulkAct::Team(_) => agent.require(Permission::Assign)?,
            BulkAct::AddLabels(titles) | BulkAct::RemoveLabels(titles) if titles.len() > MAX_LABELS => {
                return Err(Error::field("labels", ErrorCode::TooMany));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
