//! The few things of the browser that pages need; called from effects and event handlers only.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// How long small choices are remembered, in seconds.
const YEAR: &str = "31536000";

/// Remembers a small choice for the server's next page. Never anything secret: scripts can read it.
pub fn set_cookie(name: &str, value: &str) {
    let cookie = [name, "=", value, "; path=/; max-age=", YEAR, "; samesite=lax"].concat();
    let _ = js_sys::Reflect::set(document().as_ref(), &JsValue::from_str("cookie"), &JsValue::from_str(&cookie));
}

/// Sets an attribute of `<html>`, or takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Leaves for another page, which the server draws anew.
pub fn go(address: &str) {
    let _ = window().location().assign(address);
}

/// The address of this page without the site.
#[must_use]
pub fn here() -> String {
    let location = window().location();
    [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat()
}

/// The site of this page: scheme and host.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The browser's time zone by its IANA name; empty when it does not say.
#[must_use]
pub fn time_zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = format.resolved_options();
    js_sys::Reflect::get(options.as_ref(), &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_default()
}
