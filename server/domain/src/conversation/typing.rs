//! Somebody is typing. Not recorded.

use model::DisplayId;
use model::live::{Passing, Typist};

use super::access;
use crate::realtime::PassingTo;
use crate::{Ctx, Result};

/// An agent types, or stopped. The contact does not learn of private notes being written.
pub async fn by_agent(ctx: &Ctx, id: DisplayId, on: bool, private: bool) -> Result<()> {
    let facts = access(ctx, id).await?;
    let agent = ctx.agent()?;
    ctx.app.hub.pass(
        facts.account_id,
        PassingTo {
            passing: Passing::Typing {
                conversation_id: facts.id,
                display_id: facts.display_id,
                who: Typist::Agent { id: agent.user_id, name: agent.name.clone() },
                on,
                private,
            },
            reach: Some((facts.inbox_id, facts.assignee_id)),
            visitor: (!private).then_some(facts.contact_inbox_id),
            by: Some(agent.user_id),
        },
    );
    Ok(())
}
