//! How many messages a visitor has not seen, kept current while their page is open: one light connection for the badge,
//! without the chat itself.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::Ctx;
use domain::message::Window;
use domain::realtime::{Heard, Hub, Subscription, Topic};
use domain::visitor::{chat, many};
use model::MessageKind;
use model::message::Message;
use serde_json::{Value, json};

use super::failure::Answer;
use super::visit::Visit;
use crate::state::AppState;

/// How often a sign of life keeps proxies from closing the connection.
const BREATH: Duration = Duration::from_secs(25);

/// Longest preview of a message, in characters.
const PREVIEW: usize = 200;

/// Messages among which the newest unread one is looked for.
const NEWEST: i64 = 5;

struct Badge {
    ctx: Ctx,
    subscription: Subscription,
    told: Option<Value>,
    /// Whether all conversations count, not only the newest.
    has_many: bool,
}

/// Sends `unread` events: `{"count": n}`, and of the newest unread message the author's `name` and its `text`.
pub async fn follow(State(state): State<AppState>, visit: Visit) -> Answer<Response> {
    let visitor = visit.ctx.visitor().map_err(visit.refused())?;
    if visitor.known.is_none() {
        // Nobody we know: nothing will ever come, and with this status browsers do not try again.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let (subscription, _) = Hub::subscribe(&state.app, visitor.account_id, Topic::of(visitor));
    let has_many = many::has_many(visitor, &visit.inbox);
    let badge = Badge { ctx: visit.ctx, subscription, told: None, has_many };
    let stop = state.shutdown.clone();
    let hold = state.shutdown.hold();
    let stream = futures::stream::unfold((badge, hold), move |(mut badge, hold)| {
        let stop = stop.clone();
        async move {
            let news = tokio::select! {
                news = badge.next() => news?,
                () = stop.requested() => return None,
            };
            let event = Event::default().event("unread").data(news.to_string());
            Some((Ok::<_, Infallible>(event), (badge, hold)))
        }
    });
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(BREATH)).into_response();
    // Some proxies collect an answer before they pass it on, unless told.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

impl Badge {
    /// Waits until there is something new to tell. `None` ends the connection; the browser comes back.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if self.told.is_some() {
                let heard = self.subscription.next().await?;
                if !matches!(heard, Heard::Event(_)) {
                    continue;
                }
            }
            let now = match current(self).await {
                Ok(now) => now,
                Err(error) => {
                    tracing::warn!(%error, "unread messages could not be counted");
                    return None;
                }
            };
            if self.told.as_ref() != Some(&now) {
                self.told = Some(now.clone());
                return Some(now);
            }
        }
    }
}

async fn unseen(badge: &Badge) -> domain::Result<(i64, Option<Message>)> {
    let ctx = &badge.ctx;
    if badge.has_many {
        return many::unread(ctx).await;
    }
    let count = chat::unread(ctx).await?;
    if count == 0 {
        return Ok((0, None));
    }
    let newest = chat::list(ctx, Window { limit: NEWEST, ..Window::default() }).await?;
    Ok((count, newest.into_iter().rev().find(|message| message.kind != MessageKind::Incoming)))
}

async fn current(badge: &Badge) -> domain::Result<Value> {
    let (count, newest) = unseen(badge).await?;
    if count == 0 {
        return Ok(json!({ "count": 0 }));
    }
    let newest = newest.as_ref();
    let text: String = newest.map(|message| model::markdown::plain(&message.content)).unwrap_or_default();
    Ok(json!({
        "count": count,
        "name": newest.and_then(|message| message.sender.as_ref()).map(|sender| sender.name.as_str()).unwrap_or_default(),
        "text": text.chars().take(PREVIEW).collect::<String>(),
    }))
}
