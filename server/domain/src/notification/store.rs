//! The SQL of what people are to be told, and of what they do not want to be.

use db::{Db, Tx, sql};
use model::notification::NotificationKind;
use model::{AccountId, ConversationId, InboxId, MessageId, Millis, NotificationId, UserId};

use crate::Result;

/// Something to be told of a conversation.
#[derive(Debug, Clone, Copy)]
pub struct New {
    pub account: AccountId,
    pub user: UserId,
    pub kind: NotificationKind,
    pub conversation: ConversationId,
    pub message: Option<MessageId>,
    pub by: Option<UserId>,
}

/// Something to be told, as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub id: NotificationId,
    pub account_id: AccountId,
    pub user_id: UserId,
    pub kind: NotificationKind,
    pub conversation_id: Option<ConversationId>,
    pub inbox_id: Option<InboxId>,
    pub message_id: Option<MessageId>,
    pub by_id: Option<UserId>,
    pub turn: i64,
}

macro_rules! row {
    () => {
        "id, account_id, user_id, kind, conversation_id, inbox_id, message_id, by_id, turn"
    };
}

/// Writes it down; what waits already takes the newest in.
pub async fn add(tx: &mut Tx, new: &New, now: Millis) -> Result<NotificationId> {
    let (id,): (NotificationId,) = sql!(
        "insert into notifications (account_id, user_id, kind, conversation_id, message_id, by_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (conversation_id, user_id, kind) do update set message_id = excluded.message_id, by_id = excluded.by_id,
           turn = notifications.turn + 1, taken_until = 0
         returning id"
    )
    .bind(new.account)
    .bind(new.user)
    .bind(new.kind.as_str())
    .bind(new.conversation)
    .bind(new.message)
    .bind(new.by)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// Writes it down unless something of the kind waits or was told already.
pub async fn add_once(tx: &mut Tx, new: &New, now: Millis) -> Result<Option<NotificationId>> {
    let row: Option<(NotificationId,)> = sql!(
        "insert into notifications (account_id, user_id, kind, conversation_id, message_id, by_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (conversation_id, user_id, kind) do nothing returning id"
    )
    .bind(new.account)
    .bind(new.user)
    .bind(new.kind.as_str())
    .bind(new.conversation)
    .bind(new.message)
    .bind(new.by)
    .bind(now)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Writes down for all administrators but one that an inbox stopped working.
pub async fn add_for_administrators(
    tx: &mut Tx,
    account: AccountId,
    inbox: InboxId,
    but: Option<UserId>,
    now: Millis,
) -> Result<Vec<NotificationId>> {
    let rows: Vec<(NotificationId,)> = sql!(
        "insert into notifications (account_id, user_id, kind, inbox_id, by_id, created_at)
         select account_id, user_id, $3, CAST($2 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT) from account_users
         where account_id = $1 and role = 'administrator' and (CAST($4 AS BIGINT) is null or user_id <> $4)
         on conflict (inbox_id, user_id, kind) do nothing returning id"
    )
    .bind(account)
    .bind(inbox)
    .bind(NotificationKind::InboxLost.as_str())
    .bind(but)
    .bind(now)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What is still to be told.
pub async fn find(db: &Db, account: AccountId, id: NotificationId) -> Result<Option<Row>> {
    Ok(sql!(concat!("select ", row!(), " from notifications where account_id = $1 and id = $2 and mailed_at is null"))
        .bind(account)
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// All of a kind that is still to be told to somebody, the oldest first.
pub async fn waiting(db: &Db, of: &Row, limit: i64) -> Result<Vec<Row>> {
    Ok(sql!(concat!(
        "select ",
        row!(),
        " from notifications where account_id = $1 and user_id = $2 and kind = $3 and mailed_at is null order by id limit $4"
    ))
    .bind(of.account_id)
    .bind(of.user_id)
    .bind(of.kind.as_str())
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// Takes it for oneself, as it is now; `None` when somebody else has it or it is no news any more.
pub async fn take(tx: &mut Tx, row: &Row, now: Millis, until: Millis) -> Result<Option<Row>> {
    Ok(sql!(concat!(
        "update notifications set taken_until = $4
         where account_id = $1 and id = $2 and mailed_at is null and taken_until <= $3 returning ",
        row!()
    ))
    .bind(row.account_id)
    .bind(row.id)
    .bind(now)
    .bind(until)
    .fetch_optional(tx)
    .await?)
}

/// Lets others try.
pub async fn release(tx: &mut Tx, row: &Row) -> Result<()> {
    sql!("update notifications set taken_until = 0 where account_id = $1 and id = $2 and turn = $3")
        .bind(row.account_id)
        .bind(row.id)
        .bind(row.turn)
        .execute(tx)
        .await?;
    Ok(())
}

/// It was told, and nothing more of the kind is until it is forgotten.
pub async fn keep(tx: &mut Tx, row: &Row, now: Millis) -> Result<()> {
    sql!("update notifications set mailed_at = $4, taken_until = 0 where account_id = $1 and id = $2 and turn = $3")
        .bind(row.account_id)
        .bind(row.id)
        .bind(row.turn)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// It is no news any more, unless something was added meanwhile.
pub async fn forget(tx: &mut Tx, row: &Row) -> Result<()> {
    sql!("delete from notifications where account_id = $1 and id = $2 and turn = $3")
        .bind(row.account_id)
        .bind(row.id)
        .bind(row.turn)
        .execute(tx)
        .await?;
    Ok(())
}

/// What whoever had a conversation was to be told as the one who has it.
pub async fn forget_owner(tx: &mut Tx, conversation: ConversationId) -> Result<()> {
    sql!(
        "delete from notifications
         where conversation_id = $1 and kind in ('conversation_assignment', 'assigned_conversation_new_message')"
    )
    .bind(conversation)
    .execute(tx)
    .await?;
    Ok(())
}

/// What somebody was to be told of a conversation.
pub async fn forget_conversation(tx: &mut Tx, conversation: ConversationId, user: UserId) -> Result<()> {
    sql!("delete from notifications where conversation_id = $1 and user_id = $2")
        .bind(conversation)
        .bind(user)
        .execute(tx)
        .await?;
    Ok(())
}

/// What anybody was to be told of an inbox.
pub async fn forget_inbox(tx: &mut Tx, inbox: InboxId) -> Result<()> {
    sql!("delete from notifications where inbox_id = $1").bind(inbox).execute(tx).await?;
    Ok(())
}

/// What somebody was to be told of conversations of an account.
pub async fn forget_all(tx: &mut Tx, account: AccountId, user: UserId) -> Result<()> {
    sql!("delete from notifications where account_id = $1 and user_id = $2 and conversation_id is not null")
        .bind(account)
        .bind(user)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets what is older.
pub async fn prune(db: &Db, before: Millis) -> Result<()> {
    sql!("delete from notifications where created_at < $1").bind(before).execute(db.writer()).await?;
    Ok(())
}

/// What somebody does not want to be told.
pub async fn muted(db: &Db, account: AccountId, user: UserId) -> Result<Vec<NotificationKind>> {
    let rows: Vec<(NotificationKind,)> =
        sql!("select kind from notification_mutes where account_id = $1 and user_id = $2")
            .bind(account)
            .bind(user)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(kind,)| kind).collect())
}

/// Notes whether somebody wants to be told something.
pub async fn switch(tx: &mut Tx, account: AccountId, user: UserId, kind: NotificationKind, on: bool) -> Result<()> {
    let query = if on {
        sql!("delete from notification_mutes where account_id = $1 and user_id = $2 and kind = $3")
    } else {
        sql!(
            "insert into notification_mutes (account_id, user_id, kind) values ($1, $2, $3)
             on conflict (account_id, user_id, kind) do nothing"
        )
    };
    query.bind(account).bind(user).bind(kind.as_str()).execute(tx).await?;
    Ok(())
}
