//! One change of one conversation in an open change of a run.

use model::bulk::BulkAct;
use model::conversation::Standing;
use model::{Permission, TeamId, UserId};

use crate::conversation::activity::Activity;
use crate::conversation::store::Facts;
use crate::conversation::{assign, label, restore, seen, status, store};
use crate::ctx::AgentActor;
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// Makes all changes of a run; how the conversation stood, and how it stands now. `facts` are as of the lock.
pub(super) async fn all(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: Facts,
    acts: &[BulkAct],
) -> Result<(Standing, Standing)> {
    let (account, id) = (facts.account_id, facts.id);
    let stood = stands(work, &facts).await?;
    for act in acts {
        // Each begins with what the one before made of it.
        let facts = store::hold(&mut work.tx, account, id).await?.ok_or_else(Error::not_found)?;
        one(ctx, work, &facts, act).await?;
    }
    let facts = store::hold(&mut work.tx, account, id).await?.ok_or_else(Error::not_found)?;
    Ok((stood, stands(work, &facts).await?))
}

async fn one(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts, act: &BulkAct) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    match act {
        BulkAct::Status(to, until) => {
            status::change(ctx, work, facts, *to, *until).await?;
        }
        BulkAct::Agent(user) => {
            may_hand(agent, facts, *user)?;
            to_agent(ctx, work, facts, *user).await?;
        }
        BulkAct::Team(team) => {
            agent.require(Permission::Assign)?;
            to_team(ctx, work, facts, *team).await?;
        }
        BulkAct::Priority(priority) => {
            status::change_priority(ctx, work, facts, *priority).await?;
        }
        BulkAct::AddLabels(titles) => {
            let mut next = label::of(work, facts).await?;
            next.extend(label::normal(titles));
            label::change(ctx, work, facts, &next).await?;
        }
        BulkAct::RemoveLabels(titles) => {
            let gone = label::normal(titles);
            let mut next = label::of(work, facts).await?;
            next.retain(|title| !gone.contains(title));
            label::change(ctx, work, facts, &next).await?;
        }
        BulkAct::Seen(is_seen) => seen::change(work, facts, agent.user_id, *is_seen).await?,
    }
    Ok(())
}

async fn to_agent(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts, user: Option<UserId>) -> Result<()> {
    if facts.assignee_id == user {
        return Ok(());
    }
    let name = match user {
        Some(user) => Some(assign::assignable(ctx, facts.account_id, facts.inbox_id, user).await?),
        None => None,
    };
    let activity = match &name {
        None => Activity::Unassigned,
        Some(_) if user == ctx.user_id().ok() => Activity::AssignedToSelf,
        Some(name) => Activity::Assigned(name),
    };
    assign::give(ctx, work, facts, user, activity).await
}

async fn to_team(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts, team: Option<TeamId>) -> Result<()> {
    if facts.team_id == team {
        return Ok(());
    }
    let name = match team {
        Some(team) => Some(assign::team_name(ctx, facts.account_id, team).await?),
        None => None,
    };
    assign::hand_over(ctx, work, facts, team.zip(name.as_deref())).await
}

fn may_hand(agent: &AgentActor, facts: &Facts, user: Option<UserId>) -> Result<()> {
    if user == Some(agent.user_id) && agent.sees(facts.inbox_id, facts.assignee_id) {
        return Ok(());
    }
    agent.require(Permission::Assign)
}

async fn stands(work: &mut Work<'_>, facts: &Facts) -> Result<Standing> {
    Ok(restore::standing(facts, &label::of(work, facts).await?))
}
