//! Waking snoozed conversations on time.

use model::{AccountId, ConversationId, ConversationStatus, Millis};

use super::activity::{self, Activity};
use super::assign;
use super::store::{self, Facts};
use crate::event::Part;
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Ctx, Result};

/// Enqueues the waking in the change that snoozes.
pub(crate) fn wake_at(work: &mut Work<'_>, facts: &Facts, until: Millis) {
    let job = Job::WakeConversation { account_id: facts.account_id, conversation_id: facts.id };
    work.enqueue(job::New::at(Some(facts.account_id), job, until));
}

/// Opens a conversation whose snooze is over. One that was snoozed anew, or is open already, is left alone.
pub(crate) async fn wake(ctx: &Ctx, account: AccountId, id: ConversationId) -> Result<()> {
    let mut work = ctx.begin().await?;
    let Some(facts) = store::lock(&mut work.tx, account, id, work.now).await? else { return Ok(()) };
    let is_over = facts.snoozed_until.is_some_and(|until| until <= work.now);
    if facts.status != ConversationStatus::Snoozed || !is_over {
        return Ok(());
    }
    store::set_status(&mut work.tx, account, id, ConversationStatus::Open, None).await?;
    let after = Facts { status: ConversationStatus::Open, snoozed_until: None, ..facts.clone() };
    activity::note(ctx, &mut work, &after, Activity::Woken).await?;
    work.record_update(&facts, vec![Part::Status, Part::SnoozedUntil], None);
    assign::let_go(&mut work, &after).await?;
    work.commit().await
}
