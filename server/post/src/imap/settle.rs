//! What becomes of mails once they are read: the only thing here that changes a mailbox, and only where its owner wants it.

use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};

use super::{Mailbox, run};
use crate::trouble::Trouble;

/// Mails in one command.
const TOGETHER: usize = 200;
const DOING: &str = "changing mails";

/// What is done with mails that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    MarkRead,
    /// For good where the server can do that with single mails (UIDPLUS, RFC 4315). Any other keeps them marked as deleted: whatever else
    /// somebody marked so would vanish with them.
    Delete,
}

impl Mailbox {
    /// Does it. Done twice, it is as done once; mails that are not there any more are passed over.
    pub async fn settle(&mut self, uids: &[u32], how: Settle) -> Result<(), Trouble> {
        if uids.is_empty() {
            return Ok(());
        }
        self.open_for_changes().await?;
        let flag = match how {
            Settle::MarkRead => "\\Seen",
            Settle::Delete => "\\Deleted",
        };
        for uids in uids.chunks(TOGETHER) {
            let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            self.change(&format!("UID STORE {set} +FLAGS.SILENT ({flag})")).await?;
            if how == Settle::Delete && self.can_expunge {
                self.change(&format!("UID EXPUNGE {set}")).await?;
            }
        }
        Ok(())
    }

    async fn change(&mut self, command: &str) -> Result<(), Trouble> {
        let mut exists = self.inbox.exists;
        let mut has_news = false;
        run::run(&mut self.session, &self.dialer, command, DOING, |response| {
            match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => {
                    // Told once: whoever waits next would not hear of it again.
                    has_news |= *count > exists;
                    exists = *count;
                }
                Response::Expunge(_) => exists = exists.saturating_sub(1),
                _ => {}
            }
            Ok(())
        })
        .await?;
        self.inbox.exists = exists;
        self.has_news |= has_news;
        Ok(())
    }

    /// It was opened for looking only. Numbers must mean what they meant.
    async fn open_for_changes(&mut self) -> Result<(), Trouble> {
        if self.is_writable {
            return Ok(());
        }
        let (mut uid_validity, mut exists) = (0, self.inbox.exists);
        run::run(&mut self.session, &self.dialer, "SELECT INBOX", DOING, |response| {
            match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => exists = *count,
                Response::Data { outcome, .. } => {
                    if let Some(ResponseCode::UidValidity(validity)) = &outcome.code {
                        uid_validity = *validity;
                    }
                }
                _ => {}
            }
            Ok(())
        })
        .await?;
        self.has_news |= exists > self.inbox.exists;
        self.inbox.exists = exists;
        if uid_validity != self.inbox.uid_validity {
            return Err(Trouble::Nonsense { reason: "its mails were numbered anew in between".to_owned() });
        }
        self.is_writable = true;
        Ok(())
    }
}
