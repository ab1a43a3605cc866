//! Which edition of the indexes a database has. A program that keeps more in them than the one before makes them anew after its start,
//! while it is used: until they are there, nobody asks them.

use std::sync::atomic::{AtomicBool, Ordering};

use db::{Conn, Query, Tx};
use model::{ContactId, ConversationId, Millis};
use serde::{Deserialize, Serialize};

use super::{contact, conversation};
use crate::installation::{self, Note};
use crate::{Ctx, Result};

/// What is in the index of parts, counted up with every change to it.
const EDITION: i64 = 1;
/// So long after the index was made nodes of an older program may still write without it.
const GRACE: Millis = 30 * 60_000;
/// So long it is made at a time. The task goes on where it stopped.
const TURN: Millis = 4 * 60_000;
/// Clocks of nodes differ by less, and transactions take less time.
const MARGIN: Millis = 5 * 60_000;
/// So long nobody else goes on after whoever makes it was last heard of.
const HELD: Millis = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    edition: i64,
    /// When that was begun: what older nodes wrote from then on may not be in it.
    at: Millis,
    /// Where to go on; `None` when everybody was there.
    #[serde(default)]
    next: Option<Place>,
    /// Whether what is left are those who were changed meanwhile.
    #[serde(default)]
    is_second: bool,
    /// Somebody is at work until then.
    #[serde(default)]
    held_until: Millis,
    /// When the first time was over.
    #[serde(default)]
    made_at: Millis,
    /// Whether what older nodes may have written is in it.
    settled: bool,
}

/// Behind whom to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    Contact(ContactId),
    Conversation(ConversationId),
}

impl Place {
    const START: Self = Self::Contact(ContactId(0));
}

/// Whether the index of parts has everybody, as far as this process knows.
#[derive(Debug, Default)]
pub struct Parts(AtomicBool);

impl Parts {
    /// Whether it may be asked. What is true once stays so.
    pub(crate) async fn are_there(&self, on: impl Into<Conn<'_>>) -> Result<bool> {
        if self.0.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let are = made(on).await?.is_some_and(|made| made.edition >= EDITION && made.settled);
        self.0.store(are, Ordering::Relaxed);
        Ok(are)
    }
}

/// Makes the index where it is of an older edition, and adds later what nodes of an older program have written meanwhile.
pub async fn keep(ctx: &Ctx) -> Result<()> {
    let begun = ctx.now();
    let mut made = match made(ctx.db()).await? {
        // A newer program makes its own.
        Some(made) if made.edition > EDITION => return Ok(()),
        Some(made) if made.edition == EDITION && (made.settled || made.held_until > begun) => return Ok(()),
        Some(made) if made.edition == EDITION => made,
        _ => {
            tracing::info!("the index of what contacts and conversations are filtered by is made");
            let next = Some(Place::START);
            Made { edition: EDITION, at: begun, next, is_second: false, held_until: 0, made_at: 0, settled: false }
        }
    };
    // Before the first step, so that nobody else begins.
    made.held_until = begun + HELD;
    note(ctx, &made).await?;
    let mut outcome = go_through(ctx, &mut made, begun).await;
    let is_over = made.next.is_none() && !made.is_second;
    if is_over && ctx.db().is_postgres() && ctx.now() >= made.made_at.max(made.at) + GRACE {
        (made.next, made.is_second) = (Some(Place::START), true);
        outcome = go_through(ctx, &mut made, begun).await;
    }
    made.settled = made.next.is_none() && (made.is_second || !ctx.db().is_postgres());
    if made.settled {
        tracing::info!("the index of what contacts and conversations are filtered by is there");
    }
    // Also after a failure: who tries again goes on at once.
    made.held_until = 0;
    note(ctx, &made).await?;
    outcome
}

/// Notes that the index was made as a whole, with nobody beside.
pub(crate) async fn is_made(tx: &mut Tx) -> Result<()> {
    let made = Made { edition: EDITION, at: 0, next: None, is_second: false, held_until: 0, made_at: 0, settled: true };
    installation::note(tx, Note::Parts, &made).await
}

/// Notes nothing of the index any more: other rows are there than it was made of.
pub(crate) async fn is_not_made(tx: &mut Tx) -> Result<()> {
    installation::forget(tx, Note::Parts).await
}

/// Goes on until everybody was there, or the turn is over.
async fn go_through(ctx: &Ctx, made: &mut Made, begun: Millis) -> Result<()> {
    while let Some(place) = made.next {
        if ctx.now() >= begun + TURN {
            break;
        }
        *made = go_on(ctx, *made, place).await?;
    }
    Ok(())
}

/// Adds the next, and notes where to go on after them.
async fn go_on(ctx: &Ctx, made: Made, place: Place) -> Result<Made> {
    let mut tx = ctx.app.db.begin().await?;
    if matches!(tx, Tx::Postgres(_)) {
        // Whoever changes many at once shall not be the one who gives way: waits end here before anybody calls them a deadlock.
        Query::fixed("set local lock_timeout = '500ms'").execute(&mut tx).await?;
    }
    // The second time only those who were changed since it was begun.
    let since = if made.is_second { made.at - MARGIN } else { 0 };
    let next = match place {
        Place::Contact(after) => {
            let last = contact::index_behind(&mut tx, after, since).await?.map(Place::Contact);
            Some(last.unwrap_or(Place::Conversation(ConversationId(0))))
        }
        Place::Conversation(after) => conversation::index_behind(&mut tx, after, since).await?.map(Place::Conversation),
    };
    let now = ctx.now();
    let made_at = if next.is_none() && !made.is_second { now } else { made.made_at };
    let made = Made { next, made_at, held_until: now + HELD, ..made };
    installation::note(&mut tx, Note::Parts, &made).await?;
    tx.commit().await?;
    Ok(made)
}

async fn made(on: impl Into<Conn<'_>>) -> Result<Option<Made>> {
    installation::noted(on, Note::Parts).await
}

async fn note(ctx: &Ctx, made: &Made) -> Result<()> {
    let mut tx = ctx.app.db.begin().await?;
    installation::note(&mut tx, Note::Parts, made).await?;
    Ok(tx.commit().await?)
}
