//! What conversations are filtered by, in the index of parts.

use db::{Builder, Json, Tx, sql};
use model::attribute::AttributeModel;
use model::{ConversationId, Millis};
use serde_json::Value;

use super::parts::{self, Entry, Stays};
use crate::Result;

/// Puts a new conversation into the index, in the transaction that writes it.
pub(crate) fn index(tx: &mut Tx, id: ConversationId, additional: &Value, custom: &Value) {
    parts::index_all(tx, AttributeModel::Conversation, [Entry::of_conversation(id, additional, custom)], Stays::New);
}

/// Puts a conversation into the index anew, after its attributes were changed.
pub(crate) async fn index_again(tx: &mut Tx, id: ConversationId) -> Result<()> {
    let row: Option<(Json<Value>, Json<Value>)> =
        sql!("select additional_attributes, custom_attributes from conversations where id = $1")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
    parts::forget_conversation(tx, id);
    if let Some((additional, custom)) = row {
        index(tx, id, &additional.0, &custom.0);
    }
    Ok(())
}

/// Conversations that are indexed at a time while others work.
const AT_A_TIME: i64 = if cfg!(test) { 1 } else { 200 };

/// A conversation with what it is filtered by.
type Filtered = (ConversationId, Json<Value>, Json<Value>);

/// Makes the index of the next conversations behind one anew that were changed since a moment; the last of them. Whoever changes one
/// meanwhile waits, and is in the index after it.
pub(super) async fn index_behind(tx: &mut Tx, after: ConversationId, since: Millis) -> Result<Option<ConversationId>> {
    let ids: Vec<(ConversationId,)> =
        sql!("select id from conversations where id > $1 and updated_at >= $2 order by id limit $3")
            .bind(after)
            .bind(since)
            .bind(AT_A_TIME)
            .fetch_all(&mut *tx)
            .await?;
    let Some((last,)) = ids.last() else { return Ok(None) };
    let mut query = Builder::new("select id, additional_attributes, custom_attributes from conversations where id in ");
    query.list(ids.iter().map(|(id,)| *id)).push(" order by id").push(super::no_longer_changed(tx));
    let some: Vec<Filtered> = query.build().fetch_all(&mut *tx).await?;
    parts::forget_some(tx, AttributeModel::Conversation, ids.iter().map(|(id,)| id.0)).await?;
    add(tx, &some);
    Ok(Some(*last))
}

/// Adds conversations that are not in the index.
fn add(tx: &mut Tx, some: &[Filtered]) {
    let entries = some.iter().map(|(id, additional, custom)| Entry::of_conversation(*id, &additional.0, &custom.0));
    parts::index_all(tx, AttributeModel::Conversation, entries, Stays::Old);
}

/// Makes the whole index anew.
pub(crate) async fn rebuild(tx: &mut Tx) -> Result<()> {
    parts::clear(tx, AttributeModel::Conversation).await?;
    let mut after = ConversationId(0);
    loop {
        let some: Vec<Filtered> = sql!(
            "select id, additional_attributes, custom_attributes from conversations where id > $1 order by id limit 300"
        )
        .bind(after)
        .fetch_all(&mut *tx)
        .await?;
        let Some((last, ..)) = some.last() else { return Ok(()) };
        after = *last;
        add(tx, &some);
    }
}
