//! The SQL of erasing a person.

use db::{Builder, Tx, sql};
use model::{AccountId, ContactId, ConversationId, MessageId};

use super::Row;
use super::merge::Snapshot;
use crate::Result;

/// The pictures of a contact and of those who were merged into them.
pub async fn pictures(tx: &mut Tx, account: AccountId, row: &Row) -> Result<Vec<String>> {
    let kept: Vec<(db::Json<Snapshot>,)> =
        sql!("select snapshot from contact_merges where account_id = $1 and holder_id = $2 limit 1000")
            .bind(account)
            .bind(row.id)
            .fetch_all(tx)
            .await?;
    let others = kept.into_iter().filter_map(|(snapshot,)| snapshot.0.gone.avatar_key);
    Ok(row.avatar_key.clone().into_iter().chain(others).collect())
}

/// Everything that is known of them beside the row and the conversations.
pub async fn facts(tx: &mut Tx, account: AccountId, id: ContactId) -> Result<()> {
    for statement in [
        sql!("delete from contact_notes where account_id = $1 and contact_id = $2"),
        sql!("delete from contact_merges where account_id = $1 and holder_id = $2"),
        sql!("update contacts set avatar_key = null where account_id = $1 and id = $2"),
    ] {
        statement.bind(account).bind(id).execute(&mut *tx).await?;
    }
    sql!("delete from contact_labels where contact_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

/// The oldest messages of a conversation.
pub async fn messages(tx: &mut Tx, id: ConversationId, limit: i64) -> Result<Vec<MessageId>> {
    let rows: Vec<(MessageId,)> = sql!("select id from messages where conversation_id = $1 order by id limit $2")
        .bind(id)
        .bind(limit)
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn delete_messages(tx: &mut Tx, account: AccountId, ids: &[MessageId]) -> Result<()> {
    let mut query = Builder::new("delete from messages where +account_id = ");
    query.value(account).push(" and id in ").list(ids.iter().copied());
    query.build().execute(tx).await?;
    Ok(())
}
