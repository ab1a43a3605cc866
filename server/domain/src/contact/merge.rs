//! One person who was two contacts.

use model::{AccountId, ContactId, ErrorCode, Permission};

use super::{read, store, taken};
use crate::event::Event;
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// Merges one contact into another by hand. The base's values win, its blanks are filled.
pub async fn merge(ctx: &Ctx, base: ContactId, mergee: ContactId) -> Result<model::contact::Contact> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    agent.require(Permission::SeeContacts)?;
    if base == mergee {
        return Err(Error::field("mergee_contact_id", ErrorCode::Invalid));
    }
    let mut work = ctx.begin().await?;
    into(&mut work, agent.account_id, mergee, base).await?;
    work.commit().await?;
    read::one(ctx, agent.account_id, base).await?.ok_or_else(Error::not_found)
}

/// Moves everything of `from` to `base` and removes `from`, in an open change.
pub(crate) async fn into(work: &mut Work<'_>, account: AccountId, from: ContactId, base: ContactId) -> Result<()> {
    let now = work.now;
    // Always in the same order, so that two merges cannot wait for each other.
    let (first, second) = if from < base { (from, base) } else { (base, from) };
    let first = store::lock(&mut work.tx, account, first, now).await?.ok_or_else(Error::not_found)?;
    let second = store::lock(&mut work.tx, account, second, now).await?.ok_or_else(Error::not_found)?;
    let (mut kept, gone) = if first.id == base { (first, second) } else { (second, first) };
    store::move_all(&mut work.tx, account, from, base).await?;
    // Removed first: its e-mail, phone and identifier become free for the base.
    store::delete(&mut work.tx, account, from).await?;
    if kept.name.is_empty() {
        kept.name = gone.name;
    }
    kept.email = kept.email.or(gone.email);
    kept.phone_number = kept.phone_number.or(gone.phone_number);
    kept.identifier = kept.identifier.or(gone.identifier);
    kept.avatar_url = kept.avatar_url.or(gone.avatar_url);
    fill(&mut kept.additional_attributes.0, gone.additional_attributes.0);
    fill(&mut kept.custom_attributes.0, gone.custom_attributes.0);
    store::update(&mut work.tx, account, &kept, now).await.map_err(taken)?;
    work.record(account, Event::ContactMerged { contact_id: base, merged_id: from });
    work.record(account, Event::ContactUpdated { contact_id: base });
    Ok(())
}

fn fill(into: &mut serde_json::Value, from: serde_json::Value) {
    let (Some(into), serde_json::Value::Object(from)) = (into.as_object_mut(), from) else { return };
    for (key, value) in from {
        into.entry(key).or_insert(value);
    }
}
