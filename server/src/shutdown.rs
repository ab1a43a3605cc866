//! Stopping: accept nothing new, finish what was begun, say goodbye to sockets.

use std::time::Duration;

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Shared by everything that runs until the server stops. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    requested: CancellationToken,
    running: TaskTracker,
}

impl Shutdown {
    /// Nothing runs and nothing is to be stopped.
    pub fn new() -> Self {
        Self::default()
    }

    /// Resolves when the server is to stop.
    pub fn requested(&self) -> WaitForCancellationFutureOwned {
        self.requested.clone().cancelled_owned()
    }

    /// Whether the server is to stop.
    pub fn is_requested(&self) -> bool {
        self.requested.is_cancelled()
    }

    /// The same as a token, for code that knows only that.
    pub fn token(&self) -> CancellationToken {
        self.requested.clone()
    }

    /// Asks everything to stop.
    pub fn request(&self) {
        self.requested.cancel();
        self.running.close();
    }

    /// Runs a task that a stopping server waits for. It should end soon after [`Self::requested`] resolves.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.running.spawn(task);
    }

    /// Makes a stopping server wait until the guard is dropped.
    pub fn hold(&self) -> TaskTrackerToken {
        self.running.token()
    }

    /// Waits for everything that still runs. False when time was up first.
    pub async fn finished(&self, limit: Duration) -> bool {
        tokio::time::timeout(limit, self.running.wait()).await.is_ok()
    }

    /// Requests the stop at the first SIGINT or SIGTERM; at the second the process ends at once.
    pub fn listen_to_signals(&self) -> std::io::Result<()> {
        let mut signals = Signals::new()?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            signals.next().await;
            tracing::info!("stopping: requests and jobs that have begun are finished; once more stops at once");
            shutdown.request();
            signals.next().await;
            tracing::warn!("stopped at once");
            std::process::exit(130);
        });
        Ok(())
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stopping_server_waits_for_what_runs() {
        let shutdown = Shutdown::new();
        let asked = shutdown.requested();
        let (begin, begun) = tokio::sync::oneshot::channel::<()>();
        shutdown.spawn(async move {
            asked.await;
            _ = begun.await;
        });
        shutdown.request();
        assert!(!shutdown.finished(Duration::ZERO).await);
        begin.send(()).unwrap();
        assert!(shutdown.finished(Duration::from_secs(5)).await);
    }

    #[tokio::test]
    async fn a_guard_holds_the_server_too() {
        let shutdown = Shutdown::new();
        let guard = shutdown.hold();
        shutdown.request();
        assert!(shutdown.is_requested());
        assert!(!shutdown.finished(Duration::ZERO).await);
        drop(guard);
        assert!(shutdown.finished(Duration::from_secs(5)).await);
    }
}
