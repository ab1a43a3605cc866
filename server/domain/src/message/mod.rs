//! Messages: one utterance, in or out, with its files.

pub mod attachment;
mod copy;
pub mod format;
pub mod interactive;
pub mod read;
pub mod scheduled;
pub mod send;
pub mod store;
pub(crate) mod write;

use model::attachment::Attachment;
use model::message::Message;
use model::{DisplayId, ErrorCode, MessageId, MessageKind, MessageStatus, Permission, SenderKind};

use crate::event::Event;
use crate::{Ctx, Error, Result, channel, conversation, delivery, inbox};

pub use store::Window;

/// Messages of a conversation, oldest first.
pub async fn list(ctx: &Ctx, id: DisplayId, window: Window) -> Result<Vec<Message>> {
    let facts = conversation::access(ctx, id).await?;
    read::list(ctx, facts.account_id, &[facts.id], window).await
}

/// Takes a message back: its content and files go, the line that something was there stays.
pub async fn delete(ctx: &Ctx, id: DisplayId, message: MessageId) -> Result<Message> {
    let agent = ctx.agent()?;
    let facts = conversation::access(ctx, id).await?;
    let row = store::find(ctx.db(), facts.account_id, message).await?;
    let row = row.filter(|row| row.conversation_id == facts.id).ok_or_else(Error::not_found)?;
    let is_own = row.sender_kind == Some(SenderKind::User) && row.sender_id == Some(agent.user_id.0);
    if !is_own {
        agent.require(Permission::DeleteMessages)?;
    }
    let mut attributes = row.content_attributes.0;
    if let Some(map) = attributes.as_object_mut() {
        map.clear();
        map.insert("deleted".to_owned(), true.into());
    }
    let mut work = ctx.begin().await?;
    store::replace_content(&mut work.tx, facts.account_id, message, "", &attributes, work.now).await?;
    crate::search::forget(&mut work.tx, message).await?;
    delivery::stop(&mut work, facts.account_id, message).await?;
    let keys = store::delete_files(&mut work.tx, facts.account_id, message).await?;
    for key in &keys {
        // Kept as an upload without a message: swept from the storage later.
        store::insert_upload(&mut work.tx, facts.account_id, key, 0);
    }
    work.record(facts.account_id, Event::MessageUpdated { message_id: message, conversation_id: facts.id });
    work.commit().await?;
    read::one(ctx, facts.account_id, message).await?.ok_or_else(Error::not_found)
}

/// Tries once more to deliver a message that could not be delivered.
pub async fn retry(ctx: &Ctx, id: DisplayId, message: MessageId) -> Result<Message> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let facts = conversation::access(ctx, id).await?;
    let row = store::find(ctx.db(), facts.account_id, message).await?;
    let row = row.filter(|row| row.conversation_id == facts.id).ok_or_else(Error::not_found)?;
    if row.status == MessageStatus::Failed {
        let mut attributes = row.content_attributes.0;
        if let Some(map) = attributes.as_object_mut() {
            delivery::forget(map);
        }
        let mut work = ctx.begin().await?;
        let (account, now) = (facts.account_id, work.now);
        let leaves = delivery::leaves(&facts.channel, row.kind, row.private);
        let status = if leaves { MessageStatus::Progress } else { MessageStatus::Sent };
        if leaves {
            delivery::again(&mut work, account, message).await?;
        }
        store::set_status(&mut work.tx, account, message, status, &attributes, now).await?;
        work.record(account, Event::MessageUpdated { message_id: message, conversation_id: facts.id });
        work.commit().await?;
    }
    read::one(ctx, facts.account_id, message).await?.ok_or_else(Error::not_found)
}

/// Files in one page of a conversation's files.
const FILES: i64 = 100;

/// The files of a conversation with their messages, newest first, and how many there are.
pub async fn files(ctx: &Ctx, id: DisplayId, page: i64) -> Result<(Vec<(Attachment, Message)>, i64)> {
    let facts = conversation::access(ctx, id).await?;
    let offset = (page.max(1) - 1).saturating_mul(FILES);
    let (rows, total) = store::files_of_conversation(ctx.db(), facts.account_id, facts.id, FILES, offset).await?;
    let messages: Vec<MessageId> = rows.iter().map(|row| row.message_id).collect();
    let messages = read::by_ids(ctx, facts.account_id, &messages).await?;
    let files = rows.into_iter().filter_map(|row| {
        let message = messages.get(&row.message_id)?.clone();
        Some((read::shown_file(ctx, row), message))
    });
    Ok((files.collect(), total))
}

/// What the channel, or an integration that stands for it, says of a message's way. `read` never goes back.
pub async fn set_status(
    ctx: &Ctx,
    id: DisplayId,
    message: MessageId,
    status: MessageStatus,
    error: Option<&str>,
) -> Result<Message> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let facts = conversation::access(ctx, id).await?;
    let row = store::find(ctx.db(), facts.account_id, message).await?;
    let row = row.filter(|row| row.conversation_id == facts.id).ok_or_else(Error::not_found)?;
    let inbox = inbox::read::one(ctx, facts.account_id, facts.inbox_id).await?.ok_or_else(Error::not_found)?;
    // Where contacts read their messages here, nobody else knows better.
    if channel::by_key(&inbox.channel)?.abilities().knows_status() {
        return Err(Error::field("status", ErrorCode::Forbidden));
    }
    if !matches!(row.kind, MessageKind::Outgoing | MessageKind::Template) || status == MessageStatus::Progress {
        return Err(Error::field("status", ErrorCode::Invalid));
    }
    let goes_back = row.status == MessageStatus::Read && status == MessageStatus::Delivered;
    if goes_back {
        return read::one(ctx, facts.account_id, message).await?.ok_or_else(Error::not_found);
    }
    let mut attributes = row.content_attributes.0;
    if let Some(map) = attributes.as_object_mut() {
        match (status, error) {
            (MessageStatus::Failed, Some(error)) => map.insert("external_error".to_owned(), error.into()),
            _ => map.remove("external_error"),
        };
    }
    let mut work = ctx.begin().await?;
    store::set_status(&mut work.tx, facts.account_id, message, status, &attributes, work.now).await?;
    work.record(facts.account_id, Event::MessageUpdated { message_id: message, conversation_id: facts.id });
    work.commit().await?;
    read::one(ctx, facts.account_id, message).await?.ok_or_else(Error::not_found)
}
