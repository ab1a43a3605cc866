//! A conversation goes on by mail when the visitor has left: what they have not seen some minutes after an answer is mailed to them, once
//! and together.
//!
//! The mail comes from an e-mail inbox of the account where there is one, so that an answer to it comes back into the conversation
//! (`mailbox::receive`); else from the system. Before a server hears of it, it is noted that it is being handed in. Whoever finds that note
//! later, without a word on what became of it, sends the very same mail once more, under the same name: nothing is lost with whoever was
//! cut off, and a server that had taken it already can tell.

mod store;

use std::time::Duration;

use model::conversation::Conversation;
use model::message::Message;
use model::{AccountId, ContentKind, ConversationId, InboxId, MessageId, MessageKind, MessageStatus, Millis};
use text::visitor_mail::continuity as t;

use crate::conversation::store::Facts;
use crate::job::{Job, New};
use crate::mail::{self, transcript};
use crate::mailbox::onward::{self, Onward};
use crate::message::{Window, read};
use crate::visitor::language;
use crate::work::Work;
use crate::{Ctx, Error, Result, account, channel, conversation, inbox};
use store::State;

/// How long somebody may take to see an answer, in milliseconds.
const PATIENCE: Millis = 2 * 60_000;
/// Most messages of one mail.
const MOST: i64 = 100;
/// Longest time in which a mail is handed in, and how long a note of an attempt is believed: nobody is at it any more after that.
const LONGEST: Duration = Duration::from_secs(4 * 60);
const HELD: Millis = 5 * 60_000;
/// How often the same mail is begun.
const MOST_TRIES: i64 = 3;
/// The switch of the inbox.
const SWITCH: &str = "continuity_via_email";

/// An answer was written: sees to a look whether it was seen.
pub(crate) fn expect(work: &mut Work<'_>, facts: &Facts) {
    let is_here = channel::by_key(&facts.channel).is_ok_and(|channel| channel.abilities().is_read_here);
    if is_here && facts.contact_has_email && !facts.contact_blocked {
        let look = look(facts.account_id, facts.id, work.now);
        work.enqueue(look);
    }
}

/// Answers that come within the time share a look.
fn look(account_id: AccountId, conversation_id: ConversationId, now: Millis) -> New {
    let job = Job::MailUnseen { account_id, conversation_id };
    New::at(Some(account_id), job, now + PATIENCE).unique(format!("unseen {conversation_id} {}", now / PATIENCE))
}

/// Mails what was not seen. Somebody who is still here gets more time.
pub(crate) async fn run(ctx: &Ctx, account: AccountId, id: ConversationId) -> Result<()> {
    let facts = conversation::store::find_by_id(ctx.db(), account, id).await?;
    if facts.is_none_or(|facts| facts.contact_unread_count == 0) {
        return Ok(());
    }
    let Some(about) = conversation::read::one(ctx, account, id).await? else { return Ok(()) };
    let Some(inbox) = inbox::read::one(ctx, account, about.row.inbox_id).await? else { return Ok(()) };
    if !inbox.config_bool(SWITCH) || about.contact.blocked {
        return Ok(());
    }
    if about.contact.online {
        return again(ctx, look(account, id, ctx.now())).await;
    }
    let state = store::state(ctx.db(), account, id).await?;
    if let Some(until) = state.tried_at.map(|at| at + HELD).filter(|until| *until > ctx.now()) {
        // Somebody is at it, or was cut off: that shows then.
        let job = Job::MailUnseen { account_id: account, conversation_id: id };
        return again(ctx, New::at(Some(account), job, until).unique(format!("unseen {id} held {until}"))).await;
    }
    let unseen = unseen(ctx, account, id, state.mailed_id).await?;
    let Some(parcel) = Parcel::next(unseen, &state) else { return Ok(()) };
    send(ctx, account, &about, &inbox, &state, &parcel).await
}

async fn again(ctx: &Ctx, look: New) -> Result<()> {
    let mut work = ctx.begin().await?;
    work.enqueue(look);
    work.commit().await
}

/// What goes into one mail.
struct Parcel {
    messages: Vec<Message>,
    /// The newest message: by it the mail has its name.
    last: MessageId,
    /// How often it was begun, this time included.
    tries: i64,
}

impl Parcel {
    /// The mail with which somebody was cut off, as it was; or else all that was not seen.
    fn next(unseen: Vec<Message>, state: &State) -> Option<Self> {
        let is_said = |messages: &[Message]| messages.iter().any(|message| message.kind == MessageKind::Outgoing);
        if let Some(last) = state.trying_id {
            let begun: Vec<_> = unseen.iter().filter(|message| message.id <= last).cloned().collect();
            if is_said(&begun) {
                return Some(Self { messages: begun, last, tries: state.tries + 1 });
            }
        }
        let last = unseen.last().map(|message| message.id).filter(|_| is_said(&unseen))?;
        Some(Self { messages: unseen, last, tries: 1 })
    }
}

/// Notes the attempt, hands the mail in and notes what became of it.
async fn send(
    ctx: &Ctx,
    account: AccountId,
    about: &Conversation,
    inbox: &model::inbox::Inbox,
    state: &State,
    parcel: &Parcel,
) -> Result<()> {
    let id = about.row.id;
    let Some(email) = about.contact.email.as_deref() else { return Ok(()) };
    let from = store::sender(ctx.db(), account).await?;
    if from.is_none() && transcript::can_be_sent(ctx).is_err() {
        return Ok(());
    }
    let letter = letter(ctx, account, about, inbox, &parcel.messages, from.is_some()).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if !store::begin(&mut work.tx, (account, id), state, (parcel.last, parcel.tries), from, now).await? {
        return Ok(());
    }
    work.commit().await?;
    if parcel.tries > MOST_TRIES {
        tracing::warn!(conversation = id.0, "answers were not mailed: everybody who began was cut off");
        return settle(ctx, account, id, parcel, true).await;
    }
    let onward = Onward {
        to: (&about.contact.name, email),
        name: &inbox.name,
        subject: &letter.subject,
        text: &letter.text,
        html: &letter.html,
        conversation: &about.uuid,
        message: parcel.last,
    };
    let sent = tokio::time::timeout(LONGEST, hand_in(ctx, account, from, onward)).await;
    // How far it came is not known: the note stays, and the same mail goes once more.
    let sent = sent.map_err(|_| Error::Unavailable("mail not sent: it took too long".to_owned()))?;
    settle(ctx, account, id, parcel, sent.is_ok()).await?;
    sent
}

async fn hand_in(ctx: &Ctx, account: AccountId, from: Option<InboxId>, mail: Onward<'_>) -> Result<()> {
    let Some(from) = from else {
        let (text, html) = (mail.text.to_owned(), mail.html.to_owned());
        let name = Some((mail.conversation, mail.message));
        return mail::deliver(ctx, (mail.to.1, None), name, mail.subject, text, html).await;
    };
    onward::send(ctx, account, from, mail).await
}

async fn settle(ctx: &Ctx, account: AccountId, id: ConversationId, parcel: &Parcel, is_done: bool) -> Result<()> {
    let mut work = ctx.begin().await?;
    if !is_done {
        store::release(&mut work.tx, account, id, parcel.last).await?;
        return work.commit().await;
    }
    store::done(&mut work.tx, account, id, parcel.last).await?;
    if parcel.tries > 1 {
        // What was said since then waited for this mail.
        work.enqueue_now(account, Job::MailUnseen { account_id: account, conversation_id: id });
    }
    work.commit().await
}

/// What the contact has not seen and not been mailed.
async fn unseen(ctx: &Ctx, account: AccountId, id: ConversationId, after: Option<MessageId>) -> Result<Vec<Message>> {
    let window = Window { before: None, after, public_only: true, limit: MOST };
    // The newest, when nothing was mailed yet: what is older was seen.
    let mut messages = read::list(ctx, account, &[id], window).await?;
    messages.retain(|message| {
        message.kind != MessageKind::Incoming
            && message.status != MessageStatus::Read
            && message.content_kind != ContentKind::InputEmail
            && !message.is_deleted()
    });
    Ok(messages)
}

struct Letter {
    subject: String,
    text: String,
    html: String,
}

/// In the visitor's language, as far as they are spoken to in it.
async fn letter(
    ctx: &Ctx,
    account: AccountId,
    about: &Conversation,
    inbox: &model::inbox::Inbox,
    unseen: &[Message],
    can_answer: bool,
) -> Result<Letter> {
    let company = account::store::get(ctx.db(), account).await?.ok_or_else(Error::not_found)?;
    let lang = language::known(&about.additional_attributes, &company.locale);
    let subject = t::subject(lang, &inbox.name);
    let heading = t::heading(lang, &inbox.name);
    let closing = match (can_answer, inbox.config_str("website_url")) {
        (true, _) => t::answer(lang).to_owned(),
        (false, "") => String::new(),
        (false, site) => t::site(lang, site),
    };
    let (text, html) = transcript::written(lang, &company.timezone, (&subject, &heading, &closing), unseen);
    Ok(Letter { subject, text, html })
}
