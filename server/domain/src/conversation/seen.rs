//! What an agent has seen.

use model::DisplayId;
use model::conversation::Conversation;

use super::{access, get, store};
use crate::event::{Event, Part};
use crate::{Ctx, Error, Result};

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

async fn set(ctx: &Ctx, known: &store::Facts, at: model::Millis) -> Result<()> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    // A message can carry a time that is a moment ahead of this node's clock.
    let at = if at >= facts.last_activity_at { at } else { at.max(0) };
    let unread = store::count_incoming_since(&mut work.tx, facts.account_id, facts.id, at).await?;
    store::set_agent_seen(&mut work.tx, &facts, facts.assignee_id == Some(user), at, unread).await?;
    let changed = vec![Part::AgentSeen];
    work.record(facts.account_id, Event::ConversationUpdated { conversation_id: facts.id, changed, before: None });
    work.commit().await
}
