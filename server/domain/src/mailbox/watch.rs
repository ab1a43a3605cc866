//! Mailboxes are watched where their server tells of news (IDLE): a mail is a conversation seconds after it came.
//!
//! One node waits at each, for as long as it says so again and again; the others, and the task that looks every minute, leave it alone
//! meanwhile. Where a server cannot tell of news, or is in trouble, that task goes on as if nobody watched.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use model::{AccountId, InboxId, Millis};
use post::ReadLimits;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::connect::{how_far, ready};
use super::keep::{AT_ONCE, note, well};
use super::read::{Stopped, read};
use super::store;
use crate::{App, Ctx, Result, secret};

/// How often things are done.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Looking for mailboxes that nobody watches.
    pub look: Duration,
    /// Saying again that a mailbox is watched, and asking it in case its server forgot to tell.
    pub wait: Duration,
    /// How long such a word counts, in milliseconds: more than two waits.
    pub lease: Millis,
}

impl Default for Pace {
    fn default() -> Self {
        Self { look: Duration::from_secs(5), wait: Duration::from_secs(60), lease: 150_000 }
    }
}

/// Mailboxes that one node watches.
const MOST: usize = 2_000;
/// Mailboxes that are begun with at each look: opening all at once would be an attack on somebody's server.
const AT_A_TIME: i64 = 100;
/// How long a server that cannot tell of news is not asked again.
const NOT_AGAIN: Millis = 60 * 60_000;

/// Watches until `stop`.
pub async fn watch(app: Arc<App>, pace: Pace, stop: CancellationToken) {
    let ctx = app.system();
    let node = secret::short_token();
    let mut watched: JoinSet<(InboxId, Ended)> = JoinSet::new();
    let mut unable: HashMap<InboxId, Millis> = HashMap::new();
    while !stop.is_cancelled() {
        while let Some(ended) = watched.try_join_next() {
            if let Ok((inbox, Ended::Unable)) = ended {
                unable.insert(inbox, ctx.now() + NOT_AGAIN);
            }
        }
        let now = ctx.now();
        unable.retain(|_, until| *until > now);
        let due = match watched.len() < MOST {
            true => {
                store::connection::unwatched(ctx.db(), now, AT_A_TIME + i64::try_from(unable.len()).unwrap_or(0)).await
            }
            false => Ok(Vec::new()),
        };
        for (account, inbox) in due.unwrap_or_else(|error| {
            tracing::warn!(%error, "mailboxes cannot be looked for");
            Vec::new()
        }) {
            if !unable.contains_key(&inbox) {
                let place = Watch { ctx: ctx.clone(), node: node.clone(), account, inbox, pace, stop: stop.clone() };
                watched.spawn(async move { (inbox, place.keep().await) });
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pace.look) => {}
        }
    }
    while watched.join_next().await.is_some() {}
}

/// Why nobody watches any more.
enum Ended {
    /// The server cannot tell of news.
    Unable,
    Other,
}

/// One mailbox.
struct Watch {
    ctx: Ctx,
    node: String,
    account: AccountId,
    inbox: InboxId,
    pace: Pace,
    stop: CancellationToken,
}

impl Watch {
    /// Holds the mailbox, watches it and lets it go.
    async fn keep(self) -> Ended {
        match self.hold().await {
            Ok(true) => {}
            Ok(false) => return Ended::Other,
            Err(error) => return self.tell(&error),
        }
        let ended = match self.stay().await {
            Ok(ended) => ended,
            Err(error) => self.tell(&error),
        };
        if let Err(error) = self.let_go().await {
            self.tell(&error);
        }
        ended
    }

    fn tell(&self, error: &crate::Error) -> Ended {
        tracing::warn!(inbox = self.inbox.0, %error, "a mailbox is not watched");
        Ended::Other
    }

    async fn stay(&self) -> Result<Ended> {
        let Some(ready) = ready(&self.ctx, self.account, self.inbox).await? else { return Ok(Ended::Other) };
        let outcome = async {
            let mut mailbox = ready.open(&self.ctx, &self.ctx.app.mail).await?;
            if !mailbox.can_idle() {
                mailbox.close().await;
                return Ok(Ended::Unable);
            }
            let back = how_far(ready.connection.how_far, self.ctx.now());
            let mut is_first = true;
            loop {
                let found = read(&self.ctx, &ready.inbox, &mut mailbox, &back, ReadLimits::default(), AT_ONCE).await?;
                if std::mem::take(&mut is_first) {
                    well(&self.ctx, self.account, self.inbox, found, ready.failures).await?;
                }
                if !found.more {
                    tokio::select! {
                        () = self.stop.cancelled() => break,
                        woken = mailbox.wait(self.pace.wait) => { woken?; }
                    }
                }
                // Somebody changed the settings, switched it off, or took over.
                if self.stop.is_cancelled() || !self.hold().await? || self.is_changed(&ready.connection).await? {
                    break;
                }
            }
            mailbox.close().await;
            Ok(Ended::Other)
        };
        match outcome.await {
            Ok(ended) => Ok(ended),
            Err(Stopped::Mailbox(trouble)) => {
                note(&self.ctx, self.account, self.inbox, &trouble, ready.failures + 1).await?;
                Ok(Ended::Other)
            }
            Err(Stopped::Domain(error)) => Err(error),
        }
    }

    async fn is_changed(&self, known: &model::mailbox::Connection) -> Result<bool> {
        let row = store::connection::find(self.ctx.db(), self.account, self.inbox).await?;
        let now = row.map(|row| serde_json::from_value::<model::mailbox::Connection>(row.config.0)).transpose()?;
        Ok(now.as_ref() != Some(known))
    }

    async fn hold(&self) -> Result<bool> {
        let mut work = self.ctx.begin().await?;
        let until = work.now + self.pace.lease;
        let now = work.now;
        let held = store::connection::hold(&mut work.tx, self.account, self.inbox, &self.node, now, until).await?;
        work.commit().await?;
        Ok(held)
    }

    async fn let_go(&self) -> Result<()> {
        let mut work = self.ctx.begin().await?;
        store::connection::let_go(&mut work.tx, self.account, self.inbox, &self.node).await?;
        work.commit().await
    }
}
