//! Access tokens: fetched anew before they run out, by one node alone.
//!
//! A provider may hand out a new refresh token with each access token and forget the old one, so two nodes must not ask with the same.
//! Whoever asks holds the row for a while; what they learn counts only as long as the row still is the one they asked with.

use std::time::Duration;

use model::{AccountId, InboxId, Millis};
use post::{Credentials, OAuthTrouble, Tokens, Trouble};
use serde::{Deserialize, Serialize};

use super::store::{self, At, Row};
use crate::mailbox::trouble;
use crate::{Ctx, Result, secret};

/// Where tokens are kept encrypted.
const PLACE: &str = "mail_sign_ins.secrets";
const SECOND: Millis = 1_000;
/// How long before they run out tokens are fetched anew.
const EARLY: Millis = 5 * 60 * SECOND;
/// A token that is good for less is not begun with.
const LEAST: Millis = 30 * SECOND;
/// How long one node fetches while the others wait: longer than a provider may take.
const LEASE: Millis = 60 * SECOND;
/// How long a token that is refused is believed to be good nevertheless.
const FRESH: Millis = 60 * SECOND;
/// How often is looked whether another node has fetched, and how often in all.
const LOOK: Duration = Duration::from_millis(200);
const LOOKS: usize = 175;

#[derive(Serialize, Deserialize)]
struct Secrets {
    access: String,
    refresh: String,
}

/// What opens a mailbox now.
#[derive(Debug, Clone)]
pub struct Token {
    pub credentials: Credentials,
    /// Of the tokens; see [`distrust`].
    pub version: i64,
}

/// The tokens as they are kept, and until when the access token is good.
pub(super) fn sealed(ctx: &Ctx, tokens: &Tokens, now: Millis) -> Result<(Vec<u8>, Millis)> {
    let refresh = tokens.refresh.clone().unwrap_or_default();
    let secrets = serde_json::to_vec(&Secrets { access: tokens.access.clone(), refresh })?;
    let life = i64::try_from(tokens.expires_in.as_millis()).unwrap_or(Millis::MAX / 2);
    Ok((ctx.app.keys.encrypt(PLACE, &secrets)?, now + life))
}

/// A token of an inbox that signs in at its provider; `None` for one that has a password. The inner error is what is in the way.
pub(crate) async fn token(
    ctx: &Ctx,
    account: AccountId,
    inbox: InboxId,
) -> Result<Option<std::result::Result<Token, Trouble>>> {
    let at = At { account, inbox };
    for _ in 0..LOOKS {
        let Some(row) = store::find(ctx.db(), at).await? else { return Ok(None) };
        if let Some(said) = row.lost {
            return Ok(Some(Err(Trouble::SignInLost { said })));
        }
        if row.expires_at - EARLY > ctx.now() {
            return Ok(Some(Ok(opened(ctx, &row)?)));
        }
        let who = secret::short_token();
        if claim(ctx, at, &row, &who).await? {
            match renew(ctx, at, &row, &who).await? {
                Some(outcome) => return Ok(Some(outcome)),
                // Somebody signed in meanwhile.
                None => continue,
            }
        }
        if row.expires_at - LEAST > ctx.now() {
            return Ok(Some(Ok(opened(ctx, &row)?)));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(Some(Err(Trouble::TimedOut { doing: "signing in" })))
}

/// A server did not take a token: unless it is quite new, the next one who asks gets another. Whether that is so.
pub(crate) async fn distrust(ctx: &Ctx, account: AccountId, inbox: InboxId, version: i64) -> Result<bool> {
    let mut work = ctx.begin().await?;
    let before = work.now - FRESH;
    let is_old = store::expire(&mut work.tx, At { account, inbox }, version, before).await?;
    work.commit().await?;
    Ok(is_old)
}

fn opened(ctx: &Ctx, row: &Row) -> Result<Token> {
    let secrets: Secrets = serde_json::from_slice(&ctx.app.keys.decrypt(PLACE, &row.secrets)?)?;
    Ok(Token { credentials: Credentials::token(&row.email, &secrets.access), version: row.version })
}

async fn claim(ctx: &Ctx, at: At, row: &Row, who: &str) -> Result<bool> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    let claimed = store::claim(&mut work.tx, at, row.version, who, now, now + LEASE).await?;
    work.commit().await?;
    Ok(claimed)
}

/// Fetches new tokens and keeps them. `None` where the row is another by now.
async fn renew(ctx: &Ctx, at: At, row: &Row, who: &str) -> Result<Option<std::result::Result<Token, Trouble>>> {
    match fetch(ctx, row).await {
        Ok(Ok(tokens)) => keep(ctx, at, row, &tokens).await,
        Ok(Err(trouble)) if trouble.needs_sign_in() => lose(ctx, at, row, &trouble).await,
        Ok(Err(trouble)) => {
            let_go(ctx, at, who).await?;
            tracing::warn!(inbox = at.inbox.0, %trouble, "no new token of a mail provider");
            if row.expires_at - LEAST > ctx.now() {
                return Ok(Some(Ok(opened(ctx, row)?)));
            }
            Ok(Some(Err(passing(row, &trouble))))
        }
        Err(error) => {
            let_go(ctx, at, who).await?;
            Err(error)
        }
    }
}

async fn fetch(ctx: &Ctx, row: &Row) -> Result<std::result::Result<Tokens, OAuthTrouble>> {
    let providers = &ctx.app.providers;
    let Some(registered) = providers.get(row.provider) else {
        return Ok(Err(OAuthTrouble::InvalidClient { said: format!("{} is not set up", row.provider) }));
    };
    let secrets: Secrets = serde_json::from_slice(&ctx.app.keys.decrypt(PLACE, &row.secrets)?)?;
    Ok(registered.provider.refresh(providers.http()?, &secrets.refresh).await)
}

async fn keep(ctx: &Ctx, at: At, row: &Row, tokens: &Tokens) -> Result<Option<std::result::Result<Token, Trouble>>> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    let (secrets, expires_at) = sealed(ctx, tokens, now)?;
    let kept = store::renew(&mut work.tx, at, row.version, secrets, expires_at, now).await?;
    work.commit().await?;
    let credentials = Credentials::token(&row.email, &tokens.access);
    Ok(kept.then_some(Ok(Token { credentials, version: row.version + 1 })))
}

async fn lose(
    ctx: &Ctx,
    at: At,
    row: &Row,
    trouble: &OAuthTrouble,
) -> Result<Option<std::result::Result<Token, Trouble>>> {
    let said = match trouble {
        OAuthTrouble::InvalidGrant { said } | OAuthTrouble::Denied { said } => said.clone(),
        other => other.to_string(),
    };
    tracing::warn!(inbox = at.inbox.0, %trouble, "somebody has to sign in at a mail provider again");
    let mut work = ctx.begin().await?;
    let now = work.now;
    let lost = store::lose(&mut work.tx, at, row.version, &said, now).await?;
    trouble::show(&mut work, at.account, at.inbox).await?;
    work.commit().await?;
    Ok(lost.then_some(Err(Trouble::SignInLost { said })))
}

async fn let_go(ctx: &Ctx, at: At, who: &str) -> Result<()> {
    let mut work = ctx.begin().await?;
    store::let_go(&mut work.tx, at, who).await?;
    work.commit().await
}

/// Waiting may help: the provider is in trouble, or the operator has to set something right.
fn passing(row: &Row, trouble: &OAuthTrouble) -> Trouble {
    match trouble {
        OAuthTrouble::Passing { reason } => {
            Trouble::Unreachable { host: row.provider.to_string(), reason: reason.clone() }
        }
        other => Trouble::Refused { doing: "the sign-in", said: other.to_string() },
    }
}
