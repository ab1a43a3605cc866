//! An agent writes.

use model::message::Message;
use model::{
    AccountId, ContentKind, DisplayId, ErrorCode, MessageId, MessageKind, Permission, SenderKind,
    content::MAX_ATTACHMENTS,
};
use serde_json::{Value, json};

use super::attachment::{Stored, Upload};
use super::write::{self, Written};
use super::{attachment, copy, format, interactive, read};
use crate::conversation::store::Facts;
use crate::ctx::AgentActor;
use crate::work::Work;
use crate::{Ctx, Error, Result, conversation, variable};

/// What an agent writes.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub content: String,
    pub private: bool,
    pub content_kind: Option<ContentKind>,
    /// `items` and `in_reply_to` are kept, other keys are ours to set.
    pub content_attributes: Value,
    pub echo_id: Option<String>,
    pub files: Vec<Upload>,
    /// Whether the content is a template, whose variables are filled in when it is written.
    pub is_template: bool,
}

/// Shortest client-given id that says that two deliveries are the same message. Shorter ones (counters) repeat by themselves.
const MIN_ECHO: usize = 16;
const MAX_ECHO: usize = 128;

/// A draft that was found good and whose files are stored.
pub(crate) struct Prepared {
    pub content: String,
    pub private: bool,
    pub kind: ContentKind,
    pub attributes: Value,
    pub echo_id: Option<String>,
    pub files: Vec<Stored>,
    pub is_template: bool,
}

/// Sends a reply or writes a private note. The same `echo_id` from the same agent gives the same message.
pub async fn send(ctx: &Ctx, id: DisplayId, draft: Draft) -> Result<Message> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let known = conversation::access(ctx, id).await?;
    let prepared = prepare(ctx, known.account_id, draft).await?;
    let mut work = ctx.begin().await?;
    let facts = conversation::store::hold(&mut work.tx, known.account_id, known.id).await?;
    let facts = facts.ok_or_else(Error::not_found)?;
    let message = put(ctx, &mut work, agent, &facts, prepared).await?.id();
    work.commit().await?;
    read::one(ctx, known.account_id, message).await?.ok_or_else(Error::not_found)
}

/// Checks a draft, then stores its files. They wait for their message, and are swept when it never comes.
pub(crate) async fn prepare(ctx: &Ctx, account: AccountId, draft: Draft) -> Result<Prepared> {
    let content = format::cleaned(&draft.content)?;
    let kind = draft.content_kind.unwrap_or(ContentKind::Text);
    let attributes = checked_attributes(kind, &draft.content_attributes)?;
    let echo_id = checked_echo(draft.echo_id)?;
    if content.is_empty() && draft.files.is_empty() && kind == ContentKind::Text {
        return Err(Error::field("content", ErrorCode::Required));
    }
    if draft.files.len() > MAX_ATTACHMENTS {
        return Err(Error::field("attachments", ErrorCode::TooManyFiles));
    }
    let files = attachment::store_all(ctx, account, draft.files, false).await?;
    let is_template = draft.is_template;
    Ok(Prepared { content, private: draft.private, kind, attributes, echo_id, files, is_template })
}

/// Writes what was prepared into a conversation that was locked in this change.
pub(crate) async fn put(
    ctx: &Ctx,
    work: &mut Work<'_>,
    agent: &AgentActor,
    facts: &Facts,
    message: Prepared,
) -> Result<Written> {
    let echo_id = message.echo_id;
    let mut attributes = message.attributes;
    copy::complete(ctx, facts, message.private, &mut attributes).await?;
    let content = match message.is_template {
        true => variable::fill(ctx, variable::About::conversation(facts, Some(agent.user_id)), message.content).await?,
        false => message.content,
    };
    let new = write::New {
        content_kind: message.kind,
        content_attributes: attributes,
        private: message.private,
        sender: Some((SenderKind::User, agent.user_id.0)),
        dedupe_key: echo_id.as_deref().and_then(|echo| dedupe_key("u", agent.user_id.0, facts.id.0, echo)),
        echo_id,
        files: message.files,
        ..write::New::text(MessageKind::Outgoing, content)
    };
    let (private, content) = (new.private, new.content.clone());
    let written = write::write(work, facts, new).await?;
    if let Written::New(id) = written
        && private
    {
        conversation::mention::note(ctx, work, facts, agent.user_id, id, &content).await?;
    }
    Ok(written)
}

/// A client's own id of a message, for recognising its echo and repeated deliveries.
pub(crate) fn checked_echo(echo: Option<String>) -> Result<Option<String>> {
    match echo {
        Some(echo) if echo.len() > MAX_ECHO || echo.contains(char::is_control) => {
            Err(Error::field("echo_id", ErrorCode::Invalid))
        }
        Some(echo) if echo.is_empty() => Ok(None),
        other => Ok(other),
    }
}

/// The key under which a message is written once.
pub(crate) fn dedupe_key(who: &str, id: i64, place: i64, echo: &str) -> Option<String> {
    (echo.len() >= MIN_ECHO).then(|| format!("{who}:{id}:{place}:{echo}"))
}

/// Keeps what a sender may set and checks the items of interactive messages.
fn checked_attributes(kind: ContentKind, given: &Value) -> Result<Value> {
    let mut kept = json!({});
    if let Some(id) = given.get("in_reply_to").and_then(Value::as_i64) {
        kept["in_reply_to"] = json!(MessageId(id));
    }
    copy::keep(given, &mut kept)?;
    interactive::keep(kind, given, &mut kept)?;
    Ok(kept)
}
