//! What this browser remembers between pages. A browser that refuses (private windows, full disk) just forgets.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Storage;
    #[wasm_bindgen(method, catch, js_name = getItem)]
    fn get(this: &Storage, key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setItem)]
    fn set(this: &Storage, key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeItem)]
    fn remove(this: &Storage, key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter)]
    fn length(this: &Storage) -> u32;
    #[wasm_bindgen(method, catch)]
    fn key(this: &Storage, index: u32) -> Result<Option<String>, JsValue>;
}

fn storage() -> Option<Storage> {
    let found = Reflect::get(window().as_ref(), &JsValue::from_str("localStorage")).ok()?;
    (!found.is_null() && !found.is_undefined()).then(|| found.unchecked_into())
}

/// What was kept under a name.
#[must_use]
pub fn kept(key: &str) -> Option<String> {
    storage()?.get(key).ok().flatten()
}

/// Keeps a text under a name; whether it was kept.
pub fn keep(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set(key, value).is_ok())
}

/// Forgets what was kept under a name.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove(key);
    }
}

/// Names that begin like this.
#[must_use]
pub fn kept_keys(start: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    (0..storage.length())
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(start))
        .collect()
}
