//! The second step of signing in: a code from an app, or one of ten codes on paper for when the app is lost.
//!
//! Secrets are kept encrypted, codes on paper as keyed hashes. Each code works once. After five wrong ones nobody may try for a quarter of
//! an hour, on whatever node: somebody who knows the password gets no further than a few guesses a day.

mod picture;
pub mod store;
pub(crate) mod totp;

use model::session::{SecondFactor, SecondFactorSetup};
use model::{AuditSubject, ErrorCode, Millis, Permission, UserId};
use rand::RngCore as _;

use crate::audit::{self, Entry};
use crate::session::password;
use crate::work::Work;
use crate::{Ctx, Error, Result, agent, secret};

/// Where secrets are kept encrypted.
const PLACE: &str = "second_factors.secret_encrypted";
/// Purpose of the hashes of codes on paper, and of the signature of those who passed the first step.
const RECOVERY: &str = "recovery code";
const CHALLENGE: &str = "second step";
/// Name under which apps list us.
const ISSUER: &str = "Cloud Chat";
/// How many codes on paper there are.
const CODES: usize = 10;
/// Wrong codes after which nobody may try for a while.
const MOST_FAILURES: i64 = 5;
/// How long that is, in milliseconds.
const LOCKED_FOR: i64 = 15 * 60_000;
/// How long the second step may come after the first, in milliseconds.
pub const CHALLENGE_LASTS: i64 = 10 * 60_000;

/// Whether the signed-in person has one.
pub async fn read(ctx: &Ctx) -> Result<SecondFactor> {
    let user = ctx.user_id()?;
    let enabled_at = store::find(ctx.db(), user).await?.and_then(|row| row.enabled_at);
    Ok(SecondFactor { enabled_at, recovery_codes_left: store::codes_left(ctx.db(), user).await? })
}

/// Makes a secret for the person's app. It is in force once [`confirm`] has seen a code from it.
pub async fn begin(ctx: &Ctx) -> Result<SecondFactorSetup> {
    let user = ctx.user_id()?;
    let person = agent::store::user(ctx.db().into(), user).await?.ok_or_else(Error::unauthenticated)?;
    let mut bytes = [0_u8; totp::SECRET_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    let sealed = ctx.app.keys.encrypt(PLACE, &bytes)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if !store::propose(&mut work.tx, user, &sealed, now).await? {
        return Err(Error::code(ErrorCode::Conflict));
    }
    work.commit().await?;
    let secret = totp::base32(&bytes);
    let address = picture::address(ISSUER, &person.email, &secret);
    Ok(SecondFactorSetup { picture: picture::draw(&address)?, secret, address })
}

/// Puts the secret in force with the first code from the app; the codes on paper, which are shown this once.
pub async fn confirm(ctx: &Ctx, code: &str) -> Result<Vec<String>> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    let row = store::lock(&mut work.tx, user).await?.ok_or_else(|| Error::code(ErrorCode::Conflict))?;
    if row.enabled_at.is_some() {
        return Err(Error::code(ErrorCode::Conflict));
    }
    try_code(ctx, work, user, &row, code).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::enable(&mut work.tx, user, now).await?;
    let codes = new_codes(ctx, &mut work, user).await?;
    log(&mut work, user, false, true).await?;
    work.commit().await?;
    Ok(codes)
}

/// New codes on paper; the old ones are void.
pub async fn renew_codes(ctx: &Ctx, code: &str) -> Result<Vec<String>> {
    let user = ctx.user_id()?;
    verify(ctx, user, code).await?;
    let mut work = ctx.begin().await?;
    let codes = new_codes(ctx, &mut work, user).await?;
    let entry = Entry::updated(AuditSubject::Person, user, "").change("recovery_codes", false, true);
    audit::record_for_person(&mut work, user, &entry).await?;
    work.commit().await?;
    Ok(codes)
}

/// Takes the second step away; asks for the password and a code, for somebody may have found an open browser.
pub async fn disable(ctx: &Ctx, password: String, code: &str) -> Result<()> {
    let user = ctx.user_id()?;
    let person = agent::store::user(ctx.db().into(), user).await?.ok_or_else(Error::unauthenticated)?;
    if !password::verify(password, person.password_hash).await? {
        return Err(Error::field("current_password", ErrorCode::WrongCredentials));
    }
    verify(ctx, user, code).await?;
    remove(ctx, user).await
}

/// Who of the account has a second step. For administrators: others would learn whose door is the weaker one.
pub async fn secured(ctx: &Ctx) -> Result<Vec<UserId>> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    store::of_account(ctx.db(), agent.account_id).await
}

/// Takes the second step away from an agent who lost the app and the paper. Not from somebody who works elsewhere too: it is the door
/// there as well. For administrators.
pub async fn reset(ctx: &Ctx, user: UserId) -> Result<()> {
    let actor = ctx.agent()?;
    actor.require(Permission::ManageAccount)?;
    agent::store::agent(ctx.db(), actor.account_id, user).await?.ok_or_else(Error::not_found)?;
    if agent::store::memberships(ctx.db().into(), user).await? > 1 {
        return Err(Error::field("user_id", ErrorCode::Forbidden));
    }
    remove(ctx, user).await
}

/// The same for anybody. Only for the operator.
pub async fn reset_by_operator(ctx: &Ctx, user: UserId) -> Result<()> {
    ctx.require_system()?;
    remove(ctx, user).await
}

async fn remove(ctx: &Ctx, user: UserId) -> Result<()> {
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, user).await? {
        log(&mut work, user, true, false).await?;
    }
    work.commit().await
}

async fn log(work: &mut Work<'_>, user: UserId, before: bool, after: bool) -> Result<()> {
    let person = agent::store::user(work.tx.conn(), user).await?;
    let name = person.map(|person| person.name).unwrap_or_default();
    let entry = Entry::updated(AuditSubject::Person, user, &name).change("second_factor", before, after);
    audit::record_for_person(work, user, &entry).await
}

/// Says that somebody passed the first step and may try the second; `None` when there is no second.
pub(crate) async fn challenge(ctx: &Ctx, user: UserId) -> Result<Option<String>> {
    let row = store::find(ctx.db(), user).await?;
    if row.is_none_or(|row| row.enabled_at.is_none()) {
        return Ok(None);
    }
    let claim = format!("{user}.{}", ctx.now() + CHALLENGE_LASTS);
    let signature = ctx.app.keys.sign_text(CHALLENGE, &signed(ctx, user, &claim).await?);
    Ok(Some(format!("{claim}.{signature}")))
}

/// Who passed the first step.
pub(crate) async fn challenged(ctx: &Ctx, challenge: &str) -> Result<UserId> {
    let expired = || Error::code(ErrorCode::LinkExpired);
    let (claim, signature) = challenge.rsplit_once('.').ok_or_else(expired)?;
    let (user, until) = claim.split_once('.').ok_or_else(expired)?;
    let user = user.parse::<UserId>().map_err(|_| expired())?;
    let until = until.parse::<Millis>().map_err(|_| expired())?;
    let right = ctx.app.keys.verify(CHALLENGE, &signed(ctx, user, claim).await?, signature);
    if right && until > ctx.now() { Ok(user) } else { Err(expired()) }
}

/// A new password makes it void.
async fn signed(ctx: &Ctx, user: UserId, claim: &str) -> Result<String> {
    let generation = agent::store::token_generation(ctx.db(), user).await?.unwrap_or_default();
    Ok(format!("{claim}.{generation}"))
}

/// Uses a code of somebody whose second step is in force.
pub(crate) async fn verify(ctx: &Ctx, user: UserId, code: &str) -> Result<()> {
    let mut work = ctx.begin().await?;
    let row = store::lock(&mut work.tx, user).await?.filter(|row| row.enabled_at.is_some());
    let row = row.ok_or_else(|| Error::code(ErrorCode::Conflict))?;
    try_code(ctx, work, user, &row, code).await
}

/// Tries a code and notes the outcome, which ends the change.
async fn try_code(ctx: &Ctx, mut work: Work<'_>, user: UserId, row: &store::Row, code: &str) -> Result<()> {
    let now = work.now;
    if row.locked_until > now {
        let wait = u64::try_from((row.locked_until - now) / 1_000).unwrap_or_default();
        return Err(Error::Limited { retry_after: wait + 1 });
    }
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(32).collect::<String>().to_lowercase();
    let secret = ctx.app.keys.decrypt(PLACE, &row.secret_encrypted)?;
    let step = totp::step_of(&secret, &code, now).filter(|step| *step > row.last_step);
    let is_right = match step {
        Some(_) => true,
        None => row.enabled_at.is_some() && store::use_code(&mut work.tx, user, &hashed(ctx, user, &code)).await?,
    };
    if is_right {
        store::passed(&mut work.tx, user, step.unwrap_or(row.last_step)).await?;
        return work.commit().await;
    }
    let failures = row.failures + 1;
    let (failures, locked_until) = if failures < MOST_FAILURES { (failures, 0) } else { (0, now + LOCKED_FOR) };
    store::failed(&mut work.tx, user, failures, locked_until).await?;
    work.commit().await?;
    Err(Error::field("code", ErrorCode::WrongCode))
}

/// Ten new codes: fifty random bits each, in two groups of five.
async fn new_codes(ctx: &Ctx, work: &mut Work<'_>, user: UserId) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..CODES)
        .map(|_| {
            let mut bytes = [0_u8; 7];
            rand::rng().fill_bytes(&mut bytes);
            totp::base32(&bytes)[..10].to_lowercase()
        })
        .collect();
    let hashes: Vec<_> = codes.iter().map(|code| hashed(ctx, user, code)).collect();
    let now = work.now;
    store::set_codes(&mut work.tx, user, &hashes, now).await?;
    Ok(codes.iter().map(|code| format!("{}-{}", &code[..5], &code[5..])).collect())
}

fn hashed(ctx: &Ctx, user: UserId, code: &str) -> Vec<u8> {
    secret::hash(&ctx.app.keys.sign_text(RECOVERY, &format!("{user}.{code}")))
}

#[cfg(test)]
mod tests;
