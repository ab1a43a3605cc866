//! "View as": an administrator looks at the dashboard through an agent's eyes, to see what that role and those inboxes come to.
//!
//! It is a state of one signed-in browser. Whatever is asked with it has the agent's rights and changes nothing
//! ([`crate::work::Work`] refuses to begin); it lasts until it is stopped, the session ends, or one of the two loses what it takes.

use model::agent::Profile;
use model::session::Viewing;
use model::{AuditAction, AuditSubject, ErrorCode, Permission, UserId};

use super::store;
use crate::agent::{self, profile};
use crate::audit::{self, Entry};
use crate::{Actor, Ctx, Error, Result, secret};

/// Begins to look through an agent's eyes in the browser with this token. For administrators.
pub async fn start(ctx: &Ctx, token: &str, user: UserId) -> Result<()> {
    let actor = ctx.agent()?;
    actor.require(Permission::ManageAccount)?;
    if actor.user_id == user {
        return Err(Error::field("user_id", ErrorCode::Invalid));
    }
    let mut work = ctx.begin().await?;
    let seen = agent::store::agent(work.tx.conn(), actor.account_id, user).await?.ok_or_else(Error::not_found)?;
    let owner = store::set_view(&mut work.tx, &secret::hash(token), Some((actor.account_id, user))).await?;
    if owner != Some(actor.user_id) {
        return Err(Error::unauthenticated());
    }
    audit::record(&mut work, actor.account_id, Entry::new(AuditAction::ViewAs, AuditSubject::Agent, user, &seen.name));
    work.commit().await
}

/// Gives the eyes back. Not looking through anybody's is fine.
pub async fn stop(ctx: &Ctx, token: &str) -> Result<()> {
    let Some(Actor::Viewer(viewer)) = super::actor(ctx, token).await? else { return Ok(()) };
    // The one change that is made while looking through somebody else's eyes.
    let own = ctx.with(Actor::User(viewer.user_id));
    let mut work = own.begin().await?;
    store::set_view(&mut work.tx, &secret::hash(token), None).await?;
    let seen = agent::store::agent(work.tx.conn(), viewer.account_id, viewer.as_user_id).await?;
    let name = seen.map(|seen| seen.name).unwrap_or_default();
    let entry = Entry::new(AuditAction::StopViewAs, AuditSubject::Agent, viewer.as_user_id, &name);
    audit::record(&mut work, viewer.account_id, entry);
    // Other pages of the same browser still look through these eyes.
    super::tell_ended(&mut work, viewer.user_id).await?;
    work.commit().await
}

/// Through whose eyes the person looks, if they do.
pub async fn current(ctx: &Ctx) -> Result<Option<Viewing>> {
    let Actor::Viewer(viewer) = &ctx.actor else { return Ok(None) };
    let seen = agent::store::agent(ctx.db(), viewer.account_id, viewer.as_user_id).await?;
    Ok(seen.map(|seen| Viewing { account_id: viewer.account_id, user_id: seen.id, name: seen.name }))
}

/// The profile of the agent whose eyes are lent, as far as the account goes in which they are.
pub async fn profile(ctx: &Ctx) -> Result<Profile> {
    let agent = ctx.agent()?;
    let mut profile = profile::read(&ctx.with(Actor::User(agent.user_id))).await?;
    profile.memberships.retain(|membership| membership.account_id == agent.account_id);
    Ok(profile)
}

/// The person who is really signed in, for their language and looks.
pub fn oneself(ctx: &Ctx) -> Result<Ctx> {
    match &ctx.actor {
        Actor::Viewer(viewer) => Ok(ctx.with(Actor::User(viewer.user_id))),
        Actor::User(_) => Ok(ctx.clone()),
        _ => Err(Error::unauthenticated()),
    }
}

#[cfg(test)]
mod tests;
