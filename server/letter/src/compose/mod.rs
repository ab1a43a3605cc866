//! Mail of ours, as every program reads it: threaded, in both forms, with files up to a size all servers take.

mod parts;
mod subject;
mod threading;

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::MessageBuilder;
use lettre::message::header::{HeaderName, HeaderValue};

use crate::{Address, MessageId, text};

pub use parts::{Attachment, Content};
pub use subject::reply_subject;
pub use threading::Threading;

/// Bytes of files in one mail; what goes beyond is linked. Base64 makes a third more of it, and many servers end at 25 MB.
pub const FILES: usize = 20 << 20;

/// Why no person wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// It answers a mail.
    Replied,
    /// It was occasioned by something else.
    Generated,
}

/// Everything a mail says.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    pub from: Address,
    pub reply_to: Option<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub bcc: Vec<Address>,
    pub subject: &'a str,
    /// Milliseconds since 1970.
    pub written_at: i64,
    pub id: MessageId,
    pub threading: Threading,
    pub content: Content<'a>,
    /// Pictures that the HTML shows as `cid:`.
    pub inline: Vec<Attachment<'a>>,
    pub files: Vec<Attachment<'a>>,
    pub automatic: Option<Automatic>,
    /// Comes back in `X-Loop` when the mail does: see [`crate::Own::loop_mark`].
    pub loop_mark: Option<&'a str>,
}

/// To whom a server is told to bring it; blind copies are only here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub from: String,
    pub to: Vec<String>,
}

/// A mail ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
    /// Names of files that are linked instead of attached.
    pub linked: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    #[error("the mail has no recipients")]
    NoRecipients,
    #[error("{0} is not an address that mail can be sent to")]
    Address(String),
    #[error("{0} is too large to be attached and has no link")]
    TooLarge(String),
    #[error("the mail cannot be written: {0}")]
    Unwritable(String),
}

impl Draft<'_> {
    pub fn compose(&self) -> Result<Letter, DraftError> {
        let envelope = self.envelope()?;
        let parts = parts::build(&self.content, &self.inline, &self.files)?;
        let mut builder = self.headers()?;
        if let Some(automatic) = self.automatic {
            builder = automatic_headers(builder, automatic);
        }
        if let Some(mark) = self.loop_mark {
            builder = raw(builder, "X-Loop", mark);
        }
        let unwritable = |error: lettre::error::Error| DraftError::Unwritable(error.to_string());
        let message = match parts.body {
            parts::Whole::Single(part) => builder.singlepart(part),
            parts::Whole::Multi(part) => builder.multipart(part),
        };
        Ok(Letter { envelope, bytes: message.map_err(unwritable)?.formatted(), linked: parts.linked })
    }

    /// Each address once.
    fn envelope(&self) -> Result<Envelope, DraftError> {
        let mut to: Vec<String> = Vec::new();
        for address in self.to.iter().chain(&self.cc).chain(&self.bcc) {
            let address = mailbox(address)?.email.to_string();
            if !to.contains(&address) {
                to.push(address);
            }
        }
        if to.is_empty() {
            return Err(DraftError::NoRecipients);
        }
        Ok(Envelope { from: mailbox(&self.from)?.email.to_string(), to })
    }

    fn headers(&self) -> Result<MessageBuilder, DraftError> {
        let since_1970 = Duration::from_millis(u64::try_from(self.written_at).unwrap_or_default());
        let mut builder = Message::builder()
            .from(mailbox(&self.from)?)
            .date(UNIX_EPOCH + since_1970)
            .subject(text::line(self.subject))
            .message_id(Some(self.id.bracketed()));
        if let Some(address) = &self.reply_to {
            builder = builder.reply_to(mailbox(address)?);
        }
        for address in &self.to {
            builder = builder.to(mailbox(address)?);
        }
        for address in &self.cc {
            builder = builder.cc(mailbox(address)?);
        }
        // lettre wants a recipient it can see; blind copies never reach the headers it writes.
        for address in &self.bcc {
            builder = builder.bcc(mailbox(address)?);
        }
        if let Some(parent) = &self.threading.in_reply_to {
            builder = builder.in_reply_to(parent.bracketed());
        }
        if !self.threading.references.is_empty() {
            let ids: Vec<_> = self.threading.references.iter().map(MessageId::bracketed).collect();
            builder = builder.references(ids.join(" "));
        }
        Ok(builder)
    }
}

/// RFC 3834, and what Exchange listens to.
fn automatic_headers(builder: MessageBuilder, automatic: Automatic) -> MessageBuilder {
    let submitted = match automatic {
        Automatic::Replied => "auto-replied",
        Automatic::Generated => "auto-generated",
    };
    raw(raw(builder, "Auto-Submitted", submitted), "X-Auto-Response-Suppress", "All")
}

fn raw(builder: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), text::line(value)))
}

fn mailbox(address: &Address) -> Result<Mailbox, DraftError> {
    let email = address.email.parse().map_err(|_| DraftError::Address(text::line(&address.email)))?;
    let name = text::line(&address.name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), email))
}

#[cfg(test)]
mod tests;
