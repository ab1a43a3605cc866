//! Canned responses.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::canned::CannedResponse;
use model::{AccountId, CannedId, StoredFileId};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// Texts that the composer offers at a time.
#[cfg(feature = "ssr")]
const OFFERED: usize = 30;

/// Every text of the account, by code.
#[server(name = ListCanned, prefix = "/app/api", endpoint = "canned/list", input = Json)]
pub async fn list(account: AccountId) -> Result<Vec<CannedResponse>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::canned::list(&ctx, None).await?)
}

/// The best texts for what is typed after `/`.
#[server(name = OfferCanned, prefix = "/app/api", endpoint = "canned/offer", input = Json)]
pub async fn offer(account: AccountId, search: String) -> Result<Vec<CannedResponse>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let mut found = domain::canned::list(&ctx, Some(&search)).await?;
    found.truncate(OFFERED);
    Ok(found)
}

/// Writes a text: a new one without an id.
#[server(name = SaveCanned, prefix = "/app/api", endpoint = "canned/save", input = Json)]
pub async fn save(
    account: AccountId,
    id: Option<CannedId>,
    short_code: String,
    content: String,
    files: Vec<StoredFileId>,
) -> Result<CannedResponse, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let input = domain::canned::CannedInput { short_code, content, files };
    Ok(match id {
        Some(id) => domain::canned::update(&ctx, id, input).await?,
        None => domain::canned::create(&ctx, input).await?,
    })
}

/// Deletes a text.
#[server(name = DeleteCanned, prefix = "/app/api", endpoint = "canned/delete", input = Json)]
pub async fn delete(account: AccountId, id: CannedId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::canned::delete(&ctx, id).await?)
}
