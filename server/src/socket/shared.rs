//! Frames that many sockets send. What an event looks like is written once, by the first socket that hears of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::ws::Utf8Bytes;
use domain::Result;
use domain::realtime::Heard;
use domain::realtime::expand::Sight;
use tokio::sync::OnceCell;

/// Events that are remembered. Sockets hear of an event at the same time; only slow ones come later.
const REMEMBERED: usize = 256;

/// For whom a frame is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The dashboard, by how much the agent may learn.
    Dashboard(Sight),
    /// Agents who speak the dialect, by how much they may learn.
    Agent(Sight),
    /// The visitor whose conversation it is.
    Visitor,
}

/// The texts of an event for one kind of reader.
pub type Frames = Arc<[Utf8Bytes]>;

struct Entry {
    heard: Heard,
    reader: Reader,
    frames: Arc<OnceCell<Frames>>,
}

/// The frames that were written lately.
#[derive(Default)]
pub struct Shared(Mutex<VecDeque<Entry>>);

impl Shared {
    /// The frames of what was heard; written when nobody has written them yet.
    pub async fn frames(
        &self,
        heard: &Heard,
        reader: Reader,
        write: impl Future<Output = Result<Vec<Utf8Bytes>>>,
    ) -> Result<Frames> {
        let cell = self.cell(heard, reader);
        cell.get_or_try_init(|| async { Ok(write.await?.into()) }).await.cloned()
    }

    fn cell(&self, heard: &Heard, reader: Reader) -> Arc<OnceCell<Frames>> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = entries.iter().rev().find(|entry| entry.reader == reader && is_same(&entry.heard, heard));
        if let Some(known) = known {
            return known.frames.clone();
        }
        let frames = Arc::new(OnceCell::new());
        entries.push_back(Entry { heard: heard.clone(), reader, frames: frames.clone() });
        if entries.len() > REMEMBERED {
            entries.pop_front();
        }
        frames
    }
}

/// Whether it is the very same thing: it is handed to all subscribers in one shared piece.
fn is_same(left: &Heard, right: &Heard) -> bool {
    match (left, right) {
        (Heard::Event(left), Heard::Event(right)) => Arc::ptr_eq(left, right),
        (Heard::Passing(left), Heard::Passing(right)) => Arc::ptr_eq(left, right),
        _ => false,
    }
}
