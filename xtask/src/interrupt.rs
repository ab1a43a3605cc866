//! Ctrl-C and `kill`: noticed, so that what we started can be stopped in good order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From here on these signals no longer end this process.
    pub fn listen() -> Result<Self> {
        let happened = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&happened))?;
        }
        Ok(Self(happened))
    }

    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Whether one happened since the last time it was asked.
    pub fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}
