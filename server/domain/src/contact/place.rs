//! A contact's places: who they are in each inbox.

use std::collections::HashMap;

use model::contact::Contact;
use model::inbox::Inbox;
use model::{AccountId, ContactId, ErrorCode, InboxId, Permission};

use super::store::{self, InInbox};
use super::{Facts, get, insert, read};
use crate::work::Work;
use crate::{Ctx, Error, OnUnique, Result, channel, inbox, secret};

/// Longest source id.
const MAX_SOURCE: usize = 255;

/// The places of a contact in the inboxes that the agent reaches, newest first.
pub async fn list(ctx: &Ctx, id: ContactId) -> Result<Vec<InInbox>> {
    Ok(of(ctx, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The same for contacts that the agent was shown already.
pub async fn of(ctx: &Ctx, ids: &[ContactId]) -> Result<HashMap<ContactId, Vec<InInbox>>> {
    let agent = ctx.agent()?;
    let mut places: HashMap<ContactId, Vec<InInbox>> = HashMap::new();
    for place in store::places_of(ctx.db(), agent.account_id, ids).await? {
        if agent.reaches(place.inbox_id) {
            places.entry(place.contact_id).or_default().push(place);
        }
    }
    Ok(places)
}

/// Makes a contact, and their place in an inbox when one is named.
pub async fn create(
    ctx: &Ctx,
    facts: Facts,
    inbox: Option<InboxId>,
    source_id: Option<String>,
) -> Result<(Contact, Option<InInbox>)> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    let checked = super::checked(ctx, agent.account_id, facts).await?;
    let source_id = checked_source(source_id)?;
    let source_id = match inbox {
        Some(inbox) => {
            source_id.or(own_place(&inbox::get(ctx, inbox).await?, checked.email.as_ref().and_then(Option::as_deref))?)
        }
        None => source_id,
    };
    let mut work = ctx.begin().await?;
    let id = match insert(&mut work, agent.account_id, checked.clone()).await {
        Ok(id) => id,
        Err(error) => return Err(super::naming(ctx, work, agent.account_id, &checked, error).await),
    };
    let place = match inbox {
        Some(inbox) => Some(put(&mut work, agent.account_id, id, inbox, source_id).await?),
        None => None,
    };
    work.commit().await?;
    let contact = read::one(ctx, agent.account_id, id).await?.ok_or_else(Error::not_found)?;
    Ok((contact, place))
}

/// Gives a contact a place in an inbox. One that is theirs already is returned as it is.
pub async fn add(ctx: &Ctx, id: ContactId, inbox: InboxId, source_id: Option<String>) -> Result<InInbox> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    let contact = get(ctx, id).await?;
    let of_inbox = inbox::get(ctx, inbox).await?;
    let source_id = checked_source(source_id)?.or(own_place(&of_inbox, contact.email.as_deref())?);
    let known = list(ctx, id)
        .await?
        .into_iter()
        .find(|place| place.inbox_id == inbox && source_id.as_ref().is_none_or(|source| *source == place.source_id));
    if let Some(known) = known {
        return Ok(known);
    }
    let mut work = ctx.begin().await?;
    let place = put(&mut work, agent.account_id, id, inbox, source_id).await?;
    work.commit().await?;
    Ok(place)
}

/// What a channel calls the place of a contact, where it is not ours to choose.
fn own_place(inbox: &Inbox, email: Option<&str>) -> Result<Option<String>> {
    Ok(channel::by_key(&inbox.channel)?.place_of(email))
}

async fn put(
    work: &mut Work<'_>,
    account: AccountId,
    contact_id: ContactId,
    inbox_id: InboxId,
    source_id: Option<String>,
) -> Result<InInbox> {
    let source_id = source_id.unwrap_or_else(secret::uuid);
    let now = work.now;
    let id = store::insert_in_inbox(&mut work.tx, account, inbox_id, contact_id, &source_id, now).await;
    let id = id.on_unique("source_id")?;
    Ok(InInbox { id, contact_id, inbox_id, source_id, hmac_verified: false })
}

pub(crate) fn checked_source(source_id: Option<String>) -> Result<Option<String>> {
    match source_id.map(|source| source.trim().to_owned()) {
        Some(source) if source.chars().count() > MAX_SOURCE || source.contains(char::is_control) => {
            Err(Error::field("source_id", ErrorCode::Invalid))
        }
        source => Ok(source.filter(|source| !source.is_empty())),
    }
}

/// The places in which a first conversation can be begun with a contact: those where there was none yet.
pub async fn contactable(ctx: &Ctx, id: ContactId) -> Result<Vec<InInbox>> {
    get(ctx, id).await?;
    let busy = store::places_with_conversations(ctx.db(), ctx.agent()?.account_id, id).await?;
    Ok(list(ctx, id).await?.into_iter().filter(|place| !busy.contains(&place.id)).collect())
}

/// The contact with this source id in an inbox.
pub async fn find(ctx: &Ctx, inbox: InboxId, source_id: &str) -> Result<Contact> {
    let account = ctx.agent()?.account_id;
    inbox::get(ctx, inbox).await?;
    let place = store::find_in_inbox(ctx.db(), account, inbox, source_id).await?.ok_or_else(Error::not_found)?;
    get(ctx, place.contact_id).await
}
