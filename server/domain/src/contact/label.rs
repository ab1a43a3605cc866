//! Labels of contacts: the account's own words, as for conversations.

use std::collections::HashMap;

use model::{ContactId, ErrorCode, Permission};

use super::{get, store};
use crate::event::Event;
use crate::{Ctx, Error, Result};

/// Contacts that one call changes.
const MOST: usize = 1_000;

/// The labels of a contact, by title.
pub async fn list(ctx: &Ctx, id: ContactId) -> Result<Vec<String>> {
    get(ctx, id).await?;
    Ok(of(ctx, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The labels of contacts that the agent was shown already.
pub async fn of(ctx: &Ctx, ids: &[ContactId]) -> Result<HashMap<ContactId, Vec<String>>> {
    let mut labels: HashMap<ContactId, Vec<String>> = HashMap::new();
    for (id, _, title) in store::label::of(ctx.db(), ctx.agent()?.account_id, ids).await? {
        labels.entry(id).or_default().push(title);
    }
    Ok(labels)
}

/// Makes exactly these the labels. Titles that the account does not have are left out.
pub async fn set(ctx: &Ctx, id: ContactId, titles: &[String]) -> Result<Vec<String>> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::lock(&mut work.tx, agent.account_id, id, now).await?.ok_or_else(Error::not_found)?;
    store::label::remove(&mut work.tx, agent.account_id, &[id], None).await?;
    store::label::add(&mut work.tx, agent.account_id, &[id], &folded(titles)).await?;
    work.record(agent.account_id, Event::ContactUpdated { contact_id: id });
    work.commit().await?;
    list(ctx, id).await
}

/// Gives many contacts labels and takes others from them; how many contacts there were. Unknown titles change nothing.
pub async fn change_many(ctx: &Ctx, ids: &[ContactId], add: &[String], remove: &[String]) -> Result<usize> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    agent.require(Permission::SeeContacts)?;
    if ids.len() > MOST {
        return Err(Error::field("ids", ErrorCode::TooMany));
    }
    let mut known: Vec<ContactId> =
        store::find_all(ctx.db(), agent.account_id, ids).await?.into_iter().map(|row| row.id).collect();
    known.sort_unstable();
    if known.is_empty() {
        return Ok(0);
    }
    let mut work = ctx.begin().await?;
    store::label::remove(&mut work.tx, agent.account_id, &known, Some(&folded(remove))).await?;
    store::label::add(&mut work.tx, agent.account_id, &known, &folded(add)).await?;
    for id in &known {
        work.record(agent.account_id, Event::ContactUpdated { contact_id: *id });
    }
    work.commit().await?;
    Ok(known.len())
}

fn folded(titles: &[String]) -> Vec<String> {
    titles.iter().map(|title| title.trim().to_lowercase()).collect()
}
