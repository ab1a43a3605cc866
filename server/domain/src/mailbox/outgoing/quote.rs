//! What a mail answers, quoted below it.

use letter::SafeHtml;
use model::{AccountId, ConversationId, MessageKind};
use text::VisitorLang;

use crate::message::store::{self as messages, Row, Window};
use crate::{Ctx, Result};

/// Messages that are looked at for the thread.
const MOST: i64 = 30;
/// Bytes of HTML and of text that are quoted; more only makes mails that servers refuse.
const LONGEST: usize = 200_000;

/// The newest mail of the contact.
pub struct Quote {
    /// Who wrote, and when.
    pub head: String,
    pub html: String,
    pub text: String,
}

/// The public messages before this one, the oldest first.
pub async fn before(ctx: &Ctx, account: AccountId, message: &Row) -> Result<Vec<Row>> {
    let window = Window { before: Some(message.id), after: None, public_only: true, limit: MOST };
    messages::list(ctx.db(), account, &[message.conversation_id], window).await
}

/// The newest public message of a conversation.
pub async fn newest_public(ctx: &Ctx, account: AccountId, id: ConversationId) -> Result<Option<Row>> {
    let window = Window { before: None, after: None, public_only: true, limit: 1 };
    Ok(messages::list(ctx.db(), account, &[id], window).await?.pop())
}

/// What the contact wrote last, as it is quoted.
pub fn newest(before: &[Row], lang: VisitorLang, zone: &str) -> Option<Quote> {
    let row = before.iter().rev().find(|row| row.kind == MessageKind::Incoming)?;
    let mail = row.content_attributes.0.get("email");
    let name = row.sender_name.clone().unwrap_or_default();
    let email = mail.and_then(|mail| mail.get("from")?.get(0)?.as_str());
    let who = match email {
        Some(email) if name.is_empty() || name == email => email.to_owned(),
        Some(email) => format!("{name} <{email}>"),
        None => name,
    };
    let date = text::time::in_mail(lang, row.created_at, offset(row.created_at, zone));
    let html = mail.and_then(|mail| mail.get("html_content")?.get("reply")?.as_str());
    let html = match html {
        // Pictures of the web go back to who sent them; those of the mail itself are not sent around.
        Some(html) if html.len() <= LONGEST => {
            SafeHtml::clean(html).with_remote(|address| Some(address.to_owned())).as_str().to_owned()
        }
        _ => super::html::lines(cut(&row.content)),
    };
    Some(Quote { head: text::visitor_mail::wrote(lang, &date, &who), html, text: cut(&row.content).to_owned() })
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Minutes east of UTC at a moment.
fn offset(at: i64, zone: &str) -> i32 {
    let Ok(at) = jiff::Timestamp::from_millisecond(at) else { return 0 };
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    zone.to_offset(at).seconds() / 60
}
