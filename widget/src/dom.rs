//! Page elements with living parts, in as few bytes as they can be.
//!
//! Leptos carries the state (signals, effects, owners). Its views, though, are compiled anew for every shape of markup, and
//! a chat built of them weighs twice its budget on every site it is pasted into. So elements are built here by name, and
//! an effect keeps up each part that depends on a signal. What an effect built is torn down when it builds anew.

use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::{Owner, StoredValue};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventTarget, Node, ResizeObserver, Window};

/// The page's window.
pub fn window() -> Window {
    #[expect(clippy::expect_used, reason = "this crate runs in pages only")]
    web_sys::window().expect("a window")
}

/// The page's document.
pub fn document() -> Document {
    #[expect(clippy::expect_used, reason = "this crate runs in pages only")]
    window().document().expect("a document")
}

/// Puts the keyboard on what has this id, if it is still there.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// Something that will be done. Dropped, it is called off.
pub struct Timer(Option<i32>);

impl Timer {
    /// Lets it happen whatever becomes of this value.
    pub fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            window().clear_timeout_with_handle(id);
        }
    }
}

/// Does something after so many milliseconds.
#[must_use = "dropped, it is called off"]
pub fn later(milliseconds: u32, then: impl FnOnce() + 'static) -> Timer {
    let then = once(Box::new(then));
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    Timer(window().set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), milliseconds).ok())
}

/// Does something when the browser draws next.
pub fn next_frame(then: impl FnOnce() + 'static) {
    // Fails only in pages that are not shown, where nothing is drawn.
    let _ = window().request_animation_frame(once(Box::new(then)).unchecked_ref());
}

/// Boxed here, so that it is compiled once and not for every caller.
fn once(then: Box<dyn FnOnce()>) -> JsValue {
    Closure::once_into_js(then)
}

/// An element under construction. Texts always go in as texts and attributes by their names.
#[derive(Clone)]
pub struct El(Element);

/// A new element.
pub fn el(tag: &str) -> El {
    #[expect(clippy::expect_used, reason = "tags are written in this crate, never read from input")]
    El(document().create_element(tag).expect("a valid tag"))
}

/// A new element with a class.
pub fn div(class: &str) -> El {
    el("div").attr("class", class)
}

/// A new element of a drawing.
pub fn svg(tag: &str) -> El {
    #[expect(clippy::expect_used, reason = "tags are written in this crate, never read from input")]
    El(document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag).expect("a valid tag"))
}

impl El {
    pub fn attr(self, name: &str, value: &str) -> Self {
        set_attribute(&self.0, name, Some(value));
        self
    }

    /// An attribute that follows signals; `None` takes it away.
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        effect(move || set_attribute(&element, name, value().as_deref()));
        self
    }

    pub fn text(self, text: &str) -> Self {
        append(&self.0, &document().create_text_node(text));
        self
    }

    /// A text that follows signals.
    pub fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        let place = document().create_text_node("");
        append(&self.0, &place);
        effect(move || place.set_data(&text()));
        self
    }

    pub fn child(self, child: El) -> Self {
        append(&self.0, &child.0);
        self
    }

    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            append(&self.0, &child.0);
        }
        self
    }

    /// A child that is built anew when the signals it read change, and is not there for `None`.
    pub fn live(self, build: impl Fn() -> Option<El> + 'static) -> Self {
        self.live_dyn(Box::new(build))
    }

    fn live_dyn(self, build: Box<dyn Fn() -> Option<El>>) -> Self {
        let mark: Node = document().create_text_node("").into();
        append(&self.0, &mark);
        let shown = std::cell::RefCell::new(None::<El>);
        effect(move || {
            let next = build();
            if let Some(old) = shown.take() {
                old.0.remove();
            }
            if let (Some(next), Some(parent)) = (&next, mark.parent_node()) {
                // Fails only if the mark had left its parent.
                let _ = parent.insert_before(&next.0, Some(&mark));
            }
            shown.replace(next);
        });
        self
    }

    /// Listens for as long as the element's owner lives.
    pub fn on(self, event: &'static str, listener: impl Fn(Event) + 'static) -> Self {
        listen(&self.0, event, Box::new(listener), false);
        self
    }

    /// Listens on the way down too, for events that do not come up.
    pub fn on_capture(self, event: &'static str, listener: impl Fn(Event) + 'static) -> Self {
        listen(&self.0, event, Box::new(listener), true);
        self
    }

    pub fn element(&self) -> &Element {
        &self.0
    }

    /// The element as the type that goes with its tag.
    pub fn cast<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }
}

/// Puts an element at the end of the page.
pub fn mount(element: &El) {
    if let Some(body) = document().body() {
        append(&body, &element.0);
    }
}

/// Keeps a part of the page up to the signals it reads, until the present owner is cleaned up.
pub fn effect(run: impl FnMut() + 'static) {
    effect_dyn(Box::new(run));
}

fn effect_dyn(mut run: Box<dyn FnMut()>) {
    // Dropped, and with it ended, by the owner of the stored value.
    StoredValue::new_local(RenderEffect::new(move |_| run()));
}

/// Listens until the present owner is cleaned up.
pub fn on(target: &EventTarget, event: &'static str, listener: impl Fn(Event) + 'static) {
    listen(target, event, Box::new(listener), false);
}

struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn Fn(Event)>,
    capture: bool,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.event, callback, self.capture);
    }
}

fn listen(target: &EventTarget, event: &'static str, listener: Box<dyn Fn(Event)>, capture: bool) {
    let callback = Closure::wrap(listener);
    // Fails for no event name.
    let _ = target.add_event_listener_with_callback_and_bool(event, callback.as_ref().unchecked_ref(), capture);
    StoredValue::new_local(Listener { target: target.clone(), event, callback, capture });
}

/// Tells of every change of an element's size, until the present owner is cleaned up.
pub fn on_resize(element: &Element, then: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(then);
    if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        StoredValue::new_local(Observed { observer, _callback: callback });
    }
}

struct Observed {
    observer: ResizeObserver,
    _callback: Closure<dyn Fn()>,
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// A list whose items keep their elements while they are in it. `key` tells items apart, `build` makes one's element.
pub fn keyed<T: 'static>(
    place: &El,
    items: impl Fn() -> Vec<T> + 'static,
    key: impl Fn(&T) -> String + 'static,
    build: impl Fn(T) -> El + 'static,
) {
    let place = place.0.clone();
    let end: Node = document().create_text_node("").into();
    append(&place, &end);
    let owner = Owner::current().unwrap_or_default();
    let mut shown: Vec<(String, Element, Owner)> = Vec::new();
    effect(move || {
        let mut before = std::mem::take(&mut shown);
        for item in items() {
            let key = key(&item);
            shown.push(match before.iter().position(|(known, ..)| *known == key) {
                Some(at) => before.swap_remove(at),
                None => {
                    // Not a child of this effect, which lets go of its children at every change.
                    let own = owner.child();
                    let element = own.with(|| build(item)).0;
                    (key, element, own)
                }
            });
        }
        for (_, element, owner) in before {
            element.remove();
            owner.cleanup();
        }
        let mut next = end.clone();
        for (_, element, _) in shown.iter().rev() {
            if element.next_sibling().as_ref() != Some(&next) {
                let _ = place.insert_before(element, Some(&next));
            }
            next = element.clone().into();
        }
    });
}

fn append(place: &Node, node: &Node) {
    // Fails only for a node that contains the place.
    let _ = place.append_child(node);
}

fn set_attribute(element: &Element, name: &str, value: Option<&str>) {
    // Fails only for names that are none.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}
