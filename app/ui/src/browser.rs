//! The few things of the browser the primitives need; called from effects and event handlers only.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Edges of an element in the window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edges {
    /// Distance of the left edge from the window's left.
    pub left: f64,
    /// Distance of the top edge from the window's top.
    pub top: f64,
    /// Distance of the right edge from the window's left.
    pub right: f64,
    /// Distance of the bottom edge from the window's top.
    pub bottom: f64,
}

// Declared here rather than taken from web-sys: each extra feature there rebuilds everything above it.
#[wasm_bindgen]
extern "C" {
    type Rectangle;
    #[wasm_bindgen(method, getter)]
    fn left(this: &Rectangle) -> f64;
    #[wasm_bindgen(method, getter)]
    fn top(this: &Rectangle) -> f64;
    #[wasm_bindgen(method, getter)]
    fn right(this: &Rectangle) -> f64;
    #[wasm_bindgen(method, getter)]
    fn bottom(this: &Rectangle) -> f64;

    type Measurable;
    #[wasm_bindgen(method, js_name = getBoundingClientRect)]
    fn bounds(this: &Measurable) -> Rectangle;

    type Selection;
    #[wasm_bindgen(catch, js_name = getSelection)]
    fn selection() -> Result<Option<Selection>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = selectAllChildren)]
    fn select_all_children(this: &Selection, node: &web_sys::Node) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;
}

/// Where an element is now.
#[must_use]
pub fn edges(element: &web_sys::Element) -> Edges {
    let bounds = element.unchecked_ref::<Measurable>().bounds();
    Edges { left: bounds.left(), top: bounds.top(), right: bounds.right(), bottom: bounds.bottom() }
}

/// Width and height of the window in CSS pixels.
#[must_use]
pub fn window_size() -> (f64, f64) {
    let number = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    (number(window().inner_width()), number(window().inner_height()))
}

/// Puts text on the clipboard; `false` when the browser refuses (no secure context, no permission).
pub async fn copy(text: &str) -> bool {
    let Ok(promise) = write_text(text) else { return false };
    JsFuture::from(promise).await.is_ok()
}

/// Unix milliseconds by the browser's clock.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds fit")]
pub fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// The browser's offset from UTC in minutes, east positive.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "at most a day")]
pub fn utc_offset() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// The element that has the keyboard, if it is of that kind.
#[must_use]
pub fn focused() -> Option<web_sys::HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Moves the keyboard to an element.
pub fn focus(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}

/// Marks the text of an element, as if somebody had dragged over it.
pub fn select(element: &web_sys::Element) {
    if let Ok(Some(selection)) = selection() {
        let _ = selection.select_all_children(element);
    }
}
