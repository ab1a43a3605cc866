//! The SQL of merging.

use db::{Tx, sql};
use model::ConversationId;

use crate::Result;
use crate::conversation::store::{Facts, rank};

/// Messages keep their ids, which are in the order of their times, and the inbox they came through.
pub async fn move_messages(tx: &mut Tx, from: &Facts, into: &Facts) -> Result<()> {
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
    .execute(tx)
    .await?;
    Ok(())
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
