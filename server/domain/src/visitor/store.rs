//! The SQL of a visitor's lists of conversations.

use db::{Builder, Db};
use model::{AccountId, ContactInboxId, ConversationId, ConversationStatus, DisplayId, MessageId, Millis, UserId};

use crate::Result;

/// A conversation in a list of its contact's.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct GlanceRow {
    pub display_id: DisplayId,
    pub status: ConversationStatus,
    pub created_at: Millis,
    pub last_activity_at: Millis,
    pub contact_unread_count: i64,
    pub last_public_message_id: Option<MessageId>,
    pub assignee_id: Option<UserId>,
    pub assignee_name: Option<String>,
    pub assignee_avatar_key: Option<String>,
}

/// Which closed conversations are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Past {
    pub since: Option<Millis>,
    pub until: Option<Millis>,
    pub number: Option<DisplayId>,
    /// Behind this one in the order of the list.
    pub before: Option<(Millis, ConversationId)>,
}

fn glances(account: AccountId, places: &[ContactInboxId]) -> Builder {
    let mut query = Builder::new(
        "select c.display_id, c.status, c.created_at, c.last_activity_at, c.contact_unread_count, c.last_public_message_id,
           c.assignee_id, coalesce(nullif(u.display_name, ''), u.name) as assignee_name, u.avatar_key as assignee_avatar_key
         from conversations c left join users u on u.id = c.assignee_id
         where +c.account_id = ",
    );
    query.value(account).push(" and c.contact_inbox_id in ").list(places.iter().copied());
    query.push(" and c.merged_into is null");
    query
}

/// What is not closed, or closed and unread.
pub async fn active(db: &Db, account: AccountId, places: &[ContactInboxId], limit: i64) -> Result<Vec<GlanceRow>> {
    let mut query = glances(account, places);
    query.push(" and (c.status <> ").value(ConversationStatus::Resolved).push(" or c.contact_unread_count > 0)");
    query.push(" order by c.last_activity_at desc, c.id desc limit ").value(limit);
    Ok(query.build().fetch_all(db).await?)
}

/// Closed conversations, the one that went on last first.
pub async fn closed(
    db: &Db,
    account: AccountId,
    places: &[ContactInboxId],
    past: &Past,
    limit: usize,
) -> Result<Vec<GlanceRow>> {
    let mut query = glances(account, places);
    query.push(" and c.status = ").value(ConversationStatus::Resolved);
    if let Some(number) = past.number {
        query.push(" and c.display_id = ").value(number);
    }
    if let Some(since) = past.since {
        query.push(" and c.last_activity_at >= ").value(since);
    }
    if let Some(until) = past.until {
        query.push(" and c.created_at < ").value(until);
    }
    if let Some((at, id)) = past.before {
        query.push(" and (c.last_activity_at < ").value(at).push(" or (c.last_activity_at = ").value(at);
        query.push(" and c.id < ").value(id).push("))");
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    query.push(" order by c.last_activity_at desc, c.id desc limit ").value(limit);
    Ok(query.build().fetch_all(db).await?)
}

/// Where a conversation of these places stands in the order of the lists.
pub async fn place_in_time(
    db: &Db,
    account: AccountId,
    places: &[ContactInboxId],
    number: DisplayId,
) -> Result<Option<(Millis, ConversationId)>> {
    let mut query = Builder::new("select last_activity_at, id from conversations where account_id = ");
    query.value(account).push(" and display_id = ").value(number);
    query.push(" and contact_inbox_id in ").list(places.iter().copied());
    Ok(query.build().fetch_optional(db).await?)
}
