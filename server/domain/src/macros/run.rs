//! Taking the steps of a macro, one after the other, as whoever pressed it.
//!
//! A step and the note that it was taken are one change: after a crash the next worker goes on with the next step. A step that does
//! not work is noted with the reason, and the next is taken.

use model::action::{Action, MacroRun, RunState, StepResult};
use model::live::Aside;
use model::{AccountId, ConversationId, DisplayId, ErrorCode, MacroId, MacroRunId, Millis};

use super::store::{self, RunRow};
use crate::event::Event;
use crate::job::Job;
use crate::work::Work;
use crate::{Actor, Ctx, Error, Result, access, action, conversation};

/// Most conversations at a time.
const MOST: usize = 100;
/// Runs of a conversation that are shown.
const SHOWN: i64 = 10;
/// For so long runs are kept.
const KEEP: Millis = 30 * 24 * 60 * 60 * 1_000;

/// Begins a macro in conversations that the agent may know of; what began, in their order.
pub async fn execute(ctx: &Ctx, id: MacroId, conversations: &[DisplayId]) -> Result<Vec<MacroRunId>> {
    let agent = ctx.agent()?;
    let found = super::get(ctx, id).await?;
    if conversations.is_empty() {
        return Err(Error::field("conversation_ids", ErrorCode::Required));
    }
    if conversations.len() > MOST {
        return Err(Error::field("conversation_ids", ErrorCode::TooMany));
    }
    let mut places = Vec::with_capacity(conversations.len());
    for number in conversations {
        places.push(conversation::access(ctx, *number).await?.id);
    }
    let account = agent.account_id;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let mut runs = Vec::with_capacity(places.len());
    for place in places {
        let run = store::insert_run(&mut work.tx, account, &found, place, agent.user_id, now).await?;
        work.enqueue_now(account, Job::RunMacro { account_id: account, run_id: run });
        tell(&mut work, account, place);
        runs.push(run);
    }
    work.commit().await?;
    Ok(runs)
}

/// What macros did in a conversation lately, newest first.
pub async fn list(ctx: &Ctx, id: DisplayId) -> Result<Vec<MacroRun>> {
    let facts = conversation::access(ctx, id).await?;
    let rows = store::runs(ctx.db(), facts.account_id, facts.id, SHOWN).await?;
    Ok(rows.into_iter().map(shown).collect())
}

fn shown(row: RunRow) -> MacroRun {
    MacroRun {
        id: row.id,
        macro_id: row.macro_id,
        macro_name: row.macro_name,
        user_id: row.user_id,
        state: row.state,
        total: row.actions.0.len(),
        results: row.results.0,
        created_at: row.created_at,
    }
}

/// Takes the steps that are left.
pub(crate) async fn go_on(ctx: &Ctx, account: AccountId, id: MacroRunId) -> Result<()> {
    // Each turn takes one step or finds the end, so that there is one more turn than steps.
    while let Some(row) = store::run(ctx.db(), account, id).await? {
        if row.state != RunState::Running {
            return Ok(());
        }
        let Some(step) = usize::try_from(row.next_step).ok().and_then(|step| row.actions.0.get(step)) else {
            return finish(ctx, account, &row).await;
        };
        let outcome = match take(ctx, account, &row, step).await {
            Ok(()) => continue,
            Err(Error::Known(error)) => error.code,
            // Whatever is away may come back: the job tries this step again.
            Err(error) => return Err(error),
        };
        let mut work = ctx.begin().await?;
        let result = StepResult { kind: step.kind(), error: Some(outcome) };
        store::note_step(&mut work.tx, &row, result, work.now).await?;
        work.commit().await?;
    }
    Ok(())
}

/// Takes one step, as whoever pressed the macro, with the rights they have now.
async fn take(ctx: &Ctx, account: AccountId, row: &RunRow, step: &Action) -> Result<()> {
    let actor = access::agent(ctx, row.user_id, account).await?;
    let ctx = &ctx.with(Actor::Agent(actor.clone()));
    let known = conversation::access_by_id(ctx, row.conversation_id).await?;
    let ready = action::prepare(ctx, &known, step).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let facts = conversation::store::lock(&mut work.tx, account, known.id, now).await?;
    let facts = facts.filter(|facts| actor.sees(facts.inbox_id, facts.assignee_id)).ok_or_else(Error::not_found)?;
    let result = StepResult { kind: step.kind(), error: None };
    if !store::note_step(&mut work.tx, row, result, now).await? {
        // Another worker took it meanwhile.
        return Ok(());
    }
    action::apply(ctx, &mut work, &facts, ready).await?;
    work.commit().await
}

async fn finish(ctx: &Ctx, account: AccountId, row: &RunRow) -> Result<()> {
    let failed = row.results.0.iter().any(|result| result.error.is_some());
    let mut work = ctx.begin().await?;
    let now = work.now;
    let state = if failed { RunState::Partly } else { RunState::Done };
    store::finish_run(&mut work.tx, account, row.id, state, now).await?;
    tell(&mut work, account, row.conversation_id);
    work.commit().await
}

/// Forgets what was done long ago.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    store::prune_runs(ctx.db(), ctx.now() - KEEP).await
}

fn tell(work: &mut Work<'_>, account: AccountId, conversation_id: ConversationId) {
    work.record(account, Event::ConversationAside { conversation_id, aside: Aside::Runs });
}
