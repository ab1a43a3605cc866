//! One clock for all sockets. Each listens to one of a few beats that take turns, so that ten thousand sockets neither keep ten
//! thousand timers nor write all at the same moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::{Notify, watch};

use crate::shutdown::Shutdown;

/// Time between two beats of a socket; the dialect's clients expect a ping that often.
pub const BEAT: Duration = Duration::from_secs(3);

/// Groups of sockets that beat at different moments.
const GROUPS: usize = 32;

/// A beat.
#[derive(Debug, Clone)]
pub struct Beat {
    /// Counts beats.
    pub number: u64,
    /// The dialect's ping.
    pub ping: Utf8Bytes,
}

/// The clock; cloning is cheap.
#[derive(Clone)]
pub struct Pulse(Arc<Inner>);

struct Inner {
    groups: Vec<watch::Sender<Beat>>,
    next: AtomicUsize,
    joined: Notify,
}

impl Pulse {
    /// Starts the clock; it stops with the server.
    pub fn start(shutdown: &Shutdown) -> Self {
        let beat = Beat { number: 0, ping: ping() };
        let groups = (0..GROUPS).map(|_| watch::Sender::new(beat.clone())).collect();
        let pulse = Self(Arc::new(Inner { groups, next: AtomicUsize::new(0), joined: Notify::new() }));
        let stop = shutdown.requested();
        let ticking = pulse.clone();
        shutdown.spawn(async move {
            tokio::select! {
                () = stop => {}
                () = ticking.tick() => {}
            }
        });
        pulse
    }

    /// Joins the group whose turn it is.
    pub fn listen(&self) -> watch::Receiver<Beat> {
        let group = self.0.next.fetch_add(1, Ordering::Relaxed) % GROUPS;
        let receiver = self.0.groups[group].subscribe();
        self.0.joined.notify_one();
        receiver
    }

    async fn tick(&self) {
        let turn = BEAT / GROUPS as u32;
        let mut number = 0;
        loop {
            number += 1;
            for group in &self.0.groups {
                tokio::time::sleep(turn).await;
                if group.receiver_count() > 0 {
                    group.send_replace(Beat { number, ping: ping() });
                }
            }
            if self.0.groups.iter().all(|group| group.receiver_count() == 0) {
                // Nobody listens: a server without visitors sleeps.
                self.0.joined.notified().await;
            }
        }
    }
}

fn ping() -> Utf8Bytes {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    format!(r#"{{"type":"ping","message":{now}}}"#).into()
}
