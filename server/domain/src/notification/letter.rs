//! What the mails say, from what their reader may know now.

use model::conversation::Conversation;
use model::inbox::InboxTrouble;
use model::message::Message;
use model::notification::NotificationKind;
use model::{MessageId, MessageKind, UserId};
use text::Lang;
use text::mail as t;

use super::store::Row;
use crate::conversation::{self, participant};
use crate::mail::{Letter, Recipient};
use crate::message::{Window, format, read};
use crate::{Ctx, Result, agent, inbox};

/// Conversations that a mail names.
const NAMED: usize = 10;
/// Messages that a mail repeats, the newest.
const REPEATED: usize = 5;
/// Messages since the first that are looked at.
const LOOKED_AT: i64 = 200;
/// Most characters of what somebody said.
const MOST_CHARS: usize = 600;

/// The mail about these, which are of one kind and for one person; `None` when nothing of it is news for them any more.
pub(super) async fn write(ctx: &Ctx, to: &Recipient, rows: &[Row]) -> Result<Option<Letter>> {
    let Some(first) = rows.first() else { return Ok(None) };
    match first.kind {
        NotificationKind::Assignment => assigned(ctx, to, rows).await,
        NotificationKind::Mention => mentioned(ctx, to, first).await,
        NotificationKind::NewMessage => said(ctx, to, first).await,
        NotificationKind::InboxLost => inbox_lost(ctx, to, first).await,
    }
}

/// What they may know of the conversation now; `None` when it is not theirs to know or no news any more.
async fn about(ctx: &Ctx, row: &Row) -> Result<Option<Conversation>> {
    let Some(id) = row.conversation_id else { return Ok(None) };
    let Some(facts) = conversation::store::find_by_id(ctx.db(), row.account_id, id).await? else { return Ok(None) };
    let is_theirs = facts.assignee_id == Some(row.user_id) && !facts.contact_blocked;
    let is_news = facts.merged_into.is_none() && (is_theirs || row.kind == NotificationKind::Mention);
    if !is_news || participant::sees(ctx, &facts, row.user_id).await?.is_none() {
        return Ok(None);
    }
    conversation::read::one(ctx, row.account_id, id).await
}

async fn assigned(ctx: &Ctx, to: &Recipient, rows: &[Row]) -> Result<Option<Letter>> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.extend(about(ctx, row).await?.map(|about| (row, about)));
    }
    let Some((row, one)) = found.first() else { return Ok(None) };
    if found.len() == 1 {
        let contact = &one.contact.name;
        let body = match name_of(ctx, row, row.by_id).await? {
            Some(name) => t::assigned::by(to.lang, &name, contact),
            None => t::assigned::automatic(to.lang, contact),
        };
        let subject = t::assigned::subject(to.lang, &number(one), contact);
        let quote = one.row.preview.as_ref().map(|preview| preview.text.clone()).unwrap_or_default();
        return Ok(Some(letter(ctx, to, (row, one), (subject, body, quote))));
    }
    let mut lines: Vec<String> =
        found.iter().take(NAMED).map(|(_, about)| format!("#{} · {}", number(about), about.contact.name)).collect();
    if let Ok(more @ 1..) = i64::try_from(found.len().saturating_sub(NAMED)) {
        lines.push(t::assigned_several::more(to.lang, more));
    }
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok(Some(Letter {
        subject: t::assigned_several::subject(to.lang, count),
        greeting: t::greeting(to.lang, &to.name),
        body: t::assigned_several::body(to.lang).to_owned(),
        quote: lines.join("\n"),
        button: t::notification::open_several(to.lang).to_owned(),
        link: format!("{}/app/accounts/{}/conversations", ctx.app.settings.base_url, row.account_id),
        note: note(ctx, to.lang, row),
    }))
}

async fn mentioned(ctx: &Ctx, to: &Recipient, row: &Row) -> Result<Option<Letter>> {
    let (Some(about), Some(note)) = (about(ctx, row).await?, row.message_id) else { return Ok(None) };
    let note = read::one(ctx, row.account_id, note).await?.filter(|note| !note.is_deleted());
    let Some(note) = note else { return Ok(None) };
    let name = note.sender.as_ref().map(|sender| sender.name.clone()).unwrap_or_default();
    let subject = t::mentioned::subject(to.lang, &number(&about), &name);
    let body = t::mentioned::body(to.lang, &name, &about.contact.name);
    let quote = words(to.lang, &note);
    Ok(Some(letter(ctx, to, (row, &about), (subject, body, quote))))
}

async fn said(ctx: &Ctx, to: &Recipient, row: &Row) -> Result<Option<Letter>> {
    let (Some(about), Some(first)) = (about(ctx, row).await?, row.message_id) else { return Ok(None) };
    let after = Some(MessageId(first.0 - 1));
    let window = Window { before: None, after, public_only: true, limit: LOOKED_AT };
    let messages = read::list(ctx, row.account_id, &[about.row.id], window).await?;
    // What somebody answered waits for nobody.
    let answered = messages.iter().rposition(|message| message.kind == MessageKind::Outgoing).map_or(0, |at| at + 1);
    let waiting: Vec<String> = messages[answered..]
        .iter()
        .filter(|message| message.kind == MessageKind::Incoming && !message.is_deleted())
        .filter(|message| message.created_at > about.assignee_last_seen_at)
        .map(|message| words(to.lang, message))
        .collect();
    if waiting.is_empty() {
        return Ok(None);
    }
    let quote = waiting[waiting.len().saturating_sub(REPEATED)..].join("\n\n");
    let contact = &about.contact.name;
    let subject = t::new_message::subject(to.lang, &number(&about), contact);
    let body = t::new_message::body(to.lang, contact);
    Ok(Some(letter(ctx, to, (row, &about), (subject, body, quote))))
}

async fn inbox_lost(ctx: &Ctx, to: &Recipient, row: &Row) -> Result<Option<Letter>> {
    let Some(id) = row.inbox_id else { return Ok(None) };
    let Some(inbox) = inbox::read::one(ctx, row.account_id, id).await? else { return Ok(None) };
    let (subject, body, button) = match inbox.trouble {
        None => return Ok(None),
        Some(InboxTrouble::SignIn) => (
            t::inbox_lost::sign_in_subject(to.lang, &inbox.name),
            t::inbox_lost::sign_in(to.lang, &inbox.name),
            t::inbox_lost::sign_in_button(to.lang),
        ),
        Some(InboxTrouble::Broken) => (
            t::inbox_lost::broken_subject(to.lang, &inbox.name),
            t::inbox_lost::broken(to.lang, &inbox.name),
            t::inbox_lost::broken_button(to.lang),
        ),
    };
    Ok(Some(Letter {
        subject,
        greeting: t::greeting(to.lang, &to.name),
        body,
        quote: String::new(),
        button: button.to_owned(),
        link: format!("{}/app/accounts/{}/settings/inboxes/{id}", ctx.app.settings.base_url, row.account_id),
        note: note(ctx, to.lang, row),
    }))
}

/// A letter about one conversation: subject, body and what is repeated.
fn letter(ctx: &Ctx, to: &Recipient, (row, about): (&Row, &Conversation), words: (String, String, String)) -> Letter {
    let (subject, body, quote) = words;
    let base = &ctx.app.settings.base_url;
    Letter {
        subject,
        greeting: t::greeting(to.lang, &to.name),
        body,
        quote,
        button: t::notification::open(to.lang).to_owned(),
        link: format!("{base}/app/accounts/{}/conversations/{}", row.account_id, about.row.display_id),
        note: note(ctx, to.lang, row),
    }
}

fn note(ctx: &Ctx, lang: Lang, row: &Row) -> String {
    let profile = format!("{}/app/accounts/{}/settings/profile", ctx.app.settings.base_url, row.account_id);
    if row.kind == NotificationKind::InboxLost {
        t::inbox_lost::note(lang, &profile)
    } else {
        t::notification::note(lang, &profile)
    }
}

fn number(about: &Conversation) -> String {
    about.row.display_id.to_string()
}

async fn name_of(ctx: &Ctx, row: &Row, user: Option<UserId>) -> Result<Option<String>> {
    let Some(user) = user else { return Ok(None) };
    Ok(agent::read::one(ctx, row.account_id, user).await?.map(|agent| agent.name))
}

/// A message as plain words, its files by their names.
fn words(lang: Lang, message: &Message) -> String {
    let mut lines = vec![format::plain(message.content.trim())];
    lines.extend(
        message.attachments.iter().map(|file| text::visitor_mail::transcript::file(lang.into(), &file.file_name)),
    );
    lines.retain(|line| !line.is_empty());
    let words = lines.join("\n");
    match words.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}
