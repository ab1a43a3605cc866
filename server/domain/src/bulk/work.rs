//! Doing a run.

use model::bulk::BulkAct;
use model::{AccountId, BulkId, ConversationId};

use super::act;
use super::store::{self, Item, Running};
use crate::conversation::{restore, store as conversations};
use crate::event::Event;
use crate::{Actor, Ctx, Error, Result, access};

/// Conversations between two signs of progress.
const BATCH: i64 = 25;
/// How long runs are kept.
const KEEP: i64 = 7 * 24 * 3_600_000;

/// Does what is left of a run, with the rights of whoever asked for it. Safe to begin again at any time.
pub(crate) async fn run(ctx: &Ctx, account: AccountId, id: BulkId) -> Result<()> {
    let Some(run) = store::find_running(ctx.db(), account, id).await? else { return Ok(()) };
    let actor = match access::agent(ctx, run.user_id, account).await {
        Ok(agent) => ctx.with(Actor::Agent(agent)),
        Err(error) if error.is_refusal() => return finish(ctx, account, &run, true).await,
        Err(error) => return Err(error),
    };
    loop {
        let items = store::waiting(ctx.db(), id, BATCH).await?;
        if items.is_empty() {
            return finish(ctx, account, &run, false).await;
        }
        for item in items {
            one(&actor, account, &run, &item).await?;
        }
        // Somebody may have taken it back meanwhile.
        if store::find_running(ctx.db(), account, id).await?.is_none() {
            return Ok(());
        }
        tell(ctx, account, &run).await?;
    }
}

async fn one(ctx: &Ctx, account: AccountId, run: &Running, item: &Item) -> Result<()> {
    let outcome = match run.undoes {
        None => change(ctx, account, run, item.conversation_id, &run.acts.0).await,
        Some(_) => take_back(ctx, account, run, item).await,
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(error) if error.is_refusal() => {
            let mut work = ctx.begin().await?;
            store::set_skipped(&mut work.tx, run.id, item.conversation_id).await?;
            work.commit().await
        }
        Err(error) => Err(error),
    }
}

async fn change(ctx: &Ctx, account: AccountId, run: &Running, id: ConversationId, acts: &[BulkAct]) -> Result<()> {
    let agent = ctx.agent()?;
    let mut work = ctx.begin().await?;
    if !store::hold(&mut work.tx, account, run.id).await? {
        return Ok(());
    }
    let facts = conversations::lock(&mut work.tx, account, id, work.now).await?;
    let facts = facts.filter(|facts| agent.sees(facts.inbox_id, facts.assignee_id)).ok_or_else(Error::not_found)?;
    let (stood, stands) = act::all(ctx, &mut work, facts, acts).await?;
    store::set_done(&mut work.tx, run.id, id, Some((&stood, &stands))).await?;
    work.commit().await
}

async fn take_back(ctx: &Ctx, account: AccountId, run: &Running, item: &Item) -> Result<()> {
    let (Some(stood), Some(stands)) = (&item.stood, &item.stands) else { return Err(Error::not_found()) };
    let mut work = ctx.begin().await?;
    if !store::hold(&mut work.tx, account, run.id).await? {
        return Ok(());
    }
    let facts = conversations::lock(&mut work.tx, account, item.conversation_id, work.now).await?;
    let facts = facts.filter(|facts| ctx.agent().is_ok_and(|agent| agent.reaches(facts.inbox_id)));
    let facts = facts.ok_or_else(Error::not_found)?;
    restore::put_back(ctx, &mut work, facts, &stands.0, &stood.0).await?;
    store::set_done(&mut work.tx, run.id, item.conversation_id, None).await?;
    work.commit().await
}

async fn tell(ctx: &Ctx, account: AccountId, run: &Running) -> Result<()> {
    let mut work = ctx.begin().await?;
    work.record(account, Event::BulkChanged { bulk_id: run.id, user_id: run.user_id });
    work.commit().await
}

async fn finish(ctx: &Ctx, account: AccountId, run: &Running, is_stopped: bool) -> Result<()> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    if is_stopped {
        store::stop(&mut work.tx, account, run.id, now).await?;
    } else {
        store::set_finished(&mut work.tx, account, run.id, now).await?;
    }
    work.record(account, Event::BulkChanged { bulk_id: run.id, user_id: run.user_id });
    work.commit().await
}

/// Forgets runs that nobody will take back any more.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    let before = ctx.now() - KEEP;
    while store::prune(ctx.db(), before).await? > 0 {}
    Ok(())
}
