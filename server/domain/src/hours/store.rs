//! The SQL of business hours.

use db::{Tx, sql};
use model::{AccountId, ConversationId, Millis};

use crate::Result;

/// Whether an automatic message was sent since `today`, or somebody answered since `lately`.
pub async fn was_answered(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    today: Millis,
    lately: Millis,
) -> Result<bool> {
    let (answered,): (bool,) = sql!(
        "select exists (select 1 from messages where account_id = $1 and conversation_id = $2
           and (kind = 'template' and created_at >= $3 or kind = 'outgoing' and not private and created_at >= $4))"
    )
    .bind(account)
    .bind(id)
    .bind(today)
    .bind(lately)
    .fetch_one(tx)
    .await?;
    Ok(answered)
}
