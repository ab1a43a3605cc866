//! One call of the program that is an inbox's channel: signed with the inbox's own secret.

use model::AccountId;
use model::inbox::Inbox;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;

use super::{checked, judged};
use crate::{Ctx, Result, channel, inbox, secret};

/// Why a call did not get through.
pub(super) enum Trouble {
    /// It may, later.
    Later(String),
    /// It will not.
    Refused(String),
}

/// Tells an inbox's program; `None` where there is none to tell.
pub(super) async fn tell(
    ctx: &Ctx,
    account: AccountId,
    inbox: &Inbox,
    delivery: &str,
    body: &Value,
) -> Result<Option<std::result::Result<(), Trouble>>> {
    let channel = channel::by_key(&inbox.channel)?;
    let Some(address) = channel.told(inbox) else { return Ok(None) };
    let secrets = inbox::secrets(ctx, account, inbox.id).await?;
    let key = channel.telling_secret().and_then(|key| secrets.get(key)).and_then(Value::as_str).unwrap_or_default();
    Ok(Some(call(ctx, address, key, delivery, body.to_string()).await))
}

async fn call(ctx: &Ctx, address: &str, key: &str, delivery: &str, body: String) -> std::result::Result<(), Trouble> {
    // What was allowed when it was written may not be any more.
    let Ok(url) = checked(ctx, "webhook_url", address) else {
        return Err(Trouble::Refused("the address may not be called".to_owned()));
    };
    let hooks = &ctx.app.webhooks;
    let client = hooks.client(ctx.app.settings.private_webhooks).map_err(|error| Trouble::Later(error.to_string()))?;
    let at = (ctx.now() / 1_000).to_string();
    let signature = secret::hmac_hex(key, &format!("{at}.{body}"));
    let call = client
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json")
        .header("X-Chatwoot-Timestamp", at)
        .header("X-Chatwoot-Signature", format!("sha256={signature}"))
        .header("X-Chatwoot-Delivery", delivery)
        .body(body);
    let answer = call.send().await.map_err(|error| Trouble::Later(error.without_url().to_string()))?;
    let status = answer.status();
    if judged(status).is_err() {
        return Err(Trouble::Later(format!("answered {status}")));
    }
    if status.is_success() { Ok(()) } else { Err(Trouble::Refused(format!("answered {status}"))) }
}
