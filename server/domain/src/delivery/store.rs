//! The SQL of deliveries.

use db::{Conn, Db, Json, Tx, sql};
use model::{AccountId, ConversationId, InboxId, MessageId, Millis};
use serde_json::Value;

use crate::Result;

/// A message that is on its way.
#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub attempt: Option<String>,
    pub attempts: i64,
    pub recipients: Option<Json<Value>>,
    /// The job that counts.
    pub turn: i64,
}

/// The first turn is its time: what was left of an earlier delivery of the same message has another.
pub async fn insert(tx: &mut Tx, account: AccountId, id: MessageId, now: Millis) -> Result<()> {
    sql!(
        "insert into deliveries (message_id, account_id, created_at, turn) values ($1, $2, $3, $3)
         on conflict (message_id) do nothing"
    )
    .bind(id)
    .bind(account)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: MessageId) -> Result<Option<Row>> {
    Ok(sql!("select attempt, attempts, recipients, turn from deliveries where account_id = $1 and message_id = $2")
        .bind(account)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

/// Messages of an inbox that nobody is handing in, the oldest first.
pub async fn waiting(tx: &mut Tx, account: AccountId, inbox: InboxId, most: i64) -> Result<Vec<MessageId>> {
    let rows: Vec<(MessageId,)> = sql!(
        "select d.message_id from deliveries d join messages m on m.id = d.message_id
         where d.account_id = $1 and m.inbox_id = $2 and d.attempt is null order by d.message_id limit $3"
    )
    .bind(account)
    .bind(inbox)
    .bind(most)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Gives the turn to another job; none where somebody hands it in already.
pub async fn next_turn(tx: &mut Tx, account: AccountId, id: MessageId) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql!(
        "update deliveries set turn = turn + 1 where account_id = $1 and message_id = $2 and attempt is null
         returning turn"
    )
    .bind(account)
    .bind(id)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(turn,)| turn))
}

/// Whether a message that was written before it in its conversation is still to be handed in for the first time.
pub async fn is_behind(
    db: &Db,
    account: AccountId,
    conversation: ConversationId,
    id: MessageId,
    since: Millis,
) -> Result<bool> {
    let row: Option<(MessageId,)> = sql!(
        "select d.message_id from deliveries d join messages m on m.id = d.message_id
         where d.account_id = $1 and m.conversation_id = $2 and d.message_id < $3 and d.created_at > $4
           and (d.attempt is not null or d.attempts = 0) limit 1"
    )
    .bind(account)
    .bind(conversation)
    .bind(id)
    .bind(since)
    .fetch_optional(db)
    .await?;
    Ok(row.is_some())
}

/// The next message of a conversation that was never tried.
pub async fn next_in(
    tx: &mut Tx,
    account: AccountId,
    conversation: ConversationId,
    after: MessageId,
) -> Result<Option<MessageId>> {
    let row: Option<(MessageId,)> = sql!(
        "select d.message_id from deliveries d join messages m on m.id = d.message_id
         where d.account_id = $1 and m.conversation_id = $2 and d.message_id > $3 and d.attempt is null
           and d.attempts = 0 order by d.message_id limit 1"
    )
    .bind(account)
    .bind(conversation)
    .bind(after)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Notes that somebody is about to hand it in; false where somebody else is.
pub async fn claim(tx: &mut Tx, account: AccountId, id: MessageId, turn: i64, attempt: &str) -> Result<bool> {
    let changed = sql!(
        "update deliveries set attempt = $3, attempts = attempts + 1
         where account_id = $1 and message_id = $2 and attempt is null and turn = $4"
    )
    .bind(account)
    .bind(id)
    .bind(attempt)
    .bind(turn)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Whether this attempt is still the one that counts; keeps others from changing it until the commit. An empty name is that of none.
pub async fn lock(tx: &mut Tx, account: AccountId, id: MessageId, attempt: &str) -> Result<bool> {
    let changed = sql!(
        "update deliveries set attempts = attempts
         where account_id = $1 and message_id = $2 and coalesce(attempt, '') = $3"
    )
    .bind(account)
    .bind(id)
    .bind(attempt)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Lets it wait for the next attempt. `recipients` are those who are left; `None` leaves who is there.
pub async fn wait(
    tx: &mut Tx,
    account: AccountId,
    id: MessageId,
    attempts: i64,
    recipients: Option<&Value>,
) -> Result<()> {
    sql!(
        "update deliveries set attempt = null, attempts = $3, recipients = coalesce($4, recipients)
         where account_id = $1 and message_id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(attempts)
    .bind(recipients.cloned())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, account: AccountId, id: MessageId) -> Result<()> {
    sql!("delete from deliveries where account_id = $1 and message_id = $2").bind(account).bind(id).execute(tx).await?;
    Ok(())
}

/// Unless somebody has begun to hand it in.
pub async fn delete_waiting(tx: &mut Tx, account: AccountId, id: MessageId) -> Result<()> {
    sql!("delete from deliveries where account_id = $1 and message_id = $2 and attempt is null")
        .bind(account)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
