//! Messages on their way to a channel's provider: each is handed in once, as far as the provider lets anybody know.
//!
//! A delivery is a row, written with its message. Before the provider hears of it, the attempt is noted in a change of its own: whoever
//! finds that note after a crash does not know whether the message arrived, and says so instead of sending it twice. What is refused
//! for now is tried again with growing pauses; what is refused for good, or unknown, waits for a person.

pub mod store;

use model::message::Message;
use model::{AccountId, InboxId, MessageId, MessageKind, MessageStatus, Millis};
use serde_json::{Map, Value};
use text::Lang;

use crate::event::Event;
use crate::job::{self, Job};
use crate::message::store as messages;
use crate::work::Work;
use crate::{Ctx, Result, account, channel, inbox, secret};

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
/// How long a message waits for the one before it, unless it is called sooner; and after an hour it waits no more.
const BEHIND: Millis = 2_000;
/// Longest pause between two attempts.
const LONGEST_PAUSE: Millis = 4 * 60 * MINUTE;
/// Attempts before a person must decide: with these pauses about three days.
const MAX_ATTEMPTS: i64 = 24;

/// Messages that are handed in at once when an inbox works again; the others have their own time.
const MOST_WAITING: i64 = 1_000;

/// Where in a message's attributes it is said that nobody knows whether it arrived.
pub const UNKNOWN: &str = "delivery_unknown";
/// Where in them the provider's reason for waiting stands.
pub const WAITS: &str = "delivery_waits";

/// A message that is to be handed in.
#[derive(Debug)]
pub struct Parcel {
    pub account_id: AccountId,
    pub message: messages::Row,
    /// Whom it is still for; `None` for all.
    pub recipients: Option<Vec<String>>,
    /// The account's language.
    pub lang: Lang,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has it, under this name. `refused` says for whom it did not take it, in its words; those in `again` may be tried later.
    Sent { source_id: Option<String>, refused: Option<String>, again: Vec<String> },
    /// It will not be taken as it is.
    Refused(String),
    /// Nothing was sent; later it may be taken.
    Later(String),
    /// It may have arrived or not.
    Unknown(String),
}

/// Whether messages of this kind leave the house.
pub(crate) fn leaves(channel: &str, kind: MessageKind, private: bool) -> bool {
    let spoken = matches!(kind, MessageKind::Outgoing | MessageKind::Template) && !private;
    spoken && channel::by_key(channel).is_ok_and(|channel| channel.abilities().is_delivered)
}

/// Puts a message on its way, in the change that writes it.
pub(crate) async fn begin(work: &mut Work<'_>, account: AccountId, id: MessageId) -> Result<()> {
    let now = work.now;
    store::insert(&mut work.tx, account, id, now).await?;
    work.enqueue(job::New::now(Some(account), Job::DeliverMessage { account_id: account, message_id: id, turn: now }));
    Ok(())
}

/// Once more, for a person who decided so.
pub(crate) async fn again(work: &mut Work<'_>, account: AccountId, id: MessageId) -> Result<()> {
    store::delete(&mut work.tx, account, id).await?;
    begin(work, account, id).await
}

/// An inbox works again: what waits for it need not wait for its time.
pub(crate) async fn hurry(work: &mut Work<'_>, account: AccountId, inbox: InboxId) -> Result<()> {
    for id in store::waiting(&mut work.tx, account, inbox, MOST_WAITING).await? {
        deliver(work, account, id, None).await?;
    }
    Ok(())
}

/// Stops a message that nobody has begun to hand in.
pub(crate) async fn stop(work: &mut Work<'_>, account: AccountId, id: MessageId) -> Result<()> {
    store::delete_waiting(&mut work.tx, account, id).await
}

/// A message's next job. The one that it had until now does nothing any more.
async fn deliver(work: &mut Work<'_>, account: AccountId, id: MessageId, at: Option<Millis>) -> Result<()> {
    let Some(turn) = store::next_turn(&mut work.tx, account, id).await? else { return Ok(()) };
    let job = Job::DeliverMessage { account_id: account, message_id: id, turn };
    work.enqueue(match at {
        Some(at) => job::New::at(Some(account), job, at),
        None => job::New::now(Some(account), job),
    });
    Ok(())
}

/// Messages of a conversation arrive in the order in which they were written: a later one waits while an earlier one is on its way for the
/// first time. One that must be tried again holds up nobody.
async fn is_behind(ctx: &Ctx, account: AccountId, message: &messages::Row) -> Result<bool> {
    let since = ctx.now() - HOUR;
    if !store::is_behind(ctx.db(), account, message.conversation_id, message.id, since).await? {
        return Ok(false);
    }
    let mut work = ctx.begin().await?;
    // Whoever hands the earlier one in calls it sooner.
    let at = work.now + BEHIND;
    deliver(&mut work, account, message.id, Some(at)).await?;
    work.commit().await?;
    Ok(true)
}

/// Hands a message in.
pub(crate) async fn run(ctx: &Ctx, account: AccountId, id: MessageId, turn: i64) -> Result<()> {
    let row = store::find(ctx.db(), account, id).await?;
    let Some(row) = row.filter(|row| row.turn == turn) else { return Ok(()) };
    let lang = language(ctx, account).await?;
    if let Some(attempt) = row.attempt {
        // Somebody began and was cut off.
        let said = text::delivery::cut_off(lang).to_owned();
        return settle(ctx, account, id, (&attempt, row.attempts), Outcome::Unknown(said)).await;
    }
    let Some(message) = messages::find(ctx.db(), account, id).await? else { return Ok(()) };
    if is_behind(ctx, account, &message).await? {
        return Ok(());
    }
    let Some(inbox) = inbox::store::find(ctx.db(), account, message.inbox_id).await? else { return Ok(()) };
    let channel = channel::by_key(&inbox.channel)?;
    let recipients = row.recipients.map(|list| serde_json::from_value(list.0)).transpose()?;
    let parcel = Parcel { account_id: account, message, recipients, lang };
    let ready = match channel.pack(ctx, &parcel).await? {
        Ok(ready) => ready,
        Err(reason) => {
            let attempt = (String::new(), row.attempts);
            return settle(ctx, account, id, (&attempt.0, attempt.1), Outcome::Refused(reason)).await;
        }
    };
    let attempt = secret::short_token();
    let mut work = ctx.begin().await?;
    if !store::claim(&mut work.tx, account, id, turn, &attempt).await? {
        return Ok(());
    }
    work.commit().await?;
    let outcome = ready.hand_in(ctx).await;
    settle(ctx, account, id, (&attempt, row.attempts + 1), outcome).await
}

/// Notes what became of an attempt. That a message arrived is noted whoever else has given it up meanwhile.
async fn settle(
    ctx: &Ctx,
    account: AccountId,
    id: MessageId,
    (attempt, attempts): (&str, i64),
    outcome: Outcome,
) -> Result<()> {
    let outcome = match outcome {
        Outcome::Later(said) if attempts >= MAX_ATTEMPTS => Outcome::Refused(said),
        outcome => outcome,
    };
    let mut work = ctx.begin().await?;
    let now = work.now;
    let is_ours = store::lock(&mut work.tx, account, id, attempt).await?;
    let arrived = matches!(outcome, Outcome::Sent { .. });
    let Some(row) = messages::find(&mut work.tx, account, id).await?.filter(|_| is_ours || arrived) else {
        return Ok(());
    };
    let mut attributes = row.content_attributes.0.as_object().cloned().unwrap_or_default();
    forget(&mut attributes);
    let mut status = MessageStatus::Failed;
    match outcome {
        Outcome::Sent { source_id, refused, again } => {
            // A bounce may have been faster than we are.
            status = if row.status == MessageStatus::Progress || is_ours { MessageStatus::Sent } else { row.status };
            if let Some(source_id) = source_id {
                messages::set_source(&mut work.tx, account, id, &source_id).await?;
            }
            if let Some(refused) = refused {
                attributes.insert("external_error".to_owned(), refused.into());
            }
            if again.is_empty() || attempts >= MAX_ATTEMPTS {
                store::delete(&mut work.tx, account, id).await?;
            } else {
                store::wait(&mut work.tx, account, id, attempts, Some(&serde_json::to_value(again)?)).await?;
                deliver(&mut work, account, id, Some(now + pause(attempts))).await?;
            }
        }
        Outcome::Later(said) => {
            status = MessageStatus::Progress;
            attributes.insert(WAITS.to_owned(), said.into());
            store::wait(&mut work.tx, account, id, attempts, None).await?;
            deliver(&mut work, account, id, Some(now + pause(attempts))).await?;
        }
        Outcome::Refused(said) => {
            attributes.insert("external_error".to_owned(), said.into());
            store::delete(&mut work.tx, account, id).await?;
        }
        Outcome::Unknown(said) => {
            attributes.insert("external_error".to_owned(), said.into());
            attributes.insert(UNKNOWN.to_owned(), true.into());
            store::delete(&mut work.tx, account, id).await?;
        }
    }
    messages::set_status(&mut work.tx, account, id, status, &Value::Object(attributes), now).await?;
    if let Some(next) = store::next_in(&mut work.tx, account, row.conversation_id, id).await? {
        deliver(&mut work, account, next, None).await?;
    }
    work.record(account, Event::MessageUpdated { message_id: id, conversation_id: row.conversation_id });
    work.commit().await
}

/// What earlier attempts left behind.
pub(crate) fn forget(attributes: &mut Map<String, Value>) {
    for key in ["external_error", UNKNOWN, WAITS] {
        attributes.remove(key);
    }
}

/// Twice as long each time: 1, 2, 4 … minutes, up to four hours.
fn pause(attempts: i64) -> Millis {
    let doublings = u32::try_from(attempts.clamp(1, 9) - 1).unwrap_or_default();
    (MINUTE << doublings).min(LONGEST_PAUSE)
}

async fn language(ctx: &Ctx, account: AccountId) -> Result<Lang> {
    let account = account::store::get(ctx.db(), account).await?;
    Ok(account.and_then(|account| account.locale.parse().ok()).unwrap_or(Lang::En))
}

/// Whether nobody knows if a message arrived.
pub fn is_unknown(message: &Message) -> bool {
    message.content_attributes.get(UNKNOWN).and_then(Value::as_bool).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=10).map(|attempts| pause(attempts) / MINUTE).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
    }
}
