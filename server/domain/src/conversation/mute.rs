//! Muting: a contact who is not to be heard any more. Their messages are kept and disturb nobody.

use model::conversation::Conversation;
use model::{ConversationStatus, DisplayId, Permission};

use super::activity::{self, Activity};
use super::{access, get, status, store};
use crate::contact::{self, Checked};
use crate::{Ctx, Error, Result};

/// Blocks the contact and resolves the conversation.
pub async fn mute(ctx: &Ctx, id: DisplayId) -> Result<Conversation> {
    set(ctx, id, true).await
}

/// The contact is heard again. The conversation stays as it is.
pub async fn unmute(ctx: &Ctx, id: DisplayId) -> Result<Conversation> {
    set(ctx, id, false).await
}

async fn set(ctx: &Ctx, id: DisplayId, muted: bool) -> Result<Conversation> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    // It concerns every conversation of the contact.
    agent.require(Permission::EditContacts)?;
    let known = access(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    if facts.contact_blocked != muted {
        let change = Checked { blocked: Some(muted), ..Checked::default() };
        contact::change(&mut work, facts.account_id, facts.contact_id, change).await?;
        let activity = if muted { Activity::Muted } else { Activity::Unmuted };
        activity::note(ctx, &mut work, &facts, activity).await?;
    }
    if muted {
        let facts = store::hold(&mut work.tx, facts.account_id, facts.id).await?.ok_or_else(Error::not_found)?;
        status::change(ctx, &mut work, &facts, ConversationStatus::Resolved, None).await?;
    }
    work.commit().await?;
    get(ctx, id).await
}
