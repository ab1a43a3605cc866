//! Watching the size of an element.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type ResizeObserver;
    #[wasm_bindgen(constructor)]
    fn new(handler: &js_sys::Function) -> ResizeObserver;
    #[wasm_bindgen(method)]
    fn observe(this: &ResizeObserver, element: &web_sys::Element);
    #[wasm_bindgen(method)]
    fn disconnect(this: &ResizeObserver);
}

/// Keeps watching until it is dropped.
pub struct Resizes {
    observer: ResizeObserver,
    _handler: Closure<dyn FnMut()>,
}

impl Drop for Resizes {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls after each change of the element's size, and once at the start.
#[must_use]
pub fn on_resize(element: &web_sys::Element, run: impl FnMut() + 'static) -> Resizes {
    let handler = Closure::<dyn FnMut()>::new(run);
    let observer = ResizeObserver::new(handler.as_ref().unchecked_ref());
    observer.observe(element);
    Resizes { observer, _handler: handler }
}
