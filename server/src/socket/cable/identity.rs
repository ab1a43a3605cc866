//! Who subscribes: an agent by the token of their profile, a visitor by the name of their stream.

use std::sync::Arc;

use domain::ctx::AgentActor;
use domain::event::Cursor;
use domain::{Actor, App, Ctx, Error, Result, access, agent, visitor};
use model::{AccountId, ErrorCode, UserId};
use serde::Deserialize;
use serde_json::Value;

use crate::widget::origin;

/// What an identifier says.
#[derive(Debug, Deserialize)]
struct Identifier {
    channel: String,
    pubsub_token: String,
    #[serde(default)]
    account_id: Value,
    #[serde(default)]
    user_id: Value,
    /// A cursor from an earlier connection.
    since: Option<String>,
}

/// Somebody who was let in.
pub struct Opened {
    pub who: Identity,
    /// `Some(None)`: a place that cannot be read.
    pub since: Option<Option<Cursor>>,
}

/// Who listens.
pub enum Identity {
    Agent(Box<Agent>),
    /// A context whose actor is the visitor.
    Visitor(Box<Ctx>),
}

/// An agent who listens.
pub struct Agent {
    pub ctx: Ctx,
    pub actor: AgentActor,
    token: String,
}

/// Finds out who an identifier stands for. `page` is the origin of the page that asks, `own` this server's: visitors are let in only from
/// where their inbox may be shown.
pub async fn open(app: &Arc<App>, identifier: &str, own: &str, page: Option<&str>) -> Result<Opened> {
    let invalid = || Error::field("identifier", ErrorCode::Invalid);
    let given: Identifier = serde_json::from_str(identifier).map_err(|_| invalid())?;
    if given.channel != "RoomChannel" {
        return Err(invalid());
    }
    let since = given.since.as_deref().map(|since| since.parse().ok());
    let who = match number(&given.user_id) {
        Some(user) => {
            let account = number(&given.account_id).ok_or_else(invalid)?;
            let agent = Agent::open(app, given.pubsub_token, UserId(user), AccountId(account)).await?;
            Identity::Agent(Box::new(agent))
        }
        None => {
            let ctx = visitor::enter_stream(&app.anonymous(), &given.pubsub_token).await?;
            let inbox = visitor::inbox(&ctx).await?;
            if page.is_some_and(|page| !origin::permits(&inbox, own, page)) {
                return Err(Error::forbidden());
            }
            Identity::Visitor(Box::new(ctx))
        }
    };
    Ok(Opened { who, since })
}

impl Agent {
    async fn open(app: &Arc<App>, token: String, user: UserId, account: AccountId) -> Result<Self> {
        let anonymous = app.anonymous();
        if agent::verify_pubsub_token(&anonymous, &token).await? != Some(user) {
            return Err(Error::unauthenticated());
        }
        let actor = access::agent(&anonymous, user, account).await?;
        Ok(Self { ctx: anonymous.with(Actor::Agent(actor.clone())), actor, token })
    }

    /// Reads the rights anew; fails when there are none any more.
    pub async fn renew(&mut self) -> Result<()> {
        let opened = Self::open(&self.ctx.app, self.token.clone(), self.actor.user_id, self.actor.account_id).await?;
        *self = opened;
        Ok(())
    }
}

/// A number, also in quotes; blank is none.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
