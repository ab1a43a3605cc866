//! What the inbox asks the server. Each is one call into the rules.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::contact::Contact;
use model::conversation::{Conversation, ConversationFilter, ConversationRow, Page, Standing, TabCounts};
use model::message::Message;
use model::{AccountId, ContactId, ConversationStatus, DisplayId, MessageId, Millis, Priority, TeamId, UserId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;
#[cfg(feature = "ssr")]
use domain::{
    Ctx, contact, conversation, inbox,
    message::{self, Window},
};

/// Rows of a page of the list.
#[cfg(feature = "ssr")]
const ROWS: i64 = 50;
/// Messages of a page of the thread.
#[cfg(feature = "ssr")]
const MESSAGES: i64 = 40;

/// Everything the inbox begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beginning {
    /// The newest change that is contained; the socket begins after it.
    pub cursor: String,
    pub list: Listed,
    /// The open conversation, or why it cannot be shown.
    pub opened: Option<Result<Opened, CallError>>,
}

/// The first page of a list, and how many there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub page: Page<ConversationRow>,
    pub counts: TabCounts,
}

/// A conversation with its newest messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub conversation: Conversation,
    /// Oldest first.
    pub messages: Vec<Message>,
    pub has_older: bool,
    /// Other conversations of the contact, newest first.
    pub others: Vec<ConversationRow>,
    /// Members of the inbox.
    pub members: Vec<UserId>,
}

/// Older messages, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OlderMessages {
    pub messages: Vec<Message>,
    pub has_older: bool,
}

/// A change of a contact's facts; an empty text erases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChange {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub company: Option<String>,
}

/// The list, the open conversation, and the change up to which both are current.
#[server(name = BeginInbox, prefix = "/app/api", endpoint = "inbox/begin", input = Json)]
pub async fn begin(
    account: AccountId,
    filter: ConversationFilter,
    open: Option<DisplayId>,
) -> Result<Beginning, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    // Read first: what happens meanwhile is told again by the socket, and nothing is missed.
    let cursor = domain::event::tail::end(ctx.db()).await?.to_string();
    let list = listed(&ctx, &filter).await?;
    let opened = match open {
        // A conversation that is not there must not take the list with it.
        Some(id) => Some(match opened(&ctx, id).await {
            Err(error) if error.known().is_none() => return Err(error.into()),
            answer => answer.map_err(CallError::from),
        }),
        None => None,
    };
    Ok(Beginning { cursor, list, opened })
}

/// The first page of a list.
#[server(name = ListConversations, prefix = "/app/api", endpoint = "inbox/list", input = Json)]
pub async fn list(account: AccountId, filter: ConversationFilter) -> Result<Listed, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(listed(&ctx, &filter).await?)
}

/// The page of a list behind a place in it.
#[server(name = MoreConversations, prefix = "/app/api", endpoint = "inbox/more", input = Json)]
pub async fn more(
    account: AccountId,
    filter: ConversationFilter,
    cursor: String,
) -> Result<Page<ConversationRow>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::list(&ctx, &filter, conversation::Paging::After { cursor: Some(cursor), size: ROWS }).await?)
}

/// How many conversations each tab holds.
#[server(name = CountConversations, prefix = "/app/api", endpoint = "inbox/counts", input = Json)]
pub async fn counts(account: AccountId, filter: ConversationFilter) -> Result<TabCounts, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::counts(&ctx, &filter).await?)
}

/// A conversation with its newest messages.
#[server(name = OpenConversation, prefix = "/app/api", endpoint = "inbox/open", input = Json)]
pub async fn open(account: AccountId, id: DisplayId) -> Result<Opened, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(opened(&ctx, id).await?)
}

/// Messages before one.
#[server(name = OlderMessagesOf, prefix = "/app/api", endpoint = "inbox/older", input = Json)]
pub async fn older(account: AccountId, id: DisplayId, before: MessageId) -> Result<OlderMessages, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let (messages, has_older) = page(&ctx, id, Some(before)).await?;
    Ok(OlderMessages { messages, has_older })
}

/// Puts a conversation into a status.
#[server(name = SetStatus, prefix = "/app/api", endpoint = "inbox/status", input = Json)]
pub async fn set_status(
    account: AccountId,
    id: DisplayId,
    status: ConversationStatus,
    until: Option<Millis>,
) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::status::set(&ctx, id, status, until).await?)
}

/// Gives a conversation to an agent, or to nobody.
#[server(name = AssignAgent, prefix = "/app/api", endpoint = "inbox/assign_agent", input = Json)]
pub async fn assign_agent(account: AccountId, id: DisplayId, agent: Option<UserId>) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::assign::to_agent(&ctx, id, agent).await?)
}

/// Gives a conversation to a team, or takes the team away.
#[server(name = AssignTeam, prefix = "/app/api", endpoint = "inbox/assign_team", input = Json)]
pub async fn assign_team(account: AccountId, id: DisplayId, team: Option<TeamId>) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::assign::to_team(&ctx, id, team).await?)
}

/// Says how urgent a conversation is.
#[server(name = SetPriority, prefix = "/app/api", endpoint = "inbox/priority", input = Json)]
pub async fn set_priority(
    account: AccountId,
    id: DisplayId,
    priority: Option<Priority>,
) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::status::set_priority(&ctx, id, priority).await?)
}

/// Makes exactly these the labels.
#[server(name = SetLabels, prefix = "/app/api", endpoint = "inbox/labels", input = Json)]
pub async fn set_labels(account: AccountId, id: DisplayId, labels: Vec<String>) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    conversation::label::set(&ctx, id, &labels).await?;
    Ok(conversation::get(&ctx, id).await?)
}

/// Blocks the contact and resolves the conversation, or lets the contact be heard again.
#[server(name = SetMuted, prefix = "/app/api", endpoint = "inbox/mute", input = Json)]
pub async fn set_muted(account: AccountId, id: DisplayId, muted: bool) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let done =
        if muted { conversation::mute::mute(&ctx, id).await } else { conversation::mute::unmute(&ctx, id).await };
    Ok(done?)
}

/// Brings back how a conversation stood before the agent's own change.
#[server(name = RestoreConversation, prefix = "/app/api", endpoint = "inbox/restore", input = Json)]
pub async fn restore(
    account: AccountId,
    id: DisplayId,
    after: Standing,
    before: Standing,
) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::restore::restore(&ctx, id, &after, &before).await?)
}

/// The agent has seen everything up to now.
#[server(name = MarkSeen, prefix = "/app/api", endpoint = "inbox/seen", input = Json)]
pub async fn mark_seen(account: AccountId, id: DisplayId) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::seen::mark(&ctx, id).await?)
}

/// The contact's last message counts as unseen again, or a message and what came after it.
#[server(name = MarkUnseen, prefix = "/app/api", endpoint = "inbox/unseen", input = Json)]
pub async fn mark_unseen(
    account: AccountId,
    id: DisplayId,
    from: Option<MessageId>,
) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let done = match from {
        Some(message) => conversation::seen::unmark_from(&ctx, id, message).await,
        None => conversation::seen::unmark(&ctx, id).await,
    };
    Ok(done?)
}

/// Takes a message back.
#[server(name = DeleteMessage, prefix = "/app/api", endpoint = "inbox/delete_message", input = Json)]
pub async fn delete_message(account: AccountId, id: DisplayId, message: MessageId) -> Result<Message, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(message::delete(&ctx, id, message).await?)
}

/// Tries once more to deliver a message.
#[server(name = RetryMessage, prefix = "/app/api", endpoint = "inbox/retry_message", input = Json)]
pub async fn retry_message(account: AccountId, id: DisplayId, message: MessageId) -> Result<Message, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(message::retry(&ctx, id, message).await?)
}

/// Changes a contact.
#[server(name = UpdateContact, prefix = "/app/api", endpoint = "inbox/contact", input = Json)]
pub async fn update_contact(account: AccountId, id: ContactId, change: ContactChange) -> Result<Contact, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let facts = contact::Facts {
        name: change.name,
        email: change.email,
        phone_number: change.phone_number,
        additional_attributes: change.company.map(|company| serde_json::json!({ "company_name": company })),
        ..contact::Facts::default()
    };
    Ok(contact::update(&ctx, id, facts).await?)
}

#[cfg(feature = "ssr")]
async fn listed(ctx: &Ctx, filter: &ConversationFilter) -> domain::Result<Listed> {
    let asked = conversation::Asked::of(ctx, filter).await?;
    let page = asked.page(conversation::Paging::start(ROWS)).await?;
    Ok(Listed { page, counts: asked.counts().await? })
}

#[cfg(feature = "ssr")]
async fn opened(ctx: &Ctx, id: DisplayId) -> domain::Result<Opened> {
    let conversation = conversation::get(ctx, id).await?;
    let (messages, has_older) = page(ctx, id, None).await?;
    let others = contact::conversations(ctx, conversation.contact.id).await?.items;
    let members = inbox::member::list(ctx, conversation.row.inbox_id).await?;
    Ok(Opened {
        messages,
        has_older,
        others: others.into_iter().filter(|other| other.id != conversation.row.id).collect(),
        members: members.into_iter().map(|agent| agent.id).collect(),
        conversation,
    })
}

/// One more than a page is asked for: then it is known whether there is another.
#[cfg(feature = "ssr")]
async fn page(ctx: &Ctx, id: DisplayId, before: Option<MessageId>) -> domain::Result<(Vec<Message>, bool)> {
    let window = Window { before, after: None, public_only: false, limit: MESSAGES + 1 };
    let mut messages = message::list(ctx, id, window).await?;
    let has_older = messages.len() > usize::try_from(MESSAGES).unwrap_or_default();
    if has_older {
        messages.remove(0);
    }
    Ok((messages, has_older))
}
