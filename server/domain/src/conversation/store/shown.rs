//! Rows of conversations as they are shown.

use db::{Builder, Db, Json};
use model::{
    AccountId, ContactId, ContactInboxId, ConversationId, ConversationStatus, DisplayId, FileKind, InboxId, MessageId,
    MessageKind, MessageStatus, Millis, Priority, TeamId, UserId,
};
use serde_json::Value;

use crate::Result;

/// A conversation's row as lists show it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ListRow {
    pub id: ConversationId,
    pub display_id: DisplayId,
    pub inbox_id: InboxId,
    pub status: ConversationStatus,
    pub priority: Option<Priority>,
    pub contact_id: ContactId,
    pub contact_name: String,
    pub contact_avatar_key: Option<String>,
    pub contact_avatar_url: Option<String>,
    pub assignee_id: Option<UserId>,
    pub assignee_name: Option<String>,
    pub assignee_avatar_key: Option<String>,
    pub team_id: Option<TeamId>,
    pub team_name: Option<String>,
    pub unread_count: i64,
    pub preview_id: Option<MessageId>,
    pub preview_kind: Option<MessageKind>,
    pub preview_private: Option<bool>,
    pub preview_content: Option<String>,
    pub preview_status: Option<MessageStatus>,
    pub preview_author: Option<UserId>,
    pub preview_file: Option<FileKind>,
    pub last_activity_at: Millis,
    pub created_at: Millis,
    pub waiting_since: Option<Millis>,
    pub snoozed_until: Option<Millis>,
}

/// What the page of one conversation shows besides.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DetailRow {
    pub id: ConversationId,
    pub uuid: String,
    pub contact_inbox_id: ContactInboxId,
    pub source_id: String,
    pub hmac_verified: bool,
    pub additional_attributes: Json<Value>,
    pub custom_attributes: Json<Value>,
    pub agent_last_seen_at: Millis,
    pub assignee_last_seen_at: Millis,
    pub contact_last_seen_at: Millis,
    pub first_reply_created_at: Option<Millis>,
    pub updated_at: Millis,
}

/// The rows of these conversations, in no order.
pub async fn list_rows(db: &Db, account: AccountId, ids: &[ConversationId]) -> Result<Vec<ListRow>> {
    let mut query = Builder::new(
        "select c.id, c.display_id, c.inbox_id, c.status, c.priority, c.contact_id, k.name as contact_name,
           k.avatar_key as contact_avatar_key, k.avatar_url as contact_avatar_url, c.assignee_id,
           coalesce(nullif(u.display_name, ''), u.name) as assignee_name, u.avatar_key as assignee_avatar_key,
           c.team_id, t.name as team_name, c.unread_count, m.id as preview_id, m.kind as preview_kind,
           m.private as preview_private, substr(m.content, 1, 800) as preview_content, m.status as preview_status,
           case when m.sender_kind = 'user' then m.sender_id end as preview_author,
           (select a.kind from attachments a where a.message_id = m.id order by a.id limit 1) as preview_file,
           c.last_activity_at, c.created_at, c.waiting_since, c.snoozed_until
         from conversations c
         join contacts k on k.id = c.contact_id
         left join users u on u.id = c.assignee_id
         left join teams t on t.id = c.team_id
         left join messages m on m.id = c.last_message_id
         where +c.account_id = ",
    );
    query.value(account).push(" and c.id in ").list(ids.iter().copied());
    Ok(query.build().fetch_all(db).await?)
}

/// What the pages of these conversations show besides, in no order.
pub async fn details(db: &Db, account: AccountId, ids: &[ConversationId]) -> Result<Vec<DetailRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new(
        "select c.id, c.uuid, c.contact_inbox_id, ci.source_id, ci.hmac_verified, c.additional_attributes,
           c.custom_attributes, c.agent_last_seen_at, c.assignee_last_seen_at, c.contact_last_seen_at,
           c.first_reply_created_at, c.updated_at
         from conversations c join contact_inboxes ci on ci.id = c.contact_inbox_id
         where +c.account_id = ",
    );
    query.value(account).push(" and c.id in ").list(ids.iter().copied());
    Ok(query.build().fetch_all(db).await?)
}
