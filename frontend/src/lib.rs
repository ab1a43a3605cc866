//! The dashboard's entry in the browser.

use wasm_bindgen::prelude::*;

/// Brings the page that the server drew to life.
///
/// # Errors
/// A part of the program did not come; the page stays as the server drew it.
#[wasm_bindgen]
pub async fn hydrate() -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    app::start().await.map_err(|error| JsValue::from_str(&error.to_string()))
}
