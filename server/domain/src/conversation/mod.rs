//! Conversations: the thread between a contact and the agents, and its life.

pub mod activity;
pub mod assign;
pub mod attribute;
pub mod auto_resolve;
pub mod create;
pub mod folder;
pub mod label;
pub mod list;
pub(crate) mod mention;
pub mod merge;
pub mod mute;
pub mod participant;
pub mod read;
pub mod restore;
pub mod seen;
pub mod snooze;
pub mod status;
pub mod store;
pub mod transcript;
pub mod typing;

use model::conversation::Conversation;
use model::{AuditSubject, ConversationId, DisplayId};

use crate::audit::{self, Entry};
use crate::message::store::release::{Of, release};
use crate::{Ctx, Error, Result};

pub use list::{Asked, Paging, counts, list, list_whole, settle};
use store::Facts;

/// The facts of a conversation that the agent may know of; `NotFound` for every other. The only way to a conversation for agents.
pub async fn access(ctx: &Ctx, id: DisplayId) -> Result<Facts> {
    let facts = store::find(ctx.db(), ctx.agent()?.account_id, id).await?;
    allowed(ctx, facts)
}

/// The same, by the conversation's own id.
pub async fn access_by_id(ctx: &Ctx, id: ConversationId) -> Result<Facts> {
    let facts = store::find_by_id(ctx.db(), ctx.agent()?.account_id, id).await?;
    allowed(ctx, facts)
}

fn allowed(ctx: &Ctx, facts: Option<Facts>) -> Result<Facts> {
    let agent = ctx.agent()?;
    facts.filter(|facts| agent.sees(facts.inbox_id, facts.assignee_id)).ok_or_else(Error::not_found)
}

/// One conversation.
pub async fn get(ctx: &Ctx, id: DisplayId) -> Result<Conversation> {
    let facts = access(ctx, id).await?;
    read::one(ctx, facts.account_id, facts.id).await?.ok_or_else(Error::not_found)
}

/// Removes a conversation with its messages.
pub async fn delete(ctx: &Ctx, id: DisplayId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(model::Permission::DeleteData)?;
    let facts = access(ctx, id).await?;
    let mut work = ctx.begin().await?;
    release(&mut work.tx, facts.account_id, Of::Conversation(facts.id)).await?;
    store::delete(&mut work.tx, facts.account_id, facts.id).await?;
    let name = format!("#{}", facts.display_id);
    audit::record(&mut work, facts.account_id, Entry::destroyed(AuditSubject::Conversation, facts.display_id, &name));
    work.record(
        facts.account_id,
        crate::event::Event::ConversationDeleted {
            conversation_id: facts.id,
            display_id: facts.display_id,
            reach: facts.reach(),
        },
    );
    work.commit().await
}
