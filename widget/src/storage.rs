//! What survives a reload: drafts and messages that are not sent yet. Browsers may refuse a frame its storage; then nothing
//! is kept and nothing else changes.

use web_sys::Storage;

use crate::session;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Kept apart by site, and by person once the server knows who it is.
fn key(name: &str) -> String {
    let token = session::token();
    // The middle part of the token names the browser's session; the last one would do as well but is secret.
    let person = if session::is_real() { token.split('.').nth(1).unwrap_or_default() } else { "" };
    ["cloudchat:", name, ":", &session::website_token(), ":", person].concat()
}

/// What was kept under that name.
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)).ok()?
}

/// Keeps a text; an empty one is forgotten.
pub fn write(name: &str, text: &str) {
    let Some(storage) = storage() else { return };
    // Full storage loses the draft, not the chat.
    let _ = if text.is_empty() { storage.remove_item(&key(name)) } else { storage.set_item(&key(name), text) };
}

/// Takes what was kept out, so that it can be kept under a person who has become known.
pub fn take(name: &str) -> Option<String> {
    let text = read(name);
    write(name, "");
    text
}
