//! What the palette finds.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::AccountId;
use model::search::SearchResults;

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// Finds conversations by their messages, number and contact, and contacts by their facts: the first of each.
#[server(name = FindAnything, prefix = "/app/api", endpoint = "tool/find", input = Json)]
pub async fn find(account: AccountId, words: String) -> Result<SearchResults, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    if words.trim().is_empty() {
        return Ok(SearchResults::default());
    }
    Ok(domain::search::find::overview(&ctx, words.trim()).await?)
}
