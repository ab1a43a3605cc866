//! A new password without the old one: a link that proves the address, once.

use model::{ErrorCode, UserId};

use super::{password, store};
use crate::job::{self, Job};
use crate::{Ctx, Error, Result, agent, mail, secret};

/// How long a link is good for, in milliseconds.
pub const LASTS: i64 = 6 * 60 * 60_000;

/// Sends a link to whoever has this address. The answer does not tell whether somebody has.
pub async fn request(ctx: &Ctx, email: &str) -> Result<()> {
    let Some((user, _)) = store::credentials(ctx.db(), &email.trim().to_lowercase()).await? else {
        return Ok(());
    };
    let mut work = ctx.begin().await?;
    // Impatient clicks lead to one mail.
    let key = format!("mail_password_reset {user}");
    work.enqueue(job::New::now(None, Job::MailPasswordReset { user_id: user }).unique(key));
    work.commit().await
}

/// Writes the mail. Done twice, it sends two links and both work until one is used.
pub(crate) async fn mail(ctx: &Ctx, user: UserId) -> Result<()> {
    let person = agent::store::recipient(ctx.db(), user).await?.ok_or_else(Error::not_found)?;
    let link = link(ctx, user).await?;
    mail::send(ctx, mail::password_reset(&person, &link)).await
}

/// A link with which this person chooses a new password. For the mail and for the operator.
pub async fn link(ctx: &Ctx, user: UserId) -> Result<String> {
    ctx.require_system()?;
    let token = secret::token();
    let mut work = ctx.begin().await?;
    let expires_at = work.now + LASTS;
    store::insert_reset(&mut work.tx, user, &secret::hash(&token), work.now, expires_at).await?;
    work.commit().await?;
    Ok(format!("{}/app/reset-password?token={token}", ctx.app.settings.base_url))
}

/// Whether a link still works, to say so before somebody thinks of a password.
pub async fn is_valid(ctx: &Ctx, token: &str) -> Result<bool> {
    Ok(store::find_reset(ctx.db(), &secret::hash(token), ctx.now()).await?.is_some())
}

/// Sets the password and ends every session. The link works once.
pub async fn redeem(ctx: &Ctx, token: &str, password: String) -> Result<UserId> {
    let expired = || Error::code(ErrorCode::LinkExpired);
    let token = secret::hash(token);
    let (user, email) = store::find_reset(ctx.db(), &token, ctx.now()).await?.ok_or_else(expired)?;
    password::check("password", &password, &email)?;
    let kept = password::hash(password).await?;

    let mut work = ctx.begin().await?;
    if !store::use_reset(&mut work.tx, &token, work.now).await? {
        return Err(expired());
    }
    store::delete_resets(&mut work.tx, user).await?;
    store::set_password(&mut work.tx, user, &kept, work.now).await?;
    store::delete_all(&mut work.tx, user, None).await?;
    super::tell_ended(&mut work, user).await?;
    work.commit().await?;
    Ok(user)
}
