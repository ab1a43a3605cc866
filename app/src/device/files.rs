//! Files that somebody picked, dropped or pasted.

use wasm_bindgen::prelude::*;

use super::property;

#[wasm_bindgen]
extern "C" {
    /// A file of this computer.
    #[derive(Clone, Debug)]
    pub type File;
    /// Its name.
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &File) -> String;
    /// Its size in bytes.
    #[wasm_bindgen(method, getter)]
    pub fn size(this: &File) -> f64;
    /// Its MIME type, as far as the browser knows; empty otherwise.
    #[wasm_bindgen(method, getter, js_name = type)]
    pub fn mime(this: &File) -> String;

    #[wasm_bindgen(constructor, catch)]
    fn new(parts: &js_sys::Array, name: &str, options: &JsValue) -> Result<File, JsValue>;

    #[wasm_bindgen(catch, js_namespace = URL, js_name = createObjectURL)]
    fn create_object_url(file: &File) -> Result<String, JsValue>;
    #[wasm_bindgen(catch, js_namespace = URL, js_name = revokeObjectURL)]
    fn revoke_object_url(address: &str) -> Result<(), JsValue>;
}

/// Files picked in an `<input type="file">`; the input is emptied, so that the same file can be picked again.
#[must_use]
pub fn from_input(input: &web_sys::HtmlInputElement) -> Vec<File> {
    let files = listed(&property(input.as_ref(), "files"));
    input.set_value("");
    files
}

/// Files that a drag or a paste carries.
#[must_use]
pub fn from_event(event: &web_sys::Event) -> Vec<File> {
    let event: &JsValue = event.as_ref();
    ["dataTransfer", "clipboardData"]
        .iter()
        .flat_map(|carrier| listed(&property(&property(event, carrier), "files")))
        .collect()
}

/// What a drag carries, by the names that browsers use: `Files` among them.
#[must_use]
pub fn drag_types(event: &web_sys::Event) -> Vec<String> {
    let types = property(&property(event.as_ref(), "dataTransfer"), "types");
    if types.is_undefined() || types.is_null() {
        return Vec::new();
    }
    js_sys::Array::from(&types).iter().filter_map(|name| name.as_string()).collect()
}

fn listed(list: &JsValue) -> Vec<File> {
    if list.is_null() || list.is_undefined() {
        return Vec::new();
    }
    js_sys::Array::from(list).iter().map(JsCast::unchecked_into).collect()
}

/// A file of these bytes, as if it had been picked.
pub fn made(content: &JsValue, name: &str, mime: &str) -> Option<File> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &JsValue::from_str("type"), &JsValue::from_str(mime)).ok()?;
    File::new(&js_sys::Array::of1(content), name, &options).ok()
}

/// An address at which this page can show a file; to be released when it is no longer shown.
#[must_use]
pub fn preview(file: &File) -> String {
    create_object_url(file).unwrap_or_default()
}

/// Lets go of a preview's address.
pub fn release(address: &str) {
    if !address.is_empty() {
        let _ = revoke_object_url(address);
    }
}
