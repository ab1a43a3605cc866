//! Opening a conversation.

use model::conversation::Conversation;
use model::inbox::Inbox;
use model::{
    AccountId, ContactId, ContactInboxId, ConversationStatus, ErrorCode, InboxId, Millis, Permission, TeamId, UserId,
};
use serde_json::{Value, json};

use super::activity::{self, Activity};
use super::store::{self, Facts, NewRow};
use super::{assign, attribute, read};
use crate::attribute::value;
use crate::contact::{self, checked_attributes};
use crate::event::Event;
use crate::message::send::{self, Draft};
use crate::work::Work;
use crate::{Ctx, Error, OnUnique as _, Result, channel, inbox, notification, secret};

/// A conversation that an agent or an integration opens.
#[derive(Debug, Clone, Default)]
pub struct NewConversation {
    pub inbox_id: Option<InboxId>,
    pub contact_id: Option<ContactId>,
    /// The contact's name in the channel; instead of the contact, or for a new place of theirs.
    pub source_id: Option<String>,
    pub status: Option<ConversationStatus>,
    pub assignee_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    pub snoozed_until: Option<Millis>,
    pub additional_attributes: Option<Value>,
    pub custom_attributes: Option<Value>,
    pub message: Option<Draft>,
}

/// Opens a conversation with a contact in an inbox that the agent reaches. Everything is looked at before anything is written.
pub async fn create(ctx: &Ctx, new: NewConversation) -> Result<Conversation> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let account = agent.account_id;
    let inbox = inbox::get(ctx, inbox_of(ctx, account, &new).await?).await?;
    let additional = object("additional_attributes", new.additional_attributes)?;
    let given = checked_attributes("custom_attributes", new.custom_attributes)?.unwrap_or_default();
    let mut custom = json!({});
    value::put(&mut custom, attribute::checked(ctx, account, given).await?);
    if new.assignee_id.is_some_and(|id| id != agent.user_id) || new.team_id.is_some() {
        agent.require(Permission::Assign)?;
    }
    let assignee = match new.assignee_id {
        Some(user) => Some(assign::assignable(ctx, account, inbox.id, user).await?),
        None => None,
    };
    let team = match new.team_id {
        Some(team) => Some(assign::team_name(ctx, account, team).await?),
        None => None,
    };
    let message = match new.message {
        Some(draft) => Some(send::prepare(ctx, account, draft).await?),
        None => None,
    };
    let mut work = ctx.begin().await?;
    let (contact_id, place) = place(&mut work, account, &inbox, new.contact_id, new.source_id).await?;
    // Whoever does not see contacts must not learn of one by writing to them.
    contact::get(ctx, contact_id).await?;
    let row = NewRow {
        inbox_id: inbox.id,
        contact_id,
        contact_inbox_id: place,
        uuid: secret::uuid(),
        status: new.status.unwrap_or(ConversationStatus::Open),
        assignee_id: new.assignee_id,
        team_id: new.team_id,
        snoozed_until: new.snoozed_until.filter(|_| new.status == Some(ConversationStatus::Snoozed)),
        additional_attributes: additional,
        custom_attributes: custom,
    };
    let facts = open(&mut work, account, row).await?;
    if let Some(name) = &assignee {
        let is_own = new.assignee_id == Some(agent.user_id);
        let activity = if is_own { Activity::AssignedToSelf } else { Activity::Assigned(name) };
        activity::note(ctx, &mut work, &facts, activity).await?;
        notification::assigned(&mut work, &facts, new.assignee_id).await?;
    }
    if let Some(name) = &team {
        activity::note(ctx, &mut work, &facts, Activity::TeamAssigned(name)).await?;
    }
    if let Some(message) = message {
        send::put(ctx, &mut work, agent, &facts, message).await?;
    }
    work.commit().await?;
    read::one(ctx, account, facts.id).await?.ok_or_else(Error::not_found)
}

/// The inbox that is named, or the one in which the source id is known.
async fn inbox_of(ctx: &Ctx, account: AccountId, new: &NewConversation) -> Result<InboxId> {
    let required = || Error::field("inbox_id", ErrorCode::Required);
    if let Some(inbox) = new.inbox_id {
        return Ok(inbox);
    }
    let source = new.source_id.as_deref().ok_or_else(required)?;
    let place = contact::store::find_by_source(ctx.db(), account, source).await?;
    place.map(|place| place.inbox_id).ok_or_else(Error::not_found)
}

fn object(field: &str, given: Option<Value>) -> Result<Value> {
    Ok(checked_attributes(field, given)?.map_or_else(|| json!({}), Value::Object))
}

/// The contact and their place in the inbox; made when the contact has none there yet.
async fn place(
    work: &mut Work<'_>,
    account: AccountId,
    inbox: &Inbox,
    contact: Option<ContactId>,
    source_id: Option<String>,
) -> Result<(ContactId, ContactInboxId)> {
    let (channel, inbox) = (channel::by_key(&inbox.channel)?, inbox.id);
    if let Some(source) = &source_id
        && let Some(found) = contact::store::find_in_inbox(&mut work.tx, account, inbox, source).await?
    {
        return Ok((found.contact_id, found.id));
    }
    let contact_id = contact.ok_or_else(|| Error::field("contact_id", ErrorCode::Required))?;
    let row = contact::store::find(&mut work.tx, account, contact_id).await?;
    let row = row.ok_or_else(|| Error::field("contact_id", ErrorCode::Invalid))?;
    let places = contact::store::in_inboxes(&mut work.tx, account, row.id).await?;
    if let Some(found) = places.into_iter().find(|place| place.inbox_id == inbox && source_id.is_none()) {
        return Ok((row.id, found.id));
    }
    let source = source_id.or_else(|| channel.place_of(row.email.as_deref())).unwrap_or_else(secret::uuid);
    let now = work.now;
    let id = contact::store::insert_in_inbox(&mut work.tx, account, inbox, row.id, &source, now).await;
    let id = id.on_unique("source_id")?;
    Ok((row.id, id))
}

/// Writes a conversation in an open change and returns its facts, locked.
pub(crate) async fn open(work: &mut Work<'_>, account: AccountId, row: NewRow) -> Result<Facts> {
    let (id, _) = store::insert(&mut work.tx, account, &row, work.now).await?;
    let facts = store::lock(&mut work.tx, account, id, work.now).await?.ok_or_else(Error::not_found)?;
    if let Some(until) = row.snoozed_until {
        super::snooze::wake_at(work, &facts, until);
    }
    work.record(account, Event::ConversationCreated { conversation_id: id });
    Ok(facts)
}
