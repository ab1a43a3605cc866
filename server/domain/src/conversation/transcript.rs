//! An agent sends what was said to an address.

use model::{DisplayId, Permission};

use super::access;
use crate::job::Job;
use crate::mail::transcript::{addresses, can_be_sent};
use crate::{Ctx, Result};

/// Mails what contacts may see of the conversation: to the contact in their language, to anybody else in the account's.
pub async fn send(ctx: &Ctx, id: DisplayId, to: &str) -> Result<()> {
    ctx.agent()?.require(Permission::WorkConversations)?;
    let facts = access(ctx, id).await?;
    let to = addresses("email", to)?;
    can_be_sent(ctx)?;
    let mut work = ctx.begin().await?;
    for to in to {
        let (account_id, conversation_id) = (facts.account_id, facts.id);
        work.enqueue_now(account_id, Job::MailTranscript { account_id, conversation_id, to, locale: None });
    }
    work.commit().await
}
