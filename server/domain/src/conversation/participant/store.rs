//! The SQL of participants and mentions.

use db::{Conn, Tx, sql};
use model::{AccountId, ConversationId, MessageId, Millis, UserId};

use crate::Result;
use crate::conversation::store::Facts;

/// Who follows a conversation.
pub async fn list<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: ConversationId) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = sql!(
        "select p.user_id from conversation_participants p
         join account_users au on au.account_id = p.account_id and au.user_id = p.user_id
         where p.conversation_id = $1 and p.account_id = $2 order by p.user_id limit 500"
    )
    .bind(id)
    .bind(account)
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes somebody in; whether they were not in yet.
pub async fn join(tx: &mut Tx, facts: &Facts, user: UserId, now: Millis) -> Result<bool> {
    let count = sql!(
        "insert into conversation_participants (conversation_id, user_id, account_id, created_at) values ($1, $2, $3, $4)
         on conflict (conversation_id, user_id) do nothing"
    )
    .bind(facts.id)
    .bind(user)
    .bind(facts.account_id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(count > 0)
}

/// Takes somebody out.
pub async fn leave(tx: &mut Tx, facts: &Facts, user: UserId) -> Result<()> {
    sql!("delete from conversation_participants where conversation_id = $1 and user_id = $2 and account_id = $3")
        .bind(facts.id)
        .bind(user)
        .bind(facts.account_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a message names somebody.
pub async fn mention(tx: &mut Tx, facts: &Facts, user: UserId, message: MessageId, now: Millis) -> Result<()> {
    sql!(
        "insert into mentions (conversation_id, user_id, account_id, message_id, mentioned_at) values ($1, $2, $3, $4, $5)
         on conflict (conversation_id, user_id) do update set message_id = excluded.message_id, mentioned_at = excluded.mentioned_at"
    )
    .bind(facts.id)
    .bind(user)
    .bind(facts.account_id)
    .bind(message)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives those who follow one conversation, or are named in it, to another.
pub async fn unite(tx: &mut Tx, from: &Facts, to: &Facts) -> Result<()> {
    sql!(
        "insert into conversation_participants (conversation_id, user_id, account_id, created_at)
         select CAST($2 AS BIGINT), user_id, account_id, created_at from conversation_participants
         where conversation_id = $1 on conflict (conversation_id, user_id) do nothing"
    )
    .bind(from.id)
    .bind(to.id)
    .execute(&mut *tx)
    .await?;
    sql!(
        "insert into mentions (conversation_id, user_id, account_id, message_id, mentioned_at)
         select CAST($2 AS BIGINT), user_id, account_id, message_id, mentioned_at from mentions
         where conversation_id = $1 on conflict (conversation_id, user_id) do nothing"
    )
    .bind(from.id)
    .bind(to.id)
    .execute(&mut *tx)
    .await?;
    for delete in [
        sql!("delete from conversation_participants where conversation_id = $1"),
        sql!("delete from mentions where conversation_id = $1"),
    ] {
        delete.bind(from.id).execute(&mut *tx).await?;
    }
    Ok(())
}
