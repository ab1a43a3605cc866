//! The SQL of what was mailed.

use db::{Db, Tx, sql};
use model::{AccountId, ConversationId, InboxId, MessageId, Millis};

use crate::Result;

/// Up to which message everything was mailed.
pub async fn mailed(db: &Db, account: AccountId, id: ConversationId) -> Result<Option<MessageId>> {
    let row: Option<(MessageId,)> =
        sql!("select mailed_id from continuity where account_id = $1 and conversation_id = $2 and mailed_id > 0")
            .bind(account)
            .bind(id)
            .fetch_optional(db)
            .await?;
    Ok(row.map(|(id,)| id))
}

/// An e-mail inbox of the account that can send.
pub async fn sender(db: &Db, account: AccountId) -> Result<Option<InboxId>> {
    let row: Option<(InboxId,)> = sql!(
        "select inbox_id from mail_senders where account_id = $1 and enabled = true and trouble is null
         order by inbox_id limit 1"
    )
    .bind(account)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Notes as mailed what lies between two messages; `false` when somebody else did.
pub async fn claim(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    (before, last): (Option<MessageId>, MessageId),
    inbox: Option<InboxId>,
    now: Millis,
) -> Result<bool> {
    let changed = sql!(
        "insert into continuity (conversation_id, account_id, inbox_id, mailed_id, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (conversation_id) do update set mailed_id = excluded.mailed_id, inbox_id = excluded.inbox_id,
           updated_at = excluded.updated_at where continuity.mailed_id = $6"
    )
    .bind(id)
    .bind(account)
    .bind(inbox)
    .bind(last)
    .bind(now)
    .bind(before.map_or(0, |before| before.0))
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Takes the note back.
pub async fn release(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    (before, last): (Option<MessageId>, MessageId),
) -> Result<()> {
    sql!("update continuity set mailed_id = $4 where account_id = $1 and conversation_id = $2 and mailed_id = $3")
        .bind(account)
        .bind(id)
        .bind(last)
        .bind(before.map_or(0, |before| before.0))
        .execute(tx)
        .await?;
    Ok(())
}
