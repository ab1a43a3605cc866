//! Agents: the people who answer, as members of an account.

pub mod email;
pub mod invitation;
pub mod leave;
pub mod profile;
pub mod read;
pub mod store;
pub mod token;

use model::agent::Agent;
use model::{AuditSubject, Availability, ErrorCode, Permission, Role, UserId};

use crate::audit::{self, Entry};
use crate::ctx::AgentActor;
use crate::event::Event;
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Ctx, Error, Result, input};

pub use leave::remove;
pub use token::{authenticate_token, pubsub_token, verify_pubsub_token};

/// Somebody to be invited.
#[derive(Debug, Clone)]
pub struct NewAgent {
    pub name: String,
    pub email: String,
    pub role: Role,
    /// `None`: online.
    pub availability: Option<Availability>,
    /// `None`: yes.
    pub auto_offline: Option<bool>,
    /// `None`: as the account says.
    pub assignment_limit: Option<i64>,
}

/// What an administrator may change; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct AgentChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub availability: Option<Availability>,
    pub auto_offline: Option<bool>,
    /// How many open conversations automatic assignment gives them; `Some(None)`: as the account says.
    pub assignment_limit: Option<Option<i64>>,
}

/// Everybody in the account, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Agent>> {
    let agent = ctx.agent()?;
    read::all(ctx, agent.account_id).await
}

/// Invites several people as agents; addresses that are none, or known already, are skipped.
pub async fn add_many(ctx: &Ctx, emails: Vec<String>) -> Result<()> {
    ctx.agent()?.require(Permission::ManageAccount)?;
    for email in emails {
        let new = NewAgent {
            name: String::new(),
            email,
            role: Role::Agent,
            availability: Some(Availability::Offline),
            auto_offline: Some(false),
            assignment_limit: None,
        };
        match add(ctx, new).await {
            Err(Error::Known(error)) if error.field.is_some() => {}
            other => drop(other?),
        }
    }
    Ok(())
}

/// Invites somebody. A person who is known already becomes a member under the name they have.
pub async fn add(ctx: &Ctx, new: NewAgent) -> Result<Agent> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let account = agent.account_id;
    let email = input::email("email", &new.email)?;
    let name = match new.name.trim() {
        // As good a name as any until they give their own.
        "" => email.split('@').next().unwrap_or_default().to_owned(),
        name => input::line("name", name, input::MAX_NAME)?,
    };

    let mut work = ctx.begin().await?;
    administer(&mut work, agent).await?;
    let user = match store::by_email(work.tx.conn(), &email).await? {
        Some(user) => user,
        None => {
            let person = store::NewUser { email: &email, name: &name, password_hash: None, locale: None };
            store::insert_user(&mut work.tx, &person, work.now).await?
        }
    };
    let member = store::NewMember {
        availability: new.availability.unwrap_or(Availability::Online),
        auto_offline: new.auto_offline.unwrap_or(true),
        assignment_limit: crate::account::change::checked_limit(new.assignment_limit)?,
        ..store::NewMember::new(account, user, new.role)
    };
    store::insert_member(&mut work.tx, &member, work.now).await?;
    let entry =
        Entry::created(AuditSubject::Agent, user, &name).change("email", (), &email).change("role", (), new.role);
    audit::record(&mut work, account, entry);
    work.record(account, Event::AgentUpdated { user_id: user });
    invite(&mut work, account, user);
    work.commit().await?;
    read::one(ctx, account, user).await?.ok_or_else(Error::not_found)
}

/// Sends the invitation once more.
pub async fn invite_again(ctx: &Ctx, user: UserId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let found = read::one(ctx, agent.account_id, user).await?.ok_or_else(Error::not_found)?;
    if found.confirmed {
        return Err(Error::code(ErrorCode::Conflict));
    }
    let mut work = ctx.begin().await?;
    invite(&mut work, agent.account_id, user);
    work.commit().await
}

fn invite(work: &mut Work<'_>, account: model::AccountId, user: UserId) {
    let job = Job::MailInvitation { account_id: account, user_id: user };
    work.enqueue(job::New::now(Some(account), job).unique(format!("mail_invitation {account} {user}")));
}

/// Changes a member.
pub async fn update(ctx: &Ctx, user: UserId, change: AgentChange) -> Result<Agent> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let account = agent.account_id;
    let name = change.name.map(|name| input::line("name", &name, input::MAX_NAME)).transpose()?;
    let assignment_limit = change.assignment_limit.map(crate::account::change::checked_limit).transpose()?;

    let mut work = ctx.begin().await?;
    administer(&mut work, agent).await?;
    let before = store::agent(work.tx.conn(), account, user).await?.ok_or_else(Error::not_found)?;
    if let Some(name) = name.as_ref().filter(|name| **name != before.name) {
        // Who also works elsewhere keeps the name they have there.
        if store::memberships(work.tx.conn(), user).await? > 1 {
            return Err(Error::field("name", ErrorCode::Forbidden));
        }
        let now = work.now;
        store::rename(&mut work.tx, user, name, now).await?;
    }
    let new_role = change.role.filter(|role| *role != before.role);
    let member = store::MemberChange {
        role: change.role,
        availability: change.availability,
        auto_offline: change.auto_offline,
        assignment_limit,
    };
    store::update_member(&mut work.tx, account, user, member).await?;
    if new_role.is_some() {
        keep_an_administrator(&mut work, account, "role").await?;
        work.record(account, Event::AccessChanged { user_id: user });
    }
    let after = store::agent(work.tx.conn(), account, user).await?.ok_or_else(Error::not_found)?;
    audit::record(&mut work, account, log(&before, &after));
    work.record(account, Event::AgentUpdated { user_id: user });
    work.commit().await?;
    read::one(ctx, account, user).await?.ok_or_else(Error::not_found)
}

fn log(before: &store::Row, after: &store::Row) -> Entry {
    Entry::updated(AuditSubject::Agent, after.id, &after.name)
        .change("name", &before.name, &after.name)
        .change("role", before.role, after.role)
        .change("availability", before.availability, after.availability)
        .change("auto_offline", before.auto_offline, after.auto_offline)
        .change("assignment_limit", before.assignment_limit, after.assignment_limit)
}

/// Begins a change of who belongs to the account: nobody else changes that until its end, so two administrators cannot take the role from
/// each other at the same time. Fails when the agent was an administrator only a moment ago.
async fn administer(work: &mut Work<'_>, agent: &AgentActor) -> Result<()> {
    let now = work.now;
    crate::account::store::lock(&mut work.tx, agent.account_id, now).await?.ok_or_else(Error::not_found)?;
    match store::role(work.tx.conn(), agent.account_id, agent.user_id).await? {
        Some(role) if role.has(Permission::ManageAccount) => Ok(()),
        _ => Err(Error::forbidden()),
    }
}

/// An account without an administrator could not be helped from the browser any more.
async fn keep_an_administrator(work: &mut Work<'_>, account: model::AccountId, field: &str) -> Result<()> {
    if store::administrators(work.tx.conn(), account).await? == 0 {
        return Err(Error::field(field, ErrorCode::Conflict));
    }
    Ok(())
}

/// The person with this address. Only for the operator.
pub async fn find_by_email(ctx: &Ctx, email: &str) -> Result<Option<UserId>> {
    ctx.require_system()?;
    store::by_email(ctx.db().into(), &email.trim().to_lowercase()).await
}

#[cfg(test)]
mod tests;
