//! The SQL of the demo: many rows at a time, with ids given by us, into tables that nobody else writes yet.

use db::{Builder, Tx, Value, sql};
use model::{
    AccountId, AttachmentId, ContactId, ContactInboxId, ConversationId, ConversationStatus, DisplayId, InboxId,
    LabelId, MessageId, MessageKind, MessageStatus, Millis, Priority, SenderKind, TeamId, UserId,
};
use serde_json::Value as Json;

use crate::Result;

/// Values of one statement. SQLite takes 32 766, but looks each placeholder up among all before it.
const VALUES: usize = 2_000;

/// A row that is written with others.
pub trait Bulk {
    /// `insert into … values `.
    const INSERT: &'static str;
    /// The values in the order of the columns.
    fn values(&self, account: AccountId) -> Vec<Value>;
}

/// Writes rows.
pub async fn insert<T: Bulk>(tx: &mut Tx, account: AccountId, rows: &[T]) -> Result<()> {
    let columns = rows.first().map_or(1, |row| row.values(account).len());
    for some in rows.chunks(VALUES / columns) {
        let mut query = Builder::new(T::INSERT);
        query.rows(some.iter().map(|row| row.values(account)));
        query.build().execute(&mut *tx).await?;
    }
    Ok(())
}

/// A contact.
pub struct Contact {
    pub id: ContactId,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub additional: Json,
    pub custom: Json,
    pub last_activity_at: Millis,
    pub created_at: Millis,
}

impl Bulk for Contact {
    const INSERT: &'static str =
        "insert into contacts (id, account_id, name, email, phone_number, additional_attributes,
         custom_attributes, last_activity_at, created_at, updated_at) values ";

    fn values(&self, account: AccountId) -> Vec<Value> {
        vec![
            self.id.into(),
            account.into(),
            (&self.name).into(),
            self.email.clone().into(),
            self.phone.clone().into(),
            (&self.additional).into(),
            (&self.custom).into(),
            self.last_activity_at.into(),
            self.created_at.into(),
            self.last_activity_at.into(),
        ]
    }
}

/// A contact's place in an inbox.
pub struct Place {
    pub id: ContactInboxId,
    pub contact_id: ContactId,
    pub inbox_id: InboxId,
    pub source_id: String,
    pub created_at: Millis,
}

impl Bulk for Place {
    const INSERT: &'static str =
        "insert into contact_inboxes (id, account_id, contact_id, inbox_id, source_id, created_at, updated_at) values ";

    fn values(&self, account: AccountId) -> Vec<Value> {
        vec![
            self.id.into(),
            account.into(),
            self.contact_id.into(),
            self.inbox_id.into(),
            (&self.source_id).into(),
            self.created_at.into(),
            self.created_at.into(),
        ]
    }
}

/// A conversation.
pub struct Conversation {
    pub id: ConversationId,
    pub display_id: DisplayId,
    pub inbox_id: InboxId,
    pub contact_id: ContactId,
    pub place_id: ContactInboxId,
    pub uuid: String,
    pub status: ConversationStatus,
    pub priority: Option<Priority>,
    pub assignee_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    pub additional: Json,
    pub last_message_id: MessageId,
    pub last_public_message_id: MessageId,
    pub unread: i64,
    pub contact_unread: i64,
    pub last_activity_at: Millis,
    pub agent_saw: Millis,
    pub contact_saw: Millis,
    pub first_reply_at: Option<Millis>,
    pub waiting_since: Option<Millis>,
    pub snoozed_until: Option<Millis>,
    pub created_at: Millis,
}

impl Bulk for Conversation {
    const INSERT: &'static str = "insert into conversations (id, account_id, display_id, inbox_id, contact_id,
         contact_inbox_id, uuid, status, priority, priority_rank, assignee_id, team_id, additional_attributes,
         last_message_id, last_public_message_id, unread_count, contact_unread_count, last_activity_at,
         agent_last_seen_at, assignee_last_seen_at, contact_last_seen_at, first_reply_created_at, waiting_since,
         snoozed_until, created_at, updated_at) values ";

    fn values(&self, account: AccountId) -> Vec<Value> {
        vec![
            self.id.into(),
            account.into(),
            self.display_id.into(),
            self.inbox_id.into(),
            self.contact_id.into(),
            self.place_id.into(),
            (&self.uuid).into(),
            self.status.into(),
            self.priority.into(),
            crate::conversation::store::rank(self.priority).into(),
            self.assignee_id.into(),
            self.team_id.into(),
            (&self.additional).into(),
            self.last_message_id.into(),
            self.last_public_message_id.into(),
            self.unread.into(),
            self.contact_unread.into(),
            self.last_activity_at.into(),
            self.agent_saw.into(),
            self.agent_saw.into(),
            self.contact_saw.into(),
            self.first_reply_at.into(),
            self.waiting_since.into(),
            self.snoozed_until.into(),
            self.created_at.into(),
            self.last_activity_at.into(),
        ]
    }
}

/// A label on a conversation.
pub struct Labelled(pub ConversationId, pub LabelId);

impl Bulk for Labelled {
    const INSERT: &'static str = "insert into conversation_labels (conversation_id, label_id) values ";

    fn values(&self, _account: AccountId) -> Vec<Value> {
        vec![self.0.into(), self.1.into()]
    }
}

/// A message.
pub struct Message {
    pub id: MessageId,
    pub inbox_id: InboxId,
    pub conversation_id: ConversationId,
    pub kind: MessageKind,
    pub content: String,
    pub private: bool,
    pub status: MessageStatus,
    pub sender: Option<(SenderKind, i64)>,
    pub created_at: Millis,
}

impl Bulk for Message {
    const INSERT: &'static str =
        "insert into messages (id, account_id, inbox_id, conversation_id, kind, content, private,
         status, sender_kind, sender_id, created_at, updated_at) values ";

    fn values(&self, account: AccountId) -> Vec<Value> {
        vec![
            self.id.into(),
            account.into(),
            self.inbox_id.into(),
            self.conversation_id.into(),
            self.kind.into(),
            (&self.content).into(),
            self.private.into(),
            self.status.into(),
            self.sender.map(|(kind, _)| kind).into(),
            self.sender.map(|(_, id)| id).into(),
            self.created_at.into(),
            self.created_at.into(),
        ]
    }
}

/// A picture that belongs to a message.
pub struct Picture {
    pub id: AttachmentId,
    pub message_id: MessageId,
    pub file_name: String,
    pub size: i64,
    pub width: i64,
    pub height: i64,
    pub storage_key: String,
    pub created_at: Millis,
}

impl Bulk for Picture {
    const INSERT: &'static str =
        "insert into attachments (id, account_id, message_id, kind, file_name, content_type, size,
         width, height, storage_key, created_at) values ";

    fn values(&self, account: AccountId) -> Vec<Value> {
        vec![
            self.id.into(),
            account.into(),
            self.message_id.into(),
            model::FileKind::Image.into(),
            (&self.file_name).into(),
            "image/png".into(),
            self.size.into(),
            self.width.into(),
            self.height.into(),
            (&self.storage_key).into(),
            self.created_at.into(),
        ]
    }
}

/// Moves everybody's and everything's beginning to the company's.
pub async fn backdate(tx: &mut Tx, account: AccountId, at: Millis) -> Result<()> {
    sql!("update accounts set created_at = $1 where id = $2").bind(at).bind(account).execute(&mut *tx).await?;
    sql!("update inboxes set created_at = $1 where account_id = $2").bind(at).bind(account).execute(tx).await?;
    Ok(())
}

/// Customers were there last when they last wrote to somebody.
pub async fn follow_conversations(tx: &mut Tx, account: AccountId) -> Result<()> {
    sql!(
        "update contacts set last_activity_at = (select max(c.last_activity_at) from conversations c
         where c.contact_id = contacts.id)
         where account_id = $1 and exists (select 1 from conversations c
         where c.contact_id = contacts.id)"
    )
    .bind(account)
    .execute(tx)
    .await?;
    Ok(())
}

/// Of customers one knows what they asked about by some labels of their conversations.
pub async fn label_customers(tx: &mut Tx, account: AccountId) -> Result<()> {
    sql!(
        "insert into contact_labels (contact_id, label_id)
         select distinct c.contact_id, l.id from labels l join conversation_labels cl on cl.label_id = l.id
         join conversations c on c.id = cl.conversation_id
         where l.account_id = $1 and l.title in ('atacado', 'cupom')"
    )
    .bind(account)
    .execute(tx)
    .await?;
    Ok(())
}

/// Tickets go on behind the last one.
pub async fn set_last_display_id(tx: &mut Tx, account: AccountId, last: DisplayId) -> Result<()> {
    sql!("update accounts set last_display_id = $1 where id = $2").bind(last).bind(account).execute(tx).await?;
    Ok(())
}
