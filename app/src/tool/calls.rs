//! What the palette finds.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::AccountId;
use model::contact::Contact;
use model::conversation::ConversationRow;
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// Conversations and contacts for words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub conversations: Vec<ConversationRow>,
    pub contacts: Vec<Contact>,
}

/// Finds conversations by their messages or their number, and contacts by their facts.
#[server(name = FindAnything, prefix = "/app/api", endpoint = "tool/find", input = Json)]
pub async fn find(account: AccountId, words: String) -> Result<Found, CallError> {
    use domain::conversation::{self, Paging};
    use model::conversation::ConversationFilter;

    /// Of each kind.
    const MOST: i64 = 6;

    let ctx = server::visit()?.agent(account).await?;
    let words = words.trim();
    let mut found = Found::default();
    if words.is_empty() || words.chars().count() > 200 {
        return Ok(found);
    }
    if let Ok(number) = words.trim_start_matches('#').parse::<i64>()
        && let Ok(one) = conversation::get(&ctx, model::DisplayId(number)).await
    {
        found.conversations.push(one.row);
    }
    let filter = ConversationFilter { status: None, query: Some(words.to_owned()), ..ConversationFilter::default() };
    let page = conversation::list(&ctx, &filter, Paging::start(MOST)).await?;
    let known: Vec<_> = found.conversations.iter().map(|row| row.id).collect();
    found.conversations.extend(page.items.into_iter().filter(|row| !known.contains(&row.id)));
    if ctx.agent().is_ok_and(|agent| agent.role.has(model::Permission::SeeContacts)) {
        let sort = domain::contact::read::Sort::ActivityDesc;
        let (contacts, _) = domain::contact::list(&ctx, Some(words), sort, 1).await?;
        found.contacts = contacts.into_iter().take(usize::try_from(MOST).unwrap_or(6)).collect();
    }
    Ok(found)
}
