//! The account that the address names.

use axum::Json;
use axum::http::StatusCode;
use domain::account::{self, AccountChange};
use domain::agent::profile;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::Caller;
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::account::{AccountWire, CacheKeysWire};
use crate::state::AppState;

/// Routes of an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show, update)).routes(routes!(update_active_at)).routes(routes!(cache_keys))
}

/// What can be changed of an account.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = AccountInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    /// `en` or `pt_BR`.
    #[serde(deserialize_with = "lenient::text")]
    locale: Option<String>,
    /// Name in the time zone database.
    #[serde(deserialize_with = "lenient::text")]
    timezone: Option<String>,
    /// How many open conversations automatic assignment gives to one agent; null for any number.
    #[serde(deserialize_with = "lenient::erasable_int")]
    #[schema(value_type = Option<i64>)]
    assignment_limit: Option<Option<i64>>,
    /// Minutes without activity until open conversations are resolved by themselves; null for never.
    #[serde(deserialize_with = "lenient::erasable_int")]
    #[schema(value_type = Option<i64>)]
    auto_resolve_after: Option<Option<i64>>,
    /// What the contact is told then.
    #[serde(deserialize_with = "lenient::erasable")]
    auto_resolve_message: Option<String>,
    /// Conversations in which the contact waits for an answer stay open.
    #[serde(deserialize_with = "lenient::flag")]
    auto_resolve_ignore_waiting: Option<bool>,
    /// Title of a label that they get.
    #[serde(deserialize_with = "lenient::erasable")]
    auto_resolve_label: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    domain: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    support_email: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    industry: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    company_size: Option<String>,
}

impl Input for Given {
    const NAME: &'static str = "account";
}

#[derive(Serialize, ToSchema)]
struct CacheKeysAnswer {
    cache_keys: CacheKeysWire,
}

/// The account.
#[utoipa::path(get, path = "", tag = "accounts", responses((status = 200, body = AccountWire)))]
async fn show(Caller(ctx): Caller) -> Answer<AccountWire> {
    Ok(Json(AccountWire::new(account::get(&ctx).await?, account::cache_keys(&ctx).await?)))
}

/// Changes the account. For administrators.
#[utoipa::path(patch, path = "", tag = "accounts", request_body = Given, responses((status = 200, body = AccountWire)))]
async fn update(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<AccountWire> {
    let change = AccountChange {
        name: given.name,
        locale: given.locale,
        timezone: given.timezone,
        assignment_limit: given.assignment_limit,
        auto_resolve_after: given.auto_resolve_after,
        auto_resolve_message: given.auto_resolve_message,
        auto_resolve_ignore_waiting: given.auto_resolve_ignore_waiting,
        auto_resolve_label: given.auto_resolve_label,
        domain: given.domain,
        support_email: given.support_email,
        industry: given.industry,
        company_size: given.company_size,
    };
    let account = account::update(&ctx, change).await?;
    Ok(Json(AccountWire::new(account, account::cache_keys(&ctx).await?)))
}

/// The person turned to this account.
#[utoipa::path(post, path = "/update_active_at", tag = "accounts", responses((status = 200)))]
async fn update_active_at(Caller(ctx): Caller) -> Result<StatusCode, Refusal> {
    profile::turn_to(&ctx).await?;
    Ok(StatusCode::OK)
}

/// Values that change when the lists of labels, inboxes and teams change.
#[utoipa::path(get, path = "/cache_keys", tag = "accounts", responses((status = 200, body = CacheKeysAnswer)))]
async fn cache_keys(Caller(ctx): Caller) -> Answer<CacheKeysAnswer> {
    Ok(Json(CacheKeysAnswer { cache_keys: account::cache_keys(&ctx).await?.into() }))
}
