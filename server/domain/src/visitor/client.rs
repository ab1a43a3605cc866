//! Contacts of inboxes whose channel is a program of somebody else: it speaks for them through the public client API.
//!
//! Two names open a door: that of the inbox, and that of the contact's place in it, which only whoever made it knows.

use model::contact::Contact;
use model::inbox::Inbox;
use model::{ConversationStatus, DisplayId, ErrorCode, MessageId};
use serde_json::{Value, json};

use super::answer::{self, Answer, Answered};
use super::identify::{self, Claim};
use super::{Entered, chat, look_up};
use crate::channel::CLIENT_CHANNEL;
use crate::contact::place::checked_source;
use crate::conversation::store as conversations;
use crate::conversation::{self, status};
use crate::ctx::VisitorActor;
use crate::{Actor, Ctx, Error, Result, contact, inbox, message, secret};

/// What a program says to prove for whom it speaks.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    pub identifier: Option<String>,
    pub identifier_hash: Option<String>,
}

/// The inbox with this public name, for a contact who is nobody yet.
pub async fn door(ctx: &Ctx, identifier: &str) -> Result<Entered> {
    let found = inbox::read::by_identifier(ctx, CLIENT_CHANNEL, identifier).await?;
    let inbox::read::Public { account_id, inbox, suspended, locale } = found.ok_or_else(Error::not_found)?;
    if suspended {
        return Err(Error::code(ErrorCode::Suspended));
    }
    let visitor = VisitorActor { account_id, inbox_id: inbox.id, source_id: secret::uuid(), known: None, chosen: None };
    Ok(Entered { ctx: ctx.with(Actor::Visitor(visitor)), inbox, account_id, locale })
}

/// The contact at this place of the inbox. A proof that is given must be right; where the inbox demands one, it must be given.
pub async fn enter(ctx: &Ctx, identifier: &str, source_id: &str, proof: &Proof) -> Result<Entered> {
    let door = door(ctx, identifier).await?;
    let visitor = look_up(ctx, door.account_id, door.inbox.id, source_id.to_owned()).await?;
    if visitor.known.is_none() {
        return Err(Error::not_found());
    }
    let entered = Entered { ctx: ctx.with(Actor::Visitor(visitor)), ..door };
    let is_given = proof.identifier_hash.as_deref().is_some_and(|hash| !hash.is_empty());
    if !is_given && !entered.inbox.config_bool("hmac_mandatory") {
        return Ok(entered);
    }
    let ctx = identify::vouch(&entered.ctx, proof.identifier.as_deref(), proof.identifier_hash.as_deref()).await?;
    Ok(Entered { ctx, ..entered })
}

/// A contact's place in the inbox: the one of that name, as it is, or else a new one for whoever the claim is about.
pub async fn register(ctx: &Ctx, identifier: &str, source_id: Option<String>, claim: Claim) -> Result<Ctx> {
    let door = door(ctx, identifier).await?;
    if let Some(source_id) = checked_source(source_id)? {
        let visitor = look_up(ctx, door.account_id, door.inbox.id, source_id).await?;
        let is_known = visitor.known.is_some();
        let there = ctx.with(Actor::Visitor(visitor));
        if !is_known {
            return join(&there, claim).await;
        }
        let proof = Proof { identifier: claim.identifier, identifier_hash: claim.identifier_hash };
        let source_id = there.visitor()?.source_id.clone();
        return Ok(enter(ctx, identifier, &source_id, &proof).await?.ctx);
    }
    join(&door.ctx, claim).await
}

async fn join(ctx: &Ctx, claim: Claim) -> Result<Ctx> {
    // A program can be told what is wrong, unlike a page.
    claim.facts.clone().check()?;
    Ok(identify::set_user(ctx, claim).await?.ctx)
}

/// Changes what is known of the contact.
pub async fn update(ctx: &Ctx, facts: contact::Facts) -> Result<Ctx> {
    facts.clone().check()?;
    Ok(identify::update(ctx, facts, false).await?.ctx)
}

/// The contact.
pub async fn contact(ctx: &Ctx) -> Result<Contact> {
    super::contact(ctx).await?.ok_or_else(Error::not_found)
}

/// The contact's conversations here, the newest hundred first. Somebody proven has those of all their proven places.
pub async fn conversations(ctx: &Ctx) -> Result<Vec<model::conversation::Conversation>> {
    let visitor = ctx.visitor()?;
    let places = chat::places(ctx, visitor).await?;
    let mut list = Vec::new();
    if places.is_empty() {
        return Ok(list);
    }
    for id in conversations::ids_in_places(ctx.db(), visitor.account_id, &places).await? {
        list.extend(conversation::read::one(ctx, visitor.account_id, id).await?);
    }
    Ok(list)
}

/// The contact, who means this conversation of theirs from now on. Not found unless it is theirs.
pub async fn choose(ctx: &Ctx, number: DisplayId) -> Result<Ctx> {
    let visitor = ctx.visitor()?;
    let chosen = ctx.with(Actor::Visitor(VisitorActor { chosen: Some(number), ..visitor.clone() }));
    chat::current(&chosen).await?;
    Ok(chosen)
}

/// Begins a conversation in which nothing is said yet; where everybody is kept to one, that one goes on.
pub async fn begin(ctx: &Ctx, custom_attributes: Value) -> Result<Ctx> {
    let custom_attributes = if custom_attributes.is_null() { json!({}) } else { custom_attributes };
    let number = chat::begin_silently(ctx, custom_attributes).await?;
    choose(ctx, number).await
}

/// Ends the chosen conversation; whether it was not over already.
pub async fn resolve(ctx: &Ctx) -> Result<bool> {
    let known = chat::current(ctx).await?.ok_or_else(Error::not_found)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let facts = conversations::lock(&mut work.tx, known.account_id, known.id, now).await?;
    let facts = facts.ok_or_else(Error::not_found)?;
    if facts.status == ConversationStatus::Resolved {
        return Ok(false);
    }
    status::change(ctx, &mut work, &facts, ConversationStatus::Resolved, None).await?;
    work.commit().await?;
    Ok(true)
}

/// Answers a message of the chosen conversation that asked something.
pub async fn answer(ctx: &Ctx, id: MessageId, given: Answer) -> Result<Answered> {
    let chosen = chat::current(ctx).await?.ok_or_else(Error::not_found)?;
    let asked = message::store::find(ctx.db(), chosen.account_id, id).await?;
    if asked.is_none_or(|asked| asked.conversation_id != chosen.id) {
        return Err(Error::not_found());
    }
    answer::answer(ctx, id, given).await
}

/// What may be known of an inbox by whoever knows its public name.
pub async fn shown(ctx: &Ctx, identifier: &str) -> Result<Inbox> {
    Ok(door(ctx, identifier).await?.inbox)
}
