//! The token with which sites prove who their visitors are, and its replacement.
//!
//! A site cannot change its own server and this setting in the same moment: after a replacement the token before it goes on proving for a
//! day, unless somebody ends that because it got into wrong hands.

use model::inbox::Inbox;
use model::{AccountId, AuditSubject, ErrorCode, InboxId, Millis, Permission};
use serde_json::{Map, Value, json};

use super::{SECRETS, get, secrets, store};
use crate::audit::{self, Entry};
use crate::{Ctx, Error, Result, channel, secret};

/// Milliseconds for which a replaced token goes on proving.
const GRACE: i64 = 24 * 60 * 60_000;
/// The token before the present one, and the end of its time.
const BEFORE: &str = "identity_before";

/// What else there is to know of an inbox's token.
pub(super) struct Proof {
    pub token: String,
    /// Until when the one before it proves as well.
    pub old_until: Option<Millis>,
}

/// The token of an inbox whose channel has one.
pub(super) async fn proof(ctx: &Ctx, inbox: &Inbox, account: AccountId) -> Result<Option<Proof>> {
    let Some(key) = channel::by_key(&inbox.channel)?.identity_secret() else { return Ok(None) };
    let secrets = secrets(ctx, account, inbox.id).await?;
    let token = text(&secrets, key).to_owned();
    Ok(Some(Proof { token, old_until: before(&secrets, ctx.now()).map(|(_, until)| until) }))
}

/// The token before the present one while it still proves, and until when.
fn before(secrets: &Value, now: Millis) -> Option<(&str, Millis)> {
    let before = secrets.get(BEFORE)?;
    let until = before.get("until").and_then(Value::as_i64).filter(|until| *until > now)?;
    Some((text(before, "token"), until))
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Takes what is only for the rules out of secrets that are shown.
pub(super) fn without_the_old(mut secrets: Value) -> Value {
    if let Some(secrets) = secrets.as_object_mut() {
        secrets.remove(BEFORE);
    }
    secrets
}

/// Gives the inbox a new token. The old one proves for another day. For administrators.
pub async fn rotate(ctx: &Ctx, id: InboxId) -> Result<()> {
    let until = ctx.now() + GRACE;
    change(ctx, id, move |secrets, key, fresh| {
        let old = secrets.insert(key.to_owned(), fresh);
        secrets.insert(BEFORE.to_owned(), json!({ "token": old, "until": until }));
    })
    .await
}

/// The replaced token proves nothing from now on. For administrators.
pub async fn end_old(ctx: &Ctx, id: InboxId) -> Result<()> {
    change(ctx, id, |secrets, _, _| {
        secrets.remove(BEFORE);
    })
    .await
}

async fn change(ctx: &Ctx, id: InboxId, change: impl FnOnce(&mut Map<String, Value>, &str, Value)) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let inbox = get(ctx, id).await?;
    let channel = channel::by_key(&inbox.channel)?;
    let key = channel.identity_secret().ok_or_else(Error::not_found)?;
    let Value::Object(mut secrets) = secrets(ctx, agent.account_id, id).await? else {
        return Err(Error::code(ErrorCode::Invalid));
    };
    let fresh = channel.secrets().get(key).cloned().unwrap_or_default();
    change(&mut secrets, key, fresh);
    let sealed = ctx.app.keys.encrypt(SECRETS, Value::Object(secrets).to_string().as_bytes())?;
    let mut work = ctx.begin().await?;
    store::set_secrets(&mut work.tx, agent.account_id, id, sealed, work.now).await?;
    // That they were replaced, not by what.
    let entry = Entry::updated(AuditSubject::Inbox, id, &inbox.name).change("secrets", false, true);
    audit::record(&mut work, agent.account_id, entry);
    work.commit().await
}

/// Whether a hash is the right proof of a person's identifier.
pub(crate) async fn proves(ctx: &Ctx, inbox: &Inbox, account: AccountId, identifier: &str, hash: &str) -> Result<bool> {
    let Some(key) = channel::by_key(&inbox.channel)?.identity_secret() else { return Ok(false) };
    let secrets = secrets(ctx, account, inbox.id).await?;
    let hash = hash.to_lowercase();
    let by = |token: &str| !token.is_empty() && secret::same(&secret::hmac_hex(token, identifier), &hash);
    Ok(by(text(&secrets, key)) || before(&secrets, ctx.now()).is_some_and(|(token, _)| by(token)))
}

#[cfg(test)]
mod tests;
