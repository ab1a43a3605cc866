//! Taking a merge apart, for a while after it.
//!
//! What was moved goes back. What came since stays where it came, and what somebody has changed since stays as they left it.

use model::conversation::{Conversation, Merged};
use model::{
    ConversationStatus, DisplayId, ErrorCode, MessageId, Millis, Permission, Priority, ScheduledId, TeamId, UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::store;
use crate::conversation::activity::{self, Activity};
use crate::conversation::participant::store as followers;
use crate::conversation::store::{Facts, labels, lock, set_labels};
use crate::conversation::{access, access_by_id, read};
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// For so long a merge can be taken apart.
const LASTS: Millis = 60 * 60 * 1_000;

/// How a conversation stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Stood {
    status: ConversationStatus,
    snoozed_until: Option<Millis>,
    priority: Option<Priority>,
    assignee_id: Option<UserId>,
    team_id: Option<TeamId>,
    custom_attributes: Value,
    unread_count: i64,
    contact_unread_count: i64,
    first_reply_created_at: Option<Millis>,
    waiting_since: Option<Millis>,
    labels: Vec<String>,
    followers: Vec<UserId>,
}

/// What a merge was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Memory {
    from: Stood,
    into: Stood,
    /// What the one that goes on was made of both.
    after: Option<Stood>,
    messages: Vec<MessageId>,
    scheduled: Vec<ScheduledId>,
}

/// Notes how both stand before they become one.
pub(super) async fn remember(work: &mut Work<'_>, from: &Facts, into: &Facts) -> Result<Memory> {
    Ok(Memory {
        from: stands(work, from).await?,
        into: stands(work, into).await?,
        after: None,
        messages: store::message_ids(&mut work.tx, from.account_id, from.id).await?,
        scheduled: store::scheduled_ids(&mut work.tx, from.account_id, from.id).await?,
    })
}

/// Keeps it with what the merge made.
pub(super) async fn keep(work: &mut Work<'_>, from: &Facts, into: &Facts, memory: Memory, after: &Facts) -> Result<()> {
    let memory = Memory { after: Some(stands(work, after).await?), ..memory };
    let now = work.now;
    store::insert(&mut work.tx, from, into.id, &serde_json::to_value(memory)?, now).await
}

async fn stands(work: &mut Work<'_>, facts: &Facts) -> Result<Stood> {
    let rows = labels(&mut work.tx, facts.account_id, &[facts.id]).await?;
    Ok(Stood {
        status: facts.status,
        snoozed_until: facts.snoozed_until,
        priority: facts.priority,
        assignee_id: facts.assignee_id,
        team_id: facts.team_id,
        custom_attributes: facts.custom_attributes.0.clone(),
        unread_count: facts.unread_count,
        contact_unread_count: facts.contact_unread_count,
        first_reply_created_at: facts.first_reply_created_at,
        waiting_since: facts.waiting_since,
        labels: rows.into_iter().map(|(_, title)| title).collect(),
        followers: followers::list(&mut work.tx, facts.account_id, facts.id).await?,
    })
}

/// Where a conversation was put, for those who see that one too.
pub async fn standing(ctx: &Ctx, id: DisplayId) -> Result<Option<Merged>> {
    let known = access(ctx, id).await?;
    let Some(into) = known.merged_into else { return Ok(None) };
    let goal = match access_by_id(ctx, into).await {
        Ok(goal) => goal,
        Err(error) if error.known() == Some(ErrorCode::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_recent = store::target(ctx.db(), known.account_id, known.id, ctx.now() - LASTS).await?.is_some();
    let can_undo = is_recent && goal.merged_into.is_none() && ctx.agent()?.require(Permission::Assign).is_ok();
    Ok(Some(Merged { into: goal.display_id, can_undo }))
}

/// Takes the merge apart that a conversation was left behind by; that conversation.
pub async fn undo(ctx: &Ctx, from: DisplayId) -> Result<Conversation> {
    let agent = ctx.agent()?;
    agent.require(Permission::Assign)?;
    let too_late = || Error::code(ErrorCode::Conflict);
    let known = access(ctx, from).await?;
    let target = store::target(ctx.db(), known.account_id, known.id, ctx.now() - LASTS).await?.ok_or_else(too_late)?;
    let goal = access_by_id(ctx, target).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    // In the order of their ids, as merging does it.
    let (first, second) = if known.id < goal.id { (&known, &goal) } else { (&goal, &known) };
    let first = lock(&mut work.tx, first.account_id, first.id, now).await?.ok_or_else(Error::not_found)?;
    let second = lock(&mut work.tx, second.account_id, second.id, now).await?.ok_or_else(Error::not_found)?;
    let (from, into) = if first.id == known.id { (first, second) } else { (second, first) };
    let is_as_left = from.merged_into == Some(into.id) && into.merged_into.is_none();
    let is_seen = [&from, &into].into_iter().all(|facts| agent.sees(facts.inbox_id, facts.assignee_id));
    if !is_as_left || !is_seen {
        return Err(too_late());
    }
    let memory = store::take(&mut work.tx, &from, &into).await?.ok_or_else(too_late)?;
    let memory: Memory = serde_json::from_value(memory)?;
    super::note_labels(&mut work, &from, &into).await?;
    part(ctx, &mut work, &from, &into, &memory).await?;
    super::tell(&mut work, &from, &into);
    work.commit().await?;
    read::one(ctx, from.account_id, from.id).await?.ok_or_else(Error::not_found)
}

/// Gives back what went over, in an open change.
async fn part(ctx: &Ctx, work: &mut Work<'_>, from: &Facts, into: &Facts, memory: &Memory) -> Result<()> {
    store::return_messages(&mut work.tx, into, from, &memory.messages).await?;
    store::return_scheduled(&mut work.tx, into, from, &memory.scheduled).await?;
    store::set_apart(&mut work.tx, from).await?;
    let now = stands(work, into).await?;
    part_lists(work, from, into, memory, &now).await?;
    let own = apply(Facts { merged_into: None, ..from.clone() }, &memory.from);
    let rest = apply(into.clone(), &rest(memory, now));
    for (facts, other) in [(own, into), (rest, from)] {
        let (last_message_id, last_public_message_id) = store::newest(&mut work.tx, facts.id).await?;
        let facts = Facts { last_message_id, last_public_message_id, ..facts };
        store::set_united(&mut work.tx, &facts).await?;
        activity::note(ctx, work, &facts, Activity::Unmerged(other.display_id)).await?;
    }
    Ok(())
}

/// Labels and followers go back to where they were; those that came since stay.
async fn part_lists(work: &mut Work<'_>, from: &Facts, into: &Facts, memory: &Memory, now: &Stood) -> Result<()> {
    let at = work.now;
    let (old, goal) = (&memory.from, &memory.into);
    let mut kept = now.labels.clone();
    kept.retain(|title| goal.labels.contains(title) || !old.labels.contains(title));
    set_labels(&mut work.tx, into.account_id, into.id, &kept).await?;
    set_labels(&mut work.tx, from.account_id, from.id, &old.labels).await?;
    for user in &old.followers {
        followers::join(&mut work.tx, from, *user, at).await?;
        if !goal.followers.contains(user) && into.assignee_id != Some(*user) {
            followers::leave(&mut work.tx, into, *user).await?;
        }
    }
    Ok(())
}

/// What is left of the one that went on.
fn rest(memory: &Memory, now: Stood) -> Stood {
    let Some(after) = memory.after.clone() else { return now };
    let before = memory.into.clone();
    let from = &memory.from;
    Stood {
        status: back(now.status, &after.status, before.status),
        snoozed_until: back(now.snoozed_until, &after.snoozed_until, before.snoozed_until),
        priority: back(now.priority, &after.priority, before.priority),
        assignee_id: back(now.assignee_id, &after.assignee_id, before.assignee_id),
        team_id: back(now.team_id, &after.team_id, before.team_id),
        custom_attributes: back(now.custom_attributes, &after.custom_attributes, before.custom_attributes),
        unread_count: (now.unread_count - from.unread_count).max(0),
        contact_unread_count: (now.contact_unread_count - from.contact_unread_count).max(0),
        first_reply_created_at: back(
            now.first_reply_created_at,
            &after.first_reply_created_at,
            before.first_reply_created_at,
        ),
        waiting_since: back(now.waiting_since, &after.waiting_since, before.waiting_since),
        ..now
    }
}

/// What was before, unless somebody has changed since what the merge made.
fn back<T: PartialEq>(now: T, after: &T, before: T) -> T {
    if now == *after { before } else { now }
}

fn apply(facts: Facts, stood: &Stood) -> Facts {
    Facts {
        status: stood.status,
        snoozed_until: stood.snoozed_until,
        priority: stood.priority,
        assignee_id: stood.assignee_id,
        team_id: stood.team_id,
        custom_attributes: db::Json(stood.custom_attributes.clone()),
        unread_count: stood.unread_count,
        contact_unread_count: stood.contact_unread_count,
        first_reply_created_at: stood.first_reply_created_at,
        waiting_since: stood.waiting_since,
        ..facts
    }
}

/// Forgets merges that cannot be taken apart any more.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    store::prune(ctx.db(), ctx.now() - LASTS).await
}
