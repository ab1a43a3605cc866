//! Joining an account: a signed link that works until the person has chosen a password.

use model::session::Invitation;
use model::{AccountId, ErrorCode, Millis, UserId};

use super::store;
use crate::event::Event;
use crate::session::password;
use crate::{Ctx, Error, Result, account, input, mail};

/// How long a link is good for, in milliseconds.
pub const LASTS: i64 = 7 * 24 * 60 * 60_000;
/// Purpose of the signature.
const PURPOSE: &str = "invitation";

/// Tells somebody that they belong to an account now: with a link when they must choose a password first.
pub(crate) async fn mail(ctx: &Ctx, account: AccountId, user: UserId) -> Result<()> {
    let person = store::recipient(ctx.db(), user).await?.ok_or_else(Error::not_found)?;
    let account_name = account::store::get(ctx.db(), account).await?.ok_or_else(Error::not_found)?.name;
    // Removed again in the meantime: nothing to tell.
    if store::agent(ctx.db(), account, user).await?.is_none() {
        return Ok(());
    }
    let mail = match store::invited(ctx.db(), account, user).await? {
        Some((.., generation)) => {
            let link = link(ctx, account, user, generation);
            mail::invitation(&person, &account_name, &link)
        }
        None => {
            let link = format!("{}/app/accounts/{account}", ctx.app.settings.base_url);
            mail::added_to_account(&person, &account_name, &link)
        }
    };
    mail::send(ctx, mail).await
}

fn link(ctx: &Ctx, account: AccountId, user: UserId, generation: i64) -> String {
    let claim = format!("{account}.{user}.{}", ctx.now() + LASTS);
    let signature = ctx.app.keys.sign_text(PURPOSE, &format!("{claim}.{generation}"));
    format!("{}/app/invitation?token={claim}.{signature}", ctx.app.settings.base_url)
}

struct Opened {
    account: AccountId,
    user: UserId,
    shown: Invitation,
}

async fn open(ctx: &Ctx, token: &str) -> Result<Opened> {
    let expired = || Error::code(ErrorCode::LinkExpired);
    let (claim, signature) = token.rsplit_once('.').ok_or_else(expired)?;
    let mut parts = claim.split('.');
    let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok()).ok_or_else(expired);
    let (account, user, until): (_, _, Millis) = (AccountId(number()?), UserId(number()?), number()?);
    let invited = store::invited(ctx.db(), account, user).await?;
    let (account_name, email, name, generation) = invited.ok_or_else(expired)?;
    let right = ctx.app.keys.verify(PURPOSE, &format!("{claim}.{generation}"), signature);
    if !right || until <= ctx.now() {
        return Err(expired());
    }
    Ok(Opened { account, user, shown: Invitation { account_name, email, name } })
}

/// What an invitation's page shows; `LinkExpired` when it is used, replaced or too old.
pub async fn read(ctx: &Ctx, token: &str) -> Result<Invitation> {
    Ok(open(ctx, token).await?.shown)
}

/// Accepts: the person gives their name and a password, and is a member from the first second.
pub async fn accept(ctx: &Ctx, token: &str, name: &str, password: String) -> Result<UserId> {
    let opened = open(ctx, token).await?;
    let name = input::line("name", name, input::MAX_NAME)?;
    password::check("password", &password, &opened.shown.email)?;
    let kept = password::hash(password).await?;

    let mut work = ctx.begin().await?;
    let now = work.now;
    if !store::accept_invitation(&mut work.tx, opened.user, &name, &kept, now).await? {
        return Err(Error::code(ErrorCode::LinkExpired));
    }
    work.record(opened.account, Event::AgentUpdated { user_id: opened.user });
    work.commit().await?;
    Ok(opened.user)
}
