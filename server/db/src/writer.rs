//! SQLite's one writer. Changes that come at the same time share one durable commit.
//!
//! Making a commit durable means waiting for the disk, a few milliseconds in which the writer could do ten changes. So each change runs
//! in a savepoint of an open transaction. When it is done and others wait already, the transaction is handed on to the next, and the
//! last of them commits for all. Nobody is told that a change is durable before that commit has returned; a change that fails
//! takes back only itself.
//!
//! Whoever asks can stop waiting at any moment: a client goes, and its request is dropped in the middle. So everything that leaves the
//! connection in another state than it found it in runs in a task of its own, which nobody drops.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Executor, Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::later::Later;
use crate::query::{self, Query};
use crate::{Error, Result};

/// Changes that share a commit at most.
const MOST: usize = 64;
/// How long the first change of a batch waits for its commit at most, while others keep coming.
const LONGEST: Duration = Duration::from_millis(8);
/// The same as a multiple of what a commit takes on this disk: on a quick one it isn't worth the wait.
const WORTH: u32 = 6;
/// When somebody who waited gave up, and so did not commit for the others, one of them does.
const FORGOTTEN: Duration = Duration::from_millis(20);
/// How long a change waits for the writer before it is told that the database is not available.
const WAIT: Duration = Duration::from_secs(10);

/// The one writer. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Writer {
    pool: SqlitePool,
    batch: Arc<Mutex<Batch>>,
    waiting: Arc<AtomicUsize>,
}

/// The open transaction and those who wait for its commit.
#[derive(Debug, Default)]
struct Batch {
    open: Option<(PoolConnection<Sqlite>, Instant)>,
    done: Vec<oneshot::Sender<bool>>,
    /// What commits took lately.
    cost: Duration,
}

impl Batch {
    /// How long the first change may wait for others.
    fn patience(&self) -> Duration {
        (self.cost * WORTH).min(LONGEST)
    }

    /// Notes what a commit took and tells those who wait for it.
    fn committed(&mut self, began: Instant) {
        self.cost = (self.cost * 7 + began.elapsed()) / 8;
        tell(self, true);
    }
}

/// The writer in use: the lock on the batch and its connection, inside a savepoint.
struct Held {
    batch: OwnedMutexGuard<Batch>,
    conn: PoolConnection<Sqlite>,
    since: Instant,
}

/// A transaction on SQLite.
pub struct SqliteTx {
    inner: Inner,
    pub(crate) later: Later,
}

enum Inner {
    /// A change in a savepoint. Empty only while it is being finished.
    Shared(Option<Held>, Writer),
    /// A view for reading.
    View(Transaction<'static, Sqlite>),
}

impl Writer {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self { pool, batch: Arc::default(), waiting: Arc::default() }
    }

    /// The connection behind it, for what cannot run inside a transaction. Only while nothing else is written.
    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Waits for its turn and opens a change.
    pub async fn begin(&self) -> Result<SqliteTx> {
        let mut place = Place::take(self);
        let lock = tokio::time::timeout(WAIT, self.batch.clone().lock_owned()).await;
        let batch = lock.map_err(|_| Error::Unavailable(sqlx::Error::PoolTimedOut))?;
        place.had_its_turn = true;
        drop(place);
        undisturbed(self.clone().open(batch)).await?
    }

    async fn open(self, mut batch: OwnedMutexGuard<Batch>) -> Result<SqliteTx> {
        let Some((mut conn, since)) = batch.open.take() else {
            let mut conn = self.pool.acquire().await?;
            if let Err(error) = conn.execute("BEGIN IMMEDIATE; SAVEPOINT change").await {
                // Whatever state it is in, nobody shall find it so.
                _ = conn.close().await;
                return Err(error.into());
            }
            return Ok(SqliteTx::shared(Held { batch, conn, since: Instant::now() }, self));
        };
        if let Err(error) = conn.execute("SAVEPOINT change").await {
            abandon(&mut batch, conn).await;
            return Err(error.into());
        }
        Ok(SqliteTx::shared(Held { batch, conn, since }, self))
    }

    /// Ends a change that succeeded, after what it put off; returns when it is durable.
    async fn commit(&self, held: Held, later: Later) -> Result<()> {
        let mut outcome = undisturbed(self.clone().release(held, later)).await??;
        let outcome = match tokio::time::timeout(FORGOTTEN, &mut outcome).await {
            Ok(outcome) => outcome,
            Err(_) => {
                self.flush().await?;
                outcome.await
            }
        };
        match outcome {
            Ok(true) => Ok(()),
            _ => Err(Error::Unavailable(sqlx::Error::Io(std::io::Error::other("the commit failed")))),
        }
    }

    /// Lets the change go into what will be committed, or commits it at once; returns who will tell how that went.
    async fn release(self, mut held: Held, mut later: Later) -> Result<oneshot::Receiver<bool>> {
        let commits = !self.goes_on(&held);
        let end = if commits { "RELEASE change; COMMIT" } else { "RELEASE change" };
        let query = match query::plain::<Sqlite>(later.before(Query::fixed(end))) {
            Ok(query) => query,
            Err(error) => {
                self.roll_back(held).await;
                return Err(error);
            }
        };
        let began = Instant::now();
        if let Err(error) = query.execute(&mut *held.conn).await {
            self.roll_back(held).await;
            return Err(error.into());
        }
        let (durable, outcome) = oneshot::channel();
        held.batch.done.push(durable);
        if commits {
            held.batch.committed(began);
        } else {
            self.hand_on(held).await;
        }
        Ok(outcome)
    }

    /// Whether somebody else goes on with what this change leaves open.
    fn goes_on(&self, held: &Held) -> bool {
        let others_wait = self.waiting.load(Ordering::SeqCst) > 0;
        others_wait && held.batch.done.len() < MOST && held.since.elapsed() < held.batch.patience()
    }

    /// Takes back a change that failed or was dropped.
    async fn roll_back(&self, mut held: Held) {
        // On a full disk SQLite takes back the whole transaction by itself; then there is no savepoint left.
        let undone = match held.conn.execute("ROLLBACK TO change").await {
            Ok(_) => held.conn.execute("RELEASE change").await.is_ok(),
            Err(_) => false,
        };
        if undone { self.hand_on(held).await } else { abandon(&mut held.batch, held.conn).await }
    }

    /// Leaves the transaction to the next in line, or commits it.
    async fn hand_on(&self, held: Held) {
        let goes_on = self.goes_on(&held);
        let Held { mut batch, conn, since } = held;
        if goes_on {
            batch.open = Some((conn, since));
        } else {
            settle(&mut batch, conn).await;
        }
    }

    /// Commits what is open, if anything is.
    pub(crate) async fn flush(&self) -> Result<()> {
        let mut batch = self.batch.clone().lock_owned().await;
        let commit = async move {
            if let Some((conn, _)) = batch.open.take() {
                settle(&mut batch, conn).await;
            }
        };
        undisturbed(commit).await
    }
}

/// Runs something to its end, also when nobody waits for it any more.
async fn undisturbed<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T> {
    let ended = tokio::spawn(work).await;
    ended.map_err(|error| Error::Unavailable(sqlx::Error::Io(std::io::Error::other(error))))
}

/// Commits and tells those who wait.
async fn settle(batch: &mut Batch, mut conn: PoolConnection<Sqlite>) {
    let began = Instant::now();
    match conn.execute("COMMIT").await {
        Ok(_) => batch.committed(began),
        Err(error) => {
            tracing::error!(%error, changes = batch.done.len(), "a commit failed");
            abandon(batch, conn).await;
        }
    }
}

/// Takes everything back that is not durable and tells those who wait. The connection is closed: its state is not known.
async fn abandon(batch: &mut Batch, mut conn: PoolConnection<Sqlite>) {
    _ = conn.execute("ROLLBACK").await;
    _ = conn.close().await;
    tell(batch, false);
}

fn tell(batch: &mut Batch, durable: bool) {
    for waiting in batch.done.drain(..) {
        // Whoever stopped listening does not need to know.
        _ = waiting.send(durable);
    }
}

/// A place in the line of those who wait for the writer; left by dropping it.
struct Place<'a> {
    writer: &'a Writer,
    had_its_turn: bool,
}

impl<'a> Place<'a> {
    fn take(writer: &'a Writer) -> Self {
        writer.waiting.fetch_add(1, Ordering::SeqCst);
        Self { writer, had_its_turn: false }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.writer.waiting.fetch_sub(1, Ordering::SeqCst);
        if self.had_its_turn {
            return;
        }
        // What was left to us to commit must not stay open until somebody writes again.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let writer = self.writer.clone();
            runtime.spawn(async move { writer.flush().await });
        }
    }
}

impl SqliteTx {
    fn shared(held: Held, writer: Writer) -> Self {
        Self { inner: Inner::Shared(Some(held), writer), later: Later::default() }
    }

    pub(crate) fn view(tx: Transaction<'static, Sqlite>) -> Self {
        Self { inner: Inner::View(tx), later: Later::default() }
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        let later = std::mem::take(&mut self.later);
        match &mut self.inner {
            Inner::Shared(held, writer) => {
                let writer = writer.clone();
                match held.take() {
                    Some(held) => writer.commit(held, later).await,
                    None => Ok(()),
                }
            }
            Inner::View(_) => Ok(()),
        }
    }
}

impl Deref for SqliteTx {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        match &self.inner {
            Inner::Shared(Some(held), _) => &held.conn,
            Inner::Shared(None, _) => unreachable!("a finished change is consumed"),
            Inner::View(tx) => tx,
        }
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match &mut self.inner {
            Inner::Shared(Some(held), _) => &mut held.conn,
            Inner::Shared(None, _) => unreachable!("a finished change is consumed"),
            Inner::View(tx) => tx,
        }
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        let Inner::Shared(held, writer) = &mut self.inner else { return };
        let Some(held) = held.take() else { return };
        // Dropping cannot wait, so the change is taken back beside; the lock on the batch goes with it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let writer = writer.clone();
            runtime.spawn(async move { writer.roll_back(held).await });
        }
    }
}
