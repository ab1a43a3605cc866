//! A visitor answers a message that asked something.

use model::message::Message;
use model::{ContentKind, ErrorCode, MessageId, MessageKind};
use serde_json::{Value, json};

use super::{chat, identify, refresh};
use crate::contact::Facts;
use crate::csat::{self, Rating};
use crate::event::Event;
use crate::message::interactive::{self, SUBMITTED, SUBMITTED_EMAIL};
use crate::message::read;
use crate::message::store::{self as messages, Row};
use crate::{Ctx, Error, Result, conversation, input};

/// What a visitor answers.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// To a question for their address.
    pub email: Option<String>,
    /// To everything else.
    pub values: Value,
}

/// The message as it is after the answer, and the visitor as they are known then.
pub struct Answered {
    pub message: Message,
    pub ctx: Ctx,
}

/// Takes an answer. A choice and a form are answered once: the same answer again changes nothing, another is refused.
pub async fn answer(ctx: &Ctx, id: MessageId, given: Answer) -> Result<Answered> {
    let account = ctx.visitor()?.account_id;
    let asked = own(ctx, id).await?;
    let ctx = match asked.content_kind {
        ContentKind::InputEmail => return answer_email(ctx, &asked, given.email.as_deref()).await,
        ContentKind::InputCsat => {
            let rating = Rating::read(&given.values)?;
            csat::rate_message(ctx, account, id, rating).await?;
            ctx
        }
        kind if interactive::has_items(kind) => {
            let values = interactive::answer(kind, &asked.content_attributes.0, &given.values)?;
            keep(ctx, &asked, SUBMITTED, values).await?;
            ctx
        }
        _ => return Err(Error::field(SUBMITTED, ErrorCode::Invalid)),
    };
    answered(ctx.clone(), id).await
}

async fn answered(ctx: Ctx, id: MessageId) -> Result<Answered> {
    let account = ctx.visitor()?.account_id;
    let message = read::one(&ctx, account, id).await?.ok_or_else(Error::not_found)?;
    Ok(Answered { message, ctx })
}

/// A message to this visitor; those to others are not there.
async fn own(ctx: &Ctx, id: MessageId) -> Result<Row> {
    let visitor = ctx.visitor()?;
    let found = messages::find(ctx.db(), visitor.account_id, id).await?.ok_or_else(Error::not_found)?;
    let is_said = matches!(found.kind, MessageKind::Outgoing | MessageKind::Template) && !found.private;
    let is_theirs = is_said && chat::conversation_ids(ctx).await?.contains(&found.conversation_id);
    is_theirs.then_some(found).ok_or_else(Error::not_found)
}

/// The address goes to the contact, by the rules for people who turn out to be the same.
async fn answer_email(ctx: &Ctx, asked: &Row, given: Option<&str>) -> Result<Answered> {
    let email = input::email("email", given.unwrap_or_default())?;
    let known = asked.content_attributes.0[SUBMITTED_EMAIL].as_str();
    if known.is_some_and(|known| known != email) {
        return Err(Error::field("email", ErrorCode::Conflict));
    }
    let facts = Facts { email: Some(email.clone()), ..Facts::default() };
    let identified = identify::update(ctx, facts, true).await?;
    keep(&identified.ctx, asked, SUBMITTED_EMAIL, json!(email)).await?;
    answered(refresh(&identified.ctx).await?, asked.id).await
}

/// Writes an answer down, once.
async fn keep(ctx: &Ctx, asked: &Row, key: &str, value: Value) -> Result<()> {
    let account = ctx.visitor()?.account_id;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let facts = conversation::store::lock(&mut work.tx, account, asked.conversation_id, now).await?;
    let facts = facts.ok_or_else(Error::not_found)?;
    let row = messages::find(&mut work.tx, account, asked.id).await?;
    // It may have been taken back meanwhile.
    let row = row.filter(|row| row.content_kind == asked.content_kind).ok_or_else(Error::not_found)?;
    let mut attributes = row.content_attributes.0;
    if let Some(known) = attributes.get(key) {
        return if *known == value { Ok(()) } else { Err(Error::field(key, ErrorCode::Conflict)) };
    }
    attributes[key] = value;
    messages::set_attributes(&mut work.tx, account, row.id, &attributes, now).await?;
    work.record(account, Event::MessageUpdated { message_id: row.id, conversation_id: facts.id });
    work.commit().await
}
