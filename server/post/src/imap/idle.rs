//! Waiting for mail: told by the server where it can (RFC 2177), else by asking.

use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, RequestId, Response, Status};
use tokio::time::Instant;

use super::{Mailbox, run};
use crate::net::within;
use crate::trouble::{Trouble, words};

/// Routers forget silent connections, and Gmail ends them after ten minutes.
const LONGEST: Duration = Duration::from_secs(9 * 60);

const DOING: &str = "waiting for mail";

/// What follows an `IDLE`.
struct Watch {
    tag: RequestId,
    exists: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum Said {
    Go,
    Ended,
    Other,
}

impl Watch {
    fn look(&mut self, response: &Response<'_>) -> Result<Said, Trouble> {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => self.exists = *count,
            Response::Expunge(_) => self.exists = self.exists.saturating_sub(1),
            Response::Continue(_) => return Ok(Said::Go),
            Response::Done { tag, status: Status::Ok, .. } if *tag == self.tag => return Ok(Said::Ended),
            Response::Done { tag, outcome, .. } if *tag == self.tag => {
                return Err(Trouble::Refused {
                    doing: DOING,
                    said: words(outcome.information.as_deref().unwrap_or_default()),
                });
            }
            _ => {}
        }
        Ok(Said::Other)
    }
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// There may be new mail.
    News,
    /// Nothing came in the time given; the connection is alive.
    Quiet,
}

impl Mailbox {
    /// Waits until there is news or the time is over. Servers forget to tell: look after a quiet time too.
    pub async fn wait(&mut self, time: Duration) -> Result<Wake, Trouble> {
        if std::mem::take(&mut self.has_news) {
            return Ok(Wake::News);
        }
        if !self.can_idle {
            return self.poll(time).await;
        }
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Wake::Quiet);
            }
            if self.idle(left.min(LONGEST)).await? == Wake::News {
                return Ok(Wake::News);
            }
        }
    }

    /// One `IDLE`, ended by `DONE`.
    async fn idle(&mut self, time: Duration) -> Result<Wake, Trouble> {
        let answer = self.dialer.timeouts.answer;
        let begin = self.session.run_command("IDLE");
        let tag = within(answer, DOING, async { begin.await.map_err(|error| run::of_library(&error)) }).await?;
        let mut watch = Watch { tag, exists: self.inbox.exists };
        while self.hear(answer, &mut watch).await? != Said::Go {}
        let end = Instant::now() + time;
        while watch.exists <= self.inbox.exists {
            let left = end.saturating_duration_since(Instant::now());
            match self.hear(left, &mut watch).await {
                Ok(_) => {}
                Err(Trouble::TimedOut { .. }) => break,
                Err(trouble) => return Err(trouble),
            }
            // Somebody deleted mail: counting goes on from there.
            self.inbox.exists = self.inbox.exists.min(watch.exists);
        }
        let done = self.session.run_command_untagged("DONE");
        within(answer, DOING, async { done.await.map_err(|error| run::of_library(&error)) }).await?;
        while self.hear(answer, &mut watch).await? != Said::Ended {}
        let news = watch.exists > self.inbox.exists;
        self.inbox.exists = watch.exists;
        Ok(if news { Wake::News } else { Wake::Quiet })
    }

    async fn hear(&mut self, time: Duration, watch: &mut Watch) -> Result<Said, Trouble> {
        run::next(&mut self.session, time, DOING, |response| watch.look(response)).await
    }

    /// For servers that cannot tell.
    async fn poll(&mut self, time: Duration) -> Result<Wake, Trouble> {
        tokio::time::sleep(time).await;
        let before = self.inbox.exists;
        self.ask_for_news().await?;
        Ok(if self.inbox.exists > before { Wake::News } else { Wake::Quiet })
    }

    /// How many mails there are now.
    pub(super) async fn ask_for_news(&mut self) -> Result<(), Trouble> {
        let mut exists = self.inbox.exists;
        run::run(&mut self.session, &self.dialer, "NOOP", "asking for mail", |response| {
            match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => exists = *count,
                Response::Expunge(_) => exists = exists.saturating_sub(1),
                _ => {}
            }
            Ok(())
        })
        .await?;
        self.inbox.exists = exists;
        Ok(())
    }
}
