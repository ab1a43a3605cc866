//! Teams: groups of agents that conversations are given to.

pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use model::hours::Hours;
use model::team::{Gaps, Team};
use model::{AccountId, AuditSubject, ErrorCode, InboxId, Permission, TeamId, UserId};

use crate::audit::{self, Entry};
use crate::event::Event;
use crate::work::Work;
use crate::{Ctx, Error, Result, agent, hours, inbox, input};

const MAX_DESCRIPTION: usize = 300;

/// A team as it is written.
#[derive(Debug, Clone)]
pub struct TeamInput {
    pub name: String,
    pub description: String,
    pub allow_auto_assign: bool,
}

/// All teams of the account, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Team>> {
    let agent = ctx.agent()?;
    store::list(ctx.db(), agent.account_id).await
}

/// One team.
pub async fn get(ctx: &Ctx, id: TeamId) -> Result<Team> {
    let agent = ctx.agent()?;
    store::get(ctx.db(), agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// Who of a team does not see all of its conversations. For administrators.
pub async fn gaps(ctx: &Ctx, id: TeamId) -> Result<Gaps> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    get(ctx, id).await?;
    let rows = store::inboxes_of_members(ctx.db(), agent.account_id, id).await?;
    let members: BTreeSet<UserId> = rows.iter().map(|(user, _)| *user).collect();
    let mut inboxes: BTreeMap<InboxId, BTreeSet<UserId>> = BTreeMap::new();
    for (user, inbox) in &rows {
        if let Some(inbox) = inbox {
            inboxes.entry(*inbox).or_default().insert(*user);
        }
    }
    let somewhere: BTreeSet<UserId> = inboxes.values().flatten().copied().collect();
    let without = |there: &BTreeSet<UserId>| members.difference(there).copied().collect::<Vec<_>>();
    let missing = inboxes.iter().map(|(inbox, there)| (*inbox, without(there)));
    Ok(Gaps { nowhere: without(&somewhere), missing: missing.filter(|(_, users)| !users.is_empty()).collect() })
}

/// A new team, without members.
pub async fn create(ctx: &Ctx, new: TeamInput) -> Result<Team> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let new = checked(new)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let id = store::insert(&mut work.tx, agent.account_id, &new, now).await?;
    audit::record(&mut work, agent.account_id, Entry::created(AuditSubject::Team, id, &new.name));
    work.record(agent.account_id, Event::TeamsChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// Changes a team.
pub async fn update(ctx: &Ctx, id: TeamId, change: TeamInput) -> Result<Team> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let change = checked(change)?;
    let before = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::update(&mut work.tx, agent.account_id, id, &change, now).await? == 0 {
        return Err(Error::not_found());
    }
    let entry = Entry::updated(AuditSubject::Team, id, &change.name)
        .change("name", before.name, &change.name)
        .change("description", before.description, &change.description)
        .change("allow_auto_assign", before.allow_auto_assign, change.allow_auto_assign);
    audit::record(&mut work, agent.account_id, entry);
    work.record(agent.account_id, Event::TeamsChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// When a team answers. For administrators.
pub async fn hours(ctx: &Ctx, id: TeamId) -> Result<Hours> {
    ctx.agent()?.require(Permission::ManageAccount)?;
    Ok(get(ctx, id).await?.hours)
}

/// Says when a team answers. For administrators.
pub async fn set_hours(ctx: &Ctx, id: TeamId, hours: Hours) -> Result<Hours> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    hours::check(Some(&hours.week), Some(&hours.timezone))?;
    let message = input::optional_lines("out_of_office_message", &hours.message, inbox::MAX_AUTOMATIC_TEXT)?;
    let hours = Hours { message, ..hours };
    let before = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::set_hours(&mut work.tx, agent.account_id, id, &hours, now).await? == 0 {
        return Err(Error::not_found());
    }
    let entry = Entry::updated(AuditSubject::Team, id, &before.name).change("hours", &before.hours, &hours);
    audit::record(&mut work, agent.account_id, entry);
    work.record(agent.account_id, Event::TeamsChanged);
    work.commit().await?;
    Ok(hours)
}

/// The same as [`delete`] for somebody who names what they are about to lose.
pub async fn delete_named(ctx: &Ctx, id: TeamId, name: &str) -> Result<()> {
    input::same_name(&get(ctx, id).await?.name, name)?;
    delete(ctx, id).await
}

/// Deletes a team. Its conversations stay with whoever has them.
pub async fn delete(ctx: &Ctx, id: TeamId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let before = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, agent.account_id, id).await? == 0 {
        return Err(Error::not_found());
    }
    audit::record(&mut work, agent.account_id, Entry::destroyed(AuditSubject::Team, id, &before.name));
    work.record(agent.account_id, Event::TeamsChanged);
    work.commit().await
}

/// Says who belongs to a team: these people and nobody else. All must be members of the account.
pub async fn set_members(ctx: &Ctx, id: TeamId, users: Vec<UserId>) -> Result<Team> {
    change_members(ctx, id, &users, |_| users.clone()).await
}

/// Adds people to a team. All must be members of the account.
pub async fn add_members(ctx: &Ctx, id: TeamId, users: &[UserId]) -> Result<Team> {
    change_members(ctx, id, users, |now| now.iter().chain(users).copied().collect()).await
}

/// Takes people out of a team. All must be members of the account.
pub async fn remove_members(ctx: &Ctx, id: TeamId, users: &[UserId]) -> Result<Team> {
    change_members(ctx, id, users, |now| now.iter().filter(|user| !users.contains(user)).copied().collect()).await
}

async fn change_members(
    ctx: &Ctx,
    id: TeamId,
    named: &[UserId],
    change: impl Fn(&[UserId]) -> Vec<UserId>,
) -> Result<Team> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let account = agent.account_id;
    let mut work = ctx.begin().await?;
    if !store::exists(work.tx.conn(), account, id).await? {
        return Err(Error::not_found());
    }
    let named = sorted(named.to_vec());
    if agent::store::members_among(work.tx.conn(), account, &named).await? != named {
        return Err(Error::field("user_ids", ErrorCode::Invalid));
    }
    let now = store::members(work.tx.conn(), account, id).await?;
    let then = sorted(change(&now));
    store::set_members(&mut work.tx, account, id, &then).await?;
    for user in then.iter().filter(|user| !now.contains(user)) {
        log_member(&mut work, account, id, *user, true).await?;
    }
    for user in now.iter().filter(|user| !then.contains(user)) {
        log_member(&mut work, account, id, *user, false).await?;
    }
    work.record(account, Event::TeamsChanged);
    work.commit().await?;
    get(ctx, id).await
}

async fn log_member(work: &mut Work<'_>, account: AccountId, id: TeamId, user: UserId, joined: bool) -> Result<()> {
    let person = agent::store::user(work.tx.conn(), user).await?;
    let name = person.map(|person| person.name).unwrap_or_default();
    let subject = AuditSubject::TeamMember;
    let entry = if joined { Entry::created(subject, user, &name) } else { Entry::destroyed(subject, user, &name) };
    audit::record(work, account, entry.of(AuditSubject::Team, id));
    Ok(())
}

fn sorted(mut users: Vec<UserId>) -> Vec<UserId> {
    users.sort_unstable();
    users.dedup();
    users
}

fn checked(new: TeamInput) -> Result<TeamInput> {
    Ok(TeamInput {
        name: input::line("name", &new.name, input::MAX_NAME)?.to_lowercase(),
        description: input::optional_line("description", &new.description, MAX_DESCRIPTION)?,
        allow_auto_assign: new.allow_auto_assign,
    })
}

#[cfg(test)]
mod tests {
    use model::Role;

    use super::*;
    use crate::testing;

    fn team(name: &str) -> TeamInput {
        TeamInput { name: name.to_owned(), description: String::new(), allow_auto_assign: true }
    }

    db::db_test! {
        async fn a_team_has_members_of_its_account_only(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let bia = testing::member(&admin, "bia@example.com", Role::Agent).await.user_id().unwrap();
            let stranger = testing::another_account(&app, "leo@example.com").await;
            let vendas = create(&admin, team("Vendas")).await.unwrap();
            assert_eq!(vendas.name, "vendas");
            assert_eq!(create(&admin, team("VENDAS")).await.unwrap_err().known(), Some(ErrorCode::Taken));

            let filled = set_members(&admin, vendas.id, vec![bia, bia]).await.unwrap();
            assert_eq!(filled.member_ids, [bia]);
            let foreign = set_members(&admin, vendas.id, vec![bia, stranger.user_id().unwrap()]).await.unwrap_err();
            assert_eq!(foreign.known(), Some(ErrorCode::Invalid));
            assert_eq!(get(&admin, vendas.id).await.unwrap().member_ids, [bia]);
            assert!(set_members(&stranger, vendas.id, vec![]).await.is_err());
            assert_eq!(delete(&stranger, vendas.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));

            let renamed = update(&admin, vendas.id, team("Pós-venda")).await.unwrap();
            assert_eq!((renamed.name.as_str(), renamed.member_ids.len()), ("pós-venda", 1));
            assert_eq!(set_members(&admin, vendas.id, vec![]).await.unwrap().member_ids, []);
            delete(&admin, vendas.id).await.unwrap();
            assert!(list(&admin).await.unwrap().is_empty());
        }

        async fn who_does_not_belong_to_the_inbox_is_pointed_out(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let mut ids = vec![admin.user_id().unwrap()];
            for name in ["bia", "caio", "duda"] {
                let agent = testing::member(&admin, &format!("{name}@example.com"), Role::Agent).await;
                ids.push(agent.user_id().unwrap());
            }
            let inbox = |name: &'static str, members: Vec<UserId>| {
                let settings = inbox::Settings {
                    name: Some(name.to_owned()),
                    config: Some(serde_json::json!({"website_url": "https://loja.com.br"})),
                    ..Default::default()
                };
                let channel = crate::visitor::VISITOR_CHANNEL.to_owned();
                inbox::create(&admin, inbox::NewInbox { channel, settings, members })
            };
            let loja = inbox("Loja", vec![ids[1], ids[2]]).await.unwrap().id;
            let atacado = inbox("Atacado", vec![ids[1]]).await.unwrap().id;
            inbox("Vazia", vec![]).await.unwrap();
            let vendas = create(&admin, team("vendas")).await.unwrap().id;
            assert_eq!(gaps(&admin, vendas).await.unwrap(), Gaps::default());
            set_members(&admin, vendas, ids.clone()).await.unwrap();
            let found = gaps(&admin, vendas).await.unwrap();
            assert_eq!(found.nowhere, [ids[3]]);
            assert_eq!(found.missing, [(loja, vec![ids[3]]), (atacado, vec![ids[2], ids[3]])]);
        }
    }
}
