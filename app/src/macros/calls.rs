//! Macros.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::action::{Action, Macro, MacroRun, MacroVisibility};
use model::{AccountId, DisplayId, MacroId};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// The agent's own macros and those of everybody, by name.
#[server(name = ListMacros, prefix = "/app/api", endpoint = "macro/list", input = Json)]
pub async fn list(account: AccountId) -> Result<Vec<Macro>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::macros::list(&ctx).await?)
}

/// Writes a macro: a new one without an id.
#[server(name = SaveMacro, prefix = "/app/api", endpoint = "macro/save", input = Json)]
pub async fn save(
    account: AccountId,
    id: Option<MacroId>,
    name: String,
    visibility: MacroVisibility,
    actions: Vec<Action>,
) -> Result<Macro, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let input = domain::macros::MacroInput { name, visibility, actions };
    Ok(match id {
        Some(id) => domain::macros::update(&ctx, id, input).await?,
        None => domain::macros::create(&ctx, input).await?,
    })
}

/// Deletes a macro.
#[server(name = DeleteMacro, prefix = "/app/api", endpoint = "macro/delete", input = Json)]
pub async fn delete(account: AccountId, id: MacroId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::macros::delete(&ctx, id).await?)
}

/// Begins a macro in conversations.
#[server(name = ExecuteMacro, prefix = "/app/api", endpoint = "macro/execute", input = Json)]
pub async fn execute(account: AccountId, id: MacroId, conversations: Vec<DisplayId>) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    domain::macros::run::execute(&ctx, id, &conversations).await?;
    Ok(())
}

/// What macros did in a conversation lately, newest first.
#[server(name = MacroRuns, prefix = "/app/api", endpoint = "macro/runs", input = Json)]
pub async fn runs(account: AccountId, conversation: DisplayId) -> Result<Vec<MacroRun>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::macros::run::list(&ctx, conversation).await?)
}
