//! Undo: bringing back how a conversation stood before somebody's own change, unless somebody else has changed it since.

use model::conversation::{Conversation, Standing};
use model::{DisplayId, ErrorCode, Permission};

use super::activity::{self, Activity};
use super::store::{self, Facts};
use super::{access, assign, label, read, snooze};
use crate::event::Part;
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// Brings back everything in which `before` differs from `after`. Fails with `Conflict`, and changes nothing, when one of these parts
/// is not as it was left.
pub async fn restore(ctx: &Ctx, id: DisplayId, after: &Standing, before: &Standing) -> Result<Conversation> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let is_handed = after.assignee_id != before.assignee_id || after.team_id != before.team_id;
    // Whoever took a conversation may give it back.
    let gives_back = after.assignee_id == Some(agent.user_id) && before.assignee_id.is_none();
    if is_handed && !(gives_back && after.team_id == before.team_id) {
        agent.require(Permission::Assign)?;
    }
    // Somebody who gave it away may not see it any more, and still takes it back at once.
    let known = match access(ctx, id).await {
        Err(error) if error.known() == Some(ErrorCode::NotFound) && is_handed => given_away(ctx, id, after).await?,
        known => known?,
    };
    if let Some(user) = before.assignee_id.filter(|_| is_handed) {
        assign::assignable(ctx, known.account_id, known.inbox_id, user).await?;
    }
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    put_back(ctx, &mut work, facts, after, before).await?;
    work.commit().await?;
    read::one(ctx, known.account_id, known.id).await?.ok_or_else(Error::not_found)
}

/// A conversation that stands exactly as the agent says they left it, in an inbox of theirs.
async fn given_away(ctx: &Ctx, id: DisplayId, after: &Standing) -> Result<Facts> {
    let agent = ctx.agent()?;
    let facts = store::find(ctx.db(), agent.account_id, id).await?;
    let is_theirs = |facts: &Facts| agent.reaches(facts.inbox_id) && facts.assignee_id == after.assignee_id;
    facts.filter(|facts| is_theirs(facts) && agent.role.has(Permission::Assign)).ok_or_else(Error::not_found)
}

/// The same in an open change. `facts` are as of the lock.
pub(crate) async fn put_back(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: Facts,
    after: &Standing,
    before: &Standing,
) -> Result<()> {
    let labels = label::of(work, &facts).await?;
    let changed = parts(after, before);
    if parts(&standing(&facts, &labels), after).iter().any(|part| changed.contains(part)) {
        return Err(Error::code(ErrorCode::Conflict));
    }
    if changed.is_empty() {
        return Ok(());
    }
    let mut now = facts.clone();
    if changed.contains(&Part::Assignee) || changed.contains(&Part::Team) {
        now = owner(ctx, work, now, before).await?;
    }
    if changed.contains(&Part::Priority) {
        store::set_priority(&mut work.tx, now.account_id, now.id, before.priority).await?;
        activity::note(ctx, work, &now, Activity::PriorityChanged(before.priority)).await?;
    }
    if changed.contains(&Part::Labels) {
        work.note_labels(&now, &labels);
        store::set_labels(&mut work.tx, now.account_id, now.id, &before.labels).await?;
        label::note_change(ctx, work, &now, &labels, &before.labels).await?;
    }
    if changed.contains(&Part::Status) || changed.contains(&Part::SnoozedUntil) {
        status(ctx, work, now, before).await?;
    }
    work.record_update(&facts, changed, Some(facts.reach()));
    Ok(())
}

async fn owner(ctx: &Ctx, work: &mut Work<'_>, facts: Facts, before: &Standing) -> Result<Facts> {
    let (assignee, team) = (before.assignee_id, before.team_id);
    store::set_owner(&mut work.tx, facts.account_id, facts.id, assignee, team).await?;
    let now = Facts { assignee_id: assignee, team_id: team, ..facts.clone() };
    if facts.assignee_id != assignee {
        let name = match assignee {
            Some(user) => crate::agent::read::one(ctx, facts.account_id, user).await?.map(|agent| agent.name),
            None => None,
        };
        let is_own = assignee.is_some() && assignee == ctx.user_id().ok();
        let activity = match &name {
            Some(_) if is_own => Activity::AssignedToSelf,
            Some(name) => Activity::Assigned(name),
            None => Activity::Unassigned,
        };
        activity::note(ctx, work, &now, activity).await?;
    }
    if facts.team_id != team {
        let name = match team {
            Some(team) => Some(assign::team_name(ctx, facts.account_id, team).await?),
            None => None,
        };
        let activity = name.as_deref().map_or(Activity::TeamRemoved, Activity::TeamAssigned);
        activity::note(ctx, work, &now, activity).await?;
    }
    Ok(now)
}

async fn status(ctx: &Ctx, work: &mut Work<'_>, facts: Facts, before: &Standing) -> Result<Facts> {
    // A snooze that would have ended meanwhile has ended.
    let is_over = before.snoozed_until.is_some_and(|until| until <= work.now);
    let (status, until) =
        if is_over { (model::ConversationStatus::Open, None) } else { (before.status, before.snoozed_until) };
    store::set_status(&mut work.tx, facts.account_id, facts.id, status, until).await?;
    if let Some(until) = until {
        snooze::wake_at(work, &facts, until);
    }
    let now = Facts { status, snoozed_until: until, ..facts };
    activity::note(ctx, work, &now, super::status::activity_of(status, until)).await?;
    Ok(now)
}

/// How a conversation stands.
pub(crate) fn standing(facts: &Facts, labels: &[String]) -> Standing {
    Standing {
        status: facts.status,
        snoozed_until: facts.snoozed_until,
        priority: facts.priority,
        assignee_id: facts.assignee_id,
        team_id: facts.team_id,
        labels: labels.to_vec(),
    }
}

/// In what two standings differ.
fn parts(one: &Standing, other: &Standing) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut differ = |is_different: bool, part: Part| {
        if is_different {
            parts.push(part);
        }
    };
    differ(one.status != other.status, Part::Status);
    differ(one.snoozed_until != other.snoozed_until, Part::SnoozedUntil);
    differ(one.priority != other.priority, Part::Priority);
    differ(one.assignee_id != other.assignee_id, Part::Assignee);
    differ(one.team_id != other.team_id, Part::Team);
    differ(one.labels != other.labels, Part::Labels);
    parts
}
