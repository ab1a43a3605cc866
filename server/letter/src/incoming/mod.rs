//! A mail that came in, understood.

mod body;
mod bounce;
mod calendar;
mod file;
mod kind;
pub mod limits;
mod people;
mod repair;
mod thread;

use mail_parser::MessageParser;

use crate::{Address, MessageId, text};

pub use body::Body;
pub use bounce::{Bounce, Permanence, Recipient};
pub use calendar::Invitation;
pub use file::{File, FileKind};
pub use kind::Kind;
pub use people::People;
pub use thread::ThreadKey;

/// What we know of ourselves when a mail comes in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Own<'a> {
    /// Addresses from which this inbox writes, in lower case.
    pub addresses: &'a [&'a str],
    /// A word our own mails carry in their `X-Loop` header.
    pub loop_mark: Option<&'a str>,
}

impl Own<'_> {
    pub(crate) fn is(&self, address: &Address) -> bool {
        self.addresses.contains(&address.email.as_str())
    }
}

/// What of a mail could not be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// It has no headers at all; its text is shown as it is.
    NoHeaders,
    /// Larger than [`limits`] allow; the rest was not looked at.
    CutOff,
    /// A part's encoding is broken.
    Encoding,
    /// More files than are kept.
    TooManyFiles,
    /// It says neither when it was written nor a date one could believe.
    NoDate,
}

/// A mail, understood as far as it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub id: Option<MessageId>,
    /// When the sender says it was written, in milliseconds since 1970; never to be trusted.
    pub written_at: Option<i64>,
    pub subject: String,
    pub people: People,
    /// Where it belongs, the strongest reason first.
    pub thread: Vec<ThreadKey>,
    pub kind: Kind,
    /// Whether an automatic answer may go out to it.
    pub may_answer: bool,
    pub body: Body,
    /// Files and inline pictures in the order of the mail.
    pub files: Vec<File>,
    pub invitation: Option<Invitation>,
    pub damage: Vec<Damage>,
}

impl Incoming {
    /// Reads any bytes.
    pub fn read(raw: &[u8], own: Own<'_>) -> Self {
        let mut damage = Vec::new();
        let bounded = limits::bound(raw);
        if bounded.len() < raw.len() {
            damage.push(Damage::CutOff);
        }
        let repaired = repair::headers(bounded);
        let Some(message) =
            MessageParser::default().parse(repaired.as_ref()).filter(|message| !message.parts.is_empty())
        else {
            return Self::unreadable(&repaired, damage);
        };
        let people = People::of(&message, own);
        let (body, files) = body::read(&message, &mut damage);
        let written_at =
            message.date().filter(|date| date.is_valid()).map(|date| date.to_timestamp().saturating_mul(1000));
        if written_at.is_none() {
            damage.push(Damage::NoDate);
        }
        let kind = kind::of(&message, &people, &body, own);
        let may_answer = kind::may_answer(&message, &people, &kind, own);
        Self {
            id: thread::id(&message),
            written_at,
            subject: text::line(message.subject().unwrap_or_default()),
            thread: thread::keys(&message, &people),
            kind,
            may_answer,
            invitation: calendar::of(&message),
            people,
            body,
            files,
            damage,
        }
    }

    /// Nothing in it is a mail: shown as text.
    fn unreadable(raw: &[u8], mut damage: Vec<Damage>) -> Self {
        damage.extend([Damage::NoHeaders, Damage::NoDate]);
        Self {
            id: None,
            written_at: None,
            subject: String::new(),
            people: People::default(),
            thread: Vec::new(),
            kind: Kind::Ordinary,
            may_answer: false,
            body: Body::plain(&repair::decode(raw)),
            files: Vec::new(),
            invitation: None,
            damage,
        }
    }

    /// Pictures that the text shows, which are no files of their own.
    pub fn inline(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.shown)
    }

    /// Everything else that came with it.
    pub fn attached(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| !file.shown)
    }
}
