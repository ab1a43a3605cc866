//! The SQL of what was mailed.

use db::{Db, Tx, sql};
use model::{AccountId, ConversationId, InboxId, MessageId, Millis};

use crate::Result;

/// How far a conversation was mailed.
#[derive(Debug, Clone, Copy, Default, sqlx::FromRow)]
pub struct State {
    /// Up to this message.
    pub mailed_id: Option<MessageId>,
    /// The newest message of a mail that somebody began to hand in and has not said what became of it.
    pub trying_id: Option<MessageId>,
    /// When they began.
    pub tried_at: Option<Millis>,
    /// How often that mail was begun.
    pub tries: i64,
}

/// How far it was mailed.
pub async fn state(db: &Db, account: AccountId, id: ConversationId) -> Result<State> {
    let row: Option<State> = sql!(
        "select case when mailed_id > 0 then mailed_id end as mailed_id, trying_id, tried_at, tries from continuity
         where account_id = $1 and conversation_id = $2"
    )
    .bind(account)
    .bind(id)
    .fetch_optional(db)
    .await?;
    Ok(row.unwrap_or_default())
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

/// Notes that a mail is being handed in: up to this message, begun so often; `false` when somebody else was faster.
pub async fn begin(
    tx: &mut Tx,
    (account, id): (AccountId, ConversationId),
    known: &State,
    (last, tries): (MessageId, i64),
    inbox: Option<InboxId>,
    now: Millis,
) -> Result<bool> {
    let changed = sql!(
        "insert into continuity (conversation_id, account_id, inbox_id, mailed_id, trying_id, tried_at, tries, updated_at)
         values ($1, $2, $3, 0, $4, $5, $6, $5)
         on conflict (conversation_id) do update set trying_id = excluded.trying_id, tried_at = excluded.tried_at,
           tries = excluded.tries, inbox_id = excluded.inbox_id, updated_at = excluded.updated_at
         where continuity.mailed_id = $7 and coalesce(continuity.trying_id, 0) = $8 and continuity.tries = $9"
    )
    .bind(id)
    .bind(account)
    .bind(inbox)
    .bind(last)
    .bind(now)
    .bind(tries)
    .bind(known.mailed_id.map_or(0, |id| id.0))
    .bind(known.trying_id.map_or(0, |id| id.0))
    .bind(known.tries)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// The mail up to this message is done with.
pub async fn done(tx: &mut Tx, account: AccountId, id: ConversationId, last: MessageId) -> Result<()> {
    sql!(
        "update continuity set mailed_id = $3, trying_id = null, tried_at = null, tries = 0
         where account_id = $1 and conversation_id = $2 and trying_id = $3"
    )
    .bind(account)
    .bind(id)
    .bind(last)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes the note of an attempt back that sent nothing. What an earlier one may have sent is still to be sent as it was.
pub async fn release(tx: &mut Tx, account: AccountId, id: ConversationId, last: MessageId) -> Result<()> {
    sql!(
        "update continuity set tries = tries - 1, tried_at = null, trying_id = case when tries > 1 then trying_id end
         where account_id = $1 and conversation_id = $2 and trying_id = $3"
    )
    .bind(account)
    .bind(id)
    .bind(last)
    .execute(tx)
    .await?;
    Ok(())
}
