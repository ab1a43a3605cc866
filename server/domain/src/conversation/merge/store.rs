//! The SQL of merging.

use db::{Builder, Conn, Db, Json, Tx, sql};
use model::{AccountId, ConversationId, MessageId, Millis, ScheduledId};
use serde_json::Value;

use crate::conversation::store::{Facts, rank};
use crate::{Result, search};

/// Messages keep their ids, which are in the order of their times, and the inbox they came through.
pub async fn move_messages(tx: &mut Tx, from: &Facts, into: &Facts) -> Result<()> {
    search::move_all(tx, from.id, into.id).await?;
    sql!("update messages set conversation_id = $3 where account_id = $1 and conversation_id = $2")
        .bind(from.account_id)
        .bind(from.id)
        .bind(into.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes what became of the conversation that goes on.
pub async fn set_united(tx: &mut Tx, after: &Facts) -> Result<()> {
    sql!(
        "update conversations set status = $3, snoozed_until = $4, priority = $5, priority_rank = $6, assignee_id = $7,
           team_id = $8, custom_attributes = $9, last_message_id = $10, last_public_message_id = $11, unread_count = $12,
           contact_unread_count = $13, last_activity_at = $14, first_reply_created_at = $15, waiting_since = $16
         where account_id = $1 and id = $2"
    )
    .bind(after.account_id)
    .bind(after.id)
    .bind(after.status)
    .bind(after.snoozed_until)
    .bind(after.priority)
    .bind(rank(after.priority))
    .bind(after.assignee_id)
    .bind(after.team_id)
    .bind(&after.custom_attributes.0)
    .bind(after.last_message_id)
    .bind(after.last_public_message_id)
    .bind(after.unread_count)
    .bind(after.contact_unread_count)
    .bind(after.last_activity_at)
    .bind(after.first_reply_created_at)
    .bind(after.waiting_since)
    .execute(&mut *tx)
    .await?;
    search::conversation::index_again(tx, after.id).await
}

/// Leaves the other one behind: resolved, with nothing in it, and the place where everything went.
pub async fn set_merged(tx: &mut Tx, from: &Facts, into: ConversationId) -> Result<()> {
    sql!("delete from conversation_labels where conversation_id = $1").bind(from.id).execute(&mut *tx).await?;
    sql!(
        "update conversations set merged_into = $3, status = 'resolved', snoozed_until = null, last_message_id = null,
           last_public_message_id = null, unread_count = 0, contact_unread_count = 0, waiting_since = null
         where account_id = $1 and id = $2"
    )
    .bind(from.account_id)
    .bind(from.id)
    .bind(into)
    .execute(tx)
    .await?;
    Ok(())
}

/// Messages that are moved with one statement.
const PORTION: usize = 500;

/// The messages of a conversation.
pub async fn message_ids(tx: &mut Tx, account: AccountId, id: ConversationId) -> Result<Vec<MessageId>> {
    let rows: Vec<(MessageId,)> =
        sql!("select id from messages where account_id = $1 and conversation_id = $2 order by id")
            .bind(account)
            .bind(id)
            .fetch_all(tx)
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What waits to be sent in a conversation.
pub async fn scheduled_ids(tx: &mut Tx, account: AccountId, id: ConversationId) -> Result<Vec<ScheduledId>> {
    let rows: Vec<(ScheduledId,)> =
        sql!("select id from scheduled_messages where account_id = $1 and conversation_id = $2 order by id")
            .bind(account)
            .bind(id)
            .fetch_all(tx)
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Keeps what a merge was.
pub async fn insert(tx: &mut Tx, from: &Facts, into: ConversationId, memory: &Value, now: Millis) -> Result<()> {
    sql!(
        "insert into conversation_merges (account_id, from_id, into_id, memory, created_at) values ($1, $2, $3, $4, $5)
         on conflict (from_id) do update set into_id = excluded.into_id, memory = excluded.memory,
           created_at = excluded.created_at"
    )
    .bind(from.account_id)
    .bind(from.id)
    .bind(into)
    .bind(memory)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Where a conversation went since `since`.
pub async fn target<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    from: ConversationId,
    since: Millis,
) -> Result<Option<ConversationId>> {
    let row: Option<(ConversationId,)> =
        sql!("select into_id from conversation_merges where account_id = $1 and from_id = $2 and created_at > $3")
            .bind(account)
            .bind(from)
            .bind(since)
            .fetch_optional(on)
            .await?;
    Ok(row.map(|(id,)| id))
}

/// Takes what a merge was, once.
pub async fn take(tx: &mut Tx, from: &Facts, into: &Facts) -> Result<Option<Value>> {
    let row: Option<(Json<Value>,)> = sql!(
        "delete from conversation_merges where account_id = $1 and from_id = $2 and into_id = $3 returning memory"
    )
    .bind(from.account_id)
    .bind(from.id)
    .bind(into.id)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(memory,)| memory.0))
}

/// Gives messages back that are still where the merge put them, and who was named in them.
pub async fn return_messages(tx: &mut Tx, into: &Facts, from: &Facts, ids: &[MessageId]) -> Result<()> {
    // Who was named in it since has no place beside those who come back.
    sql!("delete from mentions where conversation_id = $1").bind(from.id).execute(&mut *tx).await?;
    for portion in ids.chunks(PORTION) {
        search::move_some(tx, into.id, from.id, portion).await?;
        for table in ["update messages set conversation_id = ", "update mentions set conversation_id = "] {
            let key = if table.contains("mentions") { " and message_id in " } else { " and id in " };
            let mut query = Builder::new(table);
            query.value(from.id).push(" where account_id = ").value(into.account_id);
            query.push(" and conversation_id = ").value(into.id).push(key).list(portion.iter().copied());
            query.build().execute(&mut *tx).await?;
        }
    }
    Ok(())
}

/// The same for what waits to be sent.
pub async fn return_scheduled(tx: &mut Tx, into: &Facts, from: &Facts, ids: &[ScheduledId]) -> Result<()> {
    for portion in ids.chunks(PORTION) {
        let mut query = Builder::new("update scheduled_messages set conversation_id = ");
        query.value(from.id).push(" where account_id = ").value(into.account_id);
        query.push(" and conversation_id = ").value(into.id).push(" and id in ").list(portion.iter().copied());
        query.build().execute(&mut *tx).await?;
    }
    Ok(())
}

/// The newest message that somebody wrote in a conversation, and the newest of those that contacts may see.
pub async fn newest(tx: &mut Tx, id: ConversationId) -> Result<(Option<MessageId>, Option<MessageId>)> {
    Ok(sql!(
        "select max(id), max(case when private then null else id end) from messages
         where conversation_id = $1 and kind <> 'activity'"
    )
    .bind(id)
    .fetch_one(tx)
    .await?)
}

/// A conversation that was left behind stands for itself again.
pub async fn set_apart(tx: &mut Tx, from: &Facts) -> Result<()> {
    sql!("update conversations set merged_into = null where account_id = $1 and id = $2")
        .bind(from.account_id)
        .bind(from.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets merges that cannot be taken apart any more.
pub async fn prune(db: &Db, before: Millis) -> Result<()> {
    sql!("delete from conversation_merges where created_at <= $1").bind(before).execute(db.writer()).await?;
    Ok(())
}
