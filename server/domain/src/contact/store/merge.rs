//! The SQL of merges and of taking them apart.

use db::{Builder, Conn, Db, Json, Tx, sql};
use model::{
    AccountId, ContactId, ContactInboxId, ConversationId, LabelId, MergeId, MessageId, Millis, NoteId, UserId,
};
use serde::{Deserialize, Serialize};

use super::Row;
use crate::Result;

/// Ids that one statement names.
const PORTION: usize = 500;

/// What two contacts were before they became one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Snapshot {
    /// The one who is gone.
    pub gone: Row,
    /// The other as they were before.
    pub kept: Row,
    pub places: Vec<ContactInboxId>,
    pub conversations: Vec<ConversationId>,
    /// The newest message of those conversations; what came later stays with the winner.
    pub last_message: Option<MessageId>,
    pub labels: Vec<LabelId>,
    /// Of the labels, those that the winner did not have.
    pub added_labels: Vec<LabelId>,
    pub notes: Vec<NoteId>,
    /// Earlier merges whose people the one who is gone held.
    pub merges: Vec<MergeId>,
}

/// A merge as it was recorded.
#[derive(Debug, sqlx::FromRow)]
pub struct Recorded {
    pub id: MergeId,
    pub winner_id: ContactId,
    pub holder_id: ContactId,
    pub loser_id: ContactId,
    pub snapshot: Json<Snapshot>,
    pub user_id: Option<UserId>,
    pub user_name: Option<String>,
    pub user_avatar_key: Option<String>,
    pub created_at: Millis,
}

macro_rules! columns {
    () => {
        "select g.id, g.winner_id, g.holder_id, g.loser_id, g.snapshot, g.user_id,
           coalesce(nullif(u.display_name, ''), u.name) as user_name, u.avatar_key as user_avatar_key, g.created_at
         from contact_merges g left join users u on u.id = g.user_id "
    };
}

/// The merges whose people a contact holds, newest first.
pub async fn list(db: &Db, account: AccountId, holder: ContactId, since: Millis) -> Result<Vec<Recorded>> {
    Ok(sql!(concat!(
        columns!(),
        "where g.account_id = $1 and g.holder_id = $2 and g.created_at >= $3 order by g.id desc limit 50"
    ))
    .bind(account)
    .bind(holder)
    .bind(since)
    .fetch_all(db)
    .await?)
}

pub async fn get<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: MergeId) -> Result<Option<Recorded>> {
    Ok(sql!(concat!(columns!(), "where g.account_id = $1 and g.id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    (winner, loser): (ContactId, ContactId),
    by: Option<UserId>,
    snapshot: &Snapshot,
    now: Millis,
) -> Result<()> {
    sql!(
        "insert into contact_merges (account_id, winner_id, holder_id, loser_id, user_id, snapshot, created_at)
         values ($1, $2, $2, $3, $4, $5, $6)"
    )
    .bind(account)
    .bind(winner)
    .bind(loser)
    .bind(by)
    .bind(serde_json::to_value(snapshot)?)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, account: AccountId, id: MergeId) -> Result<()> {
    sql!("delete from contact_merges where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?;
    Ok(())
}

/// Merges that can no longer be undone, some of them.
pub async fn expired(db: &Db, before: Millis) -> Result<Vec<(MergeId, AccountId)>> {
    Ok(sql!("select id, account_id from contact_merges where created_at < $1 order by created_at limit 100")
        .bind(before)
        .fetch_all(db)
        .await?)
}

/// Who has a picture with this key.
pub async fn shows_picture(tx: &mut Tx, account: AccountId, holder: ContactId, key: &str) -> Result<bool> {
    let (shown,): (bool,) =
        sql!("select exists (select 1 from contacts where account_id = $1 and id = $2 and avatar_key = $3)")
            .bind(account)
            .bind(holder)
            .bind(key)
            .fetch_one(tx)
            .await?;
    Ok(shown)
}

/// Hands everything of one contact to another; what it was, without the facts and labels.
pub async fn move_all(tx: &mut Tx, account: AccountId, from: ContactId, to: ContactId) -> Result<Moved> {
    let last: (Option<MessageId>,) = sql!(
        "select max(m.id) from messages m
         where m.conversation_id in (select id from conversations where +account_id = $1 and contact_id = $2)"
    )
    .bind(account)
    .bind(from)
    .fetch_one(&mut *tx)
    .await?;
    sql!(
        "update messages set sender_id = $3 where sender_kind = 'contact' and sender_id = $2
           and conversation_id in (select id from conversations where +account_id = $1 and contact_id = $2)"
    )
    .bind(account)
    .bind(from)
    .bind(to)
    .execute(&mut *tx)
    .await?;
    let places: Vec<(ContactInboxId,)> =
        sql!("update contact_inboxes set contact_id = $3 where +account_id = $1 and contact_id = $2 returning id")
            .bind(account)
            .bind(from)
            .bind(to)
            .fetch_all(&mut *tx)
            .await?;
    let conversations: Vec<(ConversationId,)> =
        sql!("update conversations set contact_id = $3 where +account_id = $1 and contact_id = $2 returning id")
            .bind(account)
            .bind(from)
            .bind(to)
            .fetch_all(&mut *tx)
            .await?;
    let merges: Vec<(MergeId,)> =
        sql!("update contact_merges set holder_id = $3 where account_id = $1 and holder_id = $2 returning id")
            .bind(account)
            .bind(from)
            .bind(to)
            .fetch_all(&mut *tx)
            .await?;
    Ok(Moved {
        places: places.into_iter().map(|(id,)| id).collect(),
        conversations: conversations.into_iter().map(|(id,)| id).collect(),
        last_message: last.0,
        merges: merges.into_iter().map(|(id,)| id).collect(),
    })
}

/// What was handed on.
pub struct Moved {
    pub places: Vec<ContactInboxId>,
    pub conversations: Vec<ConversationId>,
    pub last_message: Option<MessageId>,
    pub merges: Vec<MergeId>,
}

/// Writes a contact who was gone again, under their old number.
pub async fn restore(tx: &mut Tx, account: AccountId, row: &Row, now: Millis) -> db::Result<()> {
    sql!(
        "insert into contacts (id, account_id, name, email, phone_number, identifier, avatar_key, avatar_url, blocked,
           additional_attributes, custom_attributes, last_activity_at, created_at, updated_at, sort_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    )
    .bind(row.id)
    .bind(account)
    .bind(&row.name)
    .bind(row.email.clone())
    .bind(row.phone_number.clone())
    .bind(row.identifier.clone())
    .bind(row.avatar_key.clone())
    .bind(row.avatar_url.clone())
    .bind(row.blocked)
    .bind(&row.additional_attributes.0)
    .bind(&row.custom_attributes.0)
    .bind(row.last_activity_at)
    .bind(row.created_at)
    .bind(now)
    .bind(super::sort_name(&row.name))
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives the one who is back what was theirs and is still with the winner. The conversations that came back.
pub async fn move_back(
    tx: &mut Tx,
    account: AccountId,
    winner: ContactId,
    back: ContactId,
    was: &Snapshot,
) -> Result<Vec<ConversationId>> {
    for places in was.places.chunks(PORTION) {
        let mut query = Builder::new("update contact_inboxes set contact_id = ");
        query.value(back).push(" where +account_id = ").value(account).push(" and contact_id = ").value(winner);
        query.push(" and id in ").list(places.iter().copied());
        query.build().execute(&mut *tx).await?;
    }
    let mut returned = Vec::new();
    for ids in was.conversations.chunks(PORTION) {
        let mut query = Builder::new("update conversations set contact_id = ");
        query.value(back).push(" where +account_id = ").value(account).push(" and contact_id = ").value(winner);
        query.push(" and id in ").list(ids.iter().copied()).push(" returning id");
        let rows: Vec<(ConversationId,)> = query.build().fetch_all(&mut *tx).await?;
        let ids: Vec<ConversationId> = rows.into_iter().map(|(id,)| id).collect();
        if let Some(last) = was.last_message {
            let mut query = Builder::new("update messages set sender_id = ");
            query.value(back).push(" where sender_kind = 'contact' and sender_id = ").value(winner);
            query.push(" and id <= ").value(last).push(" and conversation_id in ").list(ids.iter().copied());
            query.build().execute(&mut *tx).await?;
        }
        returned.extend(ids);
    }
    for notes in was.notes.chunks(PORTION) {
        let mut query = Builder::new("update contact_notes set contact_id = ");
        query.value(back).push(" where contact_id = ").value(winner).push(" and id in ").list(notes.iter().copied());
        query.build().execute(&mut *tx).await?;
    }
    for merges in was.merges.chunks(PORTION) {
        let mut query = Builder::new("update contact_merges set holder_id = ");
        query.value(back).push(" where holder_id = ").value(winner).push(" and id in ").list(merges.iter().copied());
        query.build().execute(&mut *tx).await?;
    }
    Ok(returned)
}
