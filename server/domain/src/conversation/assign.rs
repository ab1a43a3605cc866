//! Who a conversation belongs to.

use model::conversation::Conversation;
use model::{AccountId, DisplayId, ErrorCode, InboxId, Permission, Role, TeamId, UserId};

use super::activity::{self, Activity};
use super::store::Facts;
use super::{access, read, store};
use crate::event::Part;
use crate::work::Work;
use crate::{Ctx, Error, Result, notification};

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
        let activity = match &name {
            None => Activity::Unassigned,
            Some(_) if takes_it => Activity::AssignedToSelf,
            Some(name) => Activity::Assigned(name),
        };
        give(ctx, &mut work, &facts, assignee, activity).await?;
    }
    work.commit().await?;
    // Whoever gave it away may not see it any more, and still learns what came of it.
    read::one(ctx, known.account_id, known.id).await?.ok_or_else(Error::not_found)
}

/// Gives a conversation to somebody in an open change, whoever decided so. `activity` says why.
pub(crate) async fn give(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &Facts,
    assignee: Option<UserId>,
    activity: Activity<'_>,
) -> Result<()> {
    store::set_owner(&mut work.tx, facts.account_id, facts.id, assignee, facts.team_id).await?;
    let after = Facts { assignee_id: assignee, ..facts.clone() };
    activity::note(ctx, work, &after, activity).await?;
    notification::assigned(work, facts, assignee).await?;
    work.record_update(facts, vec![Part::Assignee], Some(facts.reach()));
    Ok(())
}

/// Gives a conversation to a team, or takes the team away. Somebody who is not in the team loses it; from there on it waits for one
/// of the team.
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
        hand_over(ctx, &mut work, &facts, team.zip(name.as_deref())).await?;
    }
    work.commit().await?;
    read::one(ctx, known.account_id, known.id).await?.ok_or_else(Error::not_found)
}

/// Gives a conversation to a team in an open change.
pub(crate) async fn hand_over(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &Facts,
    team: Option<(TeamId, &str)>,
) -> Result<()> {
    let members = match team {
        Some((team, _)) => crate::team::store::members(work.tx.conn(), facts.account_id, team).await?,
        None => Vec::new(),
    };
    let assignee_id = facts.assignee_id.filter(|user| team.is_none() || members.contains(user));
    let after = Facts { team_id: team.map(|(id, _)| id), assignee_id, ..facts.clone() };
    store::set_owner(&mut work.tx, facts.account_id, facts.id, assignee_id, after.team_id).await?;
    let activity = team.map_or(Activity::TeamRemoved, |(_, name)| Activity::TeamAssigned(name));
    activity::note(ctx, work, &after, activity).await?;
    let (mut changed, mut before) = (vec![Part::Team], None);
    if assignee_id != facts.assignee_id {
        changed.push(Part::Assignee);
        before = Some(facts.reach());
    }
    work.record_update(facts, changed, before);
    Ok(())
}

/// A conversation became open in an open change: an owner who could not see it loses it, so that it does not stay with them unseen.
pub(crate) async fn let_go(work: &mut Work<'_>, facts: &Facts) -> Result<()> {
    let Some(owner) = facts.assignee_id else { return Ok(()) };
    if store::reaches(&mut work.tx, facts.account_id, facts.inbox_id, owner).await? {
        return Ok(());
    }
    store::set_owner(&mut work.tx, facts.account_id, facts.id, None, facts.team_id).await?;
    work.record_update(facts, vec![Part::Assignee], Some(facts.reach()));
    Ok(())
}

/// The name of an agent who can be given conversations of this inbox.
pub(crate) async fn assignable(ctx: &Ctx, account: AccountId, inbox: InboxId, user: UserId) -> Result<String> {
    let invalid = || Error::field("assignee_id", ErrorCode::Invalid);
    let agent = crate::agent::read::one(ctx, account, user).await?.ok_or_else(invalid)?;
    let members = crate::inbox::store::members(ctx.db(), account, inbox).await?;
    if agent.role == Role::Administrator || members.contains(&user) { Ok(agent.name) } else { Err(invalid()) }
}

/// The name of a team of the account.
pub(crate) async fn team_name(ctx: &Ctx, account: AccountId, team: TeamId) -> Result<String> {
    let name = store::team_name(ctx.db(), account, team).await?;
    name.ok_or_else(|| Error::field("team_id", ErrorCode::Invalid))
}
