//! `/live`: the dashboard follows its account, with the frames of `model::live`.
//!
//! `GET /live?account_id=1` with the session's cookie; `&since=CURSOR` goes on where an earlier connection ended. What was missed
//! comes first, then `Ready`, then what happens. `Reload` says that something cannot be told any more and the client has to read
//! its lists anew; everything behind the frame's cursor follows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::server::SESSION_COOKIE;
use axum::Extension;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use domain::ctx::AgentActor;
use domain::event::tail::Missed;
use domain::event::{Cursor, Event, Recorded};
use domain::realtime::expand::{self, Expanded, Sight};
use domain::realtime::presence::{Page, Who};
use domain::realtime::{Heard, PassingTo, Topic};
use domain::{Actor, Ctx, access, conversation, session};
use model::live::{ClientFrame, Frame, Passing};
use model::{AccountId, ConversationId, ErrorCode, Permission};
use serde::Deserialize;

use super::feed::{self, Feed, Opened};
use super::pulse::Beat;
use super::shared::Reader;
use super::{End, Sockets, Watch, close, send, send_text, small};
use crate::middleware::cross_site::{self, OwnOrigin};
use crate::reply;
use crate::state::AppState;

/// How often it is checked that the session still lasts.
const CHECK_SESSION: Duration = Duration::from_secs(60);

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Place {
    account_id: i64,
    since: Option<String>,
}

/// Opens the socket of a signed-in agent.
pub async fn open(
    State(state): State<AppState>,
    Extension(sockets): Extension<Arc<Sockets>>,
    Query(place): Query<Place>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    // Browsers let any page open a socket and add the cookie.
    if !cross_site::is_own(&OwnOrigin::new(&state.config.url), &Method::POST, &headers) {
        return reply::error(StatusCode::FORBIDDEN, "This request came from another site");
    }
    match enter(&state, &headers, AccountId(place.account_id)).await {
        // A cursor that cannot be read is one from which nothing can be told.
        Ok((ctx, token)) => {
            let since = place.since.map(|since| since.parse::<Cursor>().ok());
            small(upgrade).on_upgrade(move |socket| run(socket, state, sockets, ctx, token, since))
        }
        Err(domain::Error::Known(error)) if error.code == ErrorCode::Unauthenticated => {
            reply::error(StatusCode::UNAUTHORIZED, "Not signed in")
        }
        Err(domain::Error::Known(_)) => reply::error(StatusCode::FORBIDDEN, "Not a member of this account"),
        Err(error) => {
            tracing::error!(%error, "socket not opened");
            reply::error(StatusCode::SERVICE_UNAVAILABLE, "Try again later")
        }
    }
}

async fn enter(state: &AppState, headers: &HeaderMap, account: AccountId) -> domain::Result<(Ctx, String)> {
    let token = CookieJar::from_headers(headers).get(SESSION_COOKIE).map(|cookie| cookie.value().to_owned());
    let token = token.ok_or_else(domain::Error::unauthenticated)?;
    let anonymous = state.app.anonymous();
    let actor = session::actor(&anonymous, &token).await?.ok_or_else(domain::Error::unauthenticated)?;
    Ok((access::enter(&anonymous.with(actor), account).await?, token))
}

async fn run(
    mut socket: WebSocket,
    state: AppState,
    sockets: Arc<Sockets>,
    ctx: Ctx,
    token: String,
    since: Option<Option<Cursor>>,
) {
    let _hold = state.shutdown.hold();
    let Actor::Agent(agent) = ctx.actor.clone() else { return };
    // Whoever looks through an agent's eyes is not the agent, who may be away.
    let page = match agent.viewer {
        None => Some(Page::open(&state.app, Who::User(agent.account_id, agent.user_id)).await),
        Some(_) => None,
    };
    let start = Cursor::default();
    let mut live = Live {
        state,
        sockets,
        ctx,
        agent,
        token,
        page,
        checked: Instant::now(),
        watch: Watch::default(),
        told: start,
        heard: start,
        looking: None,
    };
    let end = live.follow(&mut socket, since).await;
    if let Some(id) = live.looking {
        live.look(id, false).await;
    }
    if end == End::Stop {
        let _ = live.frame(&mut socket, &Frame::Bye).await;
    }
    close(&mut socket, end).await;
}

struct Live {
    state: AppState,
    sockets: Arc<Sockets>,
    ctx: Ctx,
    agent: AgentActor,
    token: String,
    page: Option<Page>,
    checked: Instant,
    watch: Watch,
    /// The newest place that the client knows.
    told: Cursor,
    /// The newest place up to which it has been given everything.
    heard: Cursor,
    /// The conversation on their screen.
    looking: Option<ConversationId>,
}

impl Live {
    async fn follow(&mut self, socket: &mut WebSocket, since: Option<Option<Cursor>>) -> End {
        match self.try_follow(socket, since).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn try_follow(
        &mut self,
        socket: &mut WebSocket,
        since: Option<Option<Cursor>>,
    ) -> Result<std::convert::Infallible, End> {
        let mut feed = self.begin(socket, since).await?;
        let mut pulse = self.sockets.pulse(&self.state).listen();
        let mut stop = std::pin::pin!(self.state.shutdown.requested());
        loop {
            tokio::select! {
                heard = feed.next() => match heard {
                    Some(heard) => self.tell(socket, heard).await?,
                    None => return Err(End::Restart),
                },
                message = socket.recv() => match message {
                    Some(Ok(message)) => self.hear(message).await?,
                    _ => return Err(End::Lost),
                },
                Ok(()) = pulse.changed() => {
                    let beat = pulse.borrow_and_update().clone();
                    self.beat(socket, &beat).await?;
                }
                () = stop.as_mut() => return Err(End::Stop),
            }
        }
    }

    /// Subscribes, tells what was missed, and says that the client is up to date.
    async fn begin(&mut self, socket: &mut WebSocket, since: Option<Option<Cursor>>) -> Result<Feed, End> {
        let topic = Topic::Account(self.agent.account_id);
        let readable = since.flatten();
        let opened = Feed::open(&self.state.app, topic, self.agent.account_id, readable).await;
        let Opened { feed, cursor, missed } = opened.map_err(restart)?;
        let missed = if since.is_some() && readable.is_none() { Missed::TooMuch } else { missed };
        match missed {
            Missed::TooMuch => self.frame(socket, &Frame::Reload { cursor: cursor.to_string() }).await?,
            Missed::Events(events) => {
                for portion in feed::portions(events) {
                    for event in expand::all(&self.state.app.system(), portion).await.map_err(restart)? {
                        self.event(socket, &Heard::Event(event.clone()), &event).await?;
                    }
                }
            }
        }
        self.told = cursor;
        self.heard = cursor;
        self.frame(socket, &Frame::Ready { cursor: cursor.to_string() }).await?;
        Ok(feed)
    }

    async fn tell(&mut self, socket: &mut WebSocket, heard: Heard) -> Result<(), End> {
        match &heard {
            Heard::Event(event) => self.event(socket, &heard, event).await,
            Heard::Passing(passing) => self.passing(socket, &heard, passing).await,
        }
    }

    async fn event(&mut self, socket: &mut WebSocket, heard: &Heard, event: &(Recorded, Expanded)) -> Result<(), End> {
        let (recorded, expanded) = event;
        self.heard = recorded.cursor;
        let rights_changed = match recorded.event {
            Event::AccessChanged { user_id } | Event::SessionsEnded { user_id } => {
                user_id == self.agent.user_id || self.agent.viewer == Some(user_id)
            }
            Event::AccountChanged => true,
            _ => false,
        };
        if rights_changed && self.renew_rights().await? || matches!(expanded, Expanded::Unknown) {
            self.told = recorded.cursor;
            return self.frame(socket, &Frame::Reload { cursor: recorded.cursor.to_string() }).await;
        }
        let Some(sight) = expand::sight(&self.agent, recorded, expanded) else { return Ok(()) };
        let write = async {
            let Some(change) = expand::change(recorded, expanded, sight) else { return Ok(Vec::new()) };
            let cursor = recorded.cursor.to_string();
            let text = serde_json::to_string(&Frame::Event { cursor, change: Box::new(change) })?;
            Ok(vec![Utf8Bytes::from(text)])
        };
        let frames = self.sockets.shared.frames(heard, Reader::Dashboard(sight), write).await.map_err(restart)?;
        for frame in frames.iter() {
            send_text(socket, frame.clone()).await?;
            self.told = recorded.cursor;
        }
        Ok(())
    }

    async fn passing(&mut self, socket: &mut WebSocket, heard: &Heard, passing: &PassingTo) -> Result<(), End> {
        if !may_hear(&self.agent, passing) {
            return Ok(());
        }
        let write = async {
            let text = serde_json::to_string(&Frame::Passing { passing: passing.passing.clone() })?;
            Ok(vec![Utf8Bytes::from(text)])
        };
        let reader = Reader::Dashboard(Sight::Whole);
        let frames = self.sockets.shared.frames(heard, reader, write).await.map_err(restart)?;
        for frame in frames.iter() {
            send_text(socket, frame.clone()).await?;
        }
        Ok(())
    }

    /// Reads the agent's rights anew; whether they are other ones now.
    async fn renew_rights(&mut self) -> Result<bool, End> {
        match self.enter_again().await {
            Ok(Some((ctx, agent))) => {
                let changed = agent.role != self.agent.role || agent.inboxes != self.agent.inboxes;
                self.ctx = ctx;
                self.agent = agent;
                Ok(changed)
            }
            Ok(None) | Err(domain::Error::Known(_)) => Err(End::Unwelcome),
            Err(error) => Err(restart(error)),
        }
    }

    /// The same person with the rights they have now; `None` when the session is over, or looks through other eyes.
    async fn enter_again(&self) -> domain::Result<Option<(Ctx, AgentActor)>> {
        let Some(actor) = session::actor(&self.ctx, &self.token).await? else { return Ok(None) };
        let ctx = access::enter(&self.ctx.with(actor), self.agent.account_id).await?;
        let agent = ctx.agent()?.clone();
        let is_same = agent.user_id == self.agent.user_id && agent.viewer == self.agent.viewer;
        Ok(is_same.then_some((ctx, agent)))
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        self.watch.heard()?;
        let Message::Text(text) = message else { return Ok(()) };
        match serde_json::from_str::<ClientFrame>(&text) {
            Ok(ClientFrame::Alive) => self.alive().await,
            Ok(ClientFrame::Typing { conversation_id, on, private }) => {
                // Somebody may type into what was taken from them a moment ago.
                let _ = conversation::typing::by_agent_in(&self.ctx, conversation_id, on, private).await;
                Ok(())
            }
            Ok(ClientFrame::Looking { conversation_id, on }) => {
                self.look(conversation_id, on).await;
                Ok(())
            }
            Err(_) => Err(End::Abuse),
        }
    }

    /// The client shows a conversation, or no longer does.
    async fn look(&mut self, id: ConversationId, on: bool) {
        let left = self.looking.take_if(|before| on && *before != id);
        self.looking = if on { Some(id) } else { self.looking.filter(|before| *before != id) };
        for (id, on) in left.map(|left| (left, false)).into_iter().chain([(id, on)]) {
            // It may be out of their sight by now.
            let _ = conversation::typing::look(&self.ctx, id, on).await;
        }
    }

    async fn alive(&mut self) -> Result<(), End> {
        if let Some(page) = &self.page {
            page.alive().await;
        }
        if self.checked.elapsed() < CHECK_SESSION {
            return Ok(());
        }
        self.checked = Instant::now();
        match self.enter_again().await {
            Ok(Some(_)) => Ok(()),
            Ok(None) | Err(domain::Error::Known(_)) => Err(End::Unwelcome),
            // While the database is away nobody is sent out.
            Err(_) => Ok(()),
        }
    }

    async fn beat(&mut self, socket: &mut WebSocket, beat: &Beat) -> Result<(), End> {
        if !self.watch.beat(beat)? {
            return Ok(());
        }
        self.frame(socket, &Frame::Ping).await?;
        send(socket, Message::Ping(bytes::Bytes::new())).await?;
        if self.told < self.heard {
            // What happened out of the agent's sight moves their place on too, or they would have to read it all one day.
            self.told = self.heard;
            self.frame(socket, &Frame::Ready { cursor: self.heard.to_string() }).await?;
        }
        Ok(())
    }

    async fn frame(&self, socket: &mut WebSocket, frame: &Frame) -> Result<(), End> {
        let text = serde_json::to_string(frame).map_err(|error| restart(error.into()))?;
        send_text(socket, text.into()).await
    }
}

/// Whether an agent may know of something that is not recorded, and does not know it already.
fn may_hear(agent: &AgentActor, passing: &PassingTo) -> bool {
    let is_in_sight = passing.reach.is_none_or(|(inbox, assignee)| agent.sees(inbox, assignee));
    let may_know = match passing.passing {
        Passing::ContactPresence { .. } => agent.role.has(Permission::SeeContacts),
        _ => true,
    };
    is_in_sight && may_know && passing.by != Some(agent.user_id)
}

/// The client comes back and is told everything then.
fn restart(error: domain::Error) -> End {
    tracing::warn!(%error, "a socket has to begin anew");
    End::Restart
}
