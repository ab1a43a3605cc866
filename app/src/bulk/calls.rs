//! Beginning, following and taking back changes of many conversations.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::bulk::{BulkAct, BulkRun};
use model::conversation::ConversationFilter;
use model::{AccountId, BulkId, DisplayId};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// Changes these conversations, or all that match when there is a filter.
#[server(name = StartBulk, prefix = "/app/api", endpoint = "bulk/start", input = Json)]
pub async fn start(
    account: AccountId,
    ids: Vec<DisplayId>,
    matching: Option<ConversationFilter>,
    acts: Vec<BulkAct>,
) -> Result<BulkRun, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let which = match matching {
        Some(filter) => domain::bulk::Which::Matching(Box::new(filter)),
        None => domain::bulk::Which::Numbers(ids),
    };
    Ok(domain::bulk::start(&ctx, which, acts).await?)
}

/// Takes a run back.
#[server(name = UndoBulk, prefix = "/app/api", endpoint = "bulk/undo", input = Json)]
pub async fn undo(account: AccountId, id: BulkId) -> Result<BulkRun, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::bulk::undo(&ctx, id).await?)
}

/// The agent's runs at work.
#[server(name = RunningBulk, prefix = "/app/api", endpoint = "bulk/running", input = Json)]
pub async fn running(account: AccountId) -> Result<Vec<BulkRun>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::bulk::running(&ctx).await?)
}
