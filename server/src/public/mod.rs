//! The public client API, `/public/api/v1`: programs speak for the contacts of their inbox, without an account's token.
//!
//! Whoever knows an inbox's name may make contacts there; whoever knows the name of a contact's place may speak for it. Both are
//! looked up by [`call::Call`], before any handler does anything.
#![allow(unused_qualifications, reason = "the macro that describes a route writes them for its query")]

mod call;
mod contact;
mod conversation;
mod inbox;
mod message;
mod shape;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// Routes of the public client API.
pub fn router(_state: &AppState) -> Router<AppState> {
    described().split_for_parts().0
}

/// The same with what is said of them.
pub fn described() -> OpenApiRouter<AppState> {
    let inbox = OpenApiRouter::new()
        .merge(inbox::router())
        .merge(contact::router())
        .merge(conversation::router())
        .merge(message::router());
    OpenApiRouter::new().nest("/public/api/v1/inboxes/{inbox_identifier}", inbox)
}
