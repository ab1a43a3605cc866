//! Mailboxes are read by themselves, each on its own: what is wrong with one harms no other.

use model::{AccountId, InboxId, Millis};
use post::{Dialer, ReadLimits, Trouble};

use super::connect::{how_far, read_now, ready};
use super::read::{Read, Stopped, read};
use super::{store, trouble};
use crate::{Ctx, Result};

const MINUTE: Millis = 60_000;
/// Longest pause after failures.
const LONGEST_PAUSE: Millis = 60 * MINUTE;
/// Mails that one job reads before others have their turn.
pub(super) const AT_ONCE: usize = 2_000;
/// Mailboxes that are looked for at once.
const MOST_DUE: i64 = 1_000;

/// Enqueues the reading of every mailbox whose time has come.
pub(crate) async fn read_due(ctx: &Ctx) -> Result<()> {
    let due = store::connection::due(ctx.db(), ctx.now(), MOST_DUE).await?;
    let mut work = ctx.begin().await?;
    for (account, inbox) in due {
        work.enqueue(read_now(account, inbox));
    }
    work.commit().await
}

/// Reads a mailbox.
pub(crate) async fn read_one(ctx: &Ctx, account: AccountId, inbox: InboxId) -> Result<()> {
    read_through(ctx, &ctx.app.mail, account, inbox).await
}

/// Reads a mailbox, as long as it is connected. Trouble with its server is noted and waited out; it is no failure of ours.
pub async fn read_through(ctx: &Ctx, dialer: &Dialer, account: AccountId, id: InboxId) -> Result<()> {
    let Some(ready) = ready(ctx, account, id).await? else { return Ok(()) };
    let outcome = async {
        let mut mailbox = ready.open(ctx, dialer).await?;
        let back = how_far(ready.connection.how_far, ctx.now());
        let read = read(ctx, &ready.inbox, &mut mailbox, &back, ReadLimits::default(), AT_ONCE).await?;
        mailbox.close().await;
        Ok(read)
    };
    match outcome.await {
        Ok(read) => well(ctx, account, id, read, ready.failures).await,
        Err(Stopped::Mailbox(trouble)) => note(ctx, account, id, &trouble, ready.failures + 1).await,
        Err(Stopped::Domain(error)) => Err(error),
    }
}

/// It works. `failures` is how often it did not, just before.
pub(super) async fn well(ctx: &Ctx, account: AccountId, id: InboxId, read: Read, failures: i64) -> Result<()> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    // The next look is a minute away, unless there is more to read.
    let next = if read.more { now } else { now + MINUTE };
    store::connection::well(&mut work.tx, account, id, next, now).await?;
    if failures > 0 {
        trouble::show(&mut work, account, id).await?;
    }
    work.commit().await
}

pub(super) async fn note(ctx: &Ctx, account: AccountId, id: InboxId, trouble: &Trouble, failures: i64) -> Result<()> {
    tracing::info!(inbox = id.0, failures, %trouble, "a mailbox cannot be read");
    let mut work = ctx.begin().await?;
    let now = work.now;
    let at = now + pause(trouble, failures);
    store::connection::note(
        &mut work.tx,
        account,
        id,
        (trouble::kind(trouble).as_str(), &trouble.to_string()),
        failures,
        at,
        now,
    )
    .await?;
    trouble::show(&mut work, account, id).await?;
    work.commit().await
}

/// What the server asks for, or twice as long each time; what waiting cannot mend is looked at seldom.
fn pause(trouble: &Trouble, failures: i64) -> Millis {
    if let Trouble::Throttled { wait: Some(wait), .. } = trouble {
        let asked = i64::try_from(wait.as_millis()).unwrap_or(LONGEST_PAUSE);
        return asked.clamp(MINUTE, LONGEST_PAUSE);
    }
    if !trouble.is_passing() {
        return LONGEST_PAUSE;
    }
    let doublings = u32::try_from(failures.clamp(1, 7) - 1).unwrap_or_default();
    (MINUTE << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let closed = Trouble::Closed { said: String::new() };
        let pauses: Vec<_> = (1..=9).map(|failures| pause(&closed, failures) / MINUTE).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        let refused = Trouble::LoginRefused { said: String::new() };
        assert_eq!(pause(&refused, 1), LONGEST_PAUSE);
        let asked = |seconds| Trouble::Throttled { said: String::new(), wait: Some(Duration::from_secs(seconds)) };
        assert_eq!(pause(&asked(300), 5), 5 * MINUTE);
        assert_eq!((pause(&asked(1), 5), pause(&asked(1 << 40), 5)), (MINUTE, LONGEST_PAUSE));
    }
}
