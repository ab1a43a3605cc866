//! Several conversations of one person at a time, and their history.
//!
//! Only where the inbox has it and the site has proven who the visitor is: anybody else has the one conversation they are in, and learns
//! nothing of others, whatever number they ask for.

use model::agent::AgentRef;
use model::inbox::Inbox;
use model::message::Message;
use model::{ConversationStatus, DisplayId, Millis};

use super::chat;
use super::store::{self, GlanceRow, Past};
use crate::ctx::VisitorActor;
use crate::message::attachment::avatar_url;
use crate::message::read;
use crate::{Actor, Ctx, Error, Result};

/// The switch of the inbox.
const SWITCH: &str = "multiple_conversations";
/// Most conversations that are told of as active.
const ACTIVE: i64 = 50;
/// Closed conversations in a page.
pub const PAGE: usize = 5;

/// A conversation in the visitor's lists.
#[derive(Debug, Clone)]
pub struct Glance {
    pub number: DisplayId,
    pub status: ConversationStatus,
    pub created_at: Millis,
    pub last_activity_at: Millis,
    /// Messages that the visitor has not seen.
    pub unread: i64,
    /// Whose conversation it is.
    pub agent: Option<AgentRef>,
    /// The newest message that the visitor may see.
    pub last: Option<Message>,
}

/// Which closed conversations are looked for. What is not given does not narrow.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search {
    /// It went on at this moment or later.
    pub since: Option<Millis>,
    /// It had begun before this moment.
    pub until: Option<Millis>,
    pub number: Option<DisplayId>,
    /// The last one of the page before.
    pub before: Option<DisplayId>,
}

/// Closed conversations, the one that went on last first.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub glances: Vec<Glance>,
    pub has_more: bool,
}

/// Whether the visitor has several conversations in this inbox. One who is locked to a single conversation has not.
pub fn has_many(visitor: &VisitorActor, inbox: &Inbox) -> bool {
    let is_on = inbox.config_bool(SWITCH) && !inbox.lock_to_single_conversation;
    is_on && visitor.known.is_some_and(|known| known.hmac_verified)
}

async fn may(ctx: &Ctx) -> Result<bool> {
    let visitor = ctx.visitor()?;
    if !visitor.known.is_some_and(|known| known.hmac_verified) {
        return Ok(false);
    }
    Ok(has_many(visitor, &super::inbox(ctx).await?))
}

/// The visitor, who from now on means one of their conversations rather than the newest. Not found unless it is theirs.
pub async fn choose(ctx: &Ctx, inbox: &Inbox, number: DisplayId) -> Result<Ctx> {
    let visitor = ctx.visitor()?;
    if !has_many(visitor, inbox) {
        return Err(Error::not_found());
    }
    let chosen = ctx.with(Actor::Visitor(VisitorActor { chosen: Some(number), ..visitor.clone() }));
    chat::current(&chosen).await?;
    Ok(chosen)
}

/// What goes on: every conversation that is not closed, and closed ones in which something is unread. The liveliest first.
pub async fn active(ctx: &Ctx) -> Result<Vec<Glance>> {
    if !may(ctx).await? {
        return Ok(Vec::new());
    }
    let visitor = ctx.visitor()?;
    let places = chat::places(ctx, visitor).await?;
    let rows = store::active(ctx.db(), visitor.account_id, &places, ACTIVE).await?;
    glances(ctx, visitor, rows).await
}

/// Closed conversations, page by page.
pub async fn history(ctx: &Ctx, search: Search) -> Result<History> {
    if !may(ctx).await? {
        return Ok(History::default());
    }
    let visitor = ctx.visitor()?;
    let places = chat::places(ctx, visitor).await?;
    let before = match search.before {
        Some(number) => store::place_in_time(ctx.db(), visitor.account_id, &places, number).await?,
        None => None,
    };
    let past = Past { since: search.since, until: search.until, number: search.number, before };
    let mut rows = store::closed(ctx.db(), visitor.account_id, &places, &past, PAGE + 1).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    Ok(History { glances: glances(ctx, visitor, rows).await?, has_more })
}

async fn glances(ctx: &Ctx, visitor: &VisitorActor, rows: Vec<GlanceRow>) -> Result<Vec<Glance>> {
    let ids: Vec<_> = rows.iter().filter_map(|row| row.last_public_message_id).collect();
    let mut messages = read::by_ids(ctx, visitor.account_id, &ids).await?;
    let glance = |row: GlanceRow| Glance {
        number: row.display_id,
        status: row.status,
        created_at: row.created_at,
        last_activity_at: row.last_activity_at,
        unread: row.contact_unread_count,
        agent: row.assignee_id.map(|id| AgentRef {
            id,
            name: row.assignee_name.unwrap_or_default(),
            avatar_url: row.assignee_avatar_key.as_deref().map(avatar_url),
        }),
        last: row.last_public_message_id.and_then(|id| messages.remove(&id)),
    };
    Ok(rows.into_iter().map(glance).collect())
}

/// How many messages the visitor has not seen, over all conversations they have here, and the newest of them.
pub async fn unread(ctx: &Ctx) -> Result<(i64, Option<Message>)> {
    if !may(ctx).await? {
        return Ok((0, None));
    }
    let glances = active(ctx).await?;
    let count = glances.iter().map(|glance| glance.unread).sum();
    let newest = glances.into_iter().filter(|glance| glance.unread > 0).find_map(|glance| glance.last);
    Ok((count, newest))
}
