//! What a socket hears, without a gap and without anything twice: it subscribes first, then reads what was missed up to the place
//! where the subscription begins, and then goes on with the subscription.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use domain::event::tail::{self, Missed};
use domain::event::{Cursor, Recorded};
use domain::realtime::{Heard, Hub, Subscription, Topic};
use domain::{App, Result};
use model::AccountId;

/// Most events of an account that a client is given afterwards; who missed more reads everything anew.
const MOST_MISSED: i64 = 1_000;
const PORTION: usize = 100;

/// A place in the stream of events.
pub struct Feed {
    subscription: Subscription,
    /// Events up to here were given to the client already, by another node.
    known: Cursor,
}

/// A feed that begins.
pub struct Opened {
    pub feed: Feed,
    /// Everything up to here is in `missed`, everything behind it comes from the feed.
    pub cursor: Cursor,
    pub missed: Missed,
}

impl Feed {
    /// Listens to a topic from now on, or from a place on that the client names.
    pub async fn open(app: &Arc<App>, topic: Topic, account: AccountId, since: Option<Cursor>) -> Result<Opened> {
        let (subscription, position) = Hub::subscribe(app, account, topic);
        let mut known = position;
        let missed = match since {
            None => Missed::Events(Vec::new()),
            Some(since) if since <= position => tail::missed(&app.db, account, since, position, MOST_MISSED).await?,
            // The client comes from a node that is a moment ahead, or from before a backup was restored.
            Some(since) if since <= tail::end(&app.db).await? => {
                known = since;
                Missed::Events(Vec::new())
            }
            Some(_) => Missed::TooMuch,
        };
        Ok(Opened { feed: Self { subscription, known }, cursor: known, missed })
    }

    /// The next thing heard. `None` when the client was too slow and must begin anew.
    pub async fn next(&mut self) -> Option<Heard> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// The same for those who listen to several at once.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Heard>> {
        loop {
            match ready!(self.subscription.poll_next(cx)) {
                Some(Heard::Event(event)) if event.0.cursor <= self.known => {}
                heard => return Poll::Ready(heard),
            }
        }
    }
}

/// Missed events in portions that are looked up at once; many clients may come back at the same time.
pub fn portions(events: Vec<Recorded>) -> impl Iterator<Item = Vec<Recorded>> {
    let mut rest = events.into_iter();
    std::iter::from_fn(move || {
        let portion: Vec<_> = rest.by_ref().take(PORTION).collect();
        (!portion.is_empty()).then_some(portion)
    })
}
