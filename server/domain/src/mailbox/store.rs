//! The SQL of mailboxes.

use std::collections::HashSet;

use db::{Builder, Conn, Db, Tx, sql};
use model::{AccountId, ConversationId, InboxId, MessageId, Millis};

use super::Place;
use crate::Result;

pub mod connection;
pub mod sender;

/// How far a mailbox is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Mark {
    pub uid_validity: i64,
    pub last_uid: i64,
    pub waiting: i64,
    pub taken: i64,
    pub updated_at: Millis,
}

pub async fn mark<'c>(on: impl Into<Conn<'c>>, account: AccountId, inbox: InboxId) -> Result<Option<Mark>> {
    Ok(sql!("select uid_validity, last_uid, waiting, taken, updated_at from mailboxes where account_id = $1 and inbox_id = $2")
        .bind(account)
        .bind(inbox)
        .fetch_optional(on)
        .await?)
}

/// Begins to read, or begins anew after the server numbered its mails anew.
pub async fn begin(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    place: Place,
    waiting: i64,
    now: Millis,
) -> Result<()> {
    sql!(
        "insert into mailboxes (inbox_id, account_id, uid_validity, last_uid, waiting, taken, updated_at)
         values ($1, $2, $3, $4, $5, 0, $6)
         on conflict (inbox_id) do update set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid,
           waiting = excluded.waiting, taken = 0, updated_at = excluded.updated_at"
    )
    .bind(inbox)
    .bind(account)
    .bind(i64::from(place.uid_validity))
    .bind(i64::from(place.uid))
    .bind(waiting)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Moves the mark past a mail; never back, and never in another numbering.
pub fn pass(tx: &mut Tx, account: AccountId, inbox: InboxId, place: Place, now: Millis) {
    sql!(
        "update mailboxes set last_uid = $4, taken = taken + 1, updated_at = $5
         where account_id = $1 and inbox_id = $2 and uid_validity = $3 and last_uid < $4"
    )
    .bind(account)
    .bind(inbox)
    .bind(i64::from(place.uid_validity))
    .bind(i64::from(place.uid))
    .bind(now)
    .later(tx);
}

/// Moves the mark to the end of a range that is read.
pub async fn skip(tx: &mut Tx, account: AccountId, inbox: InboxId, place: Place, now: Millis) -> Result<()> {
    sql!(
        "update mailboxes set last_uid = $4, updated_at = $5
         where account_id = $1 and inbox_id = $2 and uid_validity = $3 and last_uid < $4"
    )
    .bind(account)
    .bind(inbox)
    .bind(i64::from(place.uid_validity))
    .bind(i64::from(place.uid))
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes a mail. Whether it was not there yet; others who store the same mail wait for this change.
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    mail_id: &str,
    storage_key: &str,
    now: Millis,
) -> Result<bool> {
    let changed = sql!(
        "insert into mails (inbox_id, mail_id, account_id, storage_key, created_at)
         values ($1, $2, $3, $4, $5) on conflict (inbox_id, mail_id) do nothing"
    )
    .bind(inbox)
    .bind(mail_id)
    .bind(account)
    .bind(storage_key)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Notes where a mail went.
pub fn settle(tx: &mut Tx, account: AccountId, inbox: InboxId, mail_id: &str, to: (ConversationId, MessageId)) {
    sql!(
        "update mails set conversation_id = $4, message_id = $5
         where account_id = $1 and inbox_id = $2 and mail_id = $3"
    )
    .bind(account)
    .bind(inbox)
    .bind(mail_id)
    .bind(to.0)
    .bind(to.1)
    .later(tx);
}

/// The conversation of a mail of this inbox.
pub async fn conversation_of(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    mail_id: &str,
) -> Result<Option<ConversationId>> {
    let row: Option<(Option<ConversationId>,)> =
        sql!("select conversation_id from mails where account_id = $1 and inbox_id = $2 and mail_id = $3")
            .bind(account)
            .bind(inbox)
            .bind(mail_id)
            .fetch_optional(tx)
            .await?;
    Ok(row.and_then(|(id,)| id))
}

/// The conversation that our addresses and ids name: of this inbox, or of another whose answers were mailed from here.
pub async fn conversation_by_uuid(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    uuid: &str,
) -> Result<Option<ConversationId>> {
    let row: Option<(ConversationId,)> = sql!(
        "select coalesce(merged_into, id) from conversations where account_id = $1 and uuid = $3 and (inbox_id = $2
               or id in (select conversation_id from continuity where account_id = $1 and inbox_id = $2))"
    )
    .bind(account)
    .bind(inbox)
    .bind(uuid)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Which of these mails are noted. Another may note one in the meantime: [`insert`] has the last word.
pub async fn known(db: &Db, account: AccountId, inbox: InboxId, ids: &[&str]) -> Result<HashSet<String>> {
    let mut query = Builder::new("select mail_id from mails where +account_id = ");
    query.value(account).push(" and inbox_id = ").value(inbox).push(" and mail_id in ").list(ids.iter().copied());
    let rows: Vec<(String,)> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Where the mail of a message is kept as it came.
pub async fn original<'c>(on: impl Into<Conn<'c>>, account: AccountId, message: MessageId) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> =
        sql!("select storage_key from mails where account_id = $1 and message_id = $2 order by created_at limit 1")
            .bind(account)
            .bind(message)
            .fetch_optional(on)
            .await?;
    Ok(row.and_then(|(key,)| key))
}
