//! Inboxes whose channel is somebody else's program: it is told at once what happens in their conversations.
//!
//! What is to be told is enqueued with the change itself, so nothing is lost and nothing is told that did not happen. A call may come
//! twice, under the same `X-Chatwoot-Delivery`; it is signed with the inbox's own secret. While calls fail they are tried again, and a
//! message that did not get through says so.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use db::Tx;
use model::message::Message;
use model::{AccountId, ConversationId, InboxId, MessageId, MessageKind, MessageStatus};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{checked, judged};
use crate::event::{Event, Part};
use crate::job::{self, Job};
use crate::message::{read, store as messages};
use crate::work::Work;
use crate::{Ctx, Error, Result, channel, conversation, inbox, secret};

/// How long it is believed which inboxes are told of things: another node may have changed it.
const FRESH: Duration = Duration::from_secs(2);

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
    pub changed: Vec<Part>,
    /// The same in each attempt.
    pub delivery: String,
}

/// The inboxes that are told, of accounts in which something happened lately.
#[derive(Default)]
pub(crate) struct Listening(Mutex<HashMap<AccountId, Known>>);

/// Which inboxes, and since when that is known.
type Known = (Instant, Arc<HashSet<InboxId>>);

impl Listening {
    /// The inboxes of the account changed.
    pub(crate) fn forget(&self, account: AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
    }

    async fn of(&self, tx: &mut Tx, account: AccountId) -> Result<Arc<HashSet<InboxId>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account).cloned();
        if let Some((_, inboxes)) = known.filter(|(at, _)| at.elapsed() < FRESH) {
            return Ok(inboxes);
        }
        let inboxes = Arc::new(listening(tx, account).await?);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, _)| at.elapsed() < FRESH);
        all.insert(account, (Instant::now(), inboxes.clone()));
        Ok(inboxes)
    }
}

async fn listening(tx: &mut Tx, account: AccountId) -> Result<HashSet<InboxId>> {
    let rows = inbox::store::all(tx, account).await?;
    let told = rows.into_iter().map(model::inbox::Inbox::from).filter(|inbox| {
        let channel = channel::by_key(&inbox.channel).ok();
        channel.and_then(|channel| channel.told(inbox)).is_some()
    });
    Ok(told.map(|inbox| inbox.id).collect())
}

/// What is to be told of these events, in the change they belong to.
pub(crate) async fn jobs(ctx: &Ctx, tx: &mut Tx, events: &[(AccountId, Event)]) -> Result<Vec<job::New>> {
    let mut jobs = Vec::new();
    for (account, event) in events {
        let news = news(event);
        let Some(conversation_id) = event.conversation_id().filter(|_| !news.is_empty()) else { continue };
        let inboxes = ctx.app.webhooks.listening.of(tx, *account).await?;
        if inboxes.is_empty() {
            continue;
        }
        let Some(inbox_id) =
            conversation::store::inbox_of(tx, *account, conversation_id).await?.filter(|id| inboxes.contains(id))
        else {
            continue;
        };
        let (message_id, changed) = match event {
            Event::MessageCreated { message_id, .. } | Event::MessageUpdated { message_id, .. } => {
                (Some(*message_id), Vec::new())
            }
            Event::ConversationUpdated { changed, .. } => (None, changed.clone()),
            _ => (None, Vec::new()),
        };
        for name in news {
            let told = Told {
                account_id: *account,
                inbox_id,
                conversation_id,
                message_id,
                event: name.to_owned(),
                changed: changed.clone(),
                delivery: secret::uuid(),
            };
            jobs.push(job::New::now(Some(*account), Job::TellInbox(told)));
        }
    }
    Ok(jobs)
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
    let channel = channel::by_key(&inbox.channel)?;
    let Some(address) = channel.told(&inbox).map(str::to_owned) else { return Ok(()) };
    let message = match told.message_id {
        Some(id) => match read::one(ctx, account, id).await?.filter(|message| message.kind != MessageKind::Activity) {
            Some(message) => Some(message),
            None => return Ok(()),
        },
        None => None,
    };
    let Some(body) = body(ctx, told, &inbox, message.as_ref()).await? else { return Ok(()) };
    let secrets = inbox::secrets(ctx, account, inbox.id).await?;
    let key = channel.telling_secret().and_then(|key| secrets.get(key)).and_then(Value::as_str).unwrap_or_default();
    let outcome = call(ctx, &address, key, &told.delivery, body.to_string()).await;
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
    let last =
        read::last(ctx, account, &[told.conversation_id]).await?.remove(&told.conversation_id).unwrap_or_default();
    let dialect = ctx.app.webhooks.dialect.get();
    let dialect = dialect.ok_or_else(|| Error::Unavailable("no dialect to tell it in".to_owned()))?;
    let conversation = dialect.conversation(ctx, account, &found, &last).await?;
    let mut body = match message {
        Some(message) => {
            let mut body = dialect.message(ctx, account, &found, message).await?;
            body["conversation"] = conversation;
            body["inbox"] = json!({ "id": inbox.id, "name": inbox.name });
            body
        }
        None => conversation,
    };
    if !told.changed.is_empty() {
        let changed = told.changed.iter().map(|part| {
            let name = part.to_string();
            let now = body.get(&name).cloned().unwrap_or_default();
            json!({ name: { "current_value": now } })
        });
        body["changed_attributes"] = changed.collect();
    }
    body["event"] = json!(told.event);
    Ok(Some(body))
}

/// Why a call did not get through.
enum Trouble {
    /// It may, later.
    Later(String),
    /// It will not.
    Refused(String),
}

async fn call(ctx: &Ctx, address: &str, key: &str, delivery: &str, body: String) -> std::result::Result<(), Trouble> {
    // What was allowed when it was written may not be any more.
    let Ok(url) = checked(ctx, "webhook_url", address) else {
        return Err(Trouble::Refused("the address may not be called".to_owned()));
    };
    let hooks = &ctx.app.webhooks;
    let client = hooks.client(ctx.app.settings.private_webhooks).map_err(|error| Trouble::Later(error.to_string()))?;
    let at = (ctx.now() / 1_000).to_string();
    let signature = secret::hmac_hex(key, &format!("{at}.{body}"));
    let call = client
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json")
        .header("X-Chatwoot-Timestamp", at)
        .header("X-Chatwoot-Signature", format!("sha256={signature}"))
        .header("X-Chatwoot-Delivery", delivery)
        .body(body);
    let answer = call.send().await.map_err(|error| Trouble::Later(error.without_url().to_string()))?;
    let status = answer.status();
    if judged(status).is_err() {
        return Err(Trouble::Later(format!("answered {status}")));
    }
    if status.is_success() { Ok(()) } else { Err(Trouble::Refused(format!("answered {status}"))) }
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
