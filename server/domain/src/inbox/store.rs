//! The SQL of inboxes.

use db::{Conn, Db, Json, Tx, sql};
use model::inbox::InboxTrouble;
use model::{AccountId, ConversationId, InboxId, Millis, UserId};
use serde_json::Value;

use super::Settings;
use crate::Result;

/// An inbox's row without its secrets.
#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub id: InboxId,
    pub account_id: AccountId,
    pub name: String,
    pub channel: String,
    pub identifier: String,
    pub config: Json<Value>,
    pub avatar_key: Option<String>,
    pub greeting_enabled: bool,
    pub greeting_message: String,
    pub enable_auto_assignment: bool,
    pub enable_email_collect: bool,
    pub csat_survey_enabled: bool,
    pub working_hours_enabled: bool,
    pub working_hours: Json<Value>,
    pub out_of_office_message: String,
    pub timezone: String,
    pub allow_messages_after_resolved: bool,
    pub lock_to_single_conversation: bool,
    pub trouble: Option<InboxTrouble>,
    pub created_at: Millis,
}

macro_rules! columns {
    () => {
        "id, account_id, name, channel, identifier, config, avatar_key, greeting_enabled, greeting_message,
           enable_auto_assignment, enable_email_collect, csat_survey_enabled, working_hours_enabled, working_hours,
           out_of_office_message, timezone, allow_messages_after_resolved, lock_to_single_conversation, trouble, created_at"
    };
}

#[expect(clippy::too_many_arguments, reason = "one for each column that has no default")]
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    channel: &str,
    identifier: &str,
    name: &str,
    config: &Value,
    secrets: Vec<u8>,
    now: Millis,
) -> db::Result<InboxId> {
    let (id,): (InboxId,) = sql!(
        "insert into inboxes (account_id, channel, identifier, name, config, secrets, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7) returning id"
    )
    .bind(account)
    .bind(channel)
    .bind(identifier)
    .bind(name)
    .bind(config)
    .bind(secrets)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn update(
    tx: &mut Tx,
    account: AccountId,
    id: InboxId,
    settings: &Settings,
    config: Option<&Value>,
    now: Millis,
) -> Result<()> {
    sql!(
        "update inboxes set name = coalesce($3, name), config = coalesce($4, config),
           greeting_enabled = coalesce($5, greeting_enabled), greeting_message = coalesce($6, greeting_message),
           enable_auto_assignment = coalesce($7, enable_auto_assignment),
           enable_email_collect = coalesce($8, enable_email_collect),
           csat_survey_enabled = coalesce($9, csat_survey_enabled),
           working_hours_enabled = coalesce($10, working_hours_enabled),
           out_of_office_message = coalesce($11, out_of_office_message), timezone = coalesce($12, timezone),
           allow_messages_after_resolved = coalesce($13, allow_messages_after_resolved),
           lock_to_single_conversation = coalesce($14, lock_to_single_conversation), updated_at = $15,
           working_hours = coalesce($16, working_hours)
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(settings.name.clone())
    .bind(config.cloned())
    .bind(settings.greeting_enabled)
    .bind(settings.greeting_message.clone())
    .bind(settings.enable_auto_assignment)
    .bind(settings.enable_email_collect)
    .bind(settings.csat_survey_enabled)
    .bind(settings.working_hours_enabled)
    .bind(settings.out_of_office_message.clone())
    .bind(settings.timezone.clone())
    .bind(settings.allow_messages_after_resolved)
    .bind(settings.lock_to_single_conversation)
    .bind(now)
    .bind(settings.working_hours.as_ref().map(serde_json::to_value).transpose()?)
    .execute(tx)
    .await?;
    Ok(())
}

/// What keeps an inbox from working.
pub async fn trouble(tx: &mut Tx, account: AccountId, id: InboxId) -> Result<Option<InboxTrouble>> {
    let row: Option<(Option<InboxTrouble>,)> = sql!("select trouble from inboxes where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .fetch_optional(tx)
        .await?;
    Ok(row.and_then(|(trouble,)| trouble))
}

/// Notes what keeps an inbox from working. Whether that is news.
pub async fn set_trouble(tx: &mut Tx, account: AccountId, id: InboxId, trouble: Option<InboxTrouble>) -> Result<bool> {
    let changed = sql!(
        "update inboxes set trouble = $3
         where account_id = $1 and id = $2 and coalesce(trouble, '') <> coalesce($3, '')"
    )
    .bind(account)
    .bind(id)
    .bind(trouble.map(|trouble| trouble.as_str().to_owned()))
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Settings of the channel that only the rules change.
pub async fn set_config(tx: &mut Tx, account: AccountId, id: InboxId, config: &Value, now: Millis) -> Result<()> {
    sql!("update inboxes set config = $3, updated_at = $4 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(config)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, account: AccountId, id: InboxId) -> Result<bool> {
    let changed =
        sql!("delete from inboxes where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?;
    Ok(changed > 0)
}

pub async fn find<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: InboxId) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from inboxes where account_id = $1 and id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(on)
        .await?)
}

/// The inbox of a conversation, where it is of this channel.
pub async fn of_conversation(
    tx: &mut Tx,
    account: AccountId,
    id: ConversationId,
    channel: &str,
) -> Result<Option<Row>> {
    Ok(sql!(concat!(
        "select ",
        columns!(),
        " from inboxes where account_id = $1 and channel = $3
           and id = (select inbox_id from conversations where account_id = $1 and id = $2)"
    ))
    .bind(account)
    .bind(id)
    .bind(channel)
    .fetch_optional(tx)
    .await?)
}

/// An inbox with what its visitors need to know of its account.
#[derive(Debug, sqlx::FromRow)]
pub struct PublicRow {
    #[sqlx(flatten)]
    pub inbox: Row,
    pub suspended: bool,
    pub locale: String,
}

pub async fn find_by_identifier(db: &Db, channel: &str, identifier: &str) -> Result<Option<PublicRow>> {
    let query = sql!(concat!(
        "select ",
        columns!(),
        ", (select suspended from accounts where accounts.id = inboxes.account_id) as suspended,
           (select locale from accounts where accounts.id = inboxes.account_id) as locale
         from inboxes where channel = $1 and identifier = $2"
    ));
    Ok(query.bind(channel).bind(identifier).fetch_optional(db).await?)
}

pub async fn all<'c>(on: impl Into<Conn<'c>>, account: AccountId) -> Result<Vec<Row>> {
    Ok(sql!(concat!("select ", columns!(), " from inboxes where account_id = $1 order by name, id limit 1000"))
        .bind(account)
        .fetch_all(on)
        .await?)
}

pub async fn secrets(db: &Db, account: AccountId, id: InboxId) -> Result<Option<Vec<u8>>> {
    let row: Option<(Option<Vec<u8>>,)> = sql!("select secrets from inboxes where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row.and_then(|(secrets,)| secrets))
}

pub async fn set_secrets(tx: &mut Tx, account: AccountId, id: InboxId, secrets: Vec<u8>, now: Millis) -> Result<()> {
    sql!("update inboxes set secrets = $3, updated_at = $4 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(secrets)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Those of the given people who belong to the account.
pub async fn members_of_account(tx: &mut Tx, account: AccountId, users: &[UserId]) -> Result<Vec<UserId>> {
    let mut query = db::Builder::new("select user_id from account_users where account_id = ");
    query.value(account).push(" and user_id in ").list(users.iter().copied());
    let rows: Vec<(UserId,)> = query.build().fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn add_member(tx: &mut Tx, account: AccountId, id: InboxId, user: UserId) -> Result<bool> {
    let changed = sql!(
        "insert into inbox_members (inbox_id, user_id, account_id) values ($1, $2, $3) on conflict (inbox_id, user_id) do nothing"
    )
    .bind(id)
    .bind(user)
    .bind(account)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

pub async fn remove_member(tx: &mut Tx, account: AccountId, id: InboxId, user: UserId) -> Result<bool> {
    let changed = sql!("delete from inbox_members where account_id = $1 and inbox_id = $2 and user_id = $3")
        .bind(account)
        .bind(id)
        .bind(user)
        .execute(tx)
        .await?;
    Ok(changed > 0)
}

/// Gives back the conversations of an inbox that are not resolved and belong to somebody who does not see them; which.
pub async fn release_unseen(
    tx: &mut Tx,
    account: AccountId,
    id: InboxId,
    user: UserId,
    now: Millis,
) -> Result<Vec<ConversationId>> {
    let rows: Vec<(ConversationId,)> = sql!(
        "update conversations set last_assignee_id = assignee_id, assignee_id = null,
           updated_at = case when updated_at < $4 then $4 else updated_at + 1 end
         where account_id = $1 and inbox_id = $2 and assignee_id = $3 and status <> 'resolved'
           and not exists (select 1 from account_users where account_id = $1 and user_id = $3 and role = 'administrator')
         returning id"
    )
    .bind(account)
    .bind(id)
    .bind(user)
    .bind(now)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn members<'c>(on: impl Into<Conn<'c>>, account: AccountId, id: InboxId) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> =
        sql!("select user_id from inbox_members where account_id = $1 and inbox_id = $2 order by user_id")
            .bind(account)
            .bind(id)
            .fetch_all(on)
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether nobody may work in the account, nor reach it.
pub async fn is_suspended(db: &Db, account: AccountId) -> Result<bool> {
    let row: Option<(bool,)> =
        sql!("select suspended from accounts where id = $1").bind(account).fetch_optional(db).await?;
    Ok(row.is_none_or(|(suspended,)| suspended))
}

/// The account of an inbox; for signed names, which carry no account.
pub async fn account_of(db: &Db, id: InboxId) -> Result<Option<AccountId>> {
    let row: Option<(AccountId,)> =
        sql!("select account_id from inboxes where id = $1").bind(id).fetch_optional(db).await?;
    Ok(row.map(|(account,)| account))
}
