//! One person erased everywhere: facts, conversations, messages, files, the search index, notes, and what earlier merges kept.
//!
//! What says who they are goes at once. The rest goes in portions, each in its own change; a job finishes what a crash or a very
//! long history leaves.

use model::{AccountId, AuditSubject, ContactId, ErrorCode, Permission};

use super::{get, import, store};
use crate::audit::{self, Entry};
use crate::conversation::store as conversations;
use crate::event::Event;
use crate::job::{Job, New};
use crate::message::attachment;
use crate::message::store::release::{Of, release};
use crate::{Ctx, Error, Result, avatar};

/// Messages of one portion.
const PORTION: i64 = 500;
/// Portions that whoever asks waits for.
const AT_ONCE: usize = 20;

/// Contacts that one call erases.
const MOST: usize = 500;

/// Erases a contact. Not while they are here: they would come back as somebody else.
pub async fn delete(ctx: &Ctx, id: ContactId) -> Result<()> {
    let account = ctx.agent()?.account_id;
    begin(ctx, id).await?;
    for _ in 0..AT_ONCE {
        if !portion(ctx, account, id).await? {
            return attachment::sweep_released(ctx).await;
        }
    }
    Ok(())
}

/// Erases many; how many. Those who are here stay, and those who are gone already do not count. What says who they are goes at once,
/// the rest goes soon.
pub async fn delete_many(ctx: &Ctx, ids: &[ContactId]) -> Result<usize> {
    ctx.agent()?.require(Permission::DeleteData)?;
    if ids.len() > MOST {
        return Err(Error::field("ids", ErrorCode::TooMany));
    }
    let mut erased = 0;
    for id in ids {
        match begin(ctx, *id).await {
            Ok(()) => erased += 1,
            Err(error) if matches!(error.known(), Some(ErrorCode::Conflict | ErrorCode::NotFound)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(erased)
}

/// Takes away what says who they are, and sees to the rest being taken.
async fn begin(ctx: &Ctx, id: ContactId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::DeleteData)?;
    if get(ctx, id).await?.online {
        return Err(Error::field("contact", ErrorCode::Conflict));
    }
    let account = agent.account_id;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let mut row = store::lock(&mut work.tx, account, id, now).await?.ok_or_else(Error::not_found)?;
    for key in store::erase::pictures(&mut work.tx, account, &row).await? {
        avatar::release(&mut work.tx, account, &key).await?;
    }
    store::erase::facts(&mut work.tx, account, id).await?;
    for told in [&row.email, &row.phone_number, &row.identifier].into_iter().flatten() {
        import::forget(&mut work.tx, account, told).await?;
    }
    row = store::Row::empty(row);
    store::update(&mut work.tx, account, &row, now).await?;
    let job = Job::EraseContact { account_id: account, contact_id: id };
    work.enqueue(New::at(Some(account), job, now).unique(format!("erase contact {id}")));
    // The name would outlive the person: only that somebody was erased, and by whom.
    audit::record(&mut work, account, Entry::destroyed(AuditSubject::Contact, id, ""));
    work.record(account, Event::ContactUpdated { contact_id: id });
    work.commit().await
}

/// Finishes what [`delete`] began.
pub async fn finish(ctx: &Ctx, account: AccountId, id: ContactId) -> Result<()> {
    while portion(ctx, account, id).await? {}
    attachment::sweep_released(ctx).await
}

/// Erases a part of what there is; whether there may be more.
async fn portion(ctx: &Ctx, account: AccountId, id: ContactId) -> Result<bool> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::lock(&mut work.tx, account, id, now).await?.is_none() {
        return Ok(false);
    }
    let conversation = conversations::of_contact(&mut work.tx, account, id).await?.into_iter().next();
    let Some(facts) = conversation else {
        store::delete(&mut work.tx, account, id).await?;
        work.record(account, Event::ContactDeleted { contact_id: id });
        work.commit().await?;
        return Ok(false);
    };
    let messages = store::erase::messages(&mut work.tx, facts.id, PORTION).await?;
    release(&mut work.tx, account, Of::Conversation(facts.id)).await?;
    store::erase::delete_messages(&mut work.tx, account, &messages).await?;
    if i64::try_from(messages.len()).unwrap_or(PORTION) < PORTION {
        conversations::delete(&mut work.tx, account, facts.id).await?;
        let (conversation_id, display_id, reach) = (facts.id, facts.display_id, facts.reach());
        work.record(account, Event::ConversationDeleted { conversation_id, display_id, reach });
    }
    work.commit().await?;
    Ok(true)
}
