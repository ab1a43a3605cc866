//! What was said in a conversation, as a mail.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::message::Message;
use model::{AccountId, ConversationId, ErrorCode, MessageKind, Millis};
use text::VisitorLang;
use text::visitor_mail::transcript as t;

use crate::message::{Window, read};
use crate::visitor::language;
use crate::{Ctx, Error, Result, account, conversation, input};

/// Most messages, the newest.
const MOST: i64 = 500;
/// Most addresses of one step.
const MOST_ADDRESSES: usize = 10;

/// Addresses out of a text with commas between them.
pub(crate) fn addresses(field: &str, text: &str) -> Result<Vec<String>> {
    let parts = text.split([',', ';', ' ', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let mut found: Vec<String> = parts.map(|part| input::email(field, part)).collect::<Result<_>>()?;
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return Err(Error::field(field, ErrorCode::Required));
    }
    if found.len() > MOST_ADDRESSES {
        return Err(Error::field(field, ErrorCode::TooMany));
    }
    Ok(found)
}

/// Fails where no mail can be sent.
pub(crate) fn can_be_sent(ctx: &Ctx) -> Result<()> {
    if ctx.app.settings.smtp_url.is_some() { Ok(()) } else { Err(Error::code(ErrorCode::Unavailable)) }
}

/// Mails it: in the language asked for, else to the contact in theirs, to anybody else in the account's. Done twice, it arrives twice.
pub(crate) async fn send(
    ctx: &Ctx,
    account: AccountId,
    id: ConversationId,
    to: &str,
    locale: Option<&str>,
) -> Result<()> {
    let Some(found) = conversation::read::one(ctx, account, id).await? else { return Ok(()) };
    let company = account::store::get(ctx.db(), account).await?.ok_or_else(Error::not_found)?;
    let lang: VisitorLang = match locale {
        Some(locale) => locale.parse().unwrap_or_default(),
        None if found.contact.email.as_deref() == Some(to) => {
            language::known(&found.additional_attributes, &company.locale)
        }
        None => company.locale.parse().unwrap_or_default(),
    };
    let window = Window { before: None, after: None, public_only: true, limit: MOST };
    let messages = read::list(ctx, account, &[id], window).await?;
    let subject = t::subject(lang, &found.row.display_id.to_string(), &company.name);
    let heading = t::heading(lang, &found.row.contact.name);
    let (text, html) = written(lang, &company.timezone, (&subject, &heading, ""), &messages);
    super::deliver(ctx, (to, None), None, &subject, text, html).await
}

/// What was said as text and as HTML, below a heading and above what closes it.
pub(crate) fn written(
    lang: VisitorLang,
    timezone: &str,
    (subject, heading, closing): (&str, &str, &str),
    messages: &[Message],
) -> (String, String) {
    let said: Vec<Said> = messages.iter().filter_map(|message| Said::of(lang, timezone, message)).collect();
    (as_text(heading, &said, closing), as_html(lang, subject, heading, &said, closing))
}

/// A message as it is told.
struct Said {
    who: String,
    when: String,
    words: String,
}

impl Said {
    fn of(lang: VisitorLang, timezone: &str, message: &Message) -> Option<Self> {
        if message.kind == MessageKind::Activity || message.is_deleted() {
            return None;
        }
        let mut words = message.content.trim().to_owned();
        for file in &message.attachments {
            if !words.is_empty() {
                words.push('\n');
            }
            words.push_str(&t::file(lang, &file.file_name));
        }
        let who = message.sender.as_ref().map(|sender| sender.name.clone()).filter(|name| !name.is_empty());
        Some(Self {
            who: who.unwrap_or_else(|| t::automatic(lang).to_owned()),
            when: text::time::in_mail(lang, message.created_at, offset(timezone, message.created_at)),
            words,
        })
    }
}

/// Minutes that a time zone is ahead at a time.
fn offset(timezone: &str, at: Millis) -> i32 {
    let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(at).map_or(0, |at| zone.to_offset(at).seconds() / 60)
}

fn as_text(heading: &str, said: &[Said], closing: &str) -> String {
    let lines = said.iter().map(|said| format!("{} · {}\n{}\n", said.who, said.when, said.words));
    let text = format!("{heading}\n\n{}", lines.collect::<Vec<_>>().join("\n"));
    if closing.is_empty() { text } else { format!("{text}\n{closing}\n") }
}

fn as_html(lang: VisitorLang, subject: &str, heading: &str, said: &[Said], closing: &str) -> String {
    let escape = ammonia::clean_text;
    let font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
    let messages: String = said
        .iter()
        .map(|said| {
            format!(
                "<p style=\"margin:0 0 2px\"><b>{}</b> <span style=\"font-size:13px\">{}</span></p>\
                 <p dir=\"auto\" style=\"margin:0 0 18px;white-space:pre-wrap\">{}</p>",
                escape(&said.who),
                escape(&said.when),
                escape(&said.words)
            )
        })
        .collect();
    let (tag, dir) = (lang.html(), lang.dir());
    // Some programs keep nothing but what is in the body: the direction is said there too.
    format!(
        "<!doctype html><html lang=\"{tag}\" dir=\"{dir}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title></head>\
         <body style=\"margin:0;padding:32px 16px;{font};font-size:15px;line-height:1.55\">\
         <div lang=\"{tag}\" dir=\"{dir}\" style=\"max-width:600px;margin:0 auto\"><p>{}</p>{messages}<p>{}</p></div></body></html>",
        escape(subject),
        escape(heading),
        escape(closing)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_out_of_a_line() {
        let read = |text: &str| addresses("actions", text);
        assert_eq!(
            read("Bia@loja.example, ana@loja.example;bia@loja.example").unwrap(),
            ["ana@loja.example", "bia@loja.example"]
        );
        assert_eq!(read(" ").unwrap_err().known(), Some(ErrorCode::Required));
        assert_eq!(read("bia").unwrap_err().known(), Some(ErrorCode::InvalidEmail));
        let many: String = (0..11).map(|number| format!("a{number}@loja.example ")).collect();
        assert_eq!(read(&many).unwrap_err().known(), Some(ErrorCode::TooMany));
    }

    #[test]
    fn what_was_said_cannot_write_html() {
        let said = Said { who: "<b>x".to_owned(), when: "10:00".to_owned(), words: "<script>1</script>".to_owned() };
        let html = as_html(VisitorLang::Ar, "s", "h", &[said], "");
        assert!(!html.contains("<script>") && !html.contains("<b>x"), "{html}");
        assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"), "{html}");
        assert_eq!(offset("America/Sao_Paulo", 1_768_489_200_000), -180);
    }
}
