//! What an agent has seen.

use model::conversation::Conversation;
use model::{DisplayId, ErrorCode, MessageId, Millis, UserId};

use super::{access, get, store};
use crate::event::Part;
use crate::work::Work;
use crate::{Ctx, Error, Result, notification};

/// The agent has seen everything up to now.
pub async fn mark(ctx: &Ctx, id: DisplayId) -> Result<Conversation> {
    let known = access(ctx, id).await?;
    let is_news = known.unread_count > 0;
    if is_news {
        set(ctx, &known, ctx.now()).await?;
    }
    get(ctx, id).await
}

/// The contact's last message counts as unseen again.
pub async fn unmark(ctx: &Ctx, id: DisplayId) -> Result<Conversation> {
    let known = access(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let last = crate::message::store::last_incoming_at(&mut work.tx, known.account_id, known.id).await?;
    drop(work);
    if let Some(last) = last {
        set(ctx, &known, last - 1).await?;
    }
    get(ctx, id).await
}

/// This message and what came after it count as unseen again.
pub async fn unmark_from(ctx: &Ctx, id: DisplayId, message: MessageId) -> Result<Conversation> {
    let known = access(ctx, id).await?;
    let found = crate::message::read::by_ids(ctx, known.account_id, &[message]).await?.remove(&message);
    let message = found.filter(|message| message.conversation_id == known.id);
    let message = message.ok_or_else(|| Error::field("message_id", ErrorCode::Invalid))?;
    set(ctx, &known, message.created_at - 1).await?;
    get(ctx, id).await
}

async fn set(ctx: &Ctx, known: &store::Facts, at: Millis) -> Result<()> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    put(&mut work, &facts, user, at).await?;
    work.commit().await
}

/// Marks as seen or as unseen in an open change.
pub(crate) async fn change(work: &mut Work<'_>, facts: &store::Facts, user: UserId, is_seen: bool) -> Result<()> {
    let (account, id, now) = (facts.account_id, facts.id, work.now);
    if is_seen {
        return if facts.unread_count > 0 { put(work, facts, user, now).await } else { Ok(()) };
    }
    match crate::message::store::last_incoming_at(&mut work.tx, account, id).await? {
        Some(last) if facts.unread_count == 0 => put(work, facts, user, last - 1).await,
        _ => Ok(()),
    }
}

async fn put(work: &mut Work<'_>, facts: &store::Facts, user: UserId, at: Millis) -> Result<()> {
    // A message can carry a time that is a moment ahead of this node's clock.
    let at = if at >= facts.last_activity_at { at } else { at.max(0) };
    let unread = store::count_incoming_since(&mut work.tx, facts.account_id, facts.id, at).await?;
    store::set_agent_seen(&mut work.tx, facts, facts.assignee_id == Some(user), at, unread).await?;
    notification::seen(work, facts, user).await?;
    work.record_update(facts, vec![Part::AgentSeen], None);
    Ok(())
}
