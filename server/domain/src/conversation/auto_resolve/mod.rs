//! Conversations in which nothing has happened for as long as the account says are resolved by themselves.

mod store;

use db::Json;
use model::{AccountId, ConversationId, ConversationStatus, MessageKind, Millis};

use super::activity::Activity;
use super::store::{self as conversations, Facts};
use super::{label, status};
use crate::job::{self, Job};
use crate::message::write;
use crate::{Ctx, Result};

const MINUTE: i64 = 60_000;
/// Most conversations that one run resolves; the next, five minutes later, goes on.
const MOST: i64 = 1_000;

/// What an account has decided.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Rule {
    /// Minutes.
    auto_resolve_after: i64,
    auto_resolve_message: String,
    auto_resolve_ignore_waiting: bool,
    settings: Json<serde_json::Value>,
}

impl Rule {
    /// Whether nothing has happened for long enough, and nobody waits who should not be left waiting.
    fn applies(&self, facts: &Facts, now: Millis) -> bool {
        facts.status == ConversationStatus::Open
            && facts.last_activity_at < self.before(now)
            && !(self.auto_resolve_ignore_waiting && facts.waiting_since.is_some())
    }

    /// Title of the label that such conversations get.
    fn label(&self) -> Option<&str> {
        self.settings.0.get("auto_resolve_label")?.as_str().filter(|title| !title.is_empty())
    }

    fn before(&self, now: Millis) -> Millis {
        now - self.auto_resolve_after.saturating_mul(MINUTE)
    }
}

/// Enqueues a run for each account that has a rule.
pub(crate) async fn start(ctx: &Ctx) -> Result<()> {
    let accounts = store::accounts(ctx.db()).await?;
    if accounts.is_empty() {
        return Ok(());
    }
    let mut work = ctx.begin().await?;
    for account_id in accounts {
        let job = job::New::now(Some(account_id), Job::ResolveQuiet { account_id });
        work.enqueue(job.unique(format!("resolve_quiet {account_id}")));
    }
    work.commit().await
}

/// Resolves what is due in an account, each conversation in a change of its own.
pub(crate) async fn run(ctx: &Ctx, account: AccountId) -> Result<()> {
    let rule = store::rule(ctx.db(), account).await?;
    let Some(rule) = rule else { return Ok(()) };
    for id in store::due(ctx.db(), account, &rule, ctx.now()).await? {
        resolve(ctx, account, id, &rule).await?;
    }
    Ok(())
}

/// Looks again under the lock: whoever wrote meanwhile, or was faster on another node, leaves nothing to do.
async fn resolve(ctx: &Ctx, account: AccountId, id: ConversationId, rule: &Rule) -> Result<()> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    let Some(mut facts) = conversations::lock(&mut work.tx, account, id, now).await? else { return Ok(()) };
    if !rule.applies(&facts, now) {
        return Ok(());
    }
    let message = rule.auto_resolve_message.trim();
    if !message.is_empty() {
        write::write(&mut work, &facts, write::New::text(MessageKind::Template, message.to_owned())).await?;
        // What follows builds on what the message has changed.
        let Some(changed) = conversations::lock(&mut work.tx, account, id, now).await? else { return Ok(()) };
        facts = changed;
    }
    if let Some(title) = rule.label() {
        let mut titles = label::of(&mut work, &facts).await?;
        titles.push(title.to_owned());
        label::change(ctx, &mut work, &facts, &titles).await?;
        let Some(changed) = conversations::lock(&mut work.tx, account, id, now).await? else { return Ok(()) };
        facts = changed;
    }
    let why = Activity::ResolvedAfter(rule.auto_resolve_after);
    status::change_because(ctx, &mut work, &facts, ConversationStatus::Resolved, None, why).await?;
    work.commit().await
}

#[cfg(test)]
mod tests;
