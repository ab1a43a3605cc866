//! Searching.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::AccountId;
use model::search::SearchResults;
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

model::text_enum! {
    /// Of what kind the results are.
    Kind { All = "all", Conversations = "conversations", Messages = "messages", Contacts = "contacts" }
}

/// Results of one search.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub results: SearchResults,
    /// There may be another page of this kind.
    pub has_more: bool,
}

/// The first results of each kind, or a page of one, with how many there are of each.
#[server(name = SearchEverything, prefix = "/app/api", endpoint = "search", input = Json)]
pub async fn search(account: AccountId, text: String, kind: Kind, page: i64) -> Result<Found, CallError> {
    use domain::search::find;

    let ctx = server::visit()?.agent(account).await?;
    if text.trim().is_empty() {
        return Ok(Found::default());
    }
    if kind == Kind::All {
        return Ok(Found { results: find::overview(&ctx, &text).await?, has_more: false });
    }
    let counts = find::counts(&ctx, &text).await?;
    let mut results = SearchResults { counts, ..SearchResults::default() };
    match kind {
        Kind::Conversations => results.conversations = find::conversations(&ctx, &text, page).await?,
        Kind::Messages => results.messages = find::messages(&ctx, &text, page).await?,
        Kind::Contacts | Kind::All => results.contacts = find::contacts(&ctx, &text, page).await?,
    }
    let count = results.conversations.len() + results.messages.len() + results.contacts.len();
    Ok(Found { has_more: count >= find::SHOWN_AT_ONCE, results })
}
