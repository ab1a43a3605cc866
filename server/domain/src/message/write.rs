//! Writing a message and what it does to its conversation, in one open change. Every message passes here.

use model::{
    AccountId, ContentKind, ConversationId, ConversationStatus, MessageId, MessageKind, MessageStatus, Millis,
    SenderKind,
};
use serde_json::{Value, json};

use super::attachment::{self, Stored};
use super::store::{self, NewRow};
use crate::conversation::store::Facts;
use crate::event::{Event, Part};
use crate::work::Work;
use crate::{Result, continuity, conversation, delivery, notification, search};

/// A message to be written.
#[derive(Debug, Clone)]
pub struct New {
    pub kind: MessageKind,
    pub content: String,
    pub content_kind: ContentKind,
    pub content_attributes: Value,
    pub additional_attributes: Value,
    pub private: bool,
    pub sender: Option<(SenderKind, i64)>,
    pub source_id: Option<String>,
    pub echo_id: Option<String>,
    pub dedupe_key: Option<String>,
    pub files: Vec<Stored>,
    /// What the index is to know of the content, where that was found out before.
    pub words: Option<String>,
}

impl New {
    /// A plain text.
    pub fn text(kind: MessageKind, content: String) -> Self {
        Self {
            kind,
            content,
            content_kind: ContentKind::Text,
            content_attributes: json!({}),
            additional_attributes: json!({}),
            private: false,
            sender: None,
            source_id: None,
            echo_id: None,
            dedupe_key: None,
            files: Vec::new(),
            words: None,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    New(MessageId),
    /// The same message was written before; nothing changed.
    Known(MessageId),
}

impl Written {
    pub fn id(self) -> MessageId {
        match self {
            Self::New(id) | Self::Known(id) => id,
        }
    }
}

/// Writes a message into a conversation that was locked in this change (`facts` are as of the lock).
pub async fn write(work: &mut Work<'_>, facts: &Facts, new: New) -> Result<Written> {
    let account = facts.account_id;
    // Two messages of one conversation never share a time and never go back in it, whatever the clocks of the nodes say.
    let at = work.now.max(facts.last_activity_at);
    let leaves = delivery::leaves(&facts.channel, new.kind, new.private);
    let row = NewRow {
        inbox_id: facts.inbox_id,
        conversation_id: facts.id,
        kind: new.kind,
        content: &new.content,
        content_kind: new.content_kind,
        content_attributes: new.content_attributes,
        additional_attributes: new.additional_attributes,
        private: new.private,
        status: if leaves { MessageStatus::Progress } else { MessageStatus::Sent },
        sender: new.sender,
        source_id: new.source_id,
        echo_id: new.echo_id,
        dedupe_key: new.dedupe_key.clone(),
        created_at: at,
    };
    let Some(id) = store::insert(&mut work.tx, account, &row).await? else {
        let key = new.dedupe_key.unwrap_or_default();
        let known = store::find_by_key(&mut work.tx, account, &key).await?;
        return known.map(|(id, _)| Written::Known(id)).ok_or_else(crate::Error::not_found);
    };
    if new.kind != MessageKind::Activity {
        let words = new.words.unwrap_or_else(|| search::document(&new.content));
        work.index(search::Entry::new(account, facts.id, id, words));
    }
    for file in &new.files {
        attachment::attach(work, account, id, file).await?;
    }
    if leaves {
        delivery::begin(work, account, id).await?;
    } else if new.kind == MessageKind::Outgoing && !new.private {
        continuity::expect(work, facts);
    }
    if new.kind == MessageKind::Incoming {
        notification::said(work, facts, id).await?;
    }
    let changed = effects(work, facts, new.kind, new.private, new.sender, id, at).await?;
    work.record_message(facts, id);
    if !changed.is_empty() {
        work.record_update(facts, changed, None);
    }
    Ok(Written::New(id))
}

/// What a new message does to its conversation; the parts that others must hear of separately.
async fn effects(
    work: &mut Work<'_>,
    facts: &Facts,
    kind: MessageKind,
    private: bool,
    sender: Option<(SenderKind, i64)>,
    id: MessageId,
    at: Millis,
) -> Result<Vec<Part>> {
    let mut changed = Vec::new();
    let mut update = conversation::store::AfterMessage::new(facts, at);
    // What a list shows of a conversation is what somebody said, not what the inbox says by itself.
    if kind.is_said() || (kind == MessageKind::Template && update.last_message_id.is_none()) {
        update.last_message_id = Some(id);
    }
    match kind {
        MessageKind::Incoming => {
            update.last_public_message_id = Some(id);
            update.unread_count += 1;
            update.waiting_since = update.waiting_since.or(Some(at));
            if !facts.contact_blocked && facts.status != ConversationStatus::Open {
                update.status = ConversationStatus::Open;
                update.snoozed_until = None;
                changed.push(Part::Status);
            }
        }
        MessageKind::Outgoing | MessageKind::Template if !private => {
            update.last_public_message_id = Some(id);
            update.contact_unread_count += 1;
            let is_human = kind == MessageKind::Outgoing && sender.is_some_and(|(kind, _)| kind == SenderKind::User);
            if is_human {
                update.waiting_since = None;
                if update.first_reply_created_at.is_none() {
                    update.first_reply_created_at = Some(at);
                    changed.push(Part::FirstReply);
                }
            }
        }
        _ => {}
    }
    if update.waiting_since != facts.waiting_since {
        changed.push(Part::WaitingSince);
    }
    conversation::store::after_message(&mut work.tx, facts, &update);
    if changed.contains(&Part::Status) {
        conversation::assign::let_go(work, facts).await?;
    }
    Ok(changed)
}

/// The messages of a conversation became read by the contact.
pub async fn mark_read(work: &mut Work<'_>, account: AccountId, conversation: ConversationId) -> Result<()> {
    for id in store::mark_read(&mut work.tx, account, conversation, work.now).await? {
        work.record(account, Event::MessageUpdated { message_id: id, conversation_id: conversation });
    }
    Ok(())
}
