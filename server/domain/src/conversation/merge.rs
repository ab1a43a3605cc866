//! Making one conversation of two that a contact has.
//!
//! The messages of one go over to the other, where they stand in the order of their times; labels, followers and what waits to be
//! sent go with them. What is left is resolved, says where everything went, and is never taken up again: the contact goes on
//! in the other one, or in a new one where the other is in a place of theirs that this one cannot see.

mod store;
mod undo;

use model::conversation::Conversation;
use model::live::Aside;
use model::{ConversationStatus, DisplayId, ErrorCode, Permission, Priority};
use serde_json::Value;

use super::activity::{self, Activity};
use super::participant::store::unite;
use super::store::{Facts, labels, lock, rank, set_labels};
use super::{access, label, read};
use crate::event::{Event, Part};
use crate::message::scheduled;
use crate::work::Work;
use crate::{Ctx, Error, Result};

pub(crate) use undo::prune;
pub use undo::{standing, undo};

/// Puts everything of `from` into `into`. Both belong to one contact; whoever asks sees both.
pub async fn merge(ctx: &Ctx, from: DisplayId, into: DisplayId) -> Result<Conversation> {
    ctx.agent()?.require(Permission::Assign)?;
    let (known_from, known_into) = (access(ctx, from).await?, access(ctx, into).await?);
    let refused = || Error::field("conversation_id", ErrorCode::Conflict);
    if known_from.id == known_into.id || known_from.contact_id != known_into.contact_id {
        return Err(refused());
    }
    let mut work = ctx.begin().await?;
    let now = work.now;
    // Always in the order of their ids: two merges at a time wait for each other and never in a circle.
    let (first, second) =
        if known_from.id < known_into.id { (&known_from, &known_into) } else { (&known_into, &known_from) };
    let first = lock(&mut work.tx, first.account_id, first.id, now).await?.ok_or_else(Error::not_found)?;
    let second = lock(&mut work.tx, second.account_id, second.id, now).await?.ok_or_else(Error::not_found)?;
    let (from, into) = if first.id == known_from.id { (first, second) } else { (second, first) };
    let agent = ctx.agent()?;
    let is_allowed = from.contact_id == into.contact_id
        && from.merged_into.is_none()
        && into.merged_into.is_none()
        && [&from, &into].into_iter().all(|facts| agent.sees(facts.inbox_id, facts.assignee_id));
    if !is_allowed {
        return Err(refused());
    }
    let memory = undo::remember(&mut work, &from, &into).await?;
    note_labels(&mut work, &from, &into).await?;
    carry(&mut work, &from, &into).await?;
    let after = united(&from, &into);
    undo::keep(&mut work, &from, &into, memory, &after).await?;
    store::set_united(&mut work.tx, &after).await?;
    store::set_merged(&mut work.tx, &from, into.id).await?;
    let left = Facts { status: ConversationStatus::Resolved, last_message_id: None, ..from.clone() };
    let left = Facts { last_public_message_id: None, unread_count: 0, contact_unread_count: 0, ..left };
    let left = Facts { waiting_since: None, snoozed_until: None, ..left };
    activity::note(ctx, &mut work, &left, Activity::MergedInto(into.display_id)).await?;
    activity::note(ctx, &mut work, &after, Activity::MergedFrom(from.display_id)).await?;
    tell(&mut work, &from, &into);
    work.commit().await?;
    read::one(ctx, into.account_id, into.id).await?.ok_or_else(Error::not_found)
}

/// Moves what hangs on a conversation.
async fn carry(work: &mut Work<'_>, from: &Facts, into: &Facts) -> Result<()> {
    let tx = &mut work.tx;
    store::move_messages(tx, from, into).await?;
    scheduled::move_all(tx, from, into).await?;
    unite(tx, from, into).await?;
    let rows = labels(&mut *tx, into.account_id, &[from.id, into.id]).await?;
    let mut titles: Vec<String> = rows.into_iter().map(|(_, title)| title).collect();
    titles.sort_unstable();
    titles.dedup();
    set_labels(tx, into.account_id, into.id, &titles).await
}

/// What the one conversation is now.
fn united(from: &Facts, into: &Facts) -> Facts {
    let earliest = |a: Option<i64>, b: Option<i64>| a.into_iter().chain(b).min();
    let is_open = [from.status, into.status].contains(&ConversationStatus::Open);
    let status = if is_open { ConversationStatus::Open } else { into.status };
    Facts {
        status,
        snoozed_until: into.snoozed_until.filter(|_| status == ConversationStatus::Snoozed),
        priority: more_urgent(from.priority, into.priority),
        assignee_id: into.assignee_id.or(from.assignee_id),
        team_id: into.team_id.or(from.team_id),
        custom_attributes: db::Json(filled(&into.custom_attributes.0, &from.custom_attributes.0)),
        last_message_id: from.last_message_id.max(into.last_message_id),
        last_public_message_id: from.last_public_message_id.max(into.last_public_message_id),
        unread_count: from.unread_count + into.unread_count,
        contact_unread_count: from.contact_unread_count + into.contact_unread_count,
        last_activity_at: from.last_activity_at.max(into.last_activity_at),
        first_reply_created_at: earliest(from.first_reply_created_at, into.first_reply_created_at),
        waiting_since: earliest(from.waiting_since, into.waiting_since),
        ..into.clone()
    }
}

fn more_urgent(a: Option<Priority>, b: Option<Priority>) -> Option<Priority> {
    if rank(a) > rank(b) { a } else { b }
}

/// The attributes, and those of the other that are missing.
fn filled(own: &Value, other: &Value) -> Value {
    let mut all = other.as_object().cloned().unwrap_or_default();
    all.extend(own.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}

/// Remembers the labels of both before they change.
async fn note_labels(work: &mut Work<'_>, from: &Facts, into: &Facts) -> Result<()> {
    for facts in [from, into] {
        let titles = label::of(work, facts).await?;
        work.note_labels(facts, &titles);
    }
    Ok(())
}

fn tell(work: &mut Work<'_>, from: &Facts, into: &Facts) {
    let account = into.account_id;
    let changed = vec![Part::Status, Part::Assignee, Part::Labels, Part::WaitingSince, Part::CustomAttributes];
    for facts in [from, into] {
        work.record_update(facts, changed.clone(), Some(facts.reach()));
        work.record(account, Event::ConversationAside { conversation_id: facts.id, aside: Aside::Messages });
    }
}
