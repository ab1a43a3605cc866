//! `/cable`: agents and visitors follow what happens, in the dialect that existing clients speak (the framing of ActionCable).
//!
//! The server says `welcome` and pings every three seconds; the client subscribes by an identifier, which comes back unchanged in
//! every frame. Beyond the dialect, frames carry a `cursor`, and an identifier with `since` goes on behind it: what was missed
//! comes after the confirmation, or the confirmation says `"resumed":false` and the client reads anew.

mod channel;
mod command;
mod identity;
mod write;

use std::convert::Infallible;
use std::sync::Arc;
use std::task::Poll;

use axum::Extension;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::realtime::Heard;

use super::pulse::Beat;
use super::{End, Sockets, Watch, close, send, send_text, small};
use crate::state::AppState;
use crate::widget::origin;
use channel::Channel;
use command::Command;

/// The name of the framing in the handshake.
const PROTOCOL: &str = "actioncable-v1-json";

/// Subscriptions of one socket; clients have one, and two while they change who they are.
const MOST_CHANNELS: usize = 4;

/// Subscriptions that may fail before the socket is closed.
const MOST_REFUSALS: u32 = 10;

/// Beats after which a socket without a subscription is closed.
const IDLE_BEATS: u32 = 20;

/// Opens the socket; who it is for is said in it.
pub async fn open(
    State(state): State<AppState>,
    Extension(sockets): Extension<Arc<Sockets>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let page = origin::named(&headers).map(Box::from);
    small(upgrade).protocols([PROTOCOL]).on_upgrade(move |socket| run(socket, page, state, sockets))
}

async fn run(mut socket: WebSocket, page: Option<Box<str>>, state: AppState, sockets: Arc<Sockets>) {
    let _hold = state.shutdown.hold();
    let (channels, watch) = (Vec::new(), Watch::default());
    let mut cable = Box::new(Cable { state, sockets, page, channels, watch, refusals: 0, idle: 0 });
    let Err(end) = cable.follow(&mut socket).await;
    let goodbye = match end {
        End::Lost => None,
        End::Stop | End::Restart => Some(r#"{"type":"disconnect","reason":"server_restart","reconnect":true}"#),
        End::Unwelcome => Some(r#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#),
        End::Abuse => Some(r#"{"type":"disconnect","reason":"invalid_request","reconnect":false}"#),
    };
    if let Some(goodbye) = goodbye {
        let _ = send_text(&mut socket, Utf8Bytes::from_static(goodbye)).await;
    }
    close(&mut socket, end).await;
}

struct Cable {
    state: AppState,
    sockets: Arc<Sockets>,
    /// The origin of the page that opened it, when a page did.
    page: Option<Box<str>>,
    channels: Vec<Channel>,
    watch: Watch,
    refusals: u32,
    /// Beats since there was a subscription.
    idle: u32,
}

impl Cable {
    async fn follow(&mut self, socket: &mut WebSocket) -> Result<Infallible, End> {
        let mut pulse = self.sockets.pulse(&self.state).listen();
        let mut stop = std::pin::pin!(self.state.shutdown.requested());
        send_text(socket, Utf8Bytes::from_static(r#"{"type":"welcome"}"#)).await?;
        loop {
            // Whatever is rare has its own allocation while it lasts: the state of an idle socket stays small.
            tokio::select! {
                (index, heard) = next(&mut self.channels) => match heard {
                    Some(heard) => Box::pin(self.tell(socket, index, heard)).await?,
                    None => return Err(End::Restart),
                },
                message = socket.recv() => match message {
                    Some(Ok(message)) => self.hear(socket, message).await?,
                    _ => return Err(End::Lost),
                },
                Ok(()) = pulse.changed() => {
                    let beat = pulse.borrow_and_update().clone();
                    self.beat(socket, beat).await?;
                }
                () = stop.as_mut() => return Err(End::Stop),
            }
        }
    }

    async fn tell(&mut self, socket: &mut WebSocket, index: usize, heard: Heard) -> Result<(), End> {
        let Self { state, sockets, channels, .. } = self;
        match channels.get_mut(index) {
            Some(channel) => channel.tell(state, sockets, socket, heard).await,
            None => Ok(()),
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        self.watch.heard()?;
        let Message::Text(text) = message else { return Ok(()) };
        match Command::parse(&text) {
            Some(command) => Box::pin(self.obey(socket, command)).await,
            // The dialect's servers log such a thing and go on.
            None => self.refuse(),
        }
    }

    async fn obey(&mut self, socket: &mut WebSocket, command: Command) -> Result<(), End> {
        let known = self.channels.iter().position(|channel| channel.is(&command.identifier));
        match (command.name.as_str(), known) {
            ("subscribe", Some(index)) => self.channels[index].confirm_again(socket).await,
            ("subscribe", None) => self.subscribe(socket, &command.identifier).await,
            ("unsubscribe", Some(index)) => {
                self.channels.swap_remove(index);
                Ok(())
            }
            ("message", Some(index)) if command.action() == Some("update_presence") => {
                self.channels[index].alive(&self.state, socket).await
            }
            _ => Ok(()),
        }
    }

    async fn subscribe(&mut self, socket: &mut WebSocket, identifier: &str) -> Result<(), End> {
        if self.channels.len() >= MOST_CHANNELS {
            return Err(End::Abuse);
        }
        let own = self.state.config.url.origin();
        match identity::open(&self.state.app, identifier, own, self.page.as_deref()).await {
            Ok(opened) => {
                let channel = Channel::begin(&self.state, &self.sockets, socket, identifier, opened).await?;
                self.channels.push(channel);
                Ok(())
            }
            Err(domain::Error::Known(_)) => {
                let name = serde_json::Value::from(identifier);
                let frame = format!(r#"{{"type":"reject_subscription","identifier":{name}}}"#);
                send_text(socket, frame.into()).await?;
                self.refuse()
            }
            Err(error) => {
                tracing::warn!(%error, "nobody can subscribe");
                Err(End::Restart)
            }
        }
    }

    fn refuse(&mut self) -> Result<(), End> {
        self.refusals += 1;
        if self.refusals > MOST_REFUSALS { Err(End::Abuse) } else { Ok(()) }
    }

    async fn beat(&mut self, socket: &mut WebSocket, beat: Beat) -> Result<(), End> {
        self.idle = if self.channels.is_empty() { self.idle + 1 } else { 0 };
        if self.idle > IDLE_BEATS {
            return Err(End::Unwelcome);
        }
        let is_asked = self.watch.beat(&beat)?;
        send_text(socket, beat.ping).await?;
        if is_asked {
            send(socket, Message::Ping(bytes::Bytes::new())).await?;
        }
        Ok(())
    }
}

/// The next thing that any of the channels hears, and which one does.
async fn next(channels: &mut [Channel]) -> (usize, Option<Heard>) {
    std::future::poll_fn(|cx| {
        for (index, channel) in channels.iter_mut().enumerate() {
            if let Poll::Ready(heard) = channel.poll_next(cx) {
                return Poll::Ready((index, heard));
            }
        }
        Poll::Pending
    })
    .await
}
