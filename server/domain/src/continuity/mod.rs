//! A conversation goes on by mail when the visitor has left: what they have not seen some minutes after an answer is mailed to them, once
//! and together.
//!
//! The mail comes from an e-mail inbox of the account where there is one, so that an answer to it comes back into the conversation
//! (`mailbox::receive`); else from the system. Before a server hears of it, what is in it is noted as mailed: whoever is cut off after
//! that sends nothing twice.

mod store;

use model::conversation::Conversation;
use model::message::Message;
use model::{AccountId, ContentKind, ConversationId, MessageId, MessageKind, MessageStatus, Millis};
use text::visitor_mail::continuity as t;

use crate::conversation::store::Facts;
use crate::job::{Job, New};
use crate::mail::{self, transcript};
use crate::mailbox::onward::{self, Onward};
use crate::message::{Window, read};
use crate::visitor::language;
use crate::work::Work;
use crate::{Ctx, Error, Result, account, channel, conversation, inbox};

/// How long somebody may take to see an answer, in milliseconds.
const PATIENCE: Millis = 2 * 60_000;
/// Most messages of one mail.
const MOST: i64 = 100;
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
    let Some(email) = about.contact.email.clone() else { return Ok(()) };
    if about.contact.online {
        let mut work = ctx.begin().await?;
        let look = look(account, id, work.now);
        work.enqueue(look);
        return work.commit().await;
    }
    let before = store::mailed(ctx.db(), account, id).await?;
    let unseen = unseen(ctx, account, id, before).await?;
    let Some(last) = unseen.last().map(|message| message.id) else { return Ok(()) };
    let from = store::sender(ctx.db(), account).await?;
    if from.is_none() && transcript::can_be_sent(ctx).is_err() {
        return Ok(());
    }
    let letter = letter(ctx, account, &about, &inbox, &unseen, from.is_some()).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if !store::claim(&mut work.tx, account, id, (before, last), from, now).await? {
        return Ok(());
    }
    work.commit().await?;
    let sent = match from {
        Some(from) => {
            let onward = Onward {
                to: (&about.contact.name, &email),
                name: &inbox.name,
                subject: &letter.subject,
                text: &letter.text,
                html: &letter.html,
                conversation: &about.uuid,
                message: last,
            };
            onward::send(ctx, account, from, onward).await
        }
        None => mail::deliver(ctx, (&email, None), &letter.subject, letter.text, letter.html).await,
    };
    if let Err(error) = sent {
        // Nothing was sent: the next attempt sends it.
        let mut work = ctx.begin().await?;
        store::release(&mut work.tx, account, id, (before, last)).await?;
        work.commit().await?;
        return Err(error);
    }
    Ok(())
}

/// What the contact has not seen and not been mailed, when somebody said something in it.
async fn unseen(ctx: &Ctx, account: AccountId, id: ConversationId, before: Option<MessageId>) -> Result<Vec<Message>> {
    let window = Window { before: None, after: before, public_only: true, limit: MOST };
    // The newest, when nothing was mailed yet: what is older was seen.
    let mut messages = read::list(ctx, account, &[id], window).await?;
    messages.retain(|message| {
        message.kind != MessageKind::Incoming
            && message.status != MessageStatus::Read
            && message.content_kind != ContentKind::InputEmail
            && !message.is_deleted()
    });
    let is_said = messages.iter().any(|message| message.kind == MessageKind::Outgoing);
    Ok(if is_said { messages } else { Vec::new() })
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
