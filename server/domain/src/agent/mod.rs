//! Agents: the people who answer, as members of an account.

pub mod invitation;
pub mod profile;
pub mod read;
pub mod store;
pub mod token;

use model::agent::Agent;
use model::{Availability, ErrorCode, Permission, Role, UserId};

use crate::event::{Event, Part, Reach};
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Ctx, Error, Result, input};

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
}

/// What an administrator may change; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct AgentChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub availability: Option<Availability>,
    pub auto_offline: Option<bool>,
}

/// Everybody in the account, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Agent>> {
    let agent = ctx.agent()?;
    read::all(ctx, agent.account_id).await
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
        ..store::NewMember::new(account, user, new.role)
    };
    store::insert_member(&mut work.tx, &member, work.now).await?;
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

    let mut work = ctx.begin().await?;
    let before = store::role(work.tx.conn(), account, user).await?.ok_or_else(Error::not_found)?;
    if let Some(name) = name {
        // Who also works elsewhere keeps the name they have there.
        if store::memberships(work.tx.conn(), user).await? > 1 && !store::has_name(work.tx.conn(), user, &name).await? {
            return Err(Error::field("name", ErrorCode::Forbidden));
        }
        store::rename(&mut work.tx, user, &name, work.now).await?;
    }
    store::update_member(&mut work.tx, account, user, change.role, change.availability, change.auto_offline).await?;
    if change.role.is_some_and(|role| role != before) {
        keep_an_administrator(&mut work, account, "role").await?;
        work.record(account, Event::AccessChanged { user_id: user });
    }
    work.record(account, Event::AgentUpdated { user_id: user });
    work.commit().await?;
    read::one(ctx, account, user).await?.ok_or_else(Error::not_found)
}

/// Takes somebody out of the account. Their conversations that are not resolved go back to nobody; what they wrote stays.
pub async fn remove(ctx: &Ctx, user: UserId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let account = agent.account_id;

    let mut work = ctx.begin().await?;
    if store::delete_member(&mut work.tx, account, user).await? == 0 {
        return Err(Error::not_found());
    }
    keep_an_administrator(&mut work, account, "user_id").await?;
    let now = work.now;
    for (conversation_id, inbox_id) in store::release_conversations(&mut work.tx, account, user, now).await? {
        let before = Some(Reach { inbox_id, assignee_id: Some(user) });
        work.record(account, Event::ConversationUpdated { conversation_id, changed: vec![Part::Assignee], before });
    }
    work.record(account, Event::AccessChanged { user_id: user });
    work.record(account, Event::TeamsChanged);
    work.commit().await
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
