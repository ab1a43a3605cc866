//! Reading a mailbox into conversations.

use futures::future::{BoxFuture, OptionFuture};
use model::Millis;
use model::mailbox::AfterReading;
use post::{Batch, Begin, Contents, Continuation, HowFar, Mark, ReadLimits, Settle, Trouble};

use super::receive::{Parsing, Raw, keep, note, store_all};
use super::{MailInbox, Place, Received, store};
use crate::{Ctx, Error};

/// Mails that are stored in one change.
const TOGETHER: usize = 50;
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Where mail comes from: a mailbox on a server.
pub trait Source: Send {
    fn uid_validity(&self) -> u32;
    fn begin<'a>(&'a mut self, how_far: &'a HowFar) -> BoxFuture<'a, Result<Begin, Trouble>>;
    fn read(&mut self, mark: Mark, limits: ReadLimits) -> BoxFuture<'_, Result<Batch, Trouble>>;
    fn settle<'a>(&'a mut self, uids: &'a [u32], how: Settle) -> BoxFuture<'a, Result<(), Trouble>>;
}

impl Source for post::Mailbox {
    fn uid_validity(&self) -> u32 {
        self.inbox().uid_validity
    }

    fn begin<'a>(&'a mut self, how_far: &'a HowFar) -> BoxFuture<'a, Result<Begin, Trouble>> {
        Box::pin(Self::begin(self, how_far))
    }

    fn read(&mut self, mark: Mark, limits: ReadLimits) -> BoxFuture<'_, Result<Batch, Trouble>> {
        Box::pin(Self::read(self, mark, limits))
    }

    fn settle<'a>(&'a mut self, uids: &'a [u32], how: Settle) -> BoxFuture<'a, Result<(), Trouble>> {
        Box::pin(Self::settle(self, uids, how))
    }
}

/// Why reading stopped before its end.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The server's fault, or the setting's.
    #[error(transparent)]
    Mailbox(#[from] Trouble),
    /// Ours.
    #[error(transparent)]
    Domain(#[from] Error),
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Read {
    pub began: usize,
    pub joined: usize,
    /// Known, passed over, bounced or withheld.
    pub others: usize,
    /// Whether there is more than was asked for.
    pub more: bool,
}

/// Reads what is new, until `most` mails are read. `how_far` counts when the mailbox is read for the first time.
pub async fn read(
    ctx: &Ctx,
    inbox: &MailInbox,
    source: &mut dyn Source,
    how_far: &HowFar,
    limits: ReadLimits,
    most: usize,
) -> Result<Read, Stopped> {
    let mut mark = begin(ctx, inbox, source, how_far).await?;
    let mut batch = source.read(mark, limits).await?;
    let mut read = Read::default();
    loop {
        let goes_on = batch.more && read.began + read.joined + read.others + batch.mails.len() < most;
        // The next ones come while these are stored.
        let ahead = OptionFuture::from(goes_on.then(|| source.read(batch.mark, limits)));
        let (taken, next) = tokio::join!(take(ctx, inbox, &batch, &mut read), ahead);
        taken?;
        if let Some((how, uids)) = settled(inbox.after, &batch) {
            // They are stored: should this be cut off, they stay on the server as they were, and nothing is lost.
            source.settle(&uids, how).await?;
        }
        if batch.mark != mark {
            advance(ctx, inbox, batch.mark).await?;
        }
        mark = batch.mark;
        read.more = batch.more;
        match next.transpose()? {
            Some(next) => batch = next,
            None => return Ok(read),
        }
    }
}

/// Where to go on: at the stored mark; at the beginning; or, where the server numbered its mails anew, a day before we last read. What is
/// read a second time is known by its Message-ID.
async fn begin(ctx: &Ctx, inbox: &MailInbox, source: &mut dyn Source, how_far: &HowFar) -> Result<Mark, Stopped> {
    let stored = store::mark(ctx.db(), inbox.account_id, inbox.inbox_id).await?;
    let how_far = match &stored {
        None => how_far.clone(),
        Some(stored) if continuation(stored, source) == Continuation::Continues => {
            return Ok(Mark { uid_validity: source.uid_validity(), last_uid: number(stored.last_uid) });
        }
        Some(stored) => HowFar::Since(day(stored.updated_at - DAY)),
    };
    let begin = source.begin(&how_far).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let place = Place { uid_validity: begin.mark.uid_validity, uid: begin.mark.last_uid };
    let waiting = i64::try_from(begin.waiting).unwrap_or(i64::MAX);
    store::begin(&mut work.tx, inbox.account_id, inbox.inbox_id, place, waiting, now).await?;
    work.commit().await?;
    Ok(begin.mark)
}

fn continuation(stored: &store::Mark, source: &dyn Source) -> Continuation {
    let same = stored.uid_validity == i64::from(source.uid_validity());
    if same { Continuation::Continues } else { Continuation::Renumbered }
}

fn number(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

/// As IMAP writes a day: `21-Nov-2026`.
pub fn day(at: Millis) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%d-%b-%Y").to_string()
}

/// The mails of a batch that the server hands out.
fn handed_out(inbox: &MailInbox, batch: &Batch) -> Vec<Raw> {
    let uid_validity = batch.mark.uid_validity;
    let mails = batch.mails.iter().filter_map(|mail| {
        let bytes = match &mail.contents {
            Contents::Whole(bytes) | Contents::Beginning(bytes) => bytes.clone().into(),
            Contents::Withheld => {
                tracing::warn!(
                    inbox = inbox.inbox_id.0,
                    uid = mail.uid,
                    "the server lists a mail and does not hand it out"
                );
                return None;
            }
        };
        Some(Raw { bytes, place: Some(Place { uid_validity, uid: mail.uid }) })
    });
    mails.collect()
}

/// Stores a batch in three steps that go on side by side: some mails are parsed, the files of those before them stored, and the ones
/// before those written.
async fn take(ctx: &Ctx, inbox: &MailInbox, batch: &Batch, read: &mut Read) -> Result<(), Error> {
    let mails = handed_out(inbox, batch);
    read.others += batch.mails.len() - mails.len();
    let mut parsed = mails.chunks(TOGETHER).map(|together| Parsing::begin(inbox, together.to_vec()));
    let mut parsing = parsed.next();
    let mut kept = None;
    loop {
        let noted = OptionFuture::from(parsing.take().map(|parsing| note(ctx, inbox, parsing))).await.transpose()?;
        parsing = parsed.next();
        let write = OptionFuture::from(kept.take().map(|kept| store_all(ctx, inbox, kept)));
        let files = OptionFuture::from(noted.map(|noted| keep(ctx, inbox, noted)));
        let (received, next) = tokio::join!(write, files);
        for received in received.transpose()?.unwrap_or_default() {
            match received {
                Received::Began(..) => read.began += 1,
                Received::Joined(..) => read.joined += 1,
                _ => read.others += 1,
            }
        }
        kept = next.transpose()?;
        if kept.is_none() && parsing.is_none() {
            return Ok(());
        }
    }
}

/// What becomes of the mails of a batch on their server, and of which. What is not here as a whole stays there.
fn settled(after: AfterReading, batch: &Batch) -> Option<(Settle, Vec<u32>)> {
    let how = match after {
        AfterReading::Leave => return None,
        AfterReading::MarkRead => Settle::MarkRead,
        AfterReading::Delete => Settle::Delete,
    };
    let is_wanted = |contents: &Contents| match contents {
        Contents::Whole(_) => true,
        Contents::Beginning(_) => how == Settle::MarkRead,
        Contents::Withheld => false,
    };
    let uids: Vec<u32> = batch.mails.iter().filter(|mail| is_wanted(&mail.contents)).map(|mail| mail.uid).collect();
    (!uids.is_empty()).then_some((how, uids))
}

/// Past the end of a range in which nothing is left.
async fn advance(ctx: &Ctx, inbox: &MailInbox, mark: Mark) -> Result<(), Error> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    let place = Place { uid_validity: mark.uid_validity, uid: mark.last_uid };
    store::skip(&mut work.tx, inbox.account_id, inbox.inbox_id, place, now).await?;
    work.commit().await
}
