//! What conversations are filtered by, in the index of parts.

use db::{Json, Tx, sql};
use model::ConversationId;
use model::attribute::AttributeModel;
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

/// Makes the whole index anew.
pub(crate) async fn rebuild(tx: &mut Tx) -> Result<()> {
    parts::clear(tx, AttributeModel::Conversation).await?;
    let mut after = ConversationId(0);
    loop {
        let some: Vec<(ConversationId, Json<Value>, Json<Value>)> = sql!(
            "select id, additional_attributes, custom_attributes from conversations where id > $1 order by id limit 300"
        )
        .bind(after)
        .fetch_all(&mut *tx)
        .await?;
        let Some((last, ..)) = some.last() else { return Ok(()) };
        after = *last;
        let entries = some.iter().map(|(id, additional, custom)| Entry::of_conversation(*id, &additional.0, &custom.0));
        parts::index_all(tx, AttributeModel::Conversation, entries, Stays::Old);
    }
}
