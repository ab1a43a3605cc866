//! A visitor of a website: who they are, and what they can do from the widget.

pub mod answer;
mod ask;
pub mod chat;
pub mod client;
pub mod identify;
pub(crate) mod language;
pub mod many;
pub mod pre_chat;
pub(crate) mod store;
pub mod token;
pub mod transcript;

#[cfg(test)]
mod tests;

use model::agent::Agent;
use model::inbox::Inbox;
use model::{AccountId, ErrorCode};

use crate::ctx::{KnownVisitor, VisitorActor};
use crate::{Actor, Ctx, Error, Result, contact, inbox, secret};

/// The channel whose inboxes visitors come through.
pub use crate::channel::VISITOR_CHANNEL;

/// A visitor who was let in, and the inbox they came through.
#[derive(Clone)]
pub struct Entered {
    pub ctx: Ctx,
    pub inbox: Inbox,
    pub account_id: AccountId,
    /// The language of the account, which speaks to visitors when they ask for no other.
    pub locale: String,
}

/// Lets a browser in by the website token and the token it got before. A missing, forged or expired token makes a newcomer, for whom
/// nothing is stored until they write or say who they are.
pub async fn enter(ctx: &Ctx, website_token: &str, visitor_token: Option<&str>) -> Result<Entered> {
    let found = inbox::read::by_identifier(ctx, VISITOR_CHANNEL, website_token).await?;
    let inbox::read::Public { account_id, inbox, suspended, locale } = found.ok_or_else(Error::not_found)?;
    if suspended {
        return Err(Error::code(ErrorCode::Suspended));
    }
    let source_id = visitor_token.and_then(|token| token::open(ctx, inbox.id, token)).unwrap_or_else(secret::uuid);
    let visitor = look_up(ctx, account_id, inbox.id, source_id).await?;
    Ok(Entered { ctx: ctx.with(Actor::Visitor(visitor)), inbox, account_id, locale })
}

/// Lets a browser in by the name of its stream on the socket.
pub async fn enter_stream(ctx: &Ctx, stream: &str) -> Result<Ctx> {
    let (inbox, source_id) = token::open_stream(ctx, stream).ok_or_else(Error::unauthenticated)?;
    let account = inbox::store::account_of(ctx.db(), inbox).await?.ok_or_else(Error::not_found)?;
    if inbox::store::is_suspended(ctx.db(), account).await? {
        return Err(Error::code(ErrorCode::Suspended));
    }
    Ok(ctx.with(Actor::Visitor(look_up(ctx, account, inbox, source_id).await?)))
}

pub(crate) async fn look_up(
    ctx: &Ctx,
    account: AccountId,
    inbox: model::InboxId,
    source_id: String,
) -> Result<VisitorActor> {
    let place = contact::store::find_visitor(ctx.db(), account, inbox, &source_id).await?;
    let known = place.map(|(place, newest)| KnownVisitor {
        contact_id: place.contact_id,
        contact_inbox_id: place.id,
        hmac_verified: place.hmac_verified,
        newest,
    });
    Ok(VisitorActor { account_id: account, inbox_id: inbox, source_id, known, chosen: None })
}

/// The visitor with the rows that were made meanwhile.
pub async fn refresh(ctx: &Ctx) -> Result<Ctx> {
    let visitor = ctx.visitor()?;
    let found = look_up(ctx, visitor.account_id, visitor.inbox_id, visitor.source_id.clone()).await?;
    Ok(ctx.with(Actor::Visitor(VisitorActor { chosen: visitor.chosen, ..found })))
}

/// The inbox that the visitor came through.
pub async fn inbox(ctx: &Ctx) -> Result<Inbox> {
    let visitor = ctx.visitor()?;
    inbox::read::one(ctx, visitor.account_id, visitor.inbox_id).await?.ok_or_else(Error::not_found)
}

/// Those who may answer, by name.
pub async fn team(ctx: &Ctx) -> Result<Vec<Agent>> {
    let visitor = ctx.visitor()?;
    inbox::member::of_inbox(ctx, visitor.account_id, visitor.inbox_id).await
}

/// The visitor's contact, when there is one.
pub async fn contact(ctx: &Ctx) -> Result<Option<model::contact::Contact>> {
    let visitor = ctx.visitor()?;
    match visitor.known {
        Some(known) => contact::read::one(ctx, visitor.account_id, known.contact_id).await,
        None => Ok(None),
    }
}
