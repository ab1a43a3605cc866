//! The website chat: its frame, and the API that the frame and native clients call.
//!
//! Anybody may call, from anywhere: what a caller may see and do follows from the website token, which names an inbox, and
//! from the visitor's token, which names a browser in it. Both are checked by [`visit::Visit`] before any handler runs.

mod answer;
mod browser;
mod contact;
mod conversation;
pub(crate) mod failure;
pub(crate) mod form;
mod frame;
mod many;
mod message;
pub(crate) mod origin;
mod pre_chat;
pub(crate) mod shape;
mod unread;
pub(crate) mod visit;
mod words;

use axum::Router;
use axum::routing::{delete, get, patch, post};

use crate::state::AppState;

/// The page in the frame, `/widget`. It sets its own `Content-Security-Policy` with the sites of its inbox.
pub fn frame(_state: &AppState) -> Router<AppState> {
    Router::new().route("/widget", get(frame::show))
}

/// Routes below `/api/v1/widget`, and the words of the script that opens the frame.
pub fn router(_state: &AppState) -> Router<AppState> {
    let routes = Router::new()
        .route("/config", post(frame::config))
        .route("/contact", get(contact::show).patch(contact::update).put(contact::update))
        .route("/contact/set_user", patch(contact::set_user).put(contact::set_user))
        .route("/contact/destroy_custom_attributes", post(contact::remove_attributes))
        .route("/conversations", get(conversation::show).post(message::begin))
        .route("/conversations/active", get(many::active))
        .route("/conversations/history", get(many::history))
        .route("/conversations/update_last_seen", post(conversation::seen))
        .route("/conversations/toggle_typing", post(conversation::typing))
        .route("/conversations/toggle_status", get(conversation::end))
        .route("/conversations/transcript", post(conversation::transcript))
        .route("/conversations/set_custom_attributes", post(conversation::set_attributes))
        .route("/conversations/destroy_custom_attributes", post(conversation::remove_attributes))
        .route("/messages", get(message::list).post(message::say))
        .route("/messages/{message_id}", patch(answer::take).put(answer::take))
        .route("/inbox_members", get(conversation::team))
        .route("/campaigns", get(conversation::campaigns))
        .route("/events", post(conversation::event))
        .route("/labels", post(conversation::add_label))
        .route("/labels/{label}", delete(conversation::remove_label))
        .route("/pre_chat", post(pre_chat::answer))
        .route("/unread", get(unread::follow))
        .route("/words", get(words::show));
    Router::new().nest("/api/v1/widget", routes).route("/packs/js/words", get(words::of_launcher))
}
