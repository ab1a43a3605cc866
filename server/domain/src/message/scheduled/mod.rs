//! Messages that are sent later: at a time that somebody chose, or in a few seconds, until which sending can be undone.
//!
//! A row becomes a message in the change that deletes it, so it is sent once, whoever comes first: the job, a colleague who sends
//! it now, or the job again after a crash. Resolving a conversation leaves what waits in it as it is: whoever promised an answer
//! for Monday still gives it, and an outgoing message does not open the conversation again.

mod store;

use model::live::Aside;
use model::message::Message;
use model::scheduled::{MAX_HOLD_SECONDS, Scheduled, ScheduledFile};
use model::{AccountId, DisplayId, ErrorCode, MessageId, Millis, Permission, ScheduledId};

use super::send::{self, Draft, Prepared};
use super::write::Written;
use super::{format, read};
use crate::conversation::store::Facts;
use crate::event::Event;
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Actor, Ctx, Error, Result, access, conversation};

use store::Row;
pub(crate) use store::move_all;

const DAY: Millis = 24 * 60 * 60 * 1_000;
/// Furthest time.
const LATEST: Millis = 366 * DAY;
/// For so long files of a message that could not be sent are kept.
const KEEP_FILES: Millis = 30 * DAY;
/// Most messages that wait in one conversation.
const MOST: i64 = 50;

/// When a message is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At a time.
    At(Millis),
    /// In so many seconds, until which it can be undone.
    Held(i64),
}

/// What came of a message that was to wait.
#[derive(Debug, Clone)]
pub enum Outcome {
    Waits(Scheduled),
    /// It was sent already: this is a repeated delivery.
    Sent(Box<Message>),
}

/// Lets a message wait. The same `echo_id` from the same agent gives the same message.
pub async fn schedule(ctx: &Ctx, id: DisplayId, draft: Draft, when: When) -> Result<Outcome> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let known = conversation::access(ctx, id).await?;
    let send_at = checked_time(ctx, when)?;
    let prepared = send::prepare(ctx, known.account_id, draft).await?;
    let mut work = ctx.begin().await?;
    let facts = conversation::store::hold(&mut work.tx, known.account_id, known.id).await?;
    let facts = facts.ok_or_else(Error::not_found)?;
    let key = prepared.echo_id.as_deref().and_then(|echo| send::dedupe_key("u", agent.user_id.0, facts.id.0, echo));
    if let Some(outcome) = repeated(ctx, &mut work, &facts, key.as_deref()).await? {
        return Ok(outcome);
    }
    if store::count(&mut work.tx, facts.account_id, facts.id).await? >= MOST {
        return Err(Error::code(ErrorCode::TooMany));
    }
    let is_held = matches!(when, When::Held(_));
    let new = store::New { user: agent.user_id, message: &prepared, key: key.as_deref(), send_at, is_held };
    let now = work.now;
    let scheduled = store::insert(&mut work.tx, &facts, new, now).await?;
    keep_files(&mut work, &prepared, send_at).await?;
    send_at_time(&mut work, facts.account_id, scheduled, send_at);
    tell(&mut work, &facts);
    work.commit().await?;
    let row = store::find(ctx.db(), known.account_id, scheduled).await?.ok_or_else(Error::not_found)?;
    Ok(Outcome::Waits(shown(row, id)))
}

/// What a delivery that came before gave.
async fn repeated(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts, key: Option<&str>) -> Result<Option<Outcome>> {
    let Some(key) = key else { return Ok(None) };
    if let Some(row) = store::find_by_key(&mut work.tx, facts.account_id, key).await? {
        return Ok(Some(Outcome::Waits(shown(row, facts.display_id))));
    }
    let Some((id, _)) = super::store::find_by_key(&mut work.tx, facts.account_id, key).await? else { return Ok(None) };
    let message = read::one(ctx, facts.account_id, id).await?;
    Ok(message.map(|message| Outcome::Sent(Box::new(message))))
}

/// What waits in a conversation, the next first. What is only held is shown to its writer alone.
pub async fn list(ctx: &Ctx, id: DisplayId) -> Result<Vec<Scheduled>> {
    let me = ctx.agent()?.user_id;
    let facts = conversation::access(ctx, id).await?;
    let rows = store::list(ctx.db(), facts.account_id, facts.id).await?;
    Ok(rows.into_iter().filter(|row| !row.is_held || row.user_id == me).map(|row| shown(row, id)).collect())
}

/// What is to be other about a message that waits.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub content: Option<String>,
    pub send_at: Option<Millis>,
}

/// Changes what waits. For its writer.
pub async fn update(ctx: &Ctx, id: DisplayId, scheduled: ScheduledId, change: Change) -> Result<Scheduled> {
    let (facts, row) = found(ctx, id, scheduled).await?;
    if row.user_id != ctx.agent()?.user_id {
        return Err(Error::forbidden());
    }
    let send_at = match change.send_at {
        Some(at) => checked_time(ctx, When::At(at))?,
        // A message that failed needs a new time to be tried again.
        None if row.error.is_some() => return Err(Error::field("send_at", ErrorCode::Required)),
        None => row.send_at,
    };
    let content = match change.content {
        Some(content) => format::cleaned(&content)?,
        None => row.content.clone(),
    };
    if content.is_empty() && row.files.0.is_empty() {
        return Err(Error::field("content", ErrorCode::Required));
    }
    let mut work = ctx.begin().await?;
    let now = work.now;
    if !store::update(&mut work.tx, facts.account_id, scheduled, &content, send_at, now).await? {
        return Err(Error::not_found());
    }
    send_at_time(&mut work, facts.account_id, scheduled, send_at);
    tell(&mut work, &facts);
    work.commit().await?;
    let row = store::find(ctx.db(), facts.account_id, scheduled).await?.ok_or_else(Error::not_found)?;
    Ok(shown(row, id))
}

/// Does not send it after all; what it was. For its writer, and for those who may delete messages.
pub async fn cancel(ctx: &Ctx, id: DisplayId, scheduled: ScheduledId) -> Result<Scheduled> {
    let (facts, row) = found(ctx, id, scheduled).await?;
    require_hand(ctx, &row)?;
    let mut work = ctx.begin().await?;
    let taken = store::take(&mut work.tx, facts.account_id, scheduled).await?.ok_or_else(Error::not_found)?;
    for file in &taken.files.0 {
        // Nothing needs them any more: the next sweep removes them.
        super::store::set_upload_time(&mut work.tx, file.key(), 0).await?;
    }
    tell(&mut work, &facts);
    work.commit().await?;
    Ok(shown(taken, id))
}

/// Sends it at once. For its writer, and for those who may delete messages: in the writer's name.
pub async fn send_now(ctx: &Ctx, id: DisplayId, scheduled: ScheduledId) -> Result<Message> {
    let (facts, row) = found(ctx, id, scheduled).await?;
    require_hand(ctx, &row)?;
    let sent = deliver(ctx, facts.account_id, scheduled, None).await?;
    let message = sent.ok_or_else(Error::not_found)?;
    read::one(ctx, facts.account_id, message).await?.ok_or_else(Error::not_found)
}

/// Sends what is due. What was sent, cancelled or put off meanwhile is left alone.
pub(crate) async fn send_due(ctx: &Ctx, account: AccountId, scheduled: ScheduledId) -> Result<()> {
    match deliver(ctx, account, scheduled, Some(ctx.now())).await {
        Ok(_) => Ok(()),
        Err(Error::Known(error)) => fail(ctx, account, scheduled, error.code).await,
        Err(error) => Err(error),
    }
}

/// Turns what waits into a message, in one change. Fails when its writer may not write there any more.
async fn deliver(ctx: &Ctx, account: AccountId, id: ScheduledId, due: Option<Millis>) -> Result<Option<MessageId>> {
    let Some(known) = store::find(ctx.db(), account, id).await? else { return Ok(None) };
    if known.error.is_some() && due.is_some() {
        return Ok(None);
    }
    let writer = access::agent(ctx, known.user_id, account).await?;
    writer.require(Permission::WorkConversations)?;
    let ctx = &ctx.with(Actor::Agent(writer.clone()));
    let mut work = ctx.begin().await?;
    let facts = conversation::store::hold(&mut work.tx, account, known.conversation_id).await?;
    let facts = facts.filter(|facts| writer.sees(facts.inbox_id, facts.assignee_id));
    let facts = facts.ok_or_else(Error::forbidden)?;
    let Some(row) = store::take(&mut work.tx, account, id).await? else { return Ok(None) };
    if due.is_some_and(|now| row.send_at > now) {
        return Ok(None);
    }
    if row.conversation_id != facts.id {
        return Err(Error::Unavailable("its conversation was merged at this moment".to_owned()));
    }
    let message = Prepared {
        content: row.content,
        private: row.private,
        kind: row.content_kind,
        attributes: row.content_attributes.0,
        echo_id: row.echo_id,
        files: row.files.0,
        is_template: row.is_template,
    };
    let written = send::put(ctx, &mut work, &writer, &facts, message).await?;
    tell(&mut work, &facts);
    work.commit().await?;
    Ok(Some(match written {
        Written::New(id) | Written::Known(id) => id,
    }))
}

/// It stays where it is, with the reason, for somebody to decide.
async fn fail(ctx: &Ctx, account: AccountId, id: ScheduledId, code: ErrorCode) -> Result<()> {
    let Some(row) = store::find(ctx.db(), account, id).await? else { return Ok(()) };
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::fail(&mut work.tx, account, id, code, now).await?;
    work.record(account, Event::ConversationAside { conversation_id: row.conversation_id, aside: Aside::Scheduled });
    work.commit().await
}

fn checked_time(ctx: &Ctx, when: When) -> Result<Millis> {
    let now = ctx.now();
    match when {
        When::Held(seconds) if (1..=MAX_HOLD_SECONDS).contains(&seconds) => Ok(now + seconds * 1_000),
        When::At(at) if at > now && at - now <= LATEST => Ok(at),
        When::Held(_) => Err(Error::field("hold", ErrorCode::Invalid)),
        When::At(_) => Err(Error::field("send_at", ErrorCode::Invalid)),
    }
}

async fn found(ctx: &Ctx, id: DisplayId, scheduled: ScheduledId) -> Result<(Facts, Row)> {
    let facts = conversation::access(ctx, id).await?;
    ctx.agent()?.require(Permission::WorkConversations)?;
    let row = store::find(ctx.db(), facts.account_id, scheduled).await?;
    let row = row.filter(|row| row.conversation_id == facts.id).ok_or_else(Error::not_found)?;
    Ok((facts, row))
}

fn require_hand(ctx: &Ctx, row: &Row) -> Result<()> {
    let agent = ctx.agent()?;
    if row.user_id == agent.user_id { Ok(()) } else { agent.require(Permission::DeleteMessages) }
}

fn send_at_time(work: &mut Work<'_>, account: AccountId, id: ScheduledId, at: Millis) {
    let job = Job::SendScheduled { account_id: account, scheduled_id: id };
    work.enqueue(job::New::at(Some(account), job, at).unique(format!("scheduled {id} {at}")));
}

/// Files of messages that wait are not swept before their time.
async fn keep_files(work: &mut Work<'_>, message: &Prepared, send_at: Millis) -> Result<()> {
    for file in &message.files {
        super::store::set_upload_time(&mut work.tx, file.key(), send_at + KEEP_FILES).await?;
    }
    Ok(())
}

fn tell(work: &mut Work<'_>, facts: &Facts) {
    work.record(facts.account_id, Event::ConversationAside { conversation_id: facts.id, aside: Aside::Scheduled });
}

fn shown(row: Row, display_id: DisplayId) -> Scheduled {
    let file = |file: &super::attachment::Stored| {
        let (name, size, kind) = file.facts();
        ScheduledFile { name: name.to_owned(), size, kind }
    };
    Scheduled {
        id: row.id,
        display_id,
        user_id: row.user_id,
        content: row.content,
        private: row.private,
        files: row.files.0.iter().map(file).collect(),
        send_at: row.send_at,
        is_held: row.is_held,
        error: row.error.and_then(|code| code.parse().ok()),
        echo_id: row.echo_id,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
