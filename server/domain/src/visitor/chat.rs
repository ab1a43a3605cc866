//! What a visitor does: write, read, be seen typing, end the conversation.

use std::collections::HashSet;

use db::Conn;
use model::attribute::AttributeModel;
use model::live::{Passing, Typist};
use model::message::Message;
use model::{
    AccountId, ConversationId, ConversationStatus, ErrorCode, MessageKind, SenderKind, content::MAX_ATTACHMENTS,
};
use serde_json::{Map, Value, json};

use super::{ask, refresh};
use crate::attribute::value::{self, Manner};
use crate::contact::{self, Checked, checked_attributes};
use crate::conversation::store::{self as conversations, Facts, NewRow};
use crate::conversation::{self, create, status};
use crate::ctx::{KnownVisitor, VisitorActor};
use crate::event::Part;
use crate::message::attachment::{self, Upload};
use crate::message::write::{self, Written};
use crate::message::{format, read, send, store as messages};
use crate::realtime::PassingTo;
use crate::webhook::typing;
use crate::work::Work;
use crate::{Actor, Ctx, Error, Result, hours, inbox, secret};

/// What a visitor writes.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub content: String,
    pub echo_id: Option<String>,
    pub files: Vec<Upload>,
    pub in_reply_to: Option<model::MessageId>,
    /// Page, browser, language; kept with a conversation that begins with this message.
    pub origin: Value,
}

/// A message that was written, and the visitor with the rows that they have now.
pub struct Said {
    pub message: Message,
    pub ctx: Ctx,
    /// Whether the visitor had no rows before.
    pub is_first: bool,
}

/// The conversation that the visitor is in: the one they chose, else the newest of their browser, or of all their proven browsers.
/// Not found if they chose one that is not theirs.
pub async fn current(ctx: &Ctx) -> Result<Option<Facts>> {
    let visitor = ctx.visitor()?;
    let places = places(ctx, visitor).await?;
    let Some(number) = visitor.chosen else {
        let newest = conversations::newest(ctx.db(), visitor.account_id, &places);
        return if places.is_empty() { Ok(None) } else { newest.await };
    };
    let found = conversations::find(ctx.db(), visitor.account_id, number).await?;
    let own = found.filter(|facts| places.contains(&facts.contact_inbox_id) && facts.merged_into.is_none());
    own.map(Some).ok_or_else(Error::not_found)
}

/// Which that is. Mostly known since the visitor was let in.
pub async fn current_id(ctx: &Ctx) -> Result<Option<ConversationId>> {
    let visitor = ctx.visitor()?;
    match visitor.known {
        None if visitor.chosen.is_none() => Ok(None),
        Some(known) if visitor.chosen.is_none() && !known.hmac_verified => Ok(known.newest),
        _ => Ok(current(ctx).await?.map(|facts| facts.id)),
    }
}

pub(super) async fn places(ctx: &Ctx, visitor: &VisitorActor) -> Result<Vec<model::ContactInboxId>> {
    match visitor.known {
        Some(known) => places_of(ctx.db(), visitor, known).await,
        None => Ok(Vec::new()),
    }
}

async fn places_of<'c>(
    on: impl Into<Conn<'c>>,
    visitor: &VisitorActor,
    known: KnownVisitor,
) -> Result<Vec<model::ContactInboxId>> {
    if !known.hmac_verified {
        return Ok(vec![known.contact_inbox_id]);
    }
    let mut places = conversations::proven_places(on, visitor.account_id, known.contact_id, visitor.inbox_id).await?;
    if !places.contains(&known.contact_inbox_id) {
        places.push(known.contact_inbox_id);
    }
    Ok(places)
}

/// The visitor's conversations here, the newest hundred.
pub async fn conversation_ids(ctx: &Ctx) -> Result<HashSet<ConversationId>> {
    let visitor = ctx.visitor()?;
    let places = places(ctx, visitor).await?;
    let ids = conversations::ids_in_places(ctx.db(), visitor.account_id, &places).await?;
    Ok(ids.into_iter().collect())
}

/// Messages of the current conversation that contacts may see, oldest first.
pub async fn list(ctx: &Ctx, window: messages::Window) -> Result<Vec<Message>> {
    let Some(facts) = current(ctx).await? else { return Ok(Vec::new()) };
    let window = messages::Window { public_only: true, ..window };
    read::list(ctx, facts.account_id, &[facts.id], window).await
}

/// Writes into the current conversation, or begins one. The same `echo_id` from the same browser gives the same message.
pub async fn say(ctx: &Ctx, draft: Draft) -> Result<Said> {
    let current = current(ctx).await?.map(|facts| facts.id);
    say_in(ctx, draft, current).await
}

/// The same for a caller who has looked up which one is [`current`].
pub async fn say_in(ctx: &Ctx, draft: Draft, current: Option<ConversationId>) -> Result<Said> {
    deliver(ctx, draft, Target::Current(current), &json!({})).await
}

/// Begins a new conversation with a message, whatever was before.
pub async fn begin(ctx: &Ctx, draft: Draft, custom_attributes: &Value) -> Result<Said> {
    deliver(ctx, draft, Target::New, custom_attributes).await
}

/// Begins a conversation in which nothing is said yet, or goes on with the one that everybody is kept to.
pub(super) async fn begin_silently(ctx: &Ctx, custom_attributes: Value) -> Result<model::DisplayId> {
    let mut custom = json!({});
    value::put(&mut custom, known_attributes(ctx, custom_attributes).await?);
    let ctx = present(ctx).await?;
    let visitor = ctx.visitor()?;
    let known = visitor.known.ok_or_else(Error::not_found)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    contact::store::lock_in_inbox(&mut work.tx, visitor.account_id, known.contact_inbox_id, now).await?;
    let facts = match latest(&mut work, visitor, known, Target::New).await? {
        Some(facts) => facts,
        None => open(&mut work, visitor, known, json!({}), custom).await?,
    };
    work.commit().await?;
    Ok(facts.display_id)
}

/// Where a message goes.
#[derive(Clone, Copy)]
enum Target {
    /// The conversation that was current when the visitor wrote; where there was none, the one that is now, or a new one.
    Current(Option<ConversationId>),
    New,
}

async fn deliver(ctx: &Ctx, draft: Draft, target: Target, custom_attributes: &Value) -> Result<Said> {
    let visitor = ctx.visitor()?;
    let content = format::cleaned(&draft.content)?;
    let echo_id = send::checked_echo(draft.echo_id)?;
    if content.is_empty() && draft.files.is_empty() {
        return Err(Error::field("content", ErrorCode::Required));
    }
    if draft.files.len() > MAX_ATTACHMENTS {
        return Err(Error::field("attachments", ErrorCode::TooManyFiles));
    }
    let mut custom = json!({});
    value::put(&mut custom, known_attributes(ctx, custom_attributes.clone()).await?);
    let origin = checked_attributes("additional_attributes", Some(draft.origin))?.unwrap_or_default();
    let known_before = visitor.known;
    // Before the visitor gets rows: a refused file must not leave a contact who never said anything.
    let files = attachment::store_all(ctx, visitor.account_id, draft.files, true).await?;
    let ctx = present(ctx).await?;
    let visitor = ctx.visitor()?;
    let known = visitor.known.ok_or_else(Error::not_found)?;
    let dedupe_key = echo_id.as_deref().and_then(|echo| send::dedupe_key("v", known.contact_inbox_id.0, 0, echo));
    let mut work = ctx.begin().await?;
    let now = work.now;
    let held = match target {
        Target::Current(Some(id)) => conversations::hold(&mut work.tx, visitor.account_id, id).await?,
        _ => None,
    };
    // Another may have taken its messages over meanwhile.
    let held = held.filter(|facts| facts.merged_into.is_none());
    let facts = match held {
        Some(facts) if goes_on(&mut work, visitor, &facts).await? => facts,
        _ => {
            // Of messages that come at the same time, one begins the conversation and the others find it.
            contact::store::lock_in_inbox(&mut work.tx, visitor.account_id, known.contact_inbox_id, now).await?;
            if let Some(id) = said_before(&mut work, visitor, dedupe_key.as_deref()).await? {
                work.commit().await?;
                return said(ctx.clone(), visitor.account_id, id, known_before).await;
            }
            match latest(&mut work, visitor, known, target).await? {
                Some(facts) => facts,
                None => open(&mut work, visitor, known, Value::Object(origin), custom).await?,
            }
        }
    };
    let mut attributes = json!({});
    if let Some(id) = draft.in_reply_to {
        attributes["in_reply_to"] = json!(id);
    }
    let new = write::New {
        sender: Some((SenderKind::Contact, known.contact_id.0)),
        content_attributes: attributes,
        echo_id,
        dedupe_key,
        files,
        ..write::New::text(MessageKind::Incoming, content)
    };
    let written = write::write(&mut work, &facts, new).await?;
    if contact::store::is_due(facts.contact_active_at, now) {
        contact::store::touch(&mut work.tx, visitor.account_id, known.contact_id, now);
    }
    if let Written::New(_) = written {
        answer(&mut work, visitor, &facts).await?;
    }
    work.commit().await?;
    said(ctx.clone(), visitor.account_id, written.id(), known_before).await
}

/// Whether what comes after the end of a conversation belongs to it: where the inbox keeps everybody to one, and where the visitor
/// themselves reopened it. Whoever is blocked begins nothing anew.
async fn goes_on(work: &mut Work<'_>, visitor: &VisitorActor, facts: &Facts) -> Result<bool> {
    if facts.status != ConversationStatus::Resolved || facts.contact_blocked {
        return Ok(true);
    }
    let inbox = inbox::store::find(&mut work.tx, visitor.account_id, visitor.inbox_id).await?;
    let inbox = inbox.ok_or_else(Error::not_found)?;
    let is_reopened = visitor.chosen.is_some() && inbox.allow_messages_after_resolved;
    Ok(inbox.lock_to_single_conversation || is_reopened)
}

/// The newest conversation, if a message that found none at its place goes there.
async fn latest(
    work: &mut Work<'_>,
    visitor: &VisitorActor,
    known: KnownVisitor,
    target: Target,
) -> Result<Option<Facts>> {
    let inbox = inbox::store::find(&mut work.tx, visitor.account_id, visitor.inbox_id).await?;
    let is_single = inbox.is_some_and(|inbox| inbox.lock_to_single_conversation);
    let begins = matches!(target, Target::New) || visitor.chosen.is_some();
    if begins && !is_single {
        return Ok(None);
    }
    let Some(facts) = newest(work, visitor, known).await? else { return Ok(None) };
    Ok(goes_on(work, visitor, &facts).await?.then_some(facts))
}

async fn said_before(
    work: &mut Work<'_>,
    visitor: &VisitorActor,
    key: Option<&str>,
) -> Result<Option<model::MessageId>> {
    let Some(key) = key else { return Ok(None) };
    let found = messages::find_by_key(&mut work.tx, visitor.account_id, key).await?;
    Ok(found.map(|(id, _)| id))
}

/// The visitor's newest conversation, kept from changing until the commit.
async fn newest(work: &mut Work<'_>, visitor: &VisitorActor, known: KnownVisitor) -> Result<Option<Facts>> {
    let places = places_of(&mut work.tx, visitor, known).await?;
    let Some(found) = conversations::newest(&mut work.tx, visitor.account_id, &places).await? else { return Ok(None) };
    conversations::hold(&mut work.tx, visitor.account_id, found.id).await
}

async fn said(ctx: Ctx, account: AccountId, id: model::MessageId, before: Option<KnownVisitor>) -> Result<Said> {
    let message = read::one(&ctx, account, id).await?.ok_or_else(Error::not_found)?;
    Ok(Said { message, ctx, is_first: before.is_none() })
}

/// Makes the visitor's rows when there are none. Two requests of one browser that come at once end with the same rows.
pub(super) async fn present(ctx: &Ctx) -> Result<Ctx> {
    let visitor = ctx.visitor()?;
    if visitor.known.is_some() {
        return Ok(ctx.clone());
    }
    let mut work = ctx.begin().await?;
    let contact = contact::insert(&mut work, visitor.account_id, Checked::default()).await?;
    let now = work.now;
    let place = contact::store::insert_in_inbox(
        &mut work.tx,
        visitor.account_id,
        visitor.inbox_id,
        contact,
        &visitor.source_id,
        now,
    )
    .await;
    match place {
        Ok(contact_inbox_id) => {
            work.commit().await?;
            let known = KnownVisitor { contact_id: contact, contact_inbox_id, hmac_verified: false, newest: None };
            Ok(ctx.with(Actor::Visitor(VisitorActor { known: Some(known), ..visitor.clone() })))
        }
        // The other request was first; what this one made is gone with its transaction.
        Err(db::Error::Unique(_)) => {
            drop(work);
            ctx.db().settle().await;
            refresh(ctx).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn open(
    work: &mut Work<'_>,
    visitor: &VisitorActor,
    known: KnownVisitor,
    origin: Value,
    custom: Value,
) -> Result<Facts> {
    let contact = contact::store::find(&mut work.tx, visitor.account_id, known.contact_id).await?;
    // What somebody who is blocked begins is over before it is seen.
    let is_blocked = contact.is_some_and(|contact| contact.blocked);
    let row = NewRow {
        inbox_id: visitor.inbox_id,
        contact_id: known.contact_id,
        contact_inbox_id: known.contact_inbox_id,
        uuid: secret::uuid(),
        status: if is_blocked { ConversationStatus::Resolved } else { ConversationStatus::Open },
        assignee_id: None,
        team_id: None,
        snoozed_until: None,
        additional_attributes: origin,
        custom_attributes: custom,
    };
    create::open(work, visitor.account_id, row).await
}

/// What the inbox says by itself after a message: that nobody is there; after the first its greeting, and the question for an address.
async fn answer(work: &mut Work<'_>, visitor: &VisitorActor, facts: &Facts) -> Result<()> {
    let is_first = facts.last_public_message_id.is_none();
    let has_hours = facts.inbox_has_hours || facts.team_id.is_some();
    if !is_first && !has_hours {
        return Ok(());
    }
    let inbox =
        inbox::store::find(&mut work.tx, visitor.account_id, visitor.inbox_id).await?.ok_or_else(Error::not_found)?;
    let greets = is_first && inbox.greeting_enabled && !inbox.greeting_message.trim().is_empty();
    let (account, now) = (visitor.account_id, work.now);
    if has_hours {
        let locked = conversations::lock(&mut work.tx, account, facts.id, now).await?;
        hours::answer(work, &inbox, &locked.ok_or_else(Error::not_found)?).await?;
    }
    if greets {
        let locked = conversations::lock(&mut work.tx, account, facts.id, now).await?;
        let greeting = write::New::text(MessageKind::Template, inbox.greeting_message.clone());
        write::write(work, &locked.ok_or_else(Error::not_found)?, greeting).await?;
    }
    if is_first {
        ask::email(work, account, &inbox, facts).await?;
    }
    Ok(())
}

/// The visitor has seen everything up to now.
pub async fn seen(ctx: &Ctx) -> Result<()> {
    let Some(known) = current(ctx).await? else { return Ok(()) };
    if known.contact_unread_count == 0 {
        return Ok(());
    }
    let mut work = ctx.begin().await?;
    let now = work.now;
    let facts =
        conversations::lock(&mut work.tx, known.account_id, known.id, now).await?.ok_or_else(Error::not_found)?;
    conversations::set_contact_seen(&mut work.tx, facts.account_id, facts.id, now.max(facts.last_activity_at)).await?;
    write::mark_read(&mut work, facts.account_id, facts.id).await?;
    work.record_update(&facts, vec![Part::ContactSeen], None);
    work.commit().await
}

/// Messages of the current conversation that the visitor has not seen.
pub async fn unread(ctx: &Ctx) -> Result<i64> {
    Ok(current(ctx).await?.map_or(0, |facts| facts.contact_unread_count))
}

/// The visitor types, or stopped.
pub async fn typing(ctx: &Ctx, on: bool) -> Result<()> {
    let facts = current(ctx).await?.ok_or_else(Error::not_found)?;
    let name = super::contact(ctx).await?.map(|contact| contact.name).unwrap_or_default();
    let who = Typist::Contact { id: facts.contact_id, name };
    ctx.app.hub.pass(
        facts.account_id,
        PassingTo {
            passing: Passing::Typing {
                conversation_id: facts.id,
                display_id: facts.display_id,
                who: who.clone(),
                on,
                private: false,
            },
            reach: Some((facts.inbox_id, facts.assignee_id)),
            visitors: Vec::new(),
            by: None,
        },
    );
    typing::expect(ctx, &facts, who, on, false).await
}

/// The visitor ends the conversation, where the inbox lets them.
pub async fn end(ctx: &Ctx) -> Result<()> {
    if !super::inbox(ctx).await?.has_flag("end_conversation") {
        return Err(Error::forbidden());
    }
    let known = current(ctx).await?.ok_or_else(Error::not_found)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let facts =
        conversations::lock(&mut work.tx, known.account_id, known.id, now).await?.ok_or_else(Error::not_found)?;
    status::change(ctx, &mut work, &facts, ConversationStatus::Resolved, None).await?;
    work.commit().await
}

/// What the account has defined of the attributes that a page sends; the rest is left out.
async fn known_attributes(ctx: &Ctx, given: Value) -> Result<Map<String, Value>> {
    let given = checked_attributes("custom_attributes", Some(given))?.unwrap_or_default();
    let account = ctx.visitor()?.account_id;
    value::checked(ctx.db(), account, AttributeModel::Conversation, given, Manner::Lenient).await
}

/// Changes the custom attributes of the current conversation: sets some, takes others away.
pub async fn set_attributes(ctx: &Ctx, set: Value, remove: &[String]) -> Result<()> {
    let set = known_attributes(ctx, set).await?;
    let known = current(ctx).await?.ok_or_else(Error::not_found)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let facts =
        conversations::lock(&mut work.tx, known.account_id, known.id, now).await?.ok_or_else(Error::not_found)?;
    let mut attributes = facts.custom_attributes.0.clone();
    value::put(&mut attributes, set);
    value::put(&mut attributes, remove.iter().map(|key| (key.clone(), Value::Null)).collect());
    checked_attributes("custom_attributes", Some(attributes.clone()))?;
    conversations::set_custom_attributes(&mut work.tx, facts.account_id, facts.id, &attributes).await?;
    work.record_update(&facts, vec![Part::CustomAttributes], None);
    work.commit().await
}

/// Adds a label that the account has to the current conversation, or takes it away. Without a conversation nothing happens.
pub async fn label(ctx: &Ctx, title: &str, on: bool) -> Result<()> {
    let Some(known) = current(ctx).await? else { return Ok(()) };
    let title = title.trim().to_lowercase();
    let mut work = ctx.begin().await?;
    let now = work.now;
    let facts =
        conversations::lock(&mut work.tx, known.account_id, known.id, now).await?.ok_or_else(Error::not_found)?;
    let labels = conversations::labels(&mut work.tx, facts.account_id, &[facts.id]).await?;
    let before: Vec<String> = labels.into_iter().map(|(_, title)| title).collect();
    work.note_labels(&facts, &before);
    let mut titles: Vec<String> = before.into_iter().filter(|other| *other != title).collect();
    if on {
        titles.push(title);
    }
    conversations::set_labels(&mut work.tx, facts.account_id, facts.id, &titles).await?;
    work.record_update(&facts, vec![Part::Labels], None);
    work.commit().await
}

/// The current conversation as the widget shows it.
pub async fn shown(ctx: &Ctx) -> Result<Option<model::conversation::Conversation>> {
    match current(ctx).await? {
        Some(facts) => conversation::read::one(ctx, facts.account_id, facts.id).await,
        None => Ok(None),
    }
}
