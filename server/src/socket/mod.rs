//! The sockets over which agents and visitors follow what happens: `/live` for our own dashboard, `/cable` in the dialect that
//! existing clients speak.
//!
//! A socket outlives the request that opened it: it holds the server while it is open, and when the server is to stop it tells
//! its client to connect again and closes. Ten thousand idle sockets are the rule, so each keeps small buffers and no timer.

pub mod cable;
pub mod feed;
pub mod live;
pub mod pulse;
pub mod shared;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use axum::routing::get;
use axum::{Extension, Router};
use domain::realtime::presence;

use crate::state::AppState;
use pulse::{Beat, Pulse};
use shared::Shared;

/// Bytes of a socket's reading and writing buffers. They grow when a frame is larger.
const BUFFER: usize = 1 << 10;

/// Largest frame from a client: commands and signs of life.
const LARGEST_FRAME: usize = 16 << 10;

/// Most bytes that wait for a slow client inside one frame's sending.
const LARGEST_BACKLOG: usize = 4 << 20;

/// How long a client may take to receive a frame.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// Frames that a client may send between two beats; more is abuse.
const FRAMES_PER_BEAT: u32 = 60;

/// Beats of silence after which a client counts as lost. It is asked for a sign every [`ASK_EVERY`] beats.
const SILENCE: u64 = 30;

/// How often a client is asked for a sign of life, in beats.
const ASK_EVERY: u64 = 8;

/// Routes of the sockets.
pub fn router(_state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/live", get(live::open))
        .route("/cable", get(cable::open))
        .layer(Extension(Arc::new(Sockets::default())))
}

/// What all sockets share.
#[derive(Default)]
pub struct Sockets {
    pulse: OnceLock<Pulse>,
    shared: Shared,
}

impl Sockets {
    /// The common clock; it starts with the first socket.
    fn pulse(&self, state: &AppState) -> &Pulse {
        self.pulse.get_or_init(|| {
            state.shutdown.spawn(presence::follow(state.app.clone(), state.shutdown.token()));
            Pulse::start(&state.shutdown)
        })
    }
}

/// Bounds what one socket costs.
fn small(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(LARGEST_BACKLOG)
        .max_message_size(LARGEST_FRAME)
        .max_frame_size(LARGEST_FRAME)
}

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The client is gone or does not take what it is sent.
    Lost,
    /// It does what no client does.
    Abuse,
    /// It may not listen any more, or must say again who it is.
    Unwelcome,
    /// It has to begin anew: it was too slow, or the database is away.
    Restart,
    /// The server stops.
    Stop,
}

impl End {
    /// The code of the closing frame; none when there is nobody to read it.
    fn code(self) -> Option<u16> {
        match self {
            Self::Lost => None,
            Self::Abuse => Some(1008),
            Self::Unwelcome => Some(4401),
            Self::Restart => Some(1013),
            Self::Stop => Some(1012),
        }
    }
}

/// Sends a frame to a client that takes it in time.
async fn send(socket: &mut WebSocket, message: Message) -> Result<(), End> {
    match tokio::time::timeout(SEND_TIMEOUT, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(End::Lost),
    }
}

async fn send_text(socket: &mut WebSocket, text: Utf8Bytes) -> Result<(), End> {
    send(socket, Message::Text(text)).await
}

/// Says goodbye.
async fn close(socket: &mut WebSocket, end: End) {
    let Some(code) = end.code() else { return };
    // A client that is gone already learns nothing from it, and needs not.
    let _ = send(socket, Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static("") }))).await;
}

/// Watches that a client is there and does not talk too much.
#[derive(Debug, Clone, Copy, Default)]
struct Watch {
    beat: u64,
    heard_at: u64,
    frames: u32,
}

impl Watch {
    /// The client sent something.
    fn heard(&mut self) -> Result<(), End> {
        self.heard_at = self.beat;
        self.frames += 1;
        if self.frames > FRAMES_PER_BEAT { Err(End::Abuse) } else { Ok(()) }
    }

    /// Time passes. True when the client is to be asked for a sign of life.
    fn beat(&mut self, beat: &Beat) -> Result<bool, End> {
        if self.beat == 0 {
            self.heard_at = beat.number;
        }
        self.beat = beat.number;
        self.frames = 0;
        if self.beat.saturating_sub(self.heard_at) > SILENCE {
            return Err(End::Lost);
        }
        Ok(self.beat.is_multiple_of(ASK_EVERY))
    }
}
