//! Workers: take jobs that are due, do them, retry what failed.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use model::JobId;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::store::{self, Claimed};
use crate::{App, Ctx, Error, Result, secret};

/// Milliseconds for which a job is held before somebody else may take it.
const LEASE: i64 = 60_000;
/// Jobs at work at the same time in one process.
const CONCURRENCY: usize = 8;
/// After this many failures a job waits for a person.
const MAX_ATTEMPTS: i64 = 12;
/// Jobs that end within this time are struck off the list with one write.
const TOGETHER: Duration = Duration::from_millis(10);
/// Longest sleep between two looks, for jobs that another node wrote.
const MAX_SLEEP: Duration = Duration::from_secs(5);

/// Works until `stop`; then finishes what it began. A job that takes long holds up nobody: others are taken beside it.
pub async fn work(app: Arc<App>, stop: CancellationToken) {
    let ctx = app.system();
    let mut crew = Crew::new(&ctx);
    while !stop.is_cancelled() {
        match crew.take().await {
            Ok(0) => crew.wait(&stop).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "jobs cannot be taken");
                pause(&stop, Duration::from_secs(1)).await;
            }
        }
    }
    if let Err(error) = crew.finish().await {
        tracing::error!(%error, "jobs that are done will be done again");
    }
}

/// Does all jobs that are due and returns how many there were. For tests and for `cloudchat` commands.
pub async fn run_due(ctx: &Ctx) -> Result<usize> {
    let mut crew = Crew::new(ctx);
    let mut total = 0;
    loop {
        let taken = crew.take().await?;
        if taken == 0 {
            return Ok(total);
        }
        crew.finish().await?;
        total += taken;
    }
}

/// A job that ended, and whether it is done.
type Finished = std::result::Result<(JobId, bool), tokio::task::JoinError>;

/// Jobs at work in this process.
struct Crew<'a> {
    ctx: &'a Ctx,
    worker: String,
    running: JoinSet<(JobId, bool)>,
    /// Those at work. Should a lease run out over one, it is not taken a second time.
    held: HashSet<JobId>,
    /// Done, and still to be struck off the list.
    done: Vec<JobId>,
}

impl<'a> Crew<'a> {
    fn new(ctx: &'a Ctx) -> Self {
        Self { ctx, worker: secret::short_token(), running: JoinSet::new(), held: HashSet::new(), done: Vec::new() }
    }

    /// Begins jobs that are due, as many as there is room for; how many.
    async fn take(&mut self) -> Result<usize> {
        self.strike_off().await?;
        let (db, now) = (self.ctx.db(), self.ctx.now());
        let room = CONCURRENCY.saturating_sub(self.running.len());
        if room == 0 || !store::is_due(db, now).await? {
            return Ok(0);
        }
        let claimed = store::claim(db, &self.worker, now, LEASE, i64::try_from(room).unwrap_or_default()).await?;
        let mut count = 0;
        for job in claimed.into_iter().filter(|job| self.held.insert(job.id)) {
            self.running.spawn(run_one(self.ctx.clone(), self.worker.clone(), job));
            count += 1;
        }
        Ok(count)
    }

    /// Waits until one of those at work is done, or until there may be another to take.
    async fn wait(&mut self, stop: &CancellationToken) {
        let has_room = self.running.len() < CONCURRENCY;
        tokio::select! {
            Some(finished) = self.running.join_next() => self.note_with_others(finished).await,
            () = sleep(self.ctx), if has_room => {}
            () = stop.cancelled() => {}
        }
    }

    /// Waits for all that are at work.
    async fn finish(&mut self) -> Result<()> {
        while let Some(finished) = self.running.join_next().await {
            self.note_with_others(finished).await;
            // At once: the process may be ended before the last is done. What fails here is tried again with the next.
            let _ = self.strike_off().await;
        }
        self.strike_off().await
    }

    /// Notes one that ended, and those that end at about the same time.
    async fn note_with_others(&mut self, finished: Finished) {
        self.note(finished);
        let others = async {
            while let Some(finished) = self.running.join_next().await {
                self.note(finished);
            }
        };
        let _ = tokio::time::timeout(TOGETHER, others).await;
    }

    fn note(&mut self, finished: Finished) {
        if let Ok((id, is_done)) = finished {
            self.held.remove(&id);
            self.done.extend(is_done.then_some(id));
        }
    }

    /// What is done is no longer to be done; several with one write.
    async fn strike_off(&mut self) -> Result<()> {
        while let Some(finished) = self.running.try_join_next() {
            self.note(finished);
        }
        store::finish(self.ctx.db(), &self.done, &self.worker).await?;
        self.done.clear();
        Ok(())
    }
}

/// Does one job, and whether it is done. A panic inside is a failure like any other.
async fn run_one(ctx: Ctx, worker: String, claimed: Claimed) -> (JobId, bool) {
    (claimed.id, is_done(&ctx, &worker, &claimed).await)
}

async fn is_done(ctx: &Ctx, worker: &str, claimed: &Claimed) -> bool {
    let job = match store::parse(claimed) {
        Ok(job) => job,
        Err(error) => {
            give_back(ctx, worker, claimed, &format!("unreadable: {error}"), true).await;
            return false;
        }
    };
    let kind = job.kind();
    let work = tokio::spawn({
        let ctx = ctx.clone();
        async move { super::run(&ctx, job).await }
    });
    let outcome = keep_lease(ctx, worker, claimed, work).await;
    metrics::counter!("cloudchat_jobs_total", "kind" => kind, "ok" => if outcome.is_ok() { "true" } else { "false" })
        .increment(1);
    match outcome {
        Ok(()) => true,
        // What the job was about is gone: nothing is left to do.
        Err(Error::Known(error)) if error.code == model::ErrorCode::NotFound => true,
        Err(error) => {
            tracing::warn!(job.id = claimed.id.0, job.kind = kind, attempt = claimed.attempts, %error, "job failed");
            give_back(ctx, worker, claimed, &error.to_string(), false).await;
            false
        }
    }
}

async fn keep_lease(
    ctx: &Ctx,
    worker: &str,
    claimed: &Claimed,
    mut work: tokio::task::JoinHandle<Result<()>>,
) -> Result<()> {
    let third = Duration::from_millis(u64::try_from(LEASE / 3).unwrap_or(20_000));
    loop {
        tokio::select! {
            outcome = &mut work => {
                return outcome.unwrap_or_else(|panic| Err(Error::Internal(anyhow::anyhow!("panicked: {panic}"))));
            }
            () = tokio::time::sleep(third) => {
                if let Err(error) = store::extend(ctx.db(), claimed.id, worker, ctx.now() + LEASE).await {
                    tracing::warn!(job.id = claimed.id.0, %error, "lease not extended");
                }
            }
        }
    }
}

async fn give_back(ctx: &Ctx, worker: &str, claimed: &Claimed, error: &str, hopeless: bool) {
    let again = (!hopeless && claimed.attempts < MAX_ATTEMPTS).then(|| ctx.now() + backoff(claimed.attempts));
    if let Err(error) = store::fail(ctx.db(), claimed.id, worker, error, again).await {
        // The lease runs out and somebody tries again.
        tracing::error!(job.id = claimed.id.0, %error, "failure not recorded");
    }
}

/// Milliseconds until the next try: 2 s, 4 s, … up to an hour, with a tenth of jitter.
fn backoff(attempts: i64) -> i64 {
    let exponent = u32::try_from(attempts.clamp(1, 12)).unwrap_or(12);
    let base = (1_000_i64 << exponent).min(3_600_000);
    base + rand::random_range(0..=base / 10)
}

/// Until a job may be due.
async fn sleep(ctx: &Ctx) {
    let now = ctx.now();
    let until_due = match store::next_due(ctx.db(), now).await {
        Ok(Some(at)) => Duration::from_millis(u64::try_from(at - now).unwrap_or_default()),
        _ => MAX_SLEEP,
    };
    // What somebody else was quicker to take; look again soon, not at once.
    let nap = until_due.clamp(Duration::from_millis(50), MAX_SLEEP);
    tokio::select! {
        () = ctx.app.jobs.woken() => {}
        () = tokio::time::sleep(nap) => {}
    }
}

async fn pause(stop: &CancellationToken, time: Duration) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}
