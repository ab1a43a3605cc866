//! Somebody leaves an account: at once in all that they could reach, and their conversations go back to nobody.

use model::{AccountId, AuditSubject, Permission, UserId};

use super::{administer, keep_an_administrator, store};
use crate::audit::{self, Entry};
use crate::conversation::activity::{self, Activity};
use crate::event::{Event, Part};
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Ctx, Error, Result, conversation};

/// Conversations that are handed back in one change. Who has more hands back the others in changes of their own.
const PORTION: i64 = 100;

/// Takes somebody out of the account. Their conversations that are not resolved go back to nobody, each with a line that says so;
/// what they wrote stays.
pub async fn remove(ctx: &Ctx, user: UserId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let account = agent.account_id;

    let mut work = ctx.begin().await?;
    administer(&mut work, agent).await?;
    let person = store::agent(work.tx.conn(), account, user).await?.ok_or_else(Error::not_found)?;
    store::delete_member(&mut work.tx, account, user).await?;
    keep_an_administrator(&mut work, account, "user_id").await?;
    let rest = hand_back(ctx, &mut work, account, user, &person.name).await?;
    if rest {
        let job = Job::HandBackConversations { account_id: account, user_id: user };
        work.enqueue(job::New::now(Some(account), job).unique(format!("hand_back {account} {user}")));
    }
    let entry = Entry::destroyed(AuditSubject::Agent, user, &person.name).change("email", person.email, ()).change(
        "role",
        person.role,
        (),
    );
    audit::record(&mut work, account, entry);
    work.record(account, Event::AccessChanged { user_id: user });
    work.record(account, Event::TeamsChanged);
    work.commit().await
}

/// Goes on where [`remove`] stopped. Done twice, it finds nothing more to do.
pub(crate) async fn hand_back_rest(ctx: &Ctx, account: AccountId, user: UserId) -> Result<()> {
    let Some(person) = store::user(ctx.db().into(), user).await? else { return Ok(()) };
    loop {
        // Who was invited again meanwhile keeps what they still have.
        if store::agent(ctx.db(), account, user).await?.is_some() {
            return Ok(());
        }
        let mut work = ctx.begin().await?;
        let more = hand_back(ctx, &mut work, account, user, &person.name).await?;
        work.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

/// Hands back some conversations in an open change; whether there may be more.
async fn hand_back(ctx: &Ctx, work: &mut Work<'_>, account: AccountId, user: UserId, name: &str) -> Result<bool> {
    let now = work.now;
    let ids = store::conversations_of(&mut work.tx, account, user, PORTION).await?;
    let more = i64::try_from(ids.len()).is_ok_and(|count| count == PORTION);
    for id in ids {
        let facts = conversation::store::lock(&mut work.tx, account, id, now).await?;
        let Some(facts) = facts.filter(|facts| facts.assignee_id == Some(user)) else { continue };
        conversation::store::set_owner(&mut work.tx, account, id, None, facts.team_id).await?;
        let after = conversation::store::Facts { assignee_id: None, ..facts.clone() };
        activity::note(ctx, work, &after, Activity::HandedBack(name)).await?;
        work.record_update(&facts, vec![Part::Assignee], Some(facts.reach()));
    }
    Ok(more)
}
