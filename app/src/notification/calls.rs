//! What one is told by mail while one is not looking.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::AccountId;
use model::notification::NotificationSwitch;

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// What one can be told in the account, and whether one wants to be.
#[server(name = NotificationSettings, prefix = "/app/api", endpoint = "notification/settings", input = Json)]
pub async fn settings(account: AccountId) -> Result<Vec<NotificationSwitch>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::notification::settings::get(&ctx).await?)
}

/// Switches something on or off.
#[server(name = SwitchNotification, prefix = "/app/api", endpoint = "notification/switch", input = Json)]
pub async fn switch(account: AccountId, switch: NotificationSwitch) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    domain::notification::settings::set(&ctx, &[switch]).await?;
    Ok(())
}
