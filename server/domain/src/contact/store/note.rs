//! The SQL of notes about contacts.

use db::{Conn, Db, Tx, sql};
use model::{AccountId, ContactId, Millis, NoteId, UserId};

use crate::Result;

/// Most notes of a contact that are listed.
const MOST: i64 = 500;

/// A note with its author's name.
#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub id: NoteId,
    pub content: String,
    pub user_id: Option<UserId>,
    pub user_name: Option<String>,
    pub user_avatar_key: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

macro_rules! columns {
    () => {
        "select n.id, n.content, n.user_id, coalesce(nullif(u.display_name, ''), u.name) as user_name,
           u.avatar_key as user_avatar_key, n.created_at, n.updated_at
         from contact_notes n left join users u on u.id = n.user_id "
    };
}

/// The notes about a contact, newest first.
pub async fn list(db: &Db, account: AccountId, contact: ContactId) -> Result<Vec<Row>> {
    Ok(sql!(concat!(columns!(), "where n.account_id = $1 and n.contact_id = $2 order by n.id desc limit $3"))
        .bind(account)
        .bind(contact)
        .bind(MOST)
        .fetch_all(db)
        .await?)
}

pub async fn get<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    contact: ContactId,
    id: NoteId,
) -> Result<Option<Row>> {
    Ok(sql!(concat!(columns!(), "where n.account_id = $1 and n.contact_id = $2 and n.id = $3"))
        .bind(account)
        .bind(contact)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    contact: ContactId,
    author: UserId,
    content: &str,
    now: Millis,
) -> Result<NoteId> {
    let (id,): (NoteId,) = sql!(
        "insert into contact_notes (account_id, contact_id, user_id, content, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5) returning id"
    )
    .bind(account)
    .bind(contact)
    .bind(author)
    .bind(content)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn update(tx: &mut Tx, account: AccountId, id: NoteId, content: &str, now: Millis) -> Result<u64> {
    Ok(sql!("update contact_notes set content = $3, updated_at = $4 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(content)
        .bind(now)
        .execute(tx)
        .await?)
}

pub async fn delete(tx: &mut Tx, account: AccountId, id: NoteId) -> Result<u64> {
    Ok(sql!("delete from contact_notes where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?)
}

/// Hands all notes on; which they were.
pub async fn move_all(tx: &mut Tx, from: ContactId, to: ContactId) -> Result<Vec<NoteId>> {
    let rows: Vec<(NoteId,)> = sql!("update contact_notes set contact_id = $2 where contact_id = $1 returning id")
        .bind(from)
        .bind(to)
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
