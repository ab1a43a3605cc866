//! The SQL of contacts.

use db::{Builder, Conn, Db, Json, Tx, sql};
use model::{AccountId, ContactId, ContactInboxId, ConversationId, InboxId, Millis};
use serde_json::{Map, Value};

use super::Checked;
use crate::Result;
use crate::attribute::value::put;
use crate::ctx::AgentActor;
use crate::search;

macro_rules! columns {
    () => {
        "id, name, email, phone_number, identifier, avatar_key, avatar_url, blocked, additional_attributes,
         custom_attributes, last_activity_at, created_at"
    };
}

pub mod erase;
pub mod label;
pub mod list;
pub mod merge;
pub mod note;

/// A contact's row.
#[derive(Debug, Clone, sqlx::FromRow, serde::Serialize, serde::Deserialize)]
pub struct Row {
    pub id: ContactId,
    pub name: String,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub identifier: Option<String>,
    pub avatar_key: Option<String>,
    pub avatar_url: Option<String>,
    pub blocked: bool,
    pub additional_attributes: Json<Value>,
    pub custom_attributes: Json<Value>,
    pub last_activity_at: Option<Millis>,
    pub created_at: Millis,
}

/// The name as the list is ordered: without capitals and accents.
pub fn sort_name(name: &str) -> String {
    search::fold(name)
}

/// Puts a contact into the search index anew.
pub fn index(tx: &mut Tx, account: AccountId, row: &Row) {
    search::contact::index(tx, &search::contact::Facts::of(account, row));
}

impl Row {
    /// The same without anything that says who they are.
    pub fn empty(self) -> Self {
        Self {
            id: self.id,
            name: String::new(),
            email: None,
            phone_number: None,
            identifier: None,
            avatar_key: None,
            avatar_url: None,
            blocked: true,
            additional_attributes: Json(Value::Object(Map::new())),
            custom_attributes: Json(Value::Object(Map::new())),
            last_activity_at: None,
            created_at: self.created_at,
        }
    }

    /// Puts checked facts over what is there.
    pub fn apply(&mut self, checked: Checked) {
        let keep = |new: Option<Option<String>>, old: &mut Option<String>| {
            if let Some(new) = new {
                *old = new;
            }
        };
        keep(checked.email, &mut self.email);
        keep(checked.phone_number, &mut self.phone_number);
        keep(checked.identifier, &mut self.identifier);
        keep(checked.avatar_url, &mut self.avatar_url);
        self.name = checked.name.unwrap_or_else(|| std::mem::take(&mut self.name));
        self.blocked = checked.blocked.unwrap_or(self.blocked);
        merge(&mut self.additional_attributes.0, checked.additional_attributes);
        put(&mut self.custom_attributes.0, checked.custom_attributes.unwrap_or_default());
    }
}

fn merge(into: &mut Value, new: Option<Map<String, Value>>) {
    let Some(new) = new else { return };
    match into.as_object_mut() {
        Some(map) => map.extend(new),
        None => *into = Value::Object(new),
    }
}

pub async fn insert(tx: &mut Tx, account: AccountId, facts: &Checked, now: Millis) -> db::Result<ContactId> {
    let additional = Value::Object(facts.additional_attributes.clone().unwrap_or_default());
    let mut custom = Value::Object(Map::new());
    put(&mut custom, facts.custom_attributes.clone().unwrap_or_default());
    let row: Row = sql!(concat!(
        "insert into contacts (account_id, name, email, phone_number, identifier, avatar_url, blocked,
           additional_attributes, custom_attributes, created_at, updated_at, sort_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) returning ",
        columns!()
    ))
    .bind(account)
    .bind(facts.name.clone().unwrap_or_default())
    .bind(facts.email.clone().flatten())
    .bind(facts.phone_number.clone().flatten())
    .bind(facts.identifier.clone().flatten())
    .bind(facts.avatar_url.clone().flatten())
    .bind(facts.blocked.unwrap_or_default())
    .bind(additional)
    .bind(custom)
    .bind(now)
    .bind(sort_name(facts.name.as_deref().unwrap_or_default()))
    .fetch_one(&mut *tx)
    .await?;
    if facts.is_somebody() || facts.additional_attributes.is_some() || facts.custom_attributes.is_some() {
        index(tx, account, &row);
    }
    Ok(row.id)
}

/// Reads a contact and keeps others from changing it until the commit.
pub async fn lock(tx: &mut Tx, account: AccountId, id: ContactId, now: Millis) -> Result<Option<Row>> {
    Ok(sql!(concat!("update contacts set updated_at = $3 where account_id = $1 and id = $2 returning ", columns!()))
        .bind(account)
        .bind(id)
        .bind(now)
        .fetch_optional(tx)
        .await?)
}

pub async fn update(tx: &mut Tx, account: AccountId, row: &Row, now: Millis) -> db::Result<()> {
    sql!(
        "update contacts set name = $3, email = $4, phone_number = $5, identifier = $6, avatar_url = $7, blocked = $8,
           additional_attributes = $9, custom_attributes = $10, updated_at = $11, sort_name = $12
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(row.id)
    .bind(&row.name)
    .bind(row.email.clone())
    .bind(row.phone_number.clone())
    .bind(row.identifier.clone())
    .bind(row.avatar_url.clone())
    .bind(row.blocked)
    .bind(&row.additional_attributes.0)
    .bind(&row.custom_attributes.0)
    .bind(now)
    .bind(sort_name(&row.name))
    .execute(&mut *tx)
    .await?;
    index(tx, account, row);
    Ok(())
}

/// Gives a contact a picture by its key, or takes it away.
pub async fn set_picture(tx: &mut Tx, account: AccountId, id: ContactId, key: Option<&str>) -> Result<()> {
    sql!("update contacts set avatar_key = $3 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(key.map(str::to_owned))
        .execute(tx)
        .await?;
    Ok(())
}

/// How exactly the time of a contact's last activity is kept, in milliseconds: a burst of messages writes the row once.
const ACTIVITY_GRAIN: i64 = 10_000;

/// Whether what a contact does now is worth a write.
pub fn is_due(active_at: Option<Millis>, now: Millis) -> bool {
    active_at.is_none_or(|at| at < now - ACTIVITY_GRAIN)
}

/// The contact did something.
pub fn touch(tx: &mut Tx, account: AccountId, id: ContactId, now: Millis) {
    sql!("update contacts set last_activity_at = $3 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(now)
        .later(tx);
}

pub async fn delete(tx: &mut Tx, account: AccountId, id: ContactId) -> Result<bool> {
    search::contact::forget(tx, id);
    let changed =
        sql!("delete from contacts where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?;
    Ok(changed > 0)
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: ContactId) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from contacts where account_id = $1 and id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

pub async fn find_all(db: &Db, account: AccountId, ids: &[ContactId]) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new(concat!("select ", columns!(), " from contacts where +account_id = "));
    query.value(account).push(" and id in ").list(ids.iter().copied());
    Ok(query.build().fetch_all(db).await?)
}

pub async fn find_by_identifier<'c>(on: impl Into<Conn<'c>>, account: AccountId, text: &str) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from contacts where account_id = $1 and identifier = $2"))
        .bind(account)
        .bind(text)
        .fetch_optional(on)
        .await?)
}

pub async fn find_by_email<'c>(on: impl Into<Conn<'c>>, account: AccountId, email: &str) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from contacts where account_id = $1 and email = $2"))
        .bind(account)
        .bind(email)
        .fetch_optional(on)
        .await?)
}

pub async fn find_by_phone<'c>(on: impl Into<Conn<'c>>, account: AccountId, phone: &str) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from contacts where account_id = $1 and phone_number = $2"))
        .bind(account)
        .bind(phone)
        .fetch_optional(on)
        .await?)
}

/// A contact as one inbox knows them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct InInbox {
    pub id: ContactInboxId,
    pub contact_id: ContactId,
    pub inbox_id: InboxId,
    pub source_id: String,
    pub hmac_verified: bool,
}

pub async fn find_in_inbox<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    inbox: InboxId,
    source_id: &str,
) -> Result<Option<InInbox>> {
    Ok(sql!(
        "select id, contact_id, inbox_id, source_id, hmac_verified from contact_inboxes
         where account_id = $1 and inbox_id = $2 and source_id = $3"
    )
    .bind(account)
    .bind(inbox)
    .bind(source_id)
    .fetch_optional(on)
    .await?)
}

/// The same with the newest conversation there.
pub async fn find_visitor(
    db: &Db,
    account: AccountId,
    inbox: InboxId,
    source_id: &str,
) -> Result<Option<(InInbox, Option<ConversationId>)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        place: InInbox,
        newest_id: Option<ConversationId>,
    }
    let row: Option<Row> = sql!(
        "select id, contact_id, inbox_id, source_id, hmac_verified,
           (select max(c.id) from conversations c where c.contact_inbox_id = p.id and c.merged_into is null) as newest_id
         from contact_inboxes p where account_id = $1 and inbox_id = $2 and source_id = $3"
    )
    .bind(account)
    .bind(inbox)
    .bind(source_id)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.place, row.newest_id)))
}

/// The place with this source id in any inbox of the account.
pub async fn find_by_source(db: &Db, account: AccountId, source_id: &str) -> Result<Option<InInbox>> {
    Ok(sql!(
        "select id, contact_id, inbox_id, source_id, hmac_verified from contact_inboxes
         where account_id = $1 and source_id = $2 and inbox_id in (select id from inboxes where account_id = $1)
         order by id desc limit 1"
    )
    .bind(account)
    .bind(source_id)
    .fetch_optional(db)
    .await?)
}

/// A contact's place in an inbox.
pub async fn place(db: &Db, account: AccountId, id: ContactInboxId) -> Result<Option<InInbox>> {
    Ok(sql!(
        "select id, contact_id, inbox_id, source_id, hmac_verified from contact_inboxes
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .fetch_optional(db)
    .await?)
}

/// The contact's places in inboxes, newest first.
pub async fn in_inboxes<'c>(on: impl Into<Conn<'c>>, account: AccountId, contact: ContactId) -> Result<Vec<InInbox>> {
    Ok(sql!(
        "select id, contact_id, inbox_id, source_id, hmac_verified from contact_inboxes
         where +account_id = $1 and contact_id = $2 order by id desc limit 200"
    )
    .bind(account)
    .bind(contact)
    .fetch_all(on)
    .await?)
}

/// The places of these contacts in inboxes, newest first.
pub async fn places_of(db: &Db, account: AccountId, contacts: &[ContactId]) -> Result<Vec<InInbox>> {
    let mut query = Builder::new(
        "select id, contact_id, inbox_id, source_id, hmac_verified from contact_inboxes where +account_id = ",
    );
    query.value(account).push(" and contact_id in ").list(contacts.iter().copied());
    query.push(" order by id desc limit 2000");
    Ok(query.build().fetch_all(db).await?)
}

/// The places of a contact in which there are conversations.
pub async fn places_with_conversations(db: &Db, account: AccountId, contact: ContactId) -> Result<Vec<ContactInboxId>> {
    let rows: Vec<(ContactInboxId,)> =
        sql!("select distinct contact_inbox_id from conversations where +account_id = $1 and contact_id = $2")
            .bind(account)
            .bind(contact)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn insert_in_inbox(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    contact: ContactId,
    source_id: &str,
    now: Millis,
) -> db::Result<ContactInboxId> {
    let (id,): (ContactInboxId,) = sql!(
        "insert into contact_inboxes (account_id, contact_id, inbox_id, source_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5) returning id"
    )
    .bind(account)
    .bind(contact)
    .bind(inbox)
    .bind(source_id)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn set_verified(tx: &mut Tx, account: AccountId, id: ContactInboxId, now: Millis) -> Result<()> {
    sql!("update contact_inboxes set hmac_verified = true, updated_at = $3 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps others from opening a conversation in the same place until the commit.
pub async fn lock_in_inbox(tx: &mut Tx, account: AccountId, id: ContactInboxId, now: Millis) -> Result<()> {
    sql!("update contact_inboxes set updated_at = $3 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// How many contacts an account has.
pub async fn count(db: &Db, account: AccountId) -> db::Result<i64> {
    let (count,): (i64,) =
        sql!("select count(*) from contacts where account_id = $1").bind(account).fetch_one(db).await?;
    Ok(count)
}

/// Whether the contact has a conversation that the agent may know of.
pub async fn has_conversation_for(db: &Db, agent: &AgentActor, id: ContactId) -> db::Result<bool> {
    let mut query = Builder::new("select exists (select 1 from conversations c where +c.account_id = ");
    query.value(agent.account_id).push(" and c.contact_id = ").value(id);
    agent.scope_conversations(&mut query);
    query.push(")");
    let (met,): (bool,) = query.build().fetch_one(db).await?;
    Ok(met)
}

/// The language of an account.
pub async fn locale(db: &Db, account: AccountId) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sql!("select locale from accounts where id = $1").bind(account).fetch_optional(db).await?;
    Ok(row.map(|(locale,)| locale))
}
