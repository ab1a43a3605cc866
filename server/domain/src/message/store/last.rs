//! The newest messages of conversations.

use db::{Builder, Db};
use model::{AccountId, ConversationId, MessageId};

use super::{Row, columns};
use crate::Result;

/// The ids of a conversation's newest messages.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LastRow {
    pub id: ConversationId,
    /// Of any kind.
    pub newest: Option<MessageId>,
    /// Written by somebody.
    pub last_message_id: Option<MessageId>,
    /// Of those, what contacts may see.
    pub last_public_message_id: Option<MessageId>,
}

/// The newest messages of these conversations.
pub async fn last(db: &Db, account: AccountId, ids: &[ConversationId]) -> Result<Vec<LastRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new(
        "select c.id, (select max(m.id) from messages m where m.conversation_id = c.id) as newest,
           c.last_message_id, c.last_public_message_id
         from conversations c where +c.account_id = ",
    );
    query.value(account).push(" and c.id in ").list(ids.iter().copied());
    Ok(query.build().fetch_all(db).await?)
}

/// These messages, in no order.
pub async fn by_ids(db: &Db, account: AccountId, ids: &[MessageId]) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new(columns!());
    query.push("where +m.account_id = ").value(account).push(" and m.id in ").list(ids.iter().copied());
    Ok(query.build().fetch_all(db).await?)
}

/// The first message with which a person answered.
pub async fn first_reply(db: &Db, account: AccountId, conversation: ConversationId) -> Result<Option<MessageId>> {
    let (id,): (Option<MessageId>,) = db::sql!(
        "select min(id) from messages where account_id = $1 and conversation_id = $2 and kind = 'outgoing'
           and sender_kind = 'user' and private = false"
    )
    .bind(account)
    .bind(conversation)
    .fetch_one(db)
    .await?;
    Ok(id)
}
