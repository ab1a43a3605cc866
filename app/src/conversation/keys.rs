//! Keys that work from anywhere on the page.

use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;

/// Whether a key belongs to what has the keyboard: a field, a menu, a dialog.
#[must_use]
pub fn is_typed_into(event: &KeyboardEvent) -> bool {
    const TAKES_KEYS: &str = "input, textarea, select, [contenteditable], dialog, [popover]:popover-open";
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(TAKES_KEYS).is_ok_and(|found| found.is_some()))
}
