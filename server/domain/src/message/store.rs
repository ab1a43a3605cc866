//! The SQL of messages and their files.

use db::{Builder, Conn, Db, Json, Tx, sql};
use model::{
    AccountId, AttachmentId, ContentKind, ConversationId, DisplayId, FileKind, InboxId, MessageId, MessageKind,
    MessageStatus, Millis, SenderKind,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Result;

pub mod last;
pub mod release;

/// A message's row with its sender's name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub display_id: DisplayId,
    pub inbox_id: InboxId,
    pub kind: MessageKind,
    pub content: String,
    pub content_kind: ContentKind,
    pub content_attributes: Json<Value>,
    pub additional_attributes: Json<Value>,
    pub private: bool,
    pub status: MessageStatus,
    pub sender_kind: Option<SenderKind>,
    pub sender_id: Option<i64>,
    pub sender_name: Option<String>,
    pub sender_avatar_key: Option<String>,
    pub sender_avatar_url: Option<String>,
    pub source_id: Option<String>,
    pub echo_id: Option<String>,
    pub has_files: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
}

macro_rules! columns {
    () => {
        "select m.id, m.conversation_id, c.display_id, m.inbox_id, m.kind, m.content, m.content_kind, m.content_attributes,
           m.additional_attributes, m.private, m.status, m.sender_kind, m.sender_id,
           coalesce(nullif(u.display_name, ''), u.name, k.name) as sender_name,
           coalesce(u.avatar_key, k.avatar_key) as sender_avatar_key, k.avatar_url as sender_avatar_url,
           m.source_id, m.echo_id,
           exists (select 1 from attachments a where a.message_id = m.id) as has_files, m.created_at, m.updated_at
         from messages m
         join conversations c on c.id = m.conversation_id
         left join users u on m.sender_kind = 'user' and u.id = m.sender_id
         left join contacts k on m.sender_kind = 'contact' and k.id = m.sender_id "
    };
}
use columns;

/// A file's row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FileRow {
    pub id: AttachmentId,
    pub message_id: MessageId,
    pub kind: FileKind,
    pub file_name: String,
    pub content_type: String,
    pub size: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub storage_key: String,
    pub thumb_key: Option<String>,
    pub created_at: Millis,
}

macro_rules! file_columns {
    () => {
        "select id, message_id, kind, file_name, content_type, size, width, height, storage_key, thumb_key, created_at
         from attachments "
    };
}

/// A message to be written.
#[derive(Debug, Clone)]
pub struct NewRow<'a> {
    pub inbox_id: InboxId,
    pub conversation_id: ConversationId,
    pub kind: MessageKind,
    pub content: &'a str,
    pub content_kind: ContentKind,
    pub content_attributes: Value,
    pub additional_attributes: Value,
    pub private: bool,
    pub status: MessageStatus,
    pub sender: Option<(SenderKind, i64)>,
    pub source_id: Option<String>,
    pub echo_id: Option<String>,
    pub dedupe_key: Option<String>,
    pub created_at: Millis,
}

/// Writes a message; `None` when one with the same key is there already.
pub async fn insert(tx: &mut Tx, account: AccountId, new: &NewRow<'_>) -> Result<Option<MessageId>> {
    let row: Option<(MessageId,)> = sql!(
        "insert into messages (account_id, inbox_id, conversation_id, kind, content, content_kind, content_attributes,
           additional_attributes, private, sender_kind, sender_id, source_id, echo_id, dedupe_key, created_at, updated_at,
           status)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16)
         on conflict (dedupe_key) do nothing returning id"
    )
    .bind(account)
    .bind(new.inbox_id)
    .bind(new.conversation_id)
    .bind(new.kind)
    .bind(new.content)
    .bind(new.content_kind)
    .bind(&new.content_attributes)
    .bind(&new.additional_attributes)
    .bind(new.private)
    .bind(new.sender.map(|(kind, _)| kind))
    .bind(new.sender.map(|(_, id)| id))
    .bind(new.source_id.clone())
    .bind(new.echo_id.clone())
    .bind(new.dedupe_key.clone())
    .bind(new.created_at)
    .bind(new.status)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: MessageId) -> Result<Option<Row>> {
    Ok(sql!(concat!(columns!(), "where m.account_id = $1 and m.id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

/// The message that was written under a key.
pub async fn find_by_key<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    key: &str,
) -> Result<Option<(MessageId, ConversationId)>> {
    Ok(sql!("select id, conversation_id from messages where account_id = $1 and dedupe_key = $2")
        .bind(account)
        .bind(key)
        .fetch_optional(on)
        .await?)
}

/// Which messages of a conversation are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window {
    /// Only those with smaller ids, the newest of them.
    pub before: Option<MessageId>,
    /// Only those with greater ids, the oldest of them.
    pub after: Option<MessageId>,
    /// Only what contacts may see.
    pub public_only: bool,
    pub limit: i64,
}

/// Messages of conversations of an account, oldest first.
pub async fn list(db: &Db, account: AccountId, conversations: &[ConversationId], window: Window) -> Result<Vec<Row>> {
    let mut query = Builder::new(columns!());
    query
        .push("where m.account_id = ")
        .value(account)
        .push(" and m.conversation_id in ")
        .list(conversations.iter().copied());
    if let Some(before) = window.before {
        query.push(" and m.id < ").value(before);
    }
    if let Some(after) = window.after {
        query.push(" and m.id > ").value(after);
    }
    if window.public_only {
        query.push(" and m.private = false and m.kind <> 'activity'");
    }
    let from_start = window.after.is_some() && window.before.is_none();
    query.push(if from_start { " order by m.id" } else { " order by m.id desc" });
    query.push(" limit ").value(window.limit);
    let mut rows: Vec<Row> = query.build().fetch_all(db).await?;
    if !from_start {
        rows.reverse();
    }
    Ok(rows)
}

/// Files of messages, in order.
pub async fn files(db: &Db, account: AccountId, messages: &[MessageId]) -> Result<Vec<FileRow>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new(file_columns!());
    query.push("where +account_id = ").value(account).push(" and message_id in ").list(messages.iter().copied());
    query.push(" order by message_id, id");
    Ok(query.build().fetch_all(db).await?)
}

/// One file and the account it belongs to; for signed addresses, which carry no account.
pub async fn file(db: &Db, id: AttachmentId) -> Result<Option<FileRow>> {
    Ok(sql!(concat!(file_columns!(), "where id = $1")).bind(id).fetch_optional(db).await?)
}

/// Files of a conversation, newest first, and how many there are.
pub async fn files_of_conversation(
    db: &Db,
    account: AccountId,
    id: ConversationId,
    limit: i64,
    offset: i64,
) -> Result<(Vec<FileRow>, i64)> {
    let (total,): (i64,) = sql!(
        "select count(*) from attachments a join messages m on m.id = a.message_id
         where a.account_id = $1 and m.conversation_id = $2"
    )
    .bind(account)
    .bind(id)
    .fetch_one(db)
    .await?;
    let rows = sql!(concat!(
        file_columns!(),
        "where account_id = $1 and message_id in (select id from messages where conversation_id = $2)
         order by id desc limit $3 offset $4"
    ))
    .bind(account)
    .bind(id)
    .bind(limit)
    .bind(offset)
    .fetch_all(db)
    .await?;
    Ok((rows, total))
}

/// A file to be written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewFile {
    pub kind: FileKind,
    pub file_name: String,
    pub content_type: String,
    pub size: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub storage_key: String,
}

pub async fn insert_file(
    tx: &mut Tx,
    account: AccountId,
    message: MessageId,
    file: &NewFile,
    now: Millis,
) -> Result<AttachmentId> {
    let (id,): (AttachmentId,) = sql!(
        "insert into attachments (account_id, message_id, kind, file_name, content_type, size, width, height, storage_key, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id"
    )
    .bind(account)
    .bind(message)
    .bind(file.kind)
    .bind(&file.file_name)
    .bind(&file.content_type)
    .bind(file.size)
    .bind(file.width)
    .bind(file.height)
    .bind(&file.storage_key)
    .bind(now)
    .fetch_one(&mut *tx)
    .await?;
    sql!("delete from uploads where storage_key = $1").bind(&file.storage_key).execute(tx).await?;
    Ok(id)
}

pub async fn set_thumb(tx: &mut Tx, account: AccountId, id: AttachmentId, key: &str) -> Result<()> {
    sql!("update attachments set thumb_key = $3 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(key)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn delete_files(tx: &mut Tx, account: AccountId, message: MessageId) -> Result<Vec<String>> {
    let rows: Vec<(String, Option<String>)> =
        sql!("delete from attachments where account_id = $1 and message_id = $2 returning storage_key, thumb_key")
            .bind(account)
            .bind(message)
            .fetch_all(tx)
            .await?;
    Ok(rows.into_iter().flat_map(|(key, thumb)| std::iter::once(key).chain(thumb)).collect())
}

pub fn insert_upload(tx: &mut Tx, account: AccountId, key: &str, now: Millis) {
    sql!("insert into uploads (storage_key, account_id, created_at) values ($1, $2, $3) on conflict (storage_key) do nothing")
        .bind(key)
        .bind(account)
        .bind(now)
        .later(tx);
}

/// Uploads that never became part of a message.
pub async fn stale_uploads(db: &Db, before: Millis) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sql!("select storage_key from uploads where created_at < $1 order by created_at limit 200")
            .bind(before)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// From when on a file without a message may be swept.
pub async fn set_upload_time(tx: &mut Tx, key: &str, at: Millis) -> Result<()> {
    sql!("update uploads set created_at = $2 where storage_key = $1").bind(key).bind(at).execute(tx).await?;
    Ok(())
}

pub fn delete_upload(tx: &mut Tx, key: &str) {
    sql!("delete from uploads where storage_key = $1").bind(key).later(tx);
}

/// Replaces the content, for taking a message back.
pub async fn replace_content(
    tx: &mut Tx,
    account: AccountId,
    id: MessageId,
    content: &str,
    attributes: &Value,
    now: Millis,
) -> Result<()> {
    sql!(
        "update messages set content = $3, content_kind = 'text', content_attributes = $4, updated_at = $5
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(content)
    .bind(attributes)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_status(
    tx: &mut Tx,
    account: AccountId,
    id: MessageId,
    status: MessageStatus,
    attributes: &Value,
    now: Millis,
) -> Result<()> {
    sql!("update messages set status = $3, content_attributes = $4, updated_at = $5 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(status)
        .bind(attributes)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Replaces what a message holds besides its words.
pub async fn set_attributes(
    tx: &mut Tx,
    account: AccountId,
    id: MessageId,
    attributes: &Value,
    now: Millis,
) -> Result<()> {
    sql!("update messages set content_attributes = $3, updated_at = $4 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(attributes)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes the channel's own id of a message.
pub async fn set_source(tx: &mut Tx, account: AccountId, id: MessageId, source_id: &str) -> Result<()> {
    sql!("update messages set source_id = $3 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(source_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The contact has seen everything up to now: which messages became read by it.
pub async fn mark_read(
    tx: &mut Tx,
    account: AccountId,
    conversation: ConversationId,
    now: Millis,
) -> Result<Vec<MessageId>> {
    let rows: Vec<(MessageId,)> = sql!(
        "update messages set status = 'read', updated_at = $3
         where account_id = $1 and conversation_id = $2 and kind in ('outgoing', 'template') and private = false
           and status in ('sent', 'delivered') returning id"
    )
    .bind(account)
    .bind(conversation)
    .bind(now)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether a conversation has an outgoing or automatic message.
pub async fn has_outgoing(tx: &mut Tx, account: AccountId, conversation: ConversationId) -> Result<bool> {
    let (has,): (bool,) = sql!(
        "select exists (select 1 from messages where account_id = $1 and conversation_id = $2
         and kind in ('outgoing', 'template'))"
    )
    .bind(account)
    .bind(conversation)
    .fetch_one(tx)
    .await?;
    Ok(has)
}

/// When the newest message from the contact was written.
pub async fn last_incoming_at(tx: &mut Tx, account: AccountId, conversation: ConversationId) -> Result<Option<Millis>> {
    let (at,): (Option<Millis>,) = sql!(
        "select max(created_at) from messages where account_id = $1 and conversation_id = $2 and kind = 'incoming'"
    )
    .bind(account)
    .bind(conversation)
    .fetch_one(tx)
    .await?;
    Ok(at)
}
