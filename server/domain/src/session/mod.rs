//! Being signed in: a random token in the browser's cookie, its hash in a row.

pub mod password;
pub mod reset;
pub mod store;
pub mod view;

use model::session::Session;
use model::{AuditAction, AuditSubject, ErrorCode, Millis, SessionId, UserId};

use crate::audit::{self, Entry};
use crate::ctx::Viewer;
use crate::event::Event;
use crate::work::Work;
use crate::{Actor, Ctx, Error, Result, agent, second_factor, secret};

/// How long somebody stays signed in after they were last seen, in milliseconds.
pub const LASTS: i64 = 30 * 24 * 60 * 60_000;
/// How exactly it is known when somebody was last seen, in milliseconds: each writing is a transaction.
const SEEN_EVERY: i64 = 10 * 60_000;
/// Most characters that are kept of what a browser says about itself.
const MAX_USER_AGENT: usize = 300;

/// The browser that signs in.
#[derive(Debug, Clone, Default)]
pub struct Client {
    pub ip: String,
    pub user_agent: String,
}

/// A new session. The token goes into the cookie and is kept nowhere else.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user_id: UserId,
    pub token: String,
    pub expires_at: Millis,
}

/// What comes of the first step of signing in.
#[derive(Debug, Clone)]
pub enum Step {
    /// They are in.
    In(SignedIn),
    /// They need a code too. What is given goes with it to [`second_step`].
    Second(String),
}

impl Step {
    /// The session, when there is one.
    pub fn signed_in(self) -> Option<SignedIn> {
        match self {
            Self::In(signed_in) => Some(signed_in),
            Self::Second(_) => None,
        }
    }
}

/// Signs in with e-mail and password. Says only that the two do not belong together, in the same time for every cause.
pub async fn sign_in(ctx: &Ctx, email: &str, password: String, client: &Client) -> Result<Step> {
    let found = store::credentials(ctx.db(), &email.trim().to_lowercase()).await?;
    let (user, kept) = match found {
        Some((user, kept)) => (Some(user), kept),
        None => (None, None),
    };
    let right = password::verify(password, kept).await?;
    match user {
        Some(user) if right => first_step(ctx, user, client).await,
        _ => Err(Error::code(ErrorCode::WrongCredentials)),
    }
}

/// Signs in somebody who has just proved who they are by a password or a link; asks for the second step where there is one.
pub async fn first_step(ctx: &Ctx, user: UserId, client: &Client) -> Result<Step> {
    match second_factor::challenge(ctx, user).await? {
        Some(challenge) => Ok(Step::Second(challenge)),
        None => open(ctx, user, client).await.map(Step::In),
    }
}

/// Signs in with a code from the app or from paper, after the first step.
pub async fn second_step(ctx: &Ctx, challenge: &str, code: &str, client: &Client) -> Result<SignedIn> {
    let user = second_factor::challenged(ctx, challenge).await?;
    second_factor::verify(ctx, user, code).await?;
    open(ctx, user, client).await
}

/// Opens a session for somebody about whom nothing is left to prove.
pub async fn open(ctx: &Ctx, user: UserId, client: &Client) -> Result<SignedIn> {
    let token = secret::token();
    let mut work = ctx.begin().await?;
    let expires_at = work.now + LASTS;
    let user_agent: String = client.user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
    store::insert(&mut work.tx, user, &secret::hash(&token), &client.ip, &user_agent, work.now, expires_at).await?;
    log(&mut work, AuditAction::SignIn, user).await?;
    work.commit().await?;
    Ok(SignedIn { user_id: user, token, expires_at })
}

/// Whose token it is, while it lasts. Each use makes it last longer.
pub async fn authenticate(ctx: &Ctx, token: &str) -> Result<Option<UserId>> {
    Ok(find(ctx, token).await?.map(|found| found.user_id))
}

/// Who acts with this token: the person themselves, or an administrator who looks through somebody else's eyes.
pub async fn actor(ctx: &Ctx, token: &str) -> Result<Option<Actor>> {
    Ok(find(ctx, token).await?.map(|found| match found.view_account_id.zip(found.view_user_id) {
        Some((account_id, as_user_id)) => Actor::Viewer(Viewer { user_id: found.user_id, account_id, as_user_id }),
        None => Actor::User(found.user_id),
    }))
}

async fn find(ctx: &Ctx, token: &str) -> Result<Option<store::Found>> {
    let now = ctx.now();
    let Some(found) = store::find(ctx.db(), &secret::hash(token), now).await? else {
        return Ok(None);
    };
    if now - found.last_seen_at >= SEEN_EVERY {
        // Somebody who is signed in stays so even while the database takes no writes.
        if let Err(error) = store::seen(ctx.db(), found.id, now, now + LASTS).await {
            tracing::warn!(%error, "session not prolonged");
        }
    }
    Ok(Some(found))
}

/// Ends the session of this token. A token that is void already is fine.
pub async fn sign_out(ctx: &Ctx, token: &str) -> Result<()> {
    let mut work = ctx.begin().await?;
    if let Some(user) = store::delete_by_token(&mut work.tx, &secret::hash(token)).await? {
        log(&mut work, AuditAction::SignOut, user).await?;
        tell_ended(&mut work, user).await?;
    }
    work.commit().await
}

async fn log(work: &mut Work<'_>, action: AuditAction, user: UserId) -> Result<()> {
    let person = agent::store::user(work.tx.conn(), user).await?;
    let name = person.map(|person| person.name).unwrap_or_default();
    audit::record_for_person(work, user, &Entry::new(action, AuditSubject::Person, user, &name).by(user)).await
}

/// The person's own sessions, the latest first. `current` is the token of the browser that asks.
pub async fn list(ctx: &Ctx, current: Option<&str>) -> Result<Vec<Session>> {
    let user = ctx.user_id()?;
    store::list(ctx.db(), user, current.map(secret::hash), ctx.now()).await
}

/// Ends one of the person's own sessions.
pub async fn end(ctx: &Ctx, id: SessionId) -> Result<()> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, user, id).await? == 0 {
        return Err(Error::not_found());
    }
    log_end(&mut work, user).await?;
    tell_ended(&mut work, user).await?;
    work.commit().await
}

/// Ends all of the person's own sessions but the one with this token; how many.
pub async fn end_others(ctx: &Ctx, keep: Option<&str>) -> Result<u64> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    let ended = store::delete_all(&mut work.tx, user, keep.map(secret::hash)).await?;
    if ended > 0 {
        log_end(&mut work, user).await?;
        tell_ended(&mut work, user).await?;
    }
    work.commit().await?;
    Ok(ended)
}

/// Sockets of sessions that are over close at once, on whatever node they are.
pub(crate) async fn tell_ended(work: &mut Work<'_>, user: UserId) -> Result<()> {
    for (account, ..) in agent::store::accounts_of(work.tx.conn(), user).await? {
        work.record(account, Event::SessionsEnded { user_id: user });
    }
    Ok(())
}

async fn log_end(work: &mut Work<'_>, user: UserId) -> Result<()> {
    let person = agent::store::user(work.tx.conn(), user).await?;
    let name = person.map(|person| person.name).unwrap_or_default();
    let entry = Entry::updated(AuditSubject::Person, user, &name).change("sessions", true, false);
    audit::record_for_person(work, user, &entry).await
}

/// Forgets sessions and links that have run out. Called by the schedule.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    store::prune(ctx.db(), ctx.now()).await?;
    crate::mailbox::sign_in::prune(ctx).await?;
    crate::mail::prune(ctx).await
}

#[cfg(test)]
mod tests;
