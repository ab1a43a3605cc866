//! Who answers in an inbox.

use model::agent::Agent;
use model::{AccountId, AuditSubject, ErrorCode, InboxId, Permission, Role, UserId};

use super::{get, store};
use crate::audit::{self, Entry};
use crate::event::{Event, Part, Reach};
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// The agents of an inbox, by name.
pub async fn list(ctx: &Ctx, id: InboxId) -> Result<Vec<Agent>> {
    get(ctx, id).await?;
    let account = ctx.agent()?.account_id;
    of_inbox(ctx, account, id).await
}

/// Who can be given conversations of all these inboxes: their common agents and the administrators, by name.
pub async fn assignable(ctx: &Ctx, ids: &[InboxId]) -> Result<Vec<Agent>> {
    let account = ctx.agent()?.account_id;
    let mut agents = crate::agent::read::all(ctx, account).await?;
    for id in ids {
        get(ctx, *id).await?;
        let members = store::members(ctx.db(), account, *id).await?;
        agents.retain(|agent| agent.role == Role::Administrator || members.contains(&agent.id));
    }
    Ok(agents)
}

/// The agents of an inbox for somebody who was let in already.
pub(crate) async fn of_inbox(ctx: &Ctx, account: AccountId, id: InboxId) -> Result<Vec<Agent>> {
    let members = store::members(ctx.db(), account, id).await?;
    let agents = crate::agent::read::all(ctx, account).await?;
    Ok(agents.into_iter().filter(|agent| members.contains(&agent.id)).collect())
}

/// Makes exactly these people the agents of the inbox. For administrators.
pub async fn set(ctx: &Ctx, id: InboxId, users: &[UserId]) -> Result<Vec<Agent>> {
    let account = manage(ctx, id).await?;
    let mut work = ctx.begin().await?;
    for user in store::members(&mut work.tx, account, id).await? {
        if !users.contains(&user) {
            remove_one(&mut work, account, id, user).await?;
        }
    }
    insert_all(&mut work, account, id, users).await?;
    work.commit().await?;
    list(ctx, id).await
}

/// Adds people. For administrators.
pub async fn add(ctx: &Ctx, id: InboxId, users: &[UserId]) -> Result<Vec<Agent>> {
    let account = manage(ctx, id).await?;
    let mut work = ctx.begin().await?;
    insert_all(&mut work, account, id, users).await?;
    work.commit().await?;
    list(ctx, id).await
}

/// Removes people. For administrators.
pub async fn remove(ctx: &Ctx, id: InboxId, users: &[UserId]) -> Result<()> {
    let account = manage(ctx, id).await?;
    let mut work = ctx.begin().await?;
    for user in users {
        remove_one(&mut work, account, id, *user).await?;
    }
    work.commit().await
}

async fn manage(ctx: &Ctx, id: InboxId) -> Result<AccountId> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    get(ctx, id).await?;
    Ok(agent.account_id)
}

/// Adds people in an open change; all of them must belong to the account.
pub(crate) async fn insert_all(work: &mut Work<'_>, account: AccountId, id: InboxId, users: &[UserId]) -> Result<()> {
    let known = store::members_of_account(&mut work.tx, account, users).await?;
    for user in users {
        if !known.contains(user) {
            return Err(Error::field("user_ids", ErrorCode::Invalid));
        }
        if store::add_member(&mut work.tx, account, id, *user).await? {
            log(work, account, id, *user, true).await?;
            work.record(account, Event::AccessChanged { user_id: *user });
        }
    }
    Ok(())
}

/// Takes somebody out; what they have there and could not see any more goes back to nobody.
async fn remove_one(work: &mut Work<'_>, account: AccountId, id: InboxId, user: UserId) -> Result<()> {
    if !store::remove_member(&mut work.tx, account, id, user).await? {
        return Ok(());
    }
    log(work, account, id, user, false).await?;
    work.record(account, Event::AccessChanged { user_id: user });
    let now = work.now;
    for conversation_id in store::release_unseen(&mut work.tx, account, id, user, now).await? {
        let before = Some(Reach { inbox_id: id, assignee_id: Some(user) });
        work.record(account, Event::ConversationUpdated { conversation_id, changed: vec![Part::Assignee], before });
    }
    Ok(())
}

async fn log(work: &mut Work<'_>, account: AccountId, id: InboxId, user: UserId, joined: bool) -> Result<()> {
    let person = crate::agent::store::user(work.tx.conn(), user).await?;
    let name = person.map(|person| person.name).unwrap_or_default();
    let subject = AuditSubject::InboxMember;
    let entry = if joined { Entry::created(subject, user, &name) } else { Entry::destroyed(subject, user, &name) };
    audit::record(work, account, entry.of(AuditSubject::Inbox, id));
    Ok(())
}
