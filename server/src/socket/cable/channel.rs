//! One subscription of a socket.

use std::collections::HashSet;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::extract::ws::{Utf8Bytes, WebSocket};
use domain::event::tail::Missed;
use domain::event::{Cursor, Event, Recorded};
use domain::realtime::expand::{self, Expanded, Sight};
use domain::realtime::presence::{Page, Who};
use domain::realtime::{Heard, Topic};
use domain::visitor::chat;
use model::{AccountId, ContactId};
use serde_json::Value;

use super::identity::{Identity, Opened};
use super::write::Writer;
use crate::api::wire::person::Reader;
use crate::socket::feed::{self, Feed};
use crate::socket::{End, Sockets, send_text, shared};
use crate::state::AppState;

/// How often it is checked that an agent's token still holds.
const CHECK: Duration = Duration::from_secs(60);

/// A subscription.
pub struct Channel {
    /// As the client wrote it, as a JSON string.
    identifier: Box<str>,
    who: Identity,
    feed: Feed,
    /// For as long as they are here; a visitor is nobody before they write.
    page: Option<Page>,
    checked: Instant,
    heard: Cursor,
}

impl Channel {
    /// Subscribes, confirms, tells what was missed and who is here.
    pub async fn begin(
        state: &AppState,
        sockets: &Sockets,
        socket: &mut WebSocket,
        identifier: &str,
        opened: Opened,
    ) -> Result<Self, End> {
        let (account, topic) = place(&opened.who)?;
        let readable = opened.since.flatten();
        let begun = Feed::open(&state.app, topic, account, readable).await.map_err(restart)?;
        let missed = match begun.missed {
            Missed::Events(_) if opened.since.is_some() && readable.is_none() => Missed::TooMuch,
            missed => missed,
        };
        let identifier = Value::from(identifier).to_string().into_boxed_str();
        let mut channel = Self {
            identifier,
            who: opened.who,
            feed: begun.feed,
            page: None,
            checked: Instant::now(),
            heard: begun.cursor,
        };
        let rest = match (&missed, opened.since) {
            (Missed::Events(_), Some(_)) => r#""resumed":true"#.to_owned(),
            (Missed::TooMuch, _) => format!(r#""resumed":false,"cursor":"{}""#, begun.cursor),
            (Missed::Events(_), None) => format!(r#""cursor":"{}""#, begun.cursor),
        };
        let name = &channel.identifier;
        let frame = format!(r#"{{"type":"confirm_subscription","identifier":{name},{rest}}}"#);
        send_text(socket, frame.into()).await?;
        channel.arrive(state).await;
        if let Missed::Events(events) = missed {
            channel.catch_up(state, sockets, socket, events).await?;
        }
        channel.heard = begun.cursor;
        channel.presence(state, socket).await?;
        Ok(channel)
    }

    /// Whether it has this identifier.
    pub fn is(&self, identifier: &str) -> bool {
        *self.identifier == *Value::from(identifier).to_string()
    }

    /// The client asks a second time.
    pub async fn confirm_again(&self, socket: &mut WebSocket) -> Result<(), End> {
        let frame = format!(r#"{{"type":"confirm_subscription","identifier":{}}}"#, self.identifier);
        send_text(socket, frame.into()).await
    }

    /// The next thing heard.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Heard>> {
        self.feed.poll_next(cx)
    }

    async fn catch_up(
        &mut self,
        state: &AppState,
        sockets: &Sockets,
        socket: &mut WebSocket,
        events: Vec<Recorded>,
    ) -> Result<(), End> {
        // Of an account's events a visitor is concerned by few; the others are not even looked up.
        let own = match &self.who {
            Identity::Agent(_) => None,
            Identity::Visitor(ctx) => Some(chat::conversation_ids(ctx).await.map_err(restart)?),
        };
        let concerns = |recorded: &Recorded| {
            own.as_ref()
                .is_none_or(|own: &HashSet<_>| recorded.event.conversation_id().is_some_and(|id| own.contains(&id)))
        };
        for portion in feed::portions(events.into_iter().filter(concerns).collect()) {
            for event in expand::all(&state.app.system(), portion).await.map_err(restart)? {
                self.tell(state, sockets, socket, Heard::Event(event)).await?;
            }
        }
        Ok(())
    }

    /// Passes on what was heard, if they may know of it.
    pub async fn tell(
        &mut self,
        state: &AppState,
        sockets: &Sockets,
        socket: &mut WebSocket,
        heard: Heard,
    ) -> Result<(), End> {
        if let Heard::Event(event) = &heard {
            self.heard = event.0.cursor;
            self.follow_own_change(state, &event.0, &event.1).await?;
        }
        let (account, _) = place(&self.who)?;
        let Some(sight) = self.sight(&heard) else { return Ok(()) };
        let (reader, frames_for) = match &self.who {
            Identity::Agent(_) => (Reader::Agent, shared::Reader::Agent(sight)),
            Identity::Visitor(_) => (Reader::Visitor, shared::Reader::Visitor),
        };
        let writer = Writer { app: &state.app, account, reader };
        let write = async {
            match &heard {
                Heard::Event(event) if sight == Sight::Gone => Ok(writer.gone(&event.0, &event.1)),
                Heard::Event(event) => writer.event(&event.0, &expand::narrowed(&event.1, sight)).await,
                Heard::Passing(passing) => writer.passing(passing).await,
            }
        };
        let frames = sockets.shared.frames(&heard, frames_for, write).await.map_err(restart)?;
        for frame in frames.iter() {
            send_text(socket, self.addressed(frame)).await?;
        }
        Ok(())
    }

    fn addressed(&self, frame: &Utf8Bytes) -> Utf8Bytes {
        format!(r#"{{"identifier":{},{frame}"#, self.identifier).into()
    }

    /// How much they may learn of it; `None`: nothing.
    fn sight(&self, heard: &Heard) -> Option<Sight> {
        match (&self.who, heard) {
            (Identity::Agent(agent), Heard::Event(event)) => expand::sight(&agent.actor, &event.0, &event.1),
            (Identity::Agent(agent), Heard::Passing(passing)) => {
                let in_sight = |(inbox, assignee)| agent.actor.sees(inbox, assignee);
                let may_know = passing.reach.is_some_and(in_sight) && passing.by != Some(agent.actor.user_id);
                may_know.then_some(Sight::Whole)
            }
            // What reaches a visitor's stream is theirs; private notes are left out when it is written.
            (Identity::Visitor(_), _) => Some(Sight::Whole),
        }
    }

    /// What an event changes for the listener themselves.
    async fn follow_own_change(
        &mut self,
        state: &AppState,
        recorded: &Recorded,
        expanded: &Expanded,
    ) -> Result<(), End> {
        match (&mut self.who, &recorded.event) {
            (Identity::Agent(agent), Event::AccessChanged { user_id } | Event::SessionsEnded { user_id })
                if *user_id == agent.actor.user_id =>
            {
                agent.renew().await.map_err(unwelcome)
            }
            (Identity::Agent(agent), Event::AccountChanged) => agent.renew().await.map_err(unwelcome),
            (Identity::Visitor(_), _) if self.page.is_none() => {
                if let Expanded::Message { conversation, .. } | Expanded::Conversation { conversation, .. } = expanded {
                    self.met(state, recorded.account_id, conversation.contact.id).await;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn met(&mut self, state: &AppState, account: AccountId, contact: ContactId) {
        self.page = Some(Page::open(&state.app, Who::Contact(account, contact)).await);
    }

    async fn arrive(&mut self, state: &AppState) {
        match &self.who {
            Identity::Agent(agent) => {
                let (account, user) = (agent.actor.account_id, agent.actor.user_id);
                self.page = Some(Page::open(&state.app, Who::User(account, user)).await);
                state.app.hub.directories.forget(account);
            }
            Identity::Visitor(ctx) => {
                let known =
                    ctx.visitor().ok().and_then(|visitor| Some((visitor.account_id, visitor.known?.contact_id)));
                if let Some((account, contact)) = known {
                    self.met(state, account, contact).await;
                }
            }
        }
    }

    /// A sign of life.
    pub async fn alive(&mut self, state: &AppState, socket: &mut WebSocket) -> Result<(), End> {
        if let Some(page) = &self.page {
            page.alive().await;
        }
        if self.checked.elapsed() >= CHECK {
            self.checked = Instant::now();
            if let Identity::Agent(agent) = &mut self.who {
                // While the database is away nobody is sent out.
                if let Err(domain::Error::Known(_)) = agent.renew().await {
                    return Err(End::Unwelcome);
                }
            }
        }
        self.presence(state, socket).await
    }

    async fn presence(&self, state: &AppState, socket: &mut WebSocket) -> Result<(), End> {
        let (account, _) = place(&self.who)?;
        let reader = match &self.who {
            Identity::Agent(_) => Reader::Agent,
            Identity::Visitor(_) => Reader::Visitor,
        };
        let writer = Writer { app: &state.app, account, reader };
        let frame = writer.presence(&self.heard.to_string()).await.map_err(restart)?;
        send_text(socket, self.addressed(&frame)).await
    }
}

/// The account of a listener and the stream they listen to.
fn place(who: &Identity) -> Result<(AccountId, Topic), End> {
    match who {
        Identity::Agent(agent) => Ok((agent.actor.account_id, Topic::Account(agent.actor.account_id))),
        Identity::Visitor(ctx) => {
            let visitor = ctx.visitor().map_err(restart)?;
            Ok((visitor.account_id, Topic::of(visitor)))
        }
    }
}

fn unwelcome(error: domain::Error) -> End {
    match error {
        domain::Error::Known(_) => End::Unwelcome,
        other => restart(other),
    }
}

fn restart(error: domain::Error) -> End {
    tracing::warn!(%error, "a subscription has to begin anew");
    End::Restart
}
