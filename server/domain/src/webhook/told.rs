//! Inboxes whose channel is somebody else's program: it is told at once what happens in their conversations.
//!
//! What is to be told is enqueued with the change itself, so nothing is lost and nothing is told that did not happen; whether there is
//! somebody to tell is read in the same transaction, so it is as true as the change, whichever node made the inbox. A call may come
//! twice, under the same `X-Chatwoot-Delivery`. While calls fail they are tried again, and a message that did not get through says so.

use std::collections::HashMap;

use db::Tx;
use model::conversation::Conversation;
use model::message::Message;
use model::{AccountId, ConversationId, InboxId, MessageId, MessageKind, MessageStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{self, Trouble};
use super::past::{self, Change, Past};
use crate::channel::{self, CLIENT_CHANNEL};
use crate::event::{Event, Part};
use crate::job::{self, Job};
use crate::message::{read, store as messages};
use crate::work::Work;
use crate::{Ctx, Error, Result, conversation, inbox, secret};

/// Something an inbox is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub account_id: AccountId,
    pub inbox_id: InboxId,
    pub conversation_id: ConversationId,
    pub message_id: Option<MessageId>,
    /// In the words of the dialect.
    pub event: String,
    /// What of the conversation changed.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// The same in each attempt.
    pub delivery: String,
}

/// What is to be told of these events, in the change they belong to.
pub(crate) async fn jobs(tx: &mut Tx, events: &[(AccountId, Event)], past: &Past) -> Result<Vec<job::New>> {
    let mut jobs = Vec::new();
    // Most changes are about one conversation.
    let mut known = HashMap::new();
    for (account, event) in events {
        let (account, news) = (*account, news(event));
        let about = event.conversation_id().filter(|id| !news.is_empty() && !past.is_elsewhere(*id));
        let Some(conversation_id) = about else { continue };
        let inbox = match known.get(&conversation_id) {
            Some(inbox) => *inbox,
            None => *known.entry(conversation_id).or_insert(listening(tx, account, conversation_id).await?),
        };
        let Some(inbox_id) = inbox else { continue };
        let (message_id, changes) = match event {
            Event::MessageCreated { message_id, .. } | Event::MessageUpdated { message_id, .. } => {
                (Some(*message_id), Vec::new())
            }
            Event::ConversationUpdated { changed, before, .. } => {
                (None, past::changes(tx, (account, conversation_id), changed, *before, past).await?)
            }
            _ => (None, Vec::new()),
        };
        for name in news {
            let told = Told {
                account_id: account,
                inbox_id,
                conversation_id,
                message_id,
                event: name.to_owned(),
                changes: changes.clone(),
                delivery: secret::uuid(),
            };
            jobs.push(job::New::now(Some(account), Job::TellInbox(told)));
        }
    }
    Ok(jobs)
}

/// The inbox of a conversation, where a program is told of it.
async fn listening(tx: &mut Tx, account: AccountId, id: ConversationId) -> Result<Option<InboxId>> {
    let row = inbox::store::of_conversation(tx, account, id, CLIENT_CHANNEL).await?;
    let inbox = row.map(model::inbox::Inbox::from);
    let told = inbox.filter(|inbox| channel::by_key(&inbox.channel).is_ok_and(|channel| channel.told(inbox).is_some()));
    Ok(told.map(|inbox| inbox.id))
}

/// What the dialect calls an event; nothing for what is nobody else's business.
fn news(event: &Event) -> Vec<&'static str> {
    match event {
        Event::MessageCreated { .. } => vec!["message_created"],
        Event::MessageUpdated { .. } => vec!["message_updated"],
        Event::ConversationCreated { .. } => vec!["conversation_created"],
        Event::ConversationUpdated { changed, .. } => {
            let tells = |part: &Part| {
                !matches!(
                    part,
                    Part::AgentSeen | Part::ContactSeen | Part::WaitingSince | Part::FirstReply | Part::Contact
                )
            };
            let mut news = Vec::new();
            if changed.contains(&Part::Status) {
                news.push("conversation_status_changed");
            }
            if changed.iter().any(tells) {
                news.push("conversation_updated");
            }
            news
        }
        _ => Vec::new(),
    }
}

/// Tells it.
pub(crate) async fn tell(ctx: &Ctx, told: &Told) -> Result<()> {
    let account = told.account_id;
    let Some(inbox) = inbox::read::one(ctx, account, told.inbox_id).await? else { return Ok(()) };
    let message = match told.message_id {
        Some(id) => match read::one(ctx, account, id).await?.filter(|message| message.kind != MessageKind::Activity) {
            Some(message) => Some(message),
            None => return Ok(()),
        },
        None => None,
    };
    let Some(body) = body(ctx, told, &inbox, message.as_ref()).await? else { return Ok(()) };
    let Some(outcome) = call::tell(ctx, account, &inbox, &told.delivery, &body).await? else { return Ok(()) };
    let trouble = match &outcome {
        Ok(()) => None,
        Err(Trouble::Later(said) | Trouble::Refused(said)) => Some(said.as_str()),
    };
    if let Some(message) = message.filter(|_| told.event == "message_created") {
        note(ctx, account, &message, trouble).await?;
    }
    match outcome {
        Err(Trouble::Later(said)) => Err(Error::Unavailable(format!("webhook: {said}"))),
        _ => Ok(()),
    }
}

async fn body(ctx: &Ctx, told: &Told, inbox: &model::inbox::Inbox, message: Option<&Message>) -> Result<Option<Value>> {
    let account = told.account_id;
    let Some(found) = conversation::read::one(ctx, account, told.conversation_id).await? else { return Ok(None) };
    let dialect = ctx.app.webhooks.dialect()?;
    let conversation = conversation(ctx, account, &found).await?;
    let mut body = match message {
        Some(message) => {
            let mut body = dialect.message(ctx, account, &found, message).await?;
            body["conversation"] = conversation;
            body["inbox"] = json!({ "id": inbox.id, "name": inbox.name });
            body
        }
        None => conversation,
    };
    if !told.changes.is_empty() {
        let entry = |change: &Change| {
            let value = |value| dialect.value(change.part, value);
            let (name, values) = (change.part.as_str(), (value(&change.previous), value(&change.current)));
            json!({ name: { "previous_value": values.0, "current_value": values.1 } })
        };
        body["changed_attributes"] = told.changes.iter().map(entry).collect();
    }
    body["event"] = json!(told.event);
    Ok(Some(body))
}

/// A conversation as it is told.
pub(super) async fn conversation(ctx: &Ctx, account: AccountId, found: &Conversation) -> Result<Value> {
    let id = found.row.id;
    let last = read::last(ctx, account, &[id]).await?.remove(&id).unwrap_or_default();
    ctx.app.webhooks.dialect()?.conversation(ctx, account, found, &last).await
}

/// Notes on an agent's message whether the program on the other side has heard of it.
async fn note(ctx: &Ctx, account: AccountId, message: &Message, trouble: Option<&str>) -> Result<()> {
    let leaves = matches!(message.kind, MessageKind::Outgoing | MessageKind::Template) && !message.private;
    let has_failed = message.status == MessageStatus::Failed;
    if !leaves || has_failed == trouble.is_some() {
        return Ok(());
    }
    let Some(row) = messages::find(ctx.db(), account, message.id).await? else { return Ok(()) };
    let mut attributes = row.content_attributes.0;
    if let Some(fields) = attributes.as_object_mut() {
        fields.remove("external_error");
        fields.extend(trouble.map(|said| ("external_error".to_owned(), json!(said))));
    }
    let status = if trouble.is_some() { MessageStatus::Failed } else { MessageStatus::Sent };
    let mut work: Work<'_> = ctx.begin().await?;
    let now = work.now;
    messages::set_status(&mut work.tx, account, message.id, status, &attributes, now).await?;
    work.record(account, Event::MessageUpdated { message_id: message.id, conversation_id: row.conversation_id });
    work.commit().await
}
