//! Tokens that stand for a person: for the API (a row) and for the socket (a signature, no row).

use model::{AuditSubject, UserId};

use super::store;
use crate::audit::{self, Entry};
use crate::work::Work;
use crate::{Ctx, Error, Result, secret};

/// Where API tokens are kept encrypted.
const PLACE: &str = "access_tokens.token_encrypted";
/// Purpose of the signature in socket tokens.
const PUBSUB: &str = "pubsub";

/// Gives a person an API token of 24 characters.
pub(crate) async fn issue(ctx: &Ctx, work: &mut Work<'_>, user: UserId) -> Result<String> {
    let token = secret::short_token();
    let encrypted = ctx.app.keys.encrypt(PLACE, token.as_bytes())?;
    let now = work.now;
    store::insert_token(&mut work.tx, user, &secret::hash(&token), &encrypted, now).await?;
    Ok(token)
}

/// The person's own API token; made when they ask for the first time.
pub async fn own(ctx: &Ctx) -> Result<String> {
    let user = ctx.user_id()?;
    if let Some(encrypted) = store::token_of(ctx.db(), user).await? {
        let plain = ctx.app.keys.decrypt(PLACE, &encrypted)?;
        return String::from_utf8(plain).map_err(|error| Error::Internal(error.into()));
    }
    let mut work = ctx.begin().await?;
    let token = issue(ctx, &mut work, user).await?;
    work.commit().await?;
    Ok(token)
}

/// Replaces the person's own API token; the old one is void at once.
pub async fn rotate(ctx: &Ctx) -> Result<String> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    store::delete_tokens(&mut work.tx, user).await?;
    let token = issue(ctx, &mut work, user).await?;
    let entry = Entry::updated(AuditSubject::AccessToken, user, "").change("token", false, true);
    audit::record_for_person(&mut work, user, &entry).await?;
    work.commit().await?;
    Ok(token)
}

/// Whose API token it is.
pub async fn authenticate_token(ctx: &Ctx, token: &str) -> Result<Option<UserId>> {
    store::by_token(ctx.db(), &secret::hash(token)).await
}

/// A person's socket token. The same until their password changes.
pub async fn pubsub_token(ctx: &Ctx, user: UserId) -> Result<String> {
    let generation = store::token_generation(ctx.db(), user).await?.ok_or_else(Error::not_found)?;
    Ok(format!("{user}.{}", ctx.app.keys.sign_text(PUBSUB, &format!("{user}.{generation}"))))
}

/// Whose socket token it is.
pub async fn verify_pubsub_token(ctx: &Ctx, token: &str) -> Result<Option<UserId>> {
    let Some((user, signature)) = token.split_once('.') else { return Ok(None) };
    let Ok(user) = user.parse::<UserId>() else { return Ok(None) };
    let Some(generation) = store::token_generation(ctx.db(), user).await? else { return Ok(None) };
    let right = ctx.app.keys.verify(PUBSUB, &format!("{user}.{generation}"), signature);
    Ok(right.then_some(user))
}
