//! The SQL of conversations.

use db::{Builder, Conn, Db, Json, Tx, sql};
use model::{
    AccountId, ContactId, ContactInboxId, ConversationId, ConversationStatus, DisplayId, InboxId, MessageId, Millis,
    Priority, TeamId, UserId,
};
use serde_json::Value;

use crate::event::Reach;
use crate::{Result, search};

pub mod folder;
mod shown;

pub use shown::{DetailRow, ListRow, details, list_rows};

/// What the rules need to know of a conversation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Facts {
    pub id: ConversationId,
    pub account_id: AccountId,
    pub display_id: DisplayId,
    pub inbox_id: InboxId,
    pub contact_id: ContactId,
    pub contact_inbox_id: ContactInboxId,
    pub status: ConversationStatus,
    pub priority: Option<Priority>,
    pub assignee_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    pub custom_attributes: Json<Value>,
    pub last_message_id: Option<MessageId>,
    pub last_public_message_id: Option<MessageId>,
    pub unread_count: i64,
    pub contact_unread_count: i64,
    pub last_activity_at: Millis,
    pub first_reply_created_at: Option<Millis>,
    pub waiting_since: Option<Millis>,
    pub snoozed_until: Option<Millis>,
    /// The conversation that took over its messages.
    pub merged_into: Option<ConversationId>,
    /// Key of its inbox's channel.
    pub channel: String,
    pub contact_blocked: bool,
    pub contact_has_email: bool,
    pub inbox_has_hours: bool,
    /// When the contact did something last, before this change.
    pub contact_active_at: Option<Millis>,
}

impl Facts {
    /// Who can know of it.
    pub fn reach(&self) -> Reach {
        Reach { inbox_id: self.inbox_id, assignee_id: self.assignee_id }
    }
}

macro_rules! facts {
    () => {
        "id, account_id, display_id, inbox_id, contact_id, contact_inbox_id, status, priority, assignee_id, team_id,
         custom_attributes, last_message_id, last_public_message_id, unread_count, contact_unread_count, last_activity_at,
         first_reply_created_at, waiting_since, snoozed_until, merged_into,
         (select channel from inboxes where inboxes.id = conversations.inbox_id) as channel,
         (select working_hours_enabled from inboxes where inboxes.id = conversations.inbox_id) as inbox_has_hours,
         coalesce((select blocked from contacts where contacts.id = conversations.contact_id), false) as contact_blocked,
         exists (select 1 from contacts where contacts.id = conversations.contact_id and email is not null) as contact_has_email,
         (select last_activity_at from contacts where contacts.id = conversations.contact_id) as contact_active_at"
    };
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: DisplayId) -> Result<Option<Facts>> {
    Ok(sql!(concat!("select ", facts!(), " from conversations where account_id = $1 and display_id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

/// The same by its own id.
pub async fn find_by_id<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: ConversationId) -> Result<Option<Facts>> {
    Ok(sql!(concat!("select ", facts!(), " from conversations where account_id = $1 and id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

/// Reads a conversation and keeps others from changing it until the commit.
///
/// Its time of change always grows, whatever the clocks of several nodes say: by it a screen knows which of two pictures of a
/// conversation is the newer one.
pub async fn lock(tx: &mut Tx, account: AccountId, id: ConversationId, now: Millis) -> Result<Option<Facts>> {
    Ok(sql!(concat!(
        "update conversations set updated_at = case when updated_at < $3 then $3 else updated_at + 1 end
         where account_id = $1 and id = $2 returning ",
        facts!()
    ))
    .bind(account)
    .bind(id)
    .bind(now)
    .fetch_optional(tx)
    .await?)
}

/// The same for a change that will write the row itself, with its time: it is not written twice.
pub async fn hold(tx: &mut Tx, account: AccountId, id: ConversationId) -> Result<Option<Facts>> {
    let query = match tx {
        Tx::Postgres(_) => db::Query::fixed(concat!(
            "select ",
            facts!(),
            " from conversations where account_id = $1 and id = $2 for no key update"
        )),
        // Whoever has begun a change is the only one who writes.
        Tx::Sqlite(_) => sql!(concat!("select ", facts!(), " from conversations where account_id = $1 and id = $2")),
    };
    Ok(query.bind(account).bind(id).fetch_optional(tx).await?)
}

/// The newest conversation of a contact's place in an inbox; for proven contacts, of all their proven places in it.
pub async fn newest<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    places: &[ContactInboxId],
) -> Result<Option<Facts>> {
    let mut query = Builder::new(concat!("select ", facts!(), " from conversations where +account_id = "));
    query.value(account).push(" and contact_inbox_id in ").list(places.iter().copied());
    query.push(" and merged_into is null order by id desc limit 1");
    Ok(query.build().fetch_optional(on).await?)
}

/// The conversations of a contact's places, newest first.
pub async fn ids_in_places(db: &Db, account: AccountId, places: &[ContactInboxId]) -> Result<Vec<ConversationId>> {
    let mut query = Builder::new("select id from conversations where +account_id = ");
    query.value(account).push(" and contact_inbox_id in ").list(places.iter().copied());
    query.push(" order by id desc limit 100");
    let rows: Vec<(ConversationId,)> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The conversations of a contact, newest first.
pub async fn of_contact(tx: &mut Tx, account: AccountId, contact: ContactId) -> Result<Vec<Facts>> {
    let mut query = Builder::new(concat!("select ", facts!(), " from conversations where +account_id = "));
    query.value(account).push(" and contact_id = ").value(contact).push(" order by id desc limit 1000");
    Ok(query.build().fetch_all(tx).await?)
}

/// A conversation to be written.
#[derive(Debug, Clone)]
pub struct NewRow {
    pub inbox_id: InboxId,
    pub contact_id: ContactId,
    pub contact_inbox_id: ContactInboxId,
    pub uuid: String,
    pub status: ConversationStatus,
    pub assignee_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    pub snoozed_until: Option<Millis>,
    pub additional_attributes: Value,
    pub custom_attributes: Value,
}

pub async fn insert(tx: &mut Tx, account: AccountId, new: &NewRow, now: Millis) -> Result<(ConversationId, DisplayId)> {
    let (number,): (DisplayId,) =
        sql!("update accounts set last_display_id = last_display_id + 1 where id = $1 returning last_display_id")
            .bind(account)
            .fetch_one(&mut *tx)
            .await?;
    let (id,): (ConversationId,) = sql!(
        "insert into conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, uuid, status, assignee_id,
           team_id, snoozed_until, additional_attributes, custom_attributes, last_activity_at, waiting_since, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13, $13) returning id"
    )
    .bind(account)
    .bind(new.inbox_id)
    .bind(new.contact_id)
    .bind(new.contact_inbox_id)
    .bind(number)
    .bind(&new.uuid)
    .bind(new.status)
    .bind(new.assignee_id)
    .bind(new.team_id)
    .bind(new.snoozed_until)
    .bind(&new.additional_attributes)
    .bind(&new.custom_attributes)
    .bind(now)
    .fetch_one(&mut *tx)
    .await?;
    search::conversation::index(tx, id, &new.additional_attributes, &new.custom_attributes);
    follow(tx, account, id, new.assignee_id, now).await?;
    Ok((id, number))
}

pub async fn delete(tx: &mut Tx, account: AccountId, id: ConversationId) -> Result<()> {
    sql!("delete from conversations where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?;
    Ok(())
}

/// The columns that a message changes.
#[derive(Debug, Clone)]
pub struct AfterMessage {
    pub status: ConversationStatus,
    pub snoozed_until: Option<Millis>,
    pub last_message_id: Option<MessageId>,
    pub last_public_message_id: Option<MessageId>,
    pub unread_count: i64,
    pub contact_unread_count: i64,
    pub last_activity_at: Millis,
    pub first_reply_created_at: Option<Millis>,
    pub waiting_since: Option<Millis>,
}

impl AfterMessage {
    /// As it was, but active now.
    pub fn new(facts: &Facts, at: Millis) -> Self {
        Self {
            status: facts.status,
            snoozed_until: facts.snoozed_until,
            last_message_id: facts.last_message_id,
            last_public_message_id: facts.last_public_message_id,
            unread_count: facts.unread_count,
            contact_unread_count: facts.contact_unread_count,
            last_activity_at: at,
            first_reply_created_at: facts.first_reply_created_at,
            waiting_since: facts.waiting_since,
        }
    }
}

/// What a message did to its conversation; written with what comes next in the change.
pub fn after_message(tx: &mut Tx, facts: &Facts, after: &AfterMessage) {
    sql!(
        "update conversations set status = $3, snoozed_until = $4, last_message_id = $5, last_public_message_id = $6,
           unread_count = $7, contact_unread_count = $8, last_activity_at = $9, first_reply_created_at = $10,
           waiting_since = $11, updated_at = case when updated_at < $9 then $9 else updated_at + 1 end
         where account_id = $1 and id = $2"
    )
    .bind(facts.account_id)
    .bind(facts.id)
    .bind(after.status)
    .bind(after.snoozed_until)
    .bind(after.last_message_id)
    .bind(after.last_public_message_id)
    .bind(after.unread_count)
    .bind(after.contact_unread_count)
    .bind(after.last_activity_at)
    .bind(after.first_reply_created_at)
    .bind(after.waiting_since)
    .later(tx);
}

pub async fn set_status(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    status: ConversationStatus,
    snoozed_until: Option<Millis>,
) -> Result<()> {
    sql!("update conversations set status = $3, snoozed_until = $4 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(status)
        .bind(snoozed_until)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_owner(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    assignee: Option<UserId>,
    team: Option<TeamId>,
) -> Result<()> {
    let (now,): (Millis,) = sql!(
        "update conversations set last_assignee_id = coalesce(assignee_id, last_assignee_id), assignee_id = $3, team_id = $4
         where account_id = $1 and id = $2 returning updated_at"
    )
    .bind(account)
    .bind(id)
    .bind(assignee)
    .bind(team)
    .fetch_one(&mut *tx)
    .await?;
    follow(tx, account, id, assignee, now).await
}

/// Whoever is given a conversation follows it from then on.
async fn follow(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    assignee: Option<UserId>,
    now: Millis,
) -> Result<()> {
    let Some(user) = assignee else { return Ok(()) };
    sql!(
        "insert into conversation_participants (conversation_id, user_id, account_id, created_at) values ($1, $2, $3, $4)
         on conflict (conversation_id, user_id) do nothing"
    )
    .bind(id)
    .bind(user)
    .bind(account)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The number by which conversations are sorted for a priority.
pub(crate) fn rank(priority: Option<Priority>) -> i64 {
    match priority {
        None => 0,
        Some(Priority::Low) => 1,
        Some(Priority::Medium) => 2,
        Some(Priority::High) => 3,
        Some(Priority::Urgent) => 4,
    }
}

pub async fn set_priority(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    priority: Option<Priority>,
) -> Result<()> {
    sql!("update conversations set priority = $3, priority_rank = $4 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(priority)
        .bind(rank(priority))
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_custom_attributes(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    attributes: &Value,
) -> Result<()> {
    sql!("update conversations set custom_attributes = $3 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(attributes)
        .execute(&mut *tx)
        .await?;
    search::conversation::index_again(tx, id).await
}

/// An agent looked at it.
pub async fn set_agent_seen(tx: &mut Tx, facts: &Facts, by_assignee: bool, now: Millis, unread: i64) -> Result<()> {
    sql!(
        "update conversations set agent_last_seen_at = $3, unread_count = $4,
           assignee_last_seen_at = case when $5 then $3 else assignee_last_seen_at end
         where account_id = $1 and id = $2"
    )
    .bind(facts.account_id)
    .bind(facts.id)
    .bind(now)
    .bind(unread)
    .bind(by_assignee)
    .execute(tx)
    .await?;
    Ok(())
}

/// The contact looked at it.
pub async fn set_contact_seen(tx: &mut Tx, account: AccountId, id: ConversationId, now: Millis) -> Result<()> {
    sql!(
        "update conversations set contact_last_seen_at = $3, contact_unread_count = 0
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The labels of these conversations by title.
pub async fn labels<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, String)>> {
    let mut query = Builder::new(
        "select cl.conversation_id, l.title from conversation_labels cl join labels l on l.id = cl.label_id
         where +l.account_id = ",
    );
    query.value(account).push(" and cl.conversation_id in ").list(ids.iter().copied());
    query.push(" order by cl.conversation_id, l.title");
    Ok(query.build().fetch_all(on).await?)
}

/// Makes exactly these labels the conversation's; unknown titles are left out.
///
/// Written at once and never with a change of the conversation's place in one statement: what counts both looks at the other
/// (`conversation_tallies`).
pub async fn set_labels(tx: &mut Tx, account: AccountId, id: ConversationId, titles: &[String]) -> Result<()> {
    sql!("delete from conversation_labels where conversation_id = $1").bind(id).execute(&mut *tx).await?;
    if titles.is_empty() {
        return Ok(());
    }
    let mut query = Builder::new("insert into conversation_labels (conversation_id, label_id) select ");
    query.push("CAST(").value(id).push(" AS BIGINT), l.id from labels l where l.account_id = ").value(account);
    query.push(" and l.title in ").list(titles.iter());
    query.build().execute(tx).await?;
    Ok(())
}

/// The contact's places in an inbox that were proven to be theirs.
pub async fn proven_places<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    contact: ContactId,
    inbox: InboxId,
) -> Result<Vec<ContactInboxId>> {
    let rows: Vec<(ContactInboxId,)> = sql!(
        "select id from contact_inboxes where +account_id = $1 and contact_id = $2 and inbox_id = $3 and hmac_verified = true
         order by id desc limit 100"
    )
    .bind(account)
    .bind(contact)
    .bind(inbox)
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The language of an account, for lines in its conversations.
pub async fn account_locale(tx: &mut Tx, account: AccountId) -> Result<(String,)> {
    Ok(sql!("select locale from accounts where id = $1").bind(account).fetch_one(tx).await?)
}

/// What a conversation began with, and the account's language: by these its contact is spoken to.
pub async fn origin(tx: &mut Tx, account: AccountId, id: ConversationId) -> Result<(Json<Value>, String)> {
    Ok(sql!(
        "select c.additional_attributes, a.locale from conversations c join accounts a on a.id = c.account_id
         where c.account_id = $1 and c.id = $2"
    )
    .bind(account)
    .bind(id)
    .fetch_one(tx)
    .await?)
}

/// A team's name.
pub async fn team_name(db: &Db, account: AccountId, id: TeamId) -> Result<Option<String>> {
    let row: Option<(String,)> = sql!("select name from teams where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|(name,)| name))
}

/// Whether somebody belongs to an inbox, or to all of the account.
pub async fn reaches(tx: &mut Tx, account: AccountId, inbox: InboxId, user: UserId) -> Result<bool> {
    let (reaches,): (bool,) = sql!(
        "select exists (select 1 from account_users au where au.account_id = $1 and au.user_id = $2
           and (au.role = 'administrator' or exists (
             select 1 from inbox_members m where m.inbox_id = $3 and m.user_id = au.user_id)))"
    )
    .bind(account)
    .bind(user)
    .bind(inbox)
    .fetch_one(tx)
    .await?;
    Ok(reaches)
}

/// How many messages of the contact are newer than `since`.
pub async fn count_incoming_since(tx: &mut Tx, account: AccountId, id: ConversationId, since: Millis) -> Result<i64> {
    let (count,): (i64,) = sql!(
        "select count(*) from messages where account_id = $1 and conversation_id = $2 and kind = 'incoming' and created_at > $3"
    )
    .bind(account)
    .bind(id)
    .bind(since)
    .fetch_one(tx)
    .await?;
    Ok(count)
}
