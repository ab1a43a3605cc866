//! What pages need of the browser beyond `ui::browser`: memory, sockets, uploads, sound. Called from effects and handlers only.
//!
//! The functions are declared here rather than taken from web-sys: each extra feature there rebuilds everything above it.

mod edit;
mod fetch;
mod files;
mod notice;
mod observe;
mod socket;
mod storage;
mod upload;

pub use edit::{replace, selection};
pub use fetch::{fetch_file, fetch_text};
pub use files::{File, drag_types, from_event as files_from, from_input as files_of_input, preview, release};
pub use notice::{Permission, ask_permission, permission, show as show_notice, tone};
pub use observe::{Resizes, on_resize};
pub use socket::{Socket, SocketEvent};
pub use storage::{forget, keep, kept, kept_keys};
pub use upload::{Part, Upload, send};

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// Whether the computer has a network, as far as the browser knows.
#[must_use]
pub fn is_online() -> bool {
    navigator("onLine").as_bool().unwrap_or(true)
}

/// Whether somebody can see the page and uses it.
#[must_use]
pub fn is_watched() -> bool {
    let document = leptos::prelude::document();
    let is_visible = property(document.as_ref(), "visibilityState").as_string().as_deref() == Some("visible");
    is_visible && document.has_focus().unwrap_or(true)
}

/// Whether a media query fits.
#[must_use]
pub fn matches(query: &str) -> bool {
    let Ok(function) = js_sys::Reflect::get(window().as_ref(), &JsValue::from_str("matchMedia")) else { return false };
    let Ok(function) = wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(function) else { return false };
    let found = function.call1(window().as_ref(), &JsValue::from_str(query));
    found.is_ok_and(|found| property(&found, "matches").as_bool().unwrap_or_default())
}

/// A number between 0 and 1.
#[must_use]
pub fn luck() -> f64 {
    js_sys::Math::random()
}

/// A text that nobody else has: 24 random characters.
#[must_use]
pub fn unique() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 32")]
    let letter = |_| char::from(LETTERS[(luck() * 32.0) as usize & 31]);
    (0..24).map(letter).collect()
}

/// Whether this is Apple's keyboard, where the command key does what Ctrl does elsewhere.
#[must_use]
pub fn is_apple() -> bool {
    navigator("platform")
        .as_string()
        .is_some_and(|name| ["Mac", "iPhone", "iPad"].iter().any(|start| name.starts_with(start)))
}

/// The height of what is in a frame of our own origin, in pixels; none while it is not there.
#[must_use]
pub fn frame_height(frame: &JsValue) -> Option<f64> {
    let body = property(&property(frame, "contentDocument"), "body");
    property(&body, "scrollHeight").as_f64().filter(|height| *height > 0.0)
}

fn navigator(name: &str) -> JsValue {
    property(&property(window().as_ref(), "navigator"), name)
}

/// A property of a browser object; `undefined` when it has none.
pub(crate) fn property(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}
