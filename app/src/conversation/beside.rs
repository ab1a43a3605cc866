//! What lies beside a conversation: asked for when it is wanted.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::action::MacroRun;
use model::conversation::{Conversation, Merged};
use model::inbox::Inbox;
use model::message::Message;
use model::scheduled::Scheduled;
use model::variable::Values;
use model::{AccountId, ContactId, DisplayId, Millis, ScheduledId, UserId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;
#[cfg(feature = "ssr")]
use domain::{conversation, message::scheduled};

/// What lies beside a conversation and is shown with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    pub id: DisplayId,
    pub participants: Vec<UserId>,
    /// The next first.
    pub waiting: Vec<Scheduled>,
    /// What macros did lately, newest first.
    pub runs: Vec<MacroRun>,
    /// Where it was put, if it was put into another.
    pub merged: Option<Merged>,
}

/// All of it.
#[server(name = ReadBeside, prefix = "/app/api", endpoint = "conversation/beside", input = Json)]
pub async fn all(account: AccountId, id: DisplayId) -> Result<Beside, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let participants = conversation::participant::list(&ctx, id).await?;
    Ok(Beside {
        id,
        participants: participants.into_iter().map(|agent| agent.id).collect(),
        waiting: scheduled::list(&ctx, id).await?,
        runs: domain::macros::run::list(&ctx, id).await?,
        merged: conversation::merge::standing(&ctx, id).await?,
    })
}

/// Mails what was said to an address.
#[server(name = SendTranscript, prefix = "/app/api", endpoint = "conversation/transcript", input = Json)]
pub async fn send_transcript(account: AccountId, id: DisplayId, to: String) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::transcript::send(&ctx, id, &to).await?)
}

/// What variables stand for in a conversation.
#[server(name = ConversationValues, prefix = "/app/api", endpoint = "conversation/values", input = Json)]
pub async fn values(account: AccountId, id: DisplayId) -> Result<Values, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::variable::of_conversation(&ctx, id).await?)
}

/// Takes somebody in or out; who follows then.
#[server(name = SetParticipant, prefix = "/app/api", endpoint = "conversation/participant", input = Json)]
pub async fn set_participant(
    account: AccountId,
    id: DisplayId,
    user: UserId,
    follows: bool,
) -> Result<Vec<UserId>, CallError> {
    use conversation::participant::{Change, change};
    let ctx = server::visit()?.agent(account).await?;
    let how = if follows { Change::Add } else { Change::Remove };
    let agents = change(&ctx, id, how, &[user]).await?;
    Ok(agents.into_iter().map(|agent| agent.id).collect())
}

/// Changes what waits.
#[server(name = ChangeScheduled, prefix = "/app/api", endpoint = "scheduled/change", input = Json)]
pub async fn change_waiting(
    account: AccountId,
    id: DisplayId,
    scheduled: ScheduledId,
    content: String,
    send_at: Millis,
) -> Result<Scheduled, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let change = scheduled::Change { content: Some(content), send_at: Some(send_at) };
    Ok(scheduled::update(&ctx, id, scheduled, change).await?)
}

/// Does not send it after all; what it was.
#[server(name = CancelScheduled, prefix = "/app/api", endpoint = "scheduled/cancel", input = Json)]
pub async fn cancel_waiting(account: AccountId, id: DisplayId, scheduled: ScheduledId) -> Result<Scheduled, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(scheduled::cancel(&ctx, id, scheduled).await?)
}

/// Sends it at once.
#[server(name = SendScheduledNow, prefix = "/app/api", endpoint = "scheduled/send_now", input = Json)]
pub async fn send_waiting(account: AccountId, id: DisplayId, scheduled: ScheduledId) -> Result<Message, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(scheduled::send_now(&ctx, id, scheduled).await?)
}

/// Puts everything of a conversation into another of the same contact.
#[server(name = MergeConversations, prefix = "/app/api", endpoint = "conversation/merge", input = Json)]
pub async fn merge(account: AccountId, from: DisplayId, into: DisplayId) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::merge::merge(&ctx, from, into).await?)
}

/// Takes the merge apart by which a conversation went into another.
#[server(name = UndoMergeConversations, prefix = "/app/api", endpoint = "conversation/undo_merge", input = Json)]
pub async fn undo_merge(account: AccountId, id: DisplayId) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(conversation::merge::undo(&ctx, id).await?)
}

/// The inboxes in which the agent can write to a contact, each with why it cannot where that is so.
#[server(name = ReachableInboxes, prefix = "/app/api", endpoint = "contact/reachable", input = Json)]
pub async fn reachable(account: AccountId, contact: ContactId) -> Result<Vec<Inbox>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::reach::inboxes(&ctx, contact).await?)
}
