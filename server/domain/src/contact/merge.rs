//! One person who was two contacts: made one, and for thirty days taken apart again.

use model::agent::AgentRef;
use model::contact::{Contact, ContactMerge};
use model::{AccountId, ContactId, ErrorCode, MergeId, Millis, Permission};
use serde_json::Value;

use super::store::merge::{Recorded, Snapshot};
use super::store::{self, Row};
use super::{read, taken};
use crate::event::{Event, Part};
use crate::message::attachment::avatar_url;
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// How long a merge can be undone.
pub const UNDO_FOR: Millis = 30 * 24 * 60 * 60 * 1_000;
/// Conversations of which others are told that they changed hands.
const TOLD: usize = 200;

/// Merges one contact into another by hand. The base's values win, its blanks are filled.
pub async fn merge(ctx: &Ctx, base: ContactId, mergee: ContactId) -> Result<Contact> {
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
    let before = kept.clone();
    let (labels, added_labels) = store::label::move_all(&mut work.tx, from, base).await?;
    let notes = store::note::move_all(&mut work.tx, from, base).await?;
    let moved = store::merge::move_all(&mut work.tx, account, from, base).await?;
    // Removed first: its e-mail, phone and identifier become free for the base.
    store::delete(&mut work.tx, account, from).await?;
    fill(&mut kept, &gone);
    store::update(&mut work.tx, account, &kept, now).await.map_err(taken)?;
    if gone.avatar_key.is_some() && before.avatar_key.is_none() {
        store::set_picture(&mut work.tx, account, base, gone.avatar_key.as_deref()).await?;
    }
    tell(work, account, &moved.conversations);
    // Nobody wants back a visitor who had said nothing of themselves.
    if is_somebody(&gone) || !notes.is_empty() || !labels.is_empty() {
        let snapshot = Snapshot {
            gone,
            kept: before,
            places: moved.places,
            conversations: moved.conversations,
            last_message: moved.last_message,
            labels,
            added_labels,
            notes,
            merges: moved.merges,
        };
        let by = work.author();
        store::merge::insert(&mut work.tx, account, (base, from), by, &snapshot, now).await?;
    }
    work.record(account, Event::ContactMerged { contact_id: base, merged_id: from });
    work.record(account, Event::ContactUpdated { contact_id: base });
    Ok(())
}

fn is_somebody(row: &Row) -> bool {
    !row.name.is_empty() || row.email.is_some() || row.phone_number.is_some() || row.identifier.is_some()
}

fn tell(work: &mut Work<'_>, account: AccountId, ids: &[model::ConversationId]) {
    for id in ids.iter().rev().take(TOLD) {
        let changed = vec![Part::Contact];
        work.record(account, Event::ConversationUpdated { conversation_id: *id, changed, before: None });
    }
}

fn fill(kept: &mut Row, gone: &Row) {
    if kept.name.is_empty() {
        kept.name.clone_from(&gone.name);
    }
    let or = |kept: &mut Option<String>, gone: &Option<String>| *kept = kept.take().or_else(|| gone.clone());
    or(&mut kept.email, &gone.email);
    or(&mut kept.phone_number, &gone.phone_number);
    or(&mut kept.identifier, &gone.identifier);
    or(&mut kept.avatar_url, &gone.avatar_url);
    fill_object(&mut kept.additional_attributes.0, &gone.additional_attributes.0);
    fill_object(&mut kept.custom_attributes.0, &gone.custom_attributes.0);
}

fn fill_object(into: &mut Value, from: &Value) {
    let (Some(into), Some(from)) = (into.as_object_mut(), from.as_object()) else { return };
    for (key, value) in from {
        into.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// Takes out again what a merge filled in, unless somebody has changed it since.
fn empty(now: &mut Row, was: &Snapshot) {
    let (before, gone) = (&was.kept, &was.gone);
    if before.name.is_empty() && now.name == gone.name {
        now.name.clear();
    }
    let out = |now: &mut Option<String>, before: &Option<String>, gone: &Option<String>| {
        if before.is_none() && now == gone {
            *now = None;
        }
    };
    out(&mut now.email, &before.email, &gone.email);
    out(&mut now.phone_number, &before.phone_number, &gone.phone_number);
    out(&mut now.identifier, &before.identifier, &gone.identifier);
    out(&mut now.avatar_url, &before.avatar_url, &gone.avatar_url);
    out(&mut now.avatar_key, &before.avatar_key, &gone.avatar_key);
    empty_object(&mut now.additional_attributes.0, &before.additional_attributes.0, &gone.additional_attributes.0);
    empty_object(&mut now.custom_attributes.0, &before.custom_attributes.0, &gone.custom_attributes.0);
}

fn empty_object(now: &mut Value, before: &Value, gone: &Value) {
    let (Some(now), Some(gone)) = (now.as_object_mut(), gone.as_object()) else { return };
    for (key, value) in gone {
        if before.get(key).is_none() && now.get(key) == Some(value) {
            now.remove(key);
        }
    }
}

/// Who was merged into a contact and can be taken out again, newest first.
pub async fn list(ctx: &Ctx, id: ContactId) -> Result<Vec<ContactMerge>> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeContacts)?;
    super::get(ctx, id).await?;
    let since = ctx.now() - UNDO_FOR;
    let merges = store::merge::list(ctx.db(), agent.account_id, id, since).await?;
    // Of those who came with somebody else, it is the somebody who has to be taken out first.
    Ok(merges.into_iter().filter(|merge| merge.winner_id == merge.holder_id).map(shown).collect())
}

fn shown(merge: Recorded) -> ContactMerge {
    let gone = merge.snapshot.0.gone;
    let facts = [Some(gone.name), gone.email, gone.phone_number, gone.identifier];
    let name = facts.into_iter().flatten().find(|fact| !fact.is_empty());
    ContactMerge {
        id: merge.id,
        name: name.unwrap_or_else(|| format!("#{}", merge.loser_id)),
        merged_at: merge.created_at,
        by: merge.user_id.map(|id| AgentRef {
            id,
            name: merge.user_name.unwrap_or_default(),
            avatar_url: merge.user_avatar_key.as_deref().map(avatar_url),
        }),
        until: merge.created_at + UNDO_FOR,
    }
}

/// Takes a merge apart: both are what they were before, the one who was gone under their old number. What was changed by hand since
/// and what was written since stays with the winner. The contact who is back.
pub async fn undo(ctx: &Ctx, id: ContactId, merge: MergeId) -> Result<Contact> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    agent.require(Permission::SeeContacts)?;
    let account = agent.account_id;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let mut winner = store::lock(&mut work.tx, account, id, now).await?.ok_or_else(Error::not_found)?;
    let found = store::merge::get(&mut work.tx, account, merge).await?;
    let merge = found.filter(|merge| merge.holder_id == id && merge.created_at >= now - UNDO_FOR);
    let merge = merge.ok_or_else(Error::not_found)?;
    if merge.winner_id != merge.holder_id {
        return Err(Error::field("merge", ErrorCode::Conflict));
    }
    let (back, was) = (merge.loser_id, merge.snapshot.0);
    let had_picture = winner.avatar_key.is_some();
    empty(&mut winner, &was);
    store::update(&mut work.tx, account, &winner, now).await.map_err(taken)?;
    if had_picture && winner.avatar_key.is_none() {
        store::set_picture(&mut work.tx, account, id, None).await?;
    }
    // Somebody else may have been given the address meanwhile: then there is nobody to come back under it.
    if let Err(error) = store::merge::restore(&mut work.tx, account, &was.gone, now).await {
        return Err(taken(error));
    }
    store::index(&mut work.tx, account, &was.gone);
    store::label::give(&mut work.tx, back, &was.labels).await?;
    store::label::take(&mut work.tx, id, &was.added_labels).await?;
    let returned = store::merge::move_back(&mut work.tx, account, id, back, &was).await?;
    store::merge::delete(&mut work.tx, account, merge.id).await?;
    tell(&mut work, account, &returned);
    work.record(account, Event::ContactCreated { contact_id: back });
    work.record(account, Event::ContactUpdated { contact_id: id });
    work.commit().await?;
    read::one(ctx, account, back).await?.ok_or_else(Error::not_found)
}

/// Forgets merges that can no longer be undone, with pictures that nobody shows.
pub async fn prune(ctx: &Ctx) -> Result<()> {
    loop {
        let old = store::merge::expired(ctx.db(), ctx.now() - UNDO_FOR).await?;
        if old.is_empty() {
            return Ok(());
        }
        for (id, account) in old {
            let mut work = ctx.begin().await?;
            if let Some(merge) = store::merge::get(&mut work.tx, account, id).await? {
                let key = merge.snapshot.0.gone.avatar_key;
                store::merge::delete(&mut work.tx, account, id).await?;
                if let Some(key) = key
                    && !store::merge::shows_picture(&mut work.tx, account, merge.holder_id, &key).await?
                {
                    crate::avatar::release(&mut work.tx, account, &key).await?;
                }
            }
            work.commit().await?;
        }
    }
}
