//! The REST API of integrators, in the dialect that existing clients speak: one module a noun, merged below.
#![allow(unused_qualifications, reason = "the macro that describes a route writes them for its query")]

mod account;
mod agent;
mod attribute;
mod audit;
mod auth;
mod body;
mod bulk;
mod caller;
mod canned;
mod contact;
mod conversation;
mod csat;
mod custom_filter;
mod inbox;
mod label;
mod lenient;
mod macros;
mod mail_sign_in;
mod message;
mod notification;
mod profile;
pub mod refusal;
mod root;
mod search;
mod second_factor;
mod team;
pub mod wire;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::openapi;
use crate::state::AppState;

/// Routes of all nouns and their description.
pub fn router(_state: &AppState) -> Router<AppState> {
    let (router, mut description) = described().split_for_parts();
    description.merge(crate::public::described().into_openapi());
    router.merge(openapi::router(description))
}

/// All routes with what is said of them.
pub fn described() -> OpenApiRouter<AppState> {
    let account = OpenApiRouter::new()
        .merge(account::router())
        .merge(agent::router())
        .merge(attribute::router())
        .merge(audit::router())
        .merge(team::router())
        .merge(label::router())
        .merge(canned::router())
        .merge(macros::router())
        .merge(inbox::router())
        .merge(mail_sign_in::router())
        .merge(contact::router())
        .merge(conversation::router())
        .merge(message::router())
        .merge(notification::router())
        .merge(csat::router())
        .merge(search::router())
        .merge(custom_filter::router())
        .merge(bulk::router());
    OpenApiRouter::with_openapi(openapi::frame())
        .merge(root::router())
        .nest("/auth", auth::router())
        .nest("/api/v1", profile::router().merge(second_factor::router()))
        .nest("/api/v1/accounts/{account_id}", account)
}
