//! Reading messages without asking who reads; callers have asked.

use std::collections::HashMap;

use model::attachment::Attachment;
use model::message::{Message, Sender};
use model::{AccountId, ConversationId, MessageId};

use super::attachment;
use super::store::{self, FileRow, Row, Window};
use crate::{Ctx, Result, mailbox};

pub(crate) async fn one(ctx: &Ctx, account: AccountId, id: MessageId) -> Result<Option<Message>> {
    let row = store::find(ctx.db(), account, id).await?;
    Ok(with_files(ctx, account, Vec::from_iter(row)).await?.pop())
}

/// The newest messages of a conversation.
#[derive(Debug, Clone, Default)]
pub struct Last {
    /// Of any kind.
    pub newest: Option<Message>,
    /// Written by somebody.
    pub spoken: Option<Message>,
    /// Of those, what contacts may see.
    pub public: Option<Message>,
}

/// The newest messages of these conversations.
pub async fn last(ctx: &Ctx, account: AccountId, ids: &[ConversationId]) -> Result<HashMap<ConversationId, Last>> {
    let rows = store::last::last(ctx.db(), account, ids).await?;
    let mut wanted: Vec<MessageId> =
        rows.iter().flat_map(|row| [row.newest, row.last_message_id, row.last_public_message_id]).flatten().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let messages = by_ids(ctx, account, &wanted).await?;
    let find = |id: Option<MessageId>| id.and_then(|id| messages.get(&id)).cloned();
    let last = rows.into_iter().map(|row| {
        let (newest, spoken) = (find(row.newest), find(row.last_message_id));
        (row.id, Last { newest, spoken, public: find(row.last_public_message_id) })
    });
    Ok(last.collect())
}

/// These messages.
pub(crate) async fn by_ids(ctx: &Ctx, account: AccountId, ids: &[MessageId]) -> Result<HashMap<MessageId, Message>> {
    let messages = with_files(ctx, account, store::last::by_ids(ctx.db(), account, ids).await?).await?;
    Ok(messages.into_iter().map(|message| (message.id, message)).collect())
}

/// The message with which a person answered first.
pub async fn first_reply(ctx: &Ctx, account: AccountId, conversation: ConversationId) -> Result<Option<Message>> {
    match store::last::first_reply(ctx.db(), account, conversation).await? {
        Some(id) => one(ctx, account, id).await,
        None => Ok(None),
    }
}

pub(crate) async fn list(
    ctx: &Ctx,
    account: AccountId,
    conversations: &[ConversationId],
    window: Window,
) -> Result<Vec<Message>> {
    let rows = store::list(ctx.db(), account, conversations, window).await?;
    with_files(ctx, account, rows).await
}

async fn with_files(ctx: &Ctx, account: AccountId, rows: Vec<Row>) -> Result<Vec<Message>> {
    let ids: Vec<_> = rows.iter().filter(|row| row.has_files).map(|row| row.id).collect();
    let mut files: HashMap<MessageId, Vec<Attachment>> = HashMap::new();
    for file in store::files(ctx.db(), account, &ids).await? {
        files.entry(file.message_id).or_default().push(shown_file(ctx, file));
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = files.remove(&row.id).unwrap_or_default();
            shown(row, own)
        })
        .collect())
}

pub(crate) fn shown_file(ctx: &Ctx, file: FileRow) -> Attachment {
    let url = attachment::signed_url(ctx, file.id, attachment::Variant::Whole, &file.file_name);
    let thumb_url = match (&file.thumb_key, file.kind) {
        (Some(_), _) => attachment::signed_url(ctx, file.id, attachment::Variant::Thumb, &file.file_name),
        (None, model::FileKind::Image) => url.clone(),
        (None, _) => String::new(),
    };
    Attachment {
        id: file.id,
        message_id: file.message_id,
        kind: file.kind,
        file_name: file.file_name,
        content_type: file.content_type,
        size: file.size,
        width: file.width,
        height: file.height,
        url,
        thumb_url,
        created_at: file.created_at,
    }
}

fn shown(mut row: Row, attachments: Vec<Attachment>) -> Message {
    mailbox::complete(row.content_kind, &mut row.content_attributes.0, &row.content);
    let sender = match (row.sender_kind, row.sender_id) {
        (Some(kind), Some(id)) => Some(Sender {
            kind,
            id,
            name: row.sender_name.unwrap_or_default(),
            avatar_url: row.sender_avatar_key.as_deref().map(attachment::avatar_url).or(row.sender_avatar_url),
        }),
        _ => None,
    };
    Message {
        id: row.id,
        conversation_id: row.conversation_id,
        display_id: row.display_id,
        inbox_id: row.inbox_id,
        kind: row.kind,
        content: row.content,
        content_kind: row.content_kind,
        content_attributes: row.content_attributes.0,
        additional_attributes: row.additional_attributes.0,
        private: row.private,
        status: row.status,
        sender,
        attachments,
        source_id: row.source_id,
        echo_id: row.echo_id,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
