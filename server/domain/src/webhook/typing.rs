//! The program that is an inbox's channel hears that somebody types, or stopped. Nobody needs to know it later: it is told once.

use model::live::Typist;
use model::{AccountId, ConversationId, InboxId, Millis};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{self, Trouble};
use crate::channel::{self, CLIENT_CHANNEL};
use crate::conversation::store::Facts;
use crate::job::Job;
use crate::{Ctx, Result, conversation, inbox, secret};

/// How long it is news, in milliseconds.
const NEWS: Millis = 20_000;

/// Somebody types, or stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    pub account_id: AccountId,
    pub inbox_id: InboxId,
    pub conversation_id: ConversationId,
    pub who: Typist,
    pub on: bool,
    /// A note that the contact does not see.
    pub private: bool,
    pub at: Millis,
    pub delivery: String,
}

/// Sees to it that it is told, where there is somebody to tell.
pub(crate) async fn expect(ctx: &Ctx, facts: &Facts, who: Typist, on: bool, private: bool) -> Result<()> {
    if facts.channel != CLIENT_CHANNEL {
        return Ok(());
    }
    let Some(inbox) = inbox::read::one(ctx, facts.account_id, facts.inbox_id).await? else { return Ok(()) };
    if channel::by_key(&inbox.channel)?.told(&inbox).is_none() {
        return Ok(());
    }
    let mut work = ctx.begin().await?;
    let typing = Typing {
        account_id: facts.account_id,
        inbox_id: facts.inbox_id,
        conversation_id: facts.id,
        who,
        on,
        private,
        at: work.now,
        delivery: secret::uuid(),
    };
    work.enqueue_now(facts.account_id, Job::TellTyping(typing));
    work.commit().await
}

/// Tells it.
pub(crate) async fn tell(ctx: &Ctx, typing: &Typing) -> Result<()> {
    let account = typing.account_id;
    if ctx.now() - typing.at > NEWS {
        return Ok(());
    }
    let Some(inbox) = inbox::read::one(ctx, account, typing.inbox_id).await? else { return Ok(()) };
    let Some(found) = conversation::read::one(ctx, account, typing.conversation_id).await? else { return Ok(()) };
    let dialect = ctx.app.webhooks.dialect()?;
    let body = json!({
        "event": if typing.on { "conversation_typing_on" } else { "conversation_typing_off" },
        "user": dialect.typist(ctx, account, &found, &typing.who).await?,
        "conversation": super::told::conversation(ctx, account, &found).await?,
        "is_private": typing.private,
    });
    if let Some(Err(Trouble::Later(said) | Trouble::Refused(said))) =
        call::tell(ctx, account, &inbox, &typing.delivery, &body).await?
    {
        tracing::debug!(inbox = inbox.id.0, %said, "a program was not told that somebody types");
    }
    Ok(())
}
