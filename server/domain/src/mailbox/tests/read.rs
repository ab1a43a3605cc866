use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use futures::future::BoxFuture;
use model::mailbox::AfterReading;
use post::{Batch, Begin, Contents, HowFar, Mail, Mark, ReadLimits, Settle, Trouble};

use super::super::read::{Source, day, read};
use super::super::{MailInbox, Read, store};
use super::{mail, mailbox};
use crate::clock::Clock;
use crate::testing::{NOW, app, app_at, installed};
use crate::{App, Ctx};

/// A mailbox on a server that may break.
struct Server {
    uid_validity: u32,
    mails: Vec<(u32, Bytes)>,
    /// Batches until the connection is lost.
    breaks_after: Option<usize>,
    asked: Vec<HowFar>,
    settled: Vec<(Settle, Vec<u32>)>,
}

impl Server {
    fn with(uid_validity: u32, uids: impl IntoIterator<Item = u32>) -> Self {
        let mails = uids.into_iter().map(|uid| (uid, mail(&format!("{uid}@c"), "", "Oi"))).collect();
        Self { uid_validity, mails, breaks_after: None, asked: Vec::new(), settled: Vec::new() }
    }
}

impl Source for Server {
    fn uid_validity(&self) -> u32 {
        self.uid_validity
    }

    fn begin<'a>(&'a mut self, how_far: &'a HowFar) -> BoxFuture<'a, Result<Begin, Trouble>> {
        self.asked.push(how_far.clone());
        let last_uid = match how_far {
            HowFar::Nothing => self.mails.last().map_or(0, |(uid, _)| *uid),
            _ => 0,
        };
        let mark = Mark { uid_validity: self.uid_validity, last_uid };
        Box::pin(async move { Ok(Begin { mark, waiting: 3 }) })
    }

    fn read(&mut self, mark: Mark, limits: ReadLimits) -> BoxFuture<'_, Result<Batch, Trouble>> {
        if let Some(left) = &mut self.breaks_after {
            if *left == 0 {
                return Box::pin(async { Err(Trouble::Closed { said: String::new() }) });
            }
            *left -= 1;
        }
        let after: Vec<_> = self.mails.iter().filter(|(uid, _)| *uid > mark.last_uid).collect();
        let mails = after.iter().take(limits.mails).map(|(uid, bytes)| Mail {
            uid: *uid,
            received: None,
            size: 1,
            seen: false,
            contents: if *uid == 666 { Contents::Withheld } else { Contents::Whole(bytes.to_vec()) },
        });
        let mails: Vec<_> = mails.collect();
        let last_uid = mails.last().map_or(mark.last_uid, |mail| mail.uid);
        let batch = Batch { more: after.len() > mails.len(), mark: Mark { last_uid, ..mark }, mails };
        Box::pin(async move { Ok(batch) })
    }

    fn settle<'a>(&'a mut self, uids: &'a [u32], how: Settle) -> BoxFuture<'a, Result<(), Trouble>> {
        self.settled.push((how, uids.to_vec()));
        Box::pin(async { Ok(()) })
    }
}

const FEW: ReadLimits = ReadLimits { mails: 2, bytes: 1 << 20, largest: 1 << 20, beginning: 1 << 10 };

async fn unread(app: &Arc<App>) -> (Ctx, MailInbox) {
    let admin = installed(app).await;
    mailbox(app, &admin).await
}

fn began(began: usize) -> Read {
    Read { began, ..Read::default() }
}

db::db_test! {
    async fn reading_goes_on_where_it_stopped(test: TestDb) {
        let app = app(&test);
        let (ctx, inbox) = unread(&app).await;
        let mut server = Server::with(7, 1..=5);
        server.breaks_after = Some(1);
        assert!(read(&ctx, &inbox, &mut server, &HowFar::All, FEW, usize::MAX).await.is_err());
        server.breaks_after = None;
        assert_eq!(read(&ctx, &inbox, &mut server, &HowFar::All, FEW, usize::MAX).await.unwrap(), began(3));
        assert_eq!(read(&ctx, &inbox, &mut server, &HowFar::All, FEW, usize::MAX).await.unwrap(), began(0));
        assert_eq!(server.asked.len(), 0, "the mailbox was begun already");
        let mark = store::mark(ctx.db(), inbox.account_id, inbox.inbox_id).await.unwrap().unwrap();
        assert_eq!((mark.last_uid, mark.taken), (5, 5));
        // A mail that nobody gets does not keep the others.
        server.mails.extend(Server::with(7, [666, 700]).mails);
        let outcome = read(&ctx, &inbox, &mut server, &HowFar::All, FEW, usize::MAX).await.unwrap();
        assert_eq!(outcome, Read { others: 1, ..began(1) });
    }

    async fn mails_numbered_anew_are_not_read_twice(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let (ctx, inbox) = unread(&app).await;
        let mut server = Server::with(7, 1..=3);
        assert_eq!(read(&ctx, &inbox, &mut server, &HowFar::Nothing, FEW, usize::MAX).await.unwrap(), began(3));
        hand.fetch_add(3_600_000, Ordering::SeqCst);
        let mut renumbered = Server::with(8, 1..=3);
        renumbered.mails.push((9, mail("new@c", "", "Oi")));
        let outcome = read(&ctx, &inbox, &mut renumbered, &HowFar::All, FEW, usize::MAX).await.unwrap();
        assert_eq!(outcome, Read { others: 3, ..began(1) });
        // Since the day before it was last read, not since the beginning of time.
        assert_eq!(renumbered.asked, [HowFar::Since("14-Jan-2026".to_owned())]);
    }

    async fn many_mails_are_stored_in_few_changes(test: TestDb) {
        let app = app(&test);
        let (ctx, inbox) = unread(&app).await;
        let mut server = Server::with(7, 1..=230);
        let limits = ReadLimits { mails: 100, ..ReadLimits::default() };
        let some = read(&ctx, &inbox, &mut server, &HowFar::All, limits, 100).await.unwrap();
        assert_eq!(some, Read { more: true, ..began(100) });
        assert_eq!(read(&ctx, &inbox, &mut server, &HowFar::All, limits, usize::MAX).await.unwrap(), began(130));
    }

    async fn what_was_read_ahead_of_a_lost_connection_is_neither_lost_nor_twice(test: TestDb) {
        let app = app(&test);
        let (ctx, inbox) = unread(&app).await;
        let mut server = Server::with(7, 1..=9);
        let deletes = MailInbox { after: AfterReading::Delete, ..inbox };
        let mut lost = 0;
        for breaks_after in 1..4 {
            server.breaks_after = Some(breaks_after);
            lost += usize::from(read(&ctx, &deletes, &mut server, &HowFar::All, FEW, usize::MAX).await.is_err());
        }
        assert_eq!(lost, 2, "the third time there is nothing left");
        let settled: Vec<u32> = server.settled.iter().flat_map(|(_, uids)| uids.clone()).collect();
        assert_eq!(settled, (1..=9).collect::<Vec<u32>>(), "what is stored is deleted there, each once");
        let mark = store::mark(ctx.db(), deletes.account_id, deletes.inbox_id).await.unwrap().unwrap();
        assert_eq!((mark.last_uid, mark.taken), (9, 9));
    }

    async fn mails_stay_on_their_server_unless_the_inbox_says_otherwise(test: TestDb) {
        let app = app(&test);
        let (ctx, inbox) = unread(&app).await;
        let mut server = Server::with(7, [1, 2]);
        let all = HowFar::All;
        read(&ctx, &inbox, &mut server, &all, ReadLimits::default(), 100).await.unwrap();
        assert_eq!(server.settled, []);
        server.mails.extend(Server::with(7, [3]).mails);
        let marks = MailInbox { after: AfterReading::MarkRead, ..inbox.clone() };
        read(&ctx, &marks, &mut server, &all, ReadLimits::default(), 100).await.unwrap();
        // What is withheld is not here, so it stays there.
        server.mails.extend(Server::with(7, [4, 666]).mails);
        let deletes = MailInbox { after: AfterReading::Delete, ..inbox };
        read(&ctx, &deletes, &mut server, &all, ReadLimits::default(), 100).await.unwrap();
        assert_eq!(server.settled, [(Settle::MarkRead, vec![3]), (Settle::Delete, vec![4])]);
    }
}

#[test]
fn days_are_written_as_imap_writes_them() {
    assert_eq!(day(NOW), "15-Jan-2026");
    assert_eq!(day(0), "01-Jan-1970");
}
