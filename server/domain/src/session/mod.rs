//! Being signed in: a random token in the browser's cookie, its hash in a row.

pub mod password;
pub mod reset;
pub mod store;

use model::session::Session;
use model::{ErrorCode, Millis, SessionId, UserId};

use crate::{Ctx, Error, Result, secret};

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

/// Signs in with e-mail and password. Says only that the two do not belong together, in the same time for every cause.
pub async fn sign_in(ctx: &Ctx, email: &str, password: String, client: &Client) -> Result<SignedIn> {
    let found = store::credentials(ctx.db(), &email.trim().to_lowercase()).await?;
    let (user, kept) = match found {
        Some((user, kept)) => (Some(user), kept),
        None => (None, None),
    };
    let right = password::verify(password, kept).await?;
    match user {
        Some(user) if right => open(ctx, user, client).await,
        _ => Err(Error::code(ErrorCode::WrongCredentials)),
    }
}

/// Signs in somebody who has just proved who they are: the first run, an invitation, a new password.
pub async fn open(ctx: &Ctx, user: UserId, client: &Client) -> Result<SignedIn> {
    let token = secret::token();
    let mut work = ctx.begin().await?;
    let expires_at = work.now + LASTS;
    let user_agent: String = client.user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
    store::insert(&mut work.tx, user, &secret::hash(&token), &client.ip, &user_agent, work.now, expires_at).await?;
    work.commit().await?;
    Ok(SignedIn { user_id: user, token, expires_at })
}

/// Whose token it is, while it lasts. Each use makes it last longer.
pub async fn authenticate(ctx: &Ctx, token: &str) -> Result<Option<UserId>> {
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
    Ok(Some(found.user_id))
}

/// Ends the session of this token. A token that is void already is fine.
pub async fn sign_out(ctx: &Ctx, token: &str) -> Result<()> {
    let mut work = ctx.begin().await?;
    store::delete_by_token(&mut work.tx, &secret::hash(token)).await?;
    work.commit().await
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
    work.commit().await
}

/// Forgets sessions and links that have run out. Called by the schedule.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    store::prune(ctx.db(), ctx.now()).await?;
    crate::mail::prune(ctx).await
}

#[cfg(test)]
mod tests;
