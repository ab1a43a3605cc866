//! Setting up the mail servers of an inbox. What a server says against it is an answer, not an error.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::mailbox::{AfterReading, Connection, MailProvider, MailState, Preset, Sender, SignInWish, Trouble, Way};
use model::{AccountId, InboxId};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// How an inbox reads and sends.
#[server(name = ReadMailState, prefix = "/app/api", endpoint = "mailbox/state", input = Json)]
pub async fn state(account: AccountId, id: InboxId) -> Result<MailState, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::mailbox::state(&ctx, id).await?)
}

/// The servers of an address, where its provider is known.
#[server(name = ReadMailPreset, prefix = "/app/api", endpoint = "mailbox/preset", input = Json)]
pub async fn preset(address: String) -> Result<Option<Preset>, CallError> {
    server::visit()?.person()?;
    Ok(domain::mailbox::preset(&address))
}

/// The providers at which somebody can sign in instead of giving a password.
#[server(name = ListMailProviders, prefix = "/app/api", endpoint = "mailbox/providers", input = Json)]
pub async fn providers(account: AccountId) -> Result<Vec<MailProvider>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::mailbox::sign_in::providers(&ctx)?)
}

/// Where to go to sign in at a provider.
#[server(name = BeginMailSignIn, prefix = "/app/api", endpoint = "mailbox/sign_in", input = Json)]
pub async fn sign_in(account: AccountId, wish: SignInWish) -> Result<String, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::mailbox::sign_in::begin(&ctx, wish).await?)
}

/// Tries and keeps where mail is read. Without a password the one that is kept counts.
#[server(name = SaveMailConnection, prefix = "/app/api", endpoint = "mailbox/save_connection", input = Json)]
pub async fn save_connection(
    account: AccountId,
    id: InboxId,
    connection: Connection,
    password: Option<String>,
) -> Result<Result<(), Trouble>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::mailbox::save_connection(&ctx, id, connection, password.as_deref()).await?)
}

/// Tries and keeps where mail is handed in.
#[server(name = SaveMailSender, prefix = "/app/api", endpoint = "mailbox/save_sender", input = Json)]
pub async fn save_sender(
    account: AccountId,
    id: InboxId,
    sender: Sender,
    password: Option<String>,
) -> Result<Result<(), Trouble>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::mailbox::save_sender(&ctx, id, sender, password.as_deref()).await?)
}

/// Says what becomes of mails on their server once they are read.
#[server(name = SetAfterReading, prefix = "/app/api", endpoint = "mailbox/set_after", input = Json)]
pub async fn set_after(account: AccountId, id: InboxId, after: AfterReading) -> Result<MailState, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    domain::mailbox::set_after(&ctx, id, after).await?;
    Ok(domain::mailbox::state(&ctx, id).await?)
}

/// Stops or goes on reading or sending.
#[server(name = SwitchMail, prefix = "/app/api", endpoint = "mailbox/switch", input = Json)]
pub async fn switch(account: AccountId, id: InboxId, way: Way, on: bool) -> Result<MailState, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    domain::mailbox::switch(&ctx, id, way, on).await?;
    Ok(domain::mailbox::state(&ctx, id).await?)
}
