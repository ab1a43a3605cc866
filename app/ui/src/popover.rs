//! Something that floats beside the button that opened it.
//!
//! Built on the browser's own popovers: they close on Escape and on a press elsewhere, and give the keyboard back to the
//! button. Opening works through the button's `opens` prop (`popovertarget`).

use leptos::{ev::Event, html, prelude::*, text_prop::TextProp};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::browser;

/// Distance between the button and what it opened.
const GAP: f64 = 4.0;
/// Distance kept from the edges of the window.
const MARGIN: f64 = 8.0;

/// A floating place for anything (filters, pickers, an emoji table). For a list of actions use `Menu`.
#[component]
pub fn Popover(
    /// Id, unique on the page; buttons open it with `opens=id`.
    #[prop(into)]
    id: String,
    /// What it is; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Whether it is open; setting it to `false` closes it.
    #[prop(optional)]
    open: RwSignal<bool>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// Its content, drawn while it is open.
    children: ChildrenFn,
) -> impl IntoView {
    let node_ref = NodeRef::<html::Div>::new();
    let shown = follow(node_ref, open);
    view! {
        <div
            node_ref=node_ref
            id=id
            class=["popover ", class].concat()
            popover="auto"
            role="dialog"
            aria-label=move || label.get()
            on:beforetoggle=move |event| before_toggle(&event, open, shown)
            on:toggle=move |event| focus_first(&event, "[data-autofocus],input,button,a")
        >
            <Show when=move || shown.get()>{children()}</Show>
        </div>
    }
    .into_any()
}

/// Closes the popover when its signal is set to `false` from outside. Returns whether its content is to be drawn: that must
/// not go before the popover itself has closed, or the keyboard would be lost with it instead of going back to the button.
pub(crate) fn follow(node_ref: NodeRef<html::Div>, open: RwSignal<bool>) -> RwSignal<bool> {
    let shown = RwSignal::new(open.get_untracked());
    Effect::new(move |_| {
        let is_open = open.get();
        let Some(panel) = node_ref.get() else { return };
        // `shown` is false already when the popover is closing by itself.
        if !is_open && shown.get_untracked() && is_shown(&panel) {
            let _ = panel.hide_popover();
        }
    });
    shown
}

/// Just before the popover shows it is put beside its button, and just before it hides its content may go.
pub(crate) fn before_toggle(event: &Event, open: RwSignal<bool>, shown: RwSignal<bool>) {
    let Some(panel) = target(event) else { return };
    let opens = !is_shown(&panel);
    if opens {
        place(&panel);
    }
    shown.set(opens);
    open.set(opens);
}

/// After it showed: the keyboard goes to the first thing that takes it.
pub(crate) fn focus_first(event: &Event, selector: &str) {
    let Some(panel) = target(event).filter(|panel| is_shown(panel)) else { return };
    if let Ok(Some(first)) = panel.query_selector(selector) {
        browser::focus(&first);
    }
}

/// Toggle events bubble nowhere, but popovers nest: only its own counts.
fn target(event: &Event) -> Option<HtmlElement> {
    event.current_target().filter(|own| event.target().is_some_and(|target| target == *own))?.dyn_into().ok()
}

pub(crate) fn is_shown(panel: &Element) -> bool {
    panel.matches(":popover-open").unwrap_or(false)
}

/// Below the button or above it, aligned with the edge that leaves more room. Only the button is measured: the popover has
/// no size before it shows, and moving it afterwards would be seen.
fn place(panel: &HtmlElement) {
    let Some(button) = opener(&panel.id()) else { return };
    let edges = browser::edges(&button);
    let (width, height) = browser::window_size();
    let style = panel.style();
    let pixels = |value: f64| [&format_pixels(value), "px"].concat();
    let set = |name: &str, value: &str| {
        let _ = style.set_property(name, value);
    };

    let goes_below = edges.bottom < height * 0.6;
    set("top", &if goes_below { pixels(edges.bottom + GAP) } else { "auto".to_owned() });
    set("bottom", &if goes_below { "auto".to_owned() } else { pixels(height - edges.top + GAP) });
    let room = if goes_below { height - edges.bottom } else { edges.top } - GAP - MARGIN;
    set("--room", &pixels(room.max(120.0)));

    let starts_left = edges.left + edges.right < width;
    set("left", &if starts_left { pixels(edges.left.max(MARGIN)) } else { "auto".to_owned() });
    set("right", &if starts_left { "auto".to_owned() } else { pixels((width - edges.right).max(MARGIN)) });
    set("--opener", &pixels(edges.right - edges.left));
}

/// Whole pixels, so that text inside stays sharp and no float formatting is linked in.
#[expect(clippy::cast_possible_truncation, reason = "window coordinates")]
fn format_pixels(value: f64) -> String {
    (value.round() as i32).to_string()
}

/// The button that opens it: the one in use, else the first.
fn opener(id: &str) -> Option<Element> {
    let names_it = |element: &Element| element.get_attribute("popovertarget").is_some_and(|target| target == id);
    if let Some(focused) = document().active_element().filter(names_it) {
        return Some(focused);
    }
    let selector = ["[popovertarget=\"", id, "\"]"].concat();
    document()
        .query_selector(&[&selector, ":hover"].concat())
        .ok()
        .flatten()
        .or_else(|| document().query_selector(&selector).ok().flatten())
}
