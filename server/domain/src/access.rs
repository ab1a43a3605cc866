//! The policy: who may do what with which rows. Everything that reads or changes a row asks here.

use std::sync::Arc;

use db::Builder;
use model::{AccountId, InboxId, Permission, Role, UserId};

use crate::ctx::{AgentActor, Ctx};
use crate::{Actor, Error, Result};

mod store;

impl AgentActor {
    /// Fails unless the role has the permission.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.role.has(permission) { Ok(()) } else { Err(Error::forbidden()) }
    }

    /// Whether they belong to the inbox (administrators belong to all).
    pub fn reaches(&self, inbox: InboxId) -> bool {
        self.inboxes.as_ref().is_none_or(|inboxes| inboxes.contains(&inbox))
    }

    /// Whether they may know of a conversation with this inbox and assignee.
    pub fn sees(&self, inbox: InboxId, assignee: Option<UserId>) -> bool {
        let others = self.role.has(Permission::SeeOthersConversations);
        self.reaches(inbox) && (others || assignee.is_none_or(|id| id == self.user_id))
    }

    /// Adds ` and …` to a statement over `conversations c`, so that it returns only what they may know of.
    pub fn scope_conversations(&self, query: &mut Builder) {
        if let Some(inboxes) = &self.inboxes {
            let mut ids: Vec<_> = inboxes.iter().copied().collect();
            ids.sort_unstable();
            query.push(" and c.inbox_id in ").list(ids);
        }
        if !self.role.has(Permission::SeeOthersConversations) {
            query.push(" and (c.assignee_id is null or c.assignee_id = ").value(self.user_id).push(")");
        }
    }
}

/// The actor for a person in an account; `Forbidden` when they do not belong to it, `Suspended` when nobody may work in it.
pub async fn agent(ctx: &Ctx, user: UserId, account: AccountId) -> Result<AgentActor> {
    let row = store::membership(ctx.db(), account, user).await?;
    let (role, name, suspended) = row.ok_or_else(Error::forbidden)?;
    if suspended {
        return Err(Error::code(model::ErrorCode::Suspended));
    }
    let inboxes = match role {
        Role::Administrator => None,
        _ => Some(Arc::new(store::inboxes(ctx.db(), account, user).await?)),
    };
    Ok(AgentActor { account_id: account, user_id: user, role, name, inboxes, viewer: None })
}

/// A context in which the signed-in person works in an account, or looks at it through somebody else's eyes.
pub async fn enter(ctx: &Ctx, account: AccountId) -> Result<Ctx> {
    let Actor::Viewer(viewer) = &ctx.actor else {
        let user = ctx.user_id()?;
        return Ok(ctx.with(Actor::Agent(agent(ctx, user, account).await?)));
    };
    // Elsewhere they are who they are, and change nothing there either: it is the same browser.
    let eyes = if viewer.account_id == account { viewer.as_user_id } else { viewer.user_id };
    let agent = agent(ctx, eyes, account).await?;
    Ok(ctx.with(Actor::Agent(AgentActor { viewer: Some(viewer.user_id), ..agent })))
}
