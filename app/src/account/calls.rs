//! The first run, the account's own facts, and the lists that its pages choose from.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::AccountId;
use model::account::{Account, AutoResolve};
use serde::{Deserialize, Serialize};

use crate::boot::Workplace;
use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::{
    place,
    server::{self, Guarded},
};

/// What the first run asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Installation {
    pub account_name: String,
    pub user_name: String,
    pub email: String,
    pub password: String,
    pub locale: String,
    #[serde(default)]
    pub timezone: String,
}

/// Makes the first account and signs its administrator in; where to go then.
#[server(name = Install, prefix = "/app/api", endpoint = "account/install")]
pub async fn install(installation: Installation) -> Result<String, CallError> {
    let visit = server::visit()?;
    visit.guard(Guarded::Install, None)?;
    let new = domain::account::NewInstallation {
        account_name: installation.account_name,
        user_name: installation.user_name,
        email: installation.email,
        password: installation.password,
        locale: installation.locale,
        timezone: installation.timezone,
    };
    let made = domain::account::install(&visit.anonymous(), new).await?;
    crate::session::calls::enter(&visit, made.user_id, &place::new_inbox(made.account_id)).await
}

/// What may be changed about an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountInput {
    pub name: String,
    pub locale: String,
    pub timezone: String,
    /// How many open conversations automatic assignment gives to one agent; `None`: any number.
    pub assignment_limit: Option<i64>,
    pub auto_resolve: AutoResolve,
    /// Empty where the company says nothing of these.
    pub domain: String,
    pub support_email: String,
    pub industry: String,
    pub company_size: String,
}

/// Changes the account's own facts.
#[server(name = UpdateAccount, prefix = "/app/api", endpoint = "account/update", input = Json)]
pub async fn update(account: AccountId, change: AccountInput) -> Result<Account, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let change = domain::account::AccountChange {
        name: Some(change.name),
        locale: Some(change.locale),
        timezone: Some(change.timezone),
        assignment_limit: Some(change.assignment_limit),
        auto_resolve_after: Some(change.auto_resolve.after),
        auto_resolve_message: Some(change.auto_resolve.message),
        auto_resolve_ignore_waiting: Some(change.auto_resolve.ignore_waiting),
        auto_resolve_label: Some(change.auto_resolve.label.unwrap_or_default()),
        domain: Some(change.domain),
        support_email: Some(change.support_email),
        industry: Some(change.industry),
        company_size: Some(change.company_size),
    };
    Ok(domain::account::update(&ctx, change).await?)
}

/// The account at hand with its lists.
#[server(name = ReadWorkplace, prefix = "/app/api", endpoint = "account/workplace", input = Json)]
pub async fn workplace(account: AccountId) -> Result<Workplace, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(super::read_workplace(&ctx).await?)
}

/// Time zones to choose from.
#[server(name = ListTimezones, prefix = "/app/api", endpoint = "account/timezones", input = Json)]
pub async fn timezones() -> Result<Vec<String>, CallError> {
    server::visit()?.person()?;
    Ok(domain::account::timezones())
}
