//! The SQL of messages that wait for their time.

use db::{Db, Json, Tx, sql};
use model::{AccountId, ContentKind, ConversationId, ErrorCode, Millis, ScheduledId, UserId};
use serde_json::Value;

use crate::Result;
use crate::conversation::store::Facts;
use crate::message::attachment::Stored;
use crate::message::send::Prepared;

/// A row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub id: ScheduledId,
    pub conversation_id: ConversationId,
    pub user_id: UserId,
    pub content: String,
    pub content_kind: ContentKind,
    pub content_attributes: Json<Value>,
    pub private: bool,
    pub is_template: bool,
    pub echo_id: Option<String>,
    pub files: Json<Vec<Stored>>,
    pub send_at: Millis,
    pub is_held: bool,
    pub error: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

macro_rules! columns {
    () => {
        "id, conversation_id, user_id, content, content_kind, content_attributes, private, is_template, echo_id, files,
         send_at, is_held, error, created_at, updated_at"
    };
}

/// What is to be written.
pub struct New<'a> {
    pub user: UserId,
    pub message: &'a Prepared,
    pub key: Option<&'a str>,
    pub send_at: Millis,
    pub is_held: bool,
}

pub async fn insert(tx: &mut Tx, facts: &Facts, new: New<'_>, now: Millis) -> Result<ScheduledId> {
    let message = new.message;
    let (id,): (ScheduledId,) = sql!(
        "insert into scheduled_messages (account_id, conversation_id, user_id, content, content_kind, content_attributes,
           private, is_template, echo_id, dedupe_key, files, send_at, is_held, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14) returning id"
    )
    .bind(facts.account_id)
    .bind(facts.id)
    .bind(new.user)
    .bind(&message.content)
    .bind(message.kind)
    .bind(&message.attributes)
    .bind(message.private)
    .bind(message.is_template)
    .bind(message.echo_id.clone())
    .bind(new.key.map(str::to_owned))
    .bind(serde_json::to_value(&message.files)?)
    .bind(new.send_at)
    .bind(new.is_held)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn find(db: &Db, account: AccountId, id: ScheduledId) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from scheduled_messages where account_id = $1 and id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// The one that was delivered under this key.
pub async fn find_by_key(tx: &mut Tx, account: AccountId, key: &str) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from scheduled_messages where account_id = $1 and dedupe_key = $2"))
        .bind(account)
        .bind(key)
        .fetch_optional(tx)
        .await?)
}

/// What waits in a conversation, the next first.
pub async fn list(db: &Db, account: AccountId, conversation: ConversationId) -> Result<Vec<Row>> {
    Ok(sql!(concat!(
        "select ",
        columns!(),
        " from scheduled_messages where account_id = $1 and conversation_id = $2 order by send_at, id limit 100"
    ))
    .bind(account)
    .bind(conversation)
    .fetch_all(db)
    .await?)
}

/// How many wait in a conversation.
pub async fn count(tx: &mut Tx, account: AccountId, conversation: ConversationId) -> Result<i64> {
    let (count,): (i64,) =
        sql!("select count(*) from scheduled_messages where account_id = $1 and conversation_id = $2")
            .bind(account)
            .bind(conversation)
            .fetch_one(tx)
            .await?;
    Ok(count)
}

/// Writes what is to be sent, and when; whether it still waited.
pub async fn update(
    tx: &mut Tx,
    account: AccountId,
    id: ScheduledId,
    content: &str,
    send_at: Millis,
    now: Millis,
) -> Result<bool> {
    let count = sql!(
        "update scheduled_messages set content = $3, send_at = $4, is_held = false, error = null, updated_at = $5
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(content)
    .bind(send_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(count > 0)
}

/// Says why it could not be sent.
pub async fn fail(tx: &mut Tx, account: AccountId, id: ScheduledId, code: ErrorCode, now: Millis) -> Result<()> {
    sql!(
        "update scheduled_messages set error = $3, is_held = false, updated_at = $4 where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(code.as_str())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes it out of the waiting; only one can.
pub async fn take(tx: &mut Tx, account: AccountId, id: ScheduledId) -> Result<Option<Row>> {
    Ok(sql!(concat!("delete from scheduled_messages where account_id = $1 and id = $2 returning ", columns!()))
        .bind(account)
        .bind(id)
        .fetch_optional(tx)
        .await?)
}

/// Gives what waits in one conversation to another.
pub async fn move_all(tx: &mut Tx, from: &Facts, to: &Facts) -> Result<()> {
    sql!("update scheduled_messages set conversation_id = $3 where account_id = $1 and conversation_id = $2")
        .bind(from.account_id)
        .bind(from.id)
        .bind(to.id)
        .execute(tx)
        .await?;
    Ok(())
}
