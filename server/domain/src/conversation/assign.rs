//! Who a conversation belongs to.

use model::conversation::Conversation;
use model::{AccountId, DisplayId, ErrorCode, InboxId, Permission, Role, TeamId, UserId};

use super::activity::{self, Activity};
use super::{access, read, store};
use crate::event::{Event, Part};
use crate::{Ctx, Error, Result};

/// Gives a conversation to an agent, or to nobody. Fails when the agent could not see it.
pub async fn to_agent(ctx: &Ctx, id: DisplayId, assignee: Option<UserId>) -> Result<Conversation> {
    let agent = ctx.agent()?;
    let takes_it = assignee == Some(agent.user_id);
    if !takes_it {
        agent.require(Permission::Assign)?;
    }
    let known = access(ctx, id).await?;
    let name = match assignee {
        Some(user) => Some(assignable(ctx, known.account_id, known.inbox_id, user).await?),
        None => None,
    };
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    // Somebody else may have taken it since it was looked at; whoever may not take it from them is told so.
    if takes_it && !agent.sees(facts.inbox_id, facts.assignee_id) {
        return Err(Error::not_found());
    }
    if facts.assignee_id != assignee {
        store::set_owner(&mut work.tx, facts.account_id, facts.id, assignee, facts.team_id).await?;
        let activity = match &name {
            None => Activity::Unassigned,
            Some(_) if takes_it => Activity::AssignedToSelf,
            Some(name) => Activity::Assigned(name),
        };
        let before = facts.reach();
        let after = store::Facts { assignee_id: assignee, ..facts };
        activity::note(ctx, &mut work, &after, activity).await?;
        let changed = vec![Part::Assignee];
        work.record(
            after.account_id,
            Event::ConversationUpdated { conversation_id: after.id, changed, before: Some(before) },
        );
    }
    work.commit().await?;
    // Whoever gave it away may not see it any more, and still learns what came of it.
    read::one(ctx, known.account_id, known.id).await?.ok_or_else(Error::not_found)
}

/// Gives a conversation to a team, or takes the team away.
pub async fn to_team(ctx: &Ctx, id: DisplayId, team: Option<TeamId>) -> Result<Conversation> {
    let agent = ctx.agent()?;
    agent.require(Permission::Assign)?;
    let known = access(ctx, id).await?;
    let name = match team {
        Some(team) => Some(team_name(ctx, known.account_id, team).await?),
        None => None,
    };
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    if facts.team_id != team {
        store::set_owner(&mut work.tx, facts.account_id, facts.id, facts.assignee_id, team).await?;
        let activity = name.as_deref().map_or(Activity::TeamRemoved, Activity::TeamAssigned);
        let after = store::Facts { team_id: team, ..facts };
        activity::note(ctx, &mut work, &after, activity).await?;
        let changed = vec![Part::Team];
        work.record(after.account_id, Event::ConversationUpdated { conversation_id: after.id, changed, before: None });
    }
    work.commit().await?;
    read::one(ctx, known.account_id, known.id).await?.ok_or_else(Error::not_found)
}

/// The name of an agent who can be given conversations of this inbox.
pub(super) async fn assignable(ctx: &Ctx, account: AccountId, inbox: InboxId, user: UserId) -> Result<String> {
    let invalid = || Error::field("assignee_id", ErrorCode::Invalid);
    let agent = crate::agent::read::one(ctx, account, user).await?.ok_or_else(invalid)?;
    let members = crate::inbox::store::members(ctx.db(), account, inbox).await?;
    if agent.role == Role::Administrator || members.contains(&user) { Ok(agent.name) } else { Err(invalid()) }
}

/// The name of a team of the account.
pub(super) async fn team_name(ctx: &Ctx, account: AccountId, team: TeamId) -> Result<String> {
    let name = store::team_name(ctx.db(), account, team).await?;
    name.ok_or_else(|| Error::field("team_id", ErrorCode::Invalid))
}
