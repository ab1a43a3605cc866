//! Follows the recorded events and hands them to the hub. In PostgreSQL, nodes wake each other by LISTEN/NOTIFY.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use model::AccountId;
use tokio_util::sync::CancellationToken;

use super::expand::{self, Expanded};
use super::{Heard, Topic};
use crate::event::{self, Cursor, Recorded};
use crate::{App, Ctx, Result};

const BATCH: i64 = 500;
/// How soon to look again for events whose order is not final yet; twice as late each time, until at most [`UNSETTLED_LONG`]. Mostly
/// it is so a moment later, but in PostgreSQL a long transaction of anybody in the same cluster holds it up.
const UNSETTLED: Duration = Duration::from_millis(1);
const UNSETTLED_LONG: Duration = Duration::from_millis(64);
/// How soon to look without being woken: only other nodes' events that no notice came for.
const IDLE: Duration = Duration::from_secs(2);

/// Sets the place from which events are handed out. Called once, before anybody subscribes.
pub async fn start(app: &App) -> Result<()> {
    app.hub.set_position(event::tail::end(&app.db).await?);
    Ok(())
}

/// Follows until `stop`.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    let ctx = app.system();
    let mut after = app.hub.position();
    let mut unsettled = UNSETTLED;
    while !stop.is_cancelled() {
        let nap = match step(&ctx, &mut after).await {
            Ok(Progress::Read) => {
                unsettled = UNSETTLED;
                continue;
            }
            Ok(Progress::Unsettled) => {
                let nap = unsettled;
                unsettled = (nap * 2).min(UNSETTLED_LONG);
                nap
            }
            Ok(Progress::End) => IDLE,
            Err(error) => {
                tracing::error!(%error, "events cannot be read");
                Duration::from_millis(500)
            }
        };
        tokio::select! {
            () = app.hub.woken() => {}
            () = stop.cancelled() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

enum Progress {
    Read,
    Unsettled,
    End,
}

async fn step(ctx: &Ctx, after: &mut Cursor) -> Result<Progress> {
    let (events, more) = event::tail::next(ctx.db(), *after, BATCH).await?;
    if events.is_empty() {
        return Ok(if more { Progress::Unsettled } else { Progress::End });
    }
    let hub = &ctx.app.hub;
    // What nobody listens for is not looked up.
    let is_heard: HashSet<AccountId> =
        events.iter().map(|event| event.account_id).filter(|account| hub.is_heard(*account)).collect();
    let heard = events.iter().filter(|event| is_heard.contains(&event.account_id)).cloned().collect();
    let mut expanded = expand::all(ctx, heard).await?.into_iter();
    for event in events {
        let cursor = event.cursor;
        if event.event.changes_lists() {
            hub.directories.forget(event.account_id);
        }
        if is_heard.contains(&event.account_id) {
            expanded.next().into_iter().for_each(|event| hub.publish(cursor, &hear(event)));
        } else if !hub.pass_over(cursor, event.account_id) {
            for event in expand::all(ctx, vec![event]).await? {
                hub.publish(cursor, &hear(event));
            }
        }
        *after = cursor;
    }
    Ok(Progress::Read)
}

/// Whom an event concerns.
fn hear(event: Arc<(Recorded, Expanded)>) -> Vec<(Topic, Heard)> {
    let mut topics = vec![Topic::Account(event.0.account_id)];
    topics.extend(event.1.visitors(&event.0.event));
    topics.into_iter().map(|topic| (topic, Heard::Event(event.clone()))).collect()
}
