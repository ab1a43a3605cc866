//! Reading a mailbox by IMAP (RFC 3501, RFC 2177), without changing it: `EXAMINE`, `BODY.PEEK`. Only [`Mailbox::settle`] does, when asked to.
//!
//! A mail is named by its mailbox's `UIDVALIDITY` and its UID. [`Mark`] says how far we have read; whoever stores what was read stores
//! the mark with it, and so reads each mail once.

mod fetch;
mod idle;
mod login;
mod run;
mod settle;

use std::collections::BTreeSet;

use async_imap::Session;
use async_imap::imap_proto::{Capability, MailboxDatum, Response, ResponseCode};

use crate::credentials::Credentials;
use crate::net::{Dialer, Server, Wire};
use crate::trouble::Trouble;

pub use fetch::{Batch, Contents, Mail, ReadLimits};
pub use idle::Wake;
pub use settle::Settle;

/// How far a mailbox has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark {
    pub uid_validity: u32,
    /// The last mail that was read; 0 before the first.
    pub last_uid: u32,
}

/// What the mailbox is like now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inbox {
    pub uid_validity: u32,
    /// Every mail so far has a lower UID; 0 where the server does not say.
    pub uid_next: u32,
    pub exists: u32,
}

/// Whether a mark still means what it meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    Continues,
    /// The server numbered its mails anew: find those already read by their Message-ID.
    Renumbered,
}

/// From when on mail is read when a mailbox is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HowFar {
    /// Only what comes from now on.
    Nothing,
    /// From this day on, as IMAP writes it: `21-Nov-2026`.
    Since(String),
    All,
}

/// Where reading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begin {
    pub mark: Mark,
    /// How many mails there are to read, for showing progress.
    pub waiting: usize,
}

/// An open mailbox: logged in, `INBOX` examined.
#[derive(Debug)]
pub struct Mailbox {
    session: Session<Wire>,
    dialer: Dialer,
    inbox: Inbox,
    can_idle: bool,
    /// Single mails can be deleted for good.
    can_expunge: bool,
    is_writable: bool,
    /// The server told of news while it was asked for something else.
    has_news: bool,
}

impl Mailbox {
    pub async fn open(dialer: &Dialer, server: &Server, credentials: &Credentials) -> Result<Self, Trouble> {
        let session = login::session(dialer, server, credentials).await?;
        let mut mailbox = Self {
            session,
            dialer: dialer.clone(),
            inbox: Inbox::default(),
            can_idle: false,
            can_expunge: false,
            is_writable: false,
            has_news: false,
        };
        mailbox.capabilities().await?;
        mailbox.examine().await?;
        Ok(mailbox)
    }

    pub fn inbox(&self) -> Inbox {
        self.inbox
    }

    pub fn can_idle(&self) -> bool {
        self.can_idle
    }

    /// Whether what was read up to the mark can be continued.
    pub fn continuation(&self, mark: Mark) -> Continuation {
        if mark.uid_validity == self.inbox.uid_validity { Continuation::Continues } else { Continuation::Renumbered }
    }

    /// Where to begin in a mailbox that is read for the first time, or numbered anew.
    pub async fn begin(&mut self, how_far: &HowFar) -> Result<Begin, Trouble> {
        let uid_validity = self.inbox.uid_validity;
        let mark = |last_uid| Mark { uid_validity, last_uid };
        match how_far {
            HowFar::Nothing => Ok(Begin { mark: mark(self.newest().await?), waiting: 0 }),
            HowFar::All => Ok(Begin { mark: mark(0), waiting: self.inbox.exists as usize }),
            HowFar::Since(day) => {
                let found = self.search_since(day).await?;
                let newest = self.newest().await?;
                let last = found.first().map_or(newest, |first| first.saturating_sub(1));
                Ok(Begin { mark: mark(last), waiting: found.len() })
            }
        }
    }

    /// Says goodbye; a server that does not listen is left alone.
    pub async fn close(mut self) {
        let goodbye = self.session.run_command_untagged("ZZ LOGOUT");
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), goodbye).await;
    }

    async fn capabilities(&mut self) -> Result<(), Trouble> {
        let (mut can_idle, mut can_expunge) = (false, false);
        run::run(&mut self.session, &self.dialer, "CAPABILITY", "listing capabilities", |response| {
            if let Response::Capabilities(all) = response {
                let has = |wanted: &str| {
                    all.iter().any(|one| matches!(one, Capability::Atom(name) if name.eq_ignore_ascii_case(wanted)))
                };
                (can_idle, can_expunge) = (has("IDLE"), has("UIDPLUS"));
            }
            Ok(())
        })
        .await?;
        (self.can_idle, self.can_expunge) = (can_idle, can_expunge);
        Ok(())
    }

    async fn examine(&mut self) -> Result<(), Trouble> {
        let mut inbox = Inbox::default();
        run::run(&mut self.session, &self.dialer, "EXAMINE INBOX", "opening the mailbox", |response| {
            match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => inbox.exists = *count,
                Response::Data { outcome, .. } => match &outcome.code {
                    Some(ResponseCode::UidValidity(validity)) => inbox.uid_validity = *validity,
                    Some(ResponseCode::UidNext(next)) => inbox.uid_next = *next,
                    _ => {}
                },
                _ => {}
            }
            Ok(())
        })
        .await?;
        if inbox.uid_validity == 0 {
            return Err(Trouble::Nonsense { reason: "it numbers no mails (UIDVALIDITY is missing)".to_owned() });
        }
        self.inbox = inbox;
        Ok(())
    }

    /// The highest UID so far; 0 in an empty mailbox.
    async fn newest(&mut self) -> Result<u32, Trouble> {
        if self.inbox.uid_next > 0 {
            return Ok(self.inbox.uid_next - 1);
        }
        let found = self.search("UID SEARCH UID *").await?;
        Ok(found.last().copied().unwrap_or_default())
    }

    /// Mails that arrived on a day or later. Asked for in ranges: one answer for a million mails would be a line of megabytes.
    async fn search_since(&mut self, day: &str) -> Result<BTreeSet<u32>, Trouble> {
        if !is_day(day) {
            return Err(Trouble::Nonsense { reason: "not a day".to_owned() });
        }
        let end = self.newest().await?;
        let (mut from, mut width) = (1_u32, 20_000_u32);
        let mut found = BTreeSet::new();
        while from <= end {
            let to = from.saturating_add(width - 1).min(end);
            let some = self.search(&format!("UID SEARCH UID {from}:{to} SINCE {day}")).await?;
            // Numbers may be far apart: empty ranges are passed ever faster.
            width = if some.is_empty() { width.saturating_mul(2) } else { 20_000 };
            found.extend(some.into_iter().filter(|uid| (from..=to).contains(uid)));
            let Some(next) = to.checked_add(1) else { break };
            from = next;
        }
        Ok(found)
    }

    async fn search(&mut self, command: &str) -> Result<BTreeSet<u32>, Trouble> {
        let mut found = BTreeSet::new();
        run::run(&mut self.session, &self.dialer, command, "searching", |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids.iter().copied());
            }
            Ok(())
        })
        .await?;
        Ok(found)
    }
}

/// `21-Nov-2026`: nothing else may come into a command.
fn is_day(day: &str) -> bool {
    let words: Vec<_> = day.split('-').collect();
    let [date, month, year] = words.as_slice() else { return false };
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let number = |word: &str, length: std::ops::RangeInclusive<usize>| {
        length.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    number(date, 1..=2) && months.contains(month) && number(year, 4..=4)
}
