//! Everything that happens by itself, on one page.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Job, New, store};
use crate::{App, Ctx, Error, Result};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// How often the next run of each task is enqueued: oftener than any of them runs.
const LOOK: Duration = Duration::from_secs(30);

/// A task and how often it runs, in milliseconds.
pub struct Task {
    pub name: &'static str,
    pub every: i64,
}

/// The list of recurring tasks; what they do is in [`run`].
pub const TASKS: &[Task] = &[
    Task { name: "assign_waiting", every: MINUTE },
    Task { name: "read_mailboxes", every: MINUTE },
    Task { name: "settle_tallies", every: MINUTE },
    Task { name: "resolve_quiet", every: 5 * MINUTE },
    Task { name: "keep_index", every: 5 * MINUTE },
    Task { name: "prune_events", every: 10 * MINUTE },
    Task { name: "sweep_uploads", every: 30 * MINUTE },
    Task { name: "prune_macro_runs", every: 60 * MINUTE },
    Task { name: "prune_sessions", every: 60 * MINUTE },
    Task { name: "prune_merges", every: 60 * MINUTE },
    Task { name: "prune_bulk_runs", every: 60 * MINUTE },
    Task { name: "prune_imports", every: 60 * MINUTE },
    Task { name: "prune_notifications", every: 60 * MINUTE },
];

/// How long events are kept for clients that come back.
const KEEP_EVENTS: i64 = 7 * DAY;

pub(crate) async fn run(ctx: &Ctx, task: &str) -> Result<()> {
    match task {
        "assign_waiting" => crate::assignment::sweep(ctx).await,
        "read_mailboxes" => crate::mailbox::read_due(ctx).await,
        "settle_tallies" => {
            crate::conversation::settle(ctx).await?;
            crate::contact::store::list::settle(ctx.db()).await
        }
        "keep_index" => crate::search::keep(ctx).await,
        "resolve_quiet" => crate::conversation::auto_resolve::start(ctx).await,
        "prune_events" => prune_events(ctx).await,
        "sweep_uploads" => crate::message::attachment::sweep(ctx).await,
        "prune_merges" => {
            crate::contact::merge::prune(ctx).await?;
            crate::conversation::merge::prune(ctx).await
        }
        "prune_bulk_runs" => crate::bulk::prune(ctx).await,
        "prune_imports" => crate::contact::import::prune(ctx).await,
        "prune_notifications" => crate::notification::prune(ctx).await,
        "prune_macro_runs" => crate::macros::run::prune(ctx).await,
        "prune_sessions" => crate::session::prune(ctx).await,
        other => Err(Error::Internal(anyhow::anyhow!("no task is named {other}"))),
    }
}

async fn prune_events(ctx: &Ctx) -> Result<()> {
    let before = ctx.now() - KEEP_EVENTS;
    while crate::event::store::prune(ctx.db(), before).await? > 0 {}
    Ok(())
}

/// Enqueues each task once per period, whichever node comes first.
pub async fn tick(app: Arc<App>, stop: CancellationToken) {
    let ctx = app.system();
    while !stop.is_cancelled() {
        if let Err(error) = enqueue(&ctx).await {
            tracing::warn!(%error, "tasks not enqueued");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn enqueue(ctx: &Ctx) -> Result<()> {
    let now = ctx.now();
    let next = |task: &Task| {
        let due = (now / task.every + 1) * task.every;
        let job = New::at(None, Job::Recurring { task: task.name.to_owned() }, due);
        job.unique(format!("recurring {} {due}", task.name))
    };
    let jobs: Vec<New> = TASKS.iter().map(next).collect();
    let mut tx = ctx.app.db.begin().await?;
    store::insert(&mut tx, &jobs, now)?;
    tx.commit().await?;
    Ok(())
}
