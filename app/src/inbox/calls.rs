//! Inboxes: making them, their settings, and how they are put to use.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::channel::{ChannelForm, Installation};
use model::hours::Hours;
use model::inbox::Inbox;
use model::{AccountId, InboxId, UserId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// What an inbox is made of, whatever its channel. Only what is given is changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InboxInput {
    pub name: Option<String>,
    pub greeting_enabled: Option<bool>,
    pub greeting_message: Option<String>,
    pub enable_auto_assignment: Option<bool>,
    pub enable_email_collect: Option<bool>,
    pub csat_survey_enabled: Option<bool>,
    pub allow_messages_after_resolved: Option<bool>,
    pub lock_to_single_conversation: Option<bool>,
    /// Settings of the channel, by the keys of its form.
    pub config: Option<serde_json::Map<String, serde_json::Value>>,
}

#[cfg(feature = "ssr")]
impl From<InboxInput> for domain::inbox::Settings {
    fn from(input: InboxInput) -> Self {
        Self {
            name: input.name,
            greeting_enabled: input.greeting_enabled,
            greeting_message: input.greeting_message,
            enable_auto_assignment: input.enable_auto_assignment,
            enable_email_collect: input.enable_email_collect,
            csat_survey_enabled: input.csat_survey_enabled,
            allow_messages_after_resolved: input.allow_messages_after_resolved,
            lock_to_single_conversation: input.lock_to_single_conversation,
            config: input.config.map(serde_json::Value::Object),
            ..Self::default()
        }
    }
}

/// The channels that an inbox can be made for.
#[server(name = ListChannels, prefix = "/app/api", endpoint = "inbox/channels", input = Json)]
pub async fn channels() -> Result<Vec<ChannelForm>, CallError> {
    server::visit()?.person()?;
    Ok(domain::channel::ALL.iter().map(|channel| channel.form()).collect())
}

/// Makes an inbox.
#[server(name = CreateInbox, prefix = "/app/api", endpoint = "inbox/create", input = Json)]
pub async fn create(
    account: AccountId,
    channel: String,
    settings: InboxInput,
    members: Vec<UserId>,
) -> Result<Inbox, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let new = domain::inbox::NewInbox { channel, settings: settings.into(), members };
    Ok(domain::inbox::create(&ctx, new).await?)
}

/// Changes an inbox.
#[server(name = UpdateInbox, prefix = "/app/api", endpoint = "inbox/update", input = Json)]
pub async fn update(account: AccountId, id: InboxId, settings: InboxInput) -> Result<Inbox, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::inbox::update(&ctx, id, settings.into()).await?)
}

/// Removes an inbox with its conversations. Its name says that whoever asks knows what they are about to lose.
#[server(name = DeleteInbox, prefix = "/app/api", endpoint = "inbox/delete", input = Json)]
pub async fn delete(account: AccountId, id: InboxId, name: String) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::inbox::delete_named(&ctx, id, &name).await?)
}

/// When an inbox answers.
#[server(name = ReadInboxHours, prefix = "/app/api", endpoint = "inbox/hours", input = Json)]
pub async fn hours(account: AccountId, id: InboxId) -> Result<Hours, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::inbox::hours(&ctx, id).await?)
}

/// Says when an inbox answers.
#[server(name = SetInboxHours, prefix = "/app/api", endpoint = "inbox/set_hours", input = Json)]
pub async fn set_hours(account: AccountId, id: InboxId, hours: Hours) -> Result<Hours, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::inbox::set_hours(&ctx, id, hours).await?)
}

/// Who answers in an inbox.
#[server(name = ListMembers, prefix = "/app/api", endpoint = "inbox/members", input = Json)]
pub async fn members(account: AccountId, id: InboxId) -> Result<Vec<UserId>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let members = domain::inbox::member::list(&ctx, id).await?;
    Ok(members.into_iter().map(|agent| agent.id).collect())
}

/// Says who answers in an inbox: these people and nobody else.
#[server(name = SetMembers, prefix = "/app/api", endpoint = "inbox/set_members", input = Json)]
pub async fn set_members(account: AccountId, id: InboxId, members: Vec<UserId>) -> Result<Vec<UserId>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let members = domain::inbox::member::set(&ctx, id, &members).await?;
    Ok(members.into_iter().map(|agent| agent.id).collect())
}

/// Script and identity token of an inbox.
#[server(name = ReadInstallation, prefix = "/app/api", endpoint = "inbox/installation", input = Json)]
pub async fn installation(account: AccountId, id: InboxId) -> Result<Installation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::inbox::installation(&ctx, id).await?)
}

/// Gives an inbox a new identity token; what was computed with the old one proves for another day.
#[server(name = RotateIdentity, prefix = "/app/api", endpoint = "inbox/rotate_identity", input = Json)]
pub async fn rotate_identity(account: AccountId, id: InboxId) -> Result<Installation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    domain::inbox::identity::rotate(&ctx, id).await?;
    Ok(domain::inbox::installation(&ctx, id).await?)
}

/// The token before the present one proves nothing from now on.
#[server(name = EndOldIdentity, prefix = "/app/api", endpoint = "inbox/end_old_identity", input = Json)]
pub async fn end_old_identity(account: AccountId, id: InboxId) -> Result<Installation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    domain::inbox::identity::end_old(&ctx, id).await?;
    Ok(domain::inbox::installation(&ctx, id).await?)
}
