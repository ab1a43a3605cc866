//! Mails that tell people of the team what concerns them while they are not looking: a conversation became theirs, a note names them, the
//! contact wrote to them, an inbox stopped working.
//!
//! Whatever is to be told is a row and a job, written in the change that it follows from. Both wait a little: whoever comes to the
//! dashboard or opens the conversation meanwhile has seen it, and the row goes. Whether they may still know of it, and want to, is asked
//! when the mail is made (`tell`). Of new messages a row stays when it was told, so that nothing more is said before they are back.

mod letter;
pub mod settings;
pub(crate) mod store;
mod tell;

use model::notification::NotificationKind;
use model::{AccountId, InboxId, MessageId, Millis, NotificationId, UserId};

use crate::conversation::store::Facts;
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Ctx, Result};
use store::New;

pub(crate) use tell::tell;

/// Milliseconds before somebody is told what a colleague did: enough to come back from another page.
const SOON: Millis = 60_000;
/// Milliseconds before somebody is told of a message: whoever is about to look needs no mail.
const LATER: Millis = 5 * 60_000;
/// How long it is remembered that somebody was told, in milliseconds.
const KEPT_FOR: Millis = 30 * 24 * 60 * 60_000;

/// A conversation changes hands in an open change: whoever had it has no news of it any more, and who gets it from somebody else has.
pub(crate) async fn assigned(work: &mut Work<'_>, facts: &Facts, to: Option<UserId>) -> Result<()> {
    if !work.can_mail() {
        return Ok(());
    }
    store::forget_owner(&mut work.tx, facts.id).await?;
    match to {
        Some(user) if work.author() != Some(user) => {
            expect(work, facts, user, NotificationKind::Assignment, None).await
        }
        _ => Ok(()),
    }
}

/// A note names somebody who may know of the conversation.
pub(crate) async fn mentioned(work: &mut Work<'_>, facts: &Facts, user: UserId, note: MessageId) -> Result<()> {
    expect(work, facts, user, NotificationKind::Mention, Some(note)).await
}

/// The contact wrote. Of a conversation that is nobody's nobody is told, and nobody of what somebody who is blocked says.
pub(crate) async fn said(work: &mut Work<'_>, facts: &Facts, message: MessageId) -> Result<()> {
    match facts.assignee_id {
        Some(user) if !facts.contact_blocked => {
            expect(work, facts, user, NotificationKind::NewMessage, Some(message)).await
        }
        _ => Ok(()),
    }
}

async fn expect(
    work: &mut Work<'_>,
    facts: &Facts,
    user: UserId,
    kind: NotificationKind,
    message: Option<MessageId>,
) -> Result<()> {
    if !work.can_mail() {
        return Ok(());
    }
    let (now, by) = (work.now, work.author());
    let new = New { account: facts.account_id, user, kind, conversation: facts.id, message, by };
    let row = match kind {
        // What they are told of already includes it.
        NotificationKind::NewMessage => store::add_once(&mut work.tx, &new, now).await?,
        _ => Some(store::add(&mut work.tx, &new, now).await?),
    };
    let wait = if kind == NotificationKind::NewMessage { LATER } else { SOON };
    if let Some(id) = row {
        work.enqueue(job_for(facts.account_id, id, now + wait));
    }
    Ok(())
}

fn job_for(account_id: AccountId, notification_id: NotificationId, at: Millis) -> job::New {
    job::New::at(Some(account_id), Job::MailNotification { account_id, notification_id }, at)
}

/// An inbox stopped working in an open change: every administrator is told once, but whoever did it.
pub(crate) async fn inbox_lost(work: &mut Work<'_>, account: AccountId, inbox: InboxId) -> Result<()> {
    if !work.can_mail() {
        return Ok(());
    }
    let (now, by) = (work.now, work.author());
    for id in store::add_for_administrators(&mut work.tx, account, inbox, by, now).await? {
        work.enqueue(job_for(account, id, now + SOON));
    }
    Ok(())
}

/// It works again: nobody needs to be told any more.
pub(crate) async fn inbox_found(work: &mut Work<'_>, inbox: InboxId) -> Result<()> {
    store::forget_inbox(&mut work.tx, inbox).await
}

/// Somebody who was away opened a page of the account: what waited for them is there to be seen, and what comes is news again.
pub(crate) async fn came_back(work: &mut Work<'_>, account: AccountId, user: UserId) -> Result<()> {
    store::forget_all(&mut work.tx, account, user).await
}

/// Somebody has looked at a conversation.
pub(crate) async fn seen(work: &mut Work<'_>, facts: &Facts, user: UserId) -> Result<()> {
    if !work.can_mail() {
        return Ok(());
    }
    store::forget_conversation(&mut work.tx, facts.id, user).await
}

/// Forgets of whom it is long ago that they were told.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    store::prune(ctx.db(), ctx.now() - KEPT_FOR).await
}
