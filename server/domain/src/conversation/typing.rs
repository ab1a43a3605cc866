//! Somebody is typing, or looks at a conversation. Not recorded.

use model::live::{Passing, Typist};
use model::{ConversationId, DisplayId};

use super::store::Facts;
use super::{access, access_by_id};
use crate::realtime::{PassingTo, topic};
use crate::{Ctx, Error, Result, contact, webhook};

/// An agent types, or stopped. The contact does not learn of private notes being written.
pub async fn by_agent(ctx: &Ctx, id: DisplayId, on: bool, private: bool) -> Result<()> {
    let facts = access(ctx, id).await?;
    pass(ctx, &facts, on, private).await
}

/// The same, by the conversation's own id.
pub async fn by_agent_in(ctx: &Ctx, id: ConversationId, on: bool, private: bool) -> Result<()> {
    let facts = access_by_id(ctx, id).await?;
    pass(ctx, &facts, on, private).await
}

async fn pass(ctx: &Ctx, facts: &Facts, on: bool, private: bool) -> Result<()> {
    ctx.require_own_eyes()?;
    let agent = ctx.agent()?;
    let visitors = if private {
        Vec::new()
    } else {
        let place = contact::store::place(ctx.db(), facts.account_id, facts.contact_inbox_id).await?;
        let place = place.ok_or_else(Error::not_found)?;
        topic::of_contact(place.inbox_id, place.contact_id, &place.source_id, place.hmac_verified)
    };
    let who = Typist::Agent { id: agent.user_id, name: agent.name.clone() };
    ctx.app.hub.pass(
        facts.account_id,
        PassingTo {
            passing: Passing::Typing {
                conversation_id: facts.id,
                display_id: facts.display_id,
                who: who.clone(),
                on,
                private,
            },
            reach: Some((facts.inbox_id, facts.assignee_id)),
            visitors,
            by: Some(agent.user_id),
        },
    );
    webhook::typing::expect(ctx, facts, who, on, private).await
}

/// An agent has a conversation on their screen, or left it: their colleagues who may see it learn so, its contact does not.
pub async fn look(ctx: &Ctx, id: ConversationId, on: bool) -> Result<()> {
    ctx.require_own_eyes()?;
    let facts = access_by_id(ctx, id).await?;
    let user_id = ctx.agent()?.user_id;
    ctx.app.hub.pass(
        facts.account_id,
        PassingTo {
            passing: Passing::Looking { conversation_id: facts.id, user_id, on },
            reach: Some((facts.inbox_id, facts.assignee_id)),
            visitors: Vec::new(),
            by: Some(user_id),
        },
    );
    Ok(())
}
