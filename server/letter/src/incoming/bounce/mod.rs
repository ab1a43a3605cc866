//! Mail of ours that came back: as RFC 3464 says it, and as programs say it that never read RFC 3464.

mod report;
mod words;

use mail_parser::{Message, MimeHeaders as _};

use super::kind::header;
use super::{Body, People};
use crate::{Address, MessageId};

/// Whether trying again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permanence {
    /// It will never arrive there.
    Permanent,
    /// Still being tried, or full today.
    Temporary,
}

/// Whom a mail did not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub address: Address,
    /// `5.1.1` (RFC 3463), where it is told.
    pub code: Option<String>,
    pub permanence: Permanence,
    /// The other server's own words.
    pub said: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The mail that did not arrive.
    pub original: Option<MessageId>,
    pub recipients: Vec<Recipient>,
}

impl Bounce {
    /// Permanent as soon as it is for one recipient.
    pub fn permanence(&self) -> Permanence {
        let permanent = self.recipients.iter().any(|recipient| recipient.permanence == Permanence::Permanent);
        if permanent || self.recipients.is_empty() { Permanence::Permanent } else { Permanence::Temporary }
    }
}

/// The `report-type` of a `multipart/report`.
pub fn report_type(message: &Message<'_>) -> Option<String> {
    let root = message.parts.first()?;
    if !root.is_content_type("multipart", "report") {
        return None;
    }
    Some(root.content_type()?.attribute("report-type")?.to_ascii_lowercase())
}

pub(super) fn of(message: &Message<'_>, people: &People, body: &Body) -> Option<Bounce> {
    let reported = report::recipients(message);
    let is_report = report_type(message).is_some_and(|kind| kind == "delivery-status");
    if let Some(recipients) = reported.filter(|recipients| !recipients.is_empty()) {
        return Some(Bounce { original: original(message, &body.whole_text), recipients });
    }
    if is_delivered(message) {
        return None;
    }
    if !is_report && !comes_from_a_mail_server(message, people) {
        return None;
    }
    let recipients = words::recipients(message, people, &body.whole_text);
    let original = original(message, &body.whole_text);
    (is_report || !recipients.is_empty()).then_some(Bounce { original, recipients })
}

/// A report that a mail did arrive.
pub(super) fn is_delivered(message: &Message<'_>) -> bool {
    report::delivered(message) && report::recipients(message).is_some_and(|failed| failed.is_empty())
}

/// Nobody, or a program that carries mail.
fn comes_from_a_mail_server(message: &Message<'_>, people: &People) -> bool {
    let nobody = header(message, "Return-Path").is_some_and(|path| path == "<>");
    let daemon = people.from.as_ref().is_some_and(|from| {
        let local = from.local();
        ["mailer-daemon", "postmaster", "mail-daemon", "microsoftexchange", "mailerdaemon"]
            .iter()
            .any(|name| local.starts_with(name))
    });
    daemon || header(message, "X-Failed-Recipients").is_some() || (nobody && words::is_about_failure(message))
}

/// Which of our mails it is about: the returned mail says it, else the thread, else the text.
fn original(message: &Message<'_>, text: &str) -> Option<MessageId> {
    let returned = message.attachments().find_map(report::returned_id);
    let ids = || {
        let named = ["In-Reply-To", "References", "X-Original-Message-ID", "Original-Message-ID"];
        named.into_iter().flat_map(|name| super::thread::ids(message, name)).next()
    };
    returned.or_else(ids).or_else(|| report::id_in(text))
}
