//! Open, pending, snoozed, resolved, and how urgent.

use model::conversation::Conversation;
use model::{ConversationStatus, DisplayId, ErrorCode, Millis, Permission, Priority};

use super::activity::{self, Activity};
use super::{access, assign, get, snooze, store};
use crate::event::Part;
use crate::work::Work;
use crate::{Ctx, Error, Result, csat};

/// Puts a conversation into a status. `until` is for snoozing: `None` until the next message of the contact.
pub async fn set(ctx: &Ctx, id: DisplayId, status: ConversationStatus, until: Option<Millis>) -> Result<Conversation> {
    ctx.agent()?.require(Permission::WorkConversations)?;
    let known = access(ctx, id).await?;
    if status == ConversationStatus::Snoozed && until.is_some_and(|until| until <= ctx.now()) {
        return Err(Error::field("snoozed_until", ErrorCode::Invalid));
    }
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    change(ctx, &mut work, &facts, status, until).await?;
    work.commit().await?;
    get(ctx, id).await
}

/// Open becomes resolved, everything else becomes open.
pub async fn toggle(ctx: &Ctx, id: DisplayId) -> Result<Conversation> {
    let facts = access(ctx, id).await?;
    let next = match facts.status {
        ConversationStatus::Open => ConversationStatus::Resolved,
        _ => ConversationStatus::Open,
    };
    set(ctx, id, next, None).await
}

/// Changes the status in an open change; whether there was something to change.
pub(crate) async fn change(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &store::Facts,
    status: ConversationStatus,
    until: Option<Millis>,
) -> Result<bool> {
    let until = until.filter(|_| status == ConversationStatus::Snoozed);
    change_because(ctx, work, facts, status, until, activity_of(status, until)).await
}

/// The same with a line of its own that says why.
pub(crate) async fn change_because(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &store::Facts,
    status: ConversationStatus,
    until: Option<Millis>,
    activity: Activity<'_>,
) -> Result<bool> {
    if facts.status == status && facts.snoozed_until == until {
        return Ok(false);
    }
    store::set_status(&mut work.tx, facts.account_id, facts.id, status, until).await?;
    if let Some(until) = until {
        snooze::wake_at(work, facts, until);
    }
    // The line below writes what a message changes; it must start from the new status.
    let after = store::Facts { status, snoozed_until: until, ..facts.clone() };
    activity::note(ctx, work, &after, activity).await?;
    work.record_update(facts, vec![Part::Status, Part::SnoozedUntil], None);
    match status {
        ConversationStatus::Open => assign::let_go(work, facts).await?,
        ConversationStatus::Resolved => csat::ask(ctx, work, facts).await?,
        _ => {}
    }
    Ok(true)
}

/// The line for a new status.
pub(super) fn activity_of(status: ConversationStatus, until: Option<Millis>) -> Activity<'static> {
    match status {
        ConversationStatus::Open => Activity::Reopened,
        ConversationStatus::Resolved => Activity::Resolved,
        ConversationStatus::Pending => Activity::Pending,
        ConversationStatus::Snoozed if until.is_some() => Activity::Snoozed,
        ConversationStatus::Snoozed => Activity::SnoozedUntilReply,
    }
}

/// Says how urgent a conversation is; `None` takes it away.
pub async fn set_priority(ctx: &Ctx, id: DisplayId, priority: Option<Priority>) -> Result<Conversation> {
    ctx.agent()?.require(Permission::WorkConversations)?;
    let known = access(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    change_priority(ctx, &mut work, &facts, priority).await?;
    work.commit().await?;
    get(ctx, id).await
}

/// Changes the priority in an open change; whether there was something to change.
pub(crate) async fn change_priority(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &store::Facts,
    priority: Option<Priority>,
) -> Result<bool> {
    if facts.priority == priority {
        return Ok(false);
    }
    store::set_priority(&mut work.tx, facts.account_id, facts.id, priority).await?;
    activity::note(ctx, work, facts, Activity::PriorityChanged(priority)).await?;
    work.record_update(facts, vec![Part::Priority], None);
    Ok(true)
}
