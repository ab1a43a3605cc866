//! Reading a file of our own site.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::files::{self, File};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(address: &str) -> Result<js_sys::Promise, JsValue>;

    type Answer;
    #[wasm_bindgen(method, getter)]
    fn ok(this: &Answer) -> bool;
    #[wasm_bindgen(method, catch)]
    fn text(this: &Answer) -> Result<js_sys::Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn blob(this: &Answer) -> Result<js_sys::Promise, JsValue>;
}

/// The text of a file; `None` when it cannot be had.
pub async fn fetch_text(address: &str) -> Option<String> {
    let answer: Answer = JsFuture::from(fetch(address).ok()?).await.ok()?.unchecked_into();
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// A file of our own site, as if it had been picked; `None` when it cannot be had.
pub async fn fetch_file(address: &str, name: &str, mime: &str) -> Option<File> {
    let answer: Answer = JsFuture::from(fetch(address).ok()?).await.ok()?.unchecked_into();
    if !answer.ok() {
        return None;
    }
    files::made(&JsFuture::from(answer.blob().ok()?).await.ok()?, name, mime)
}
