//! Parts of one page side by side.

use leptos::{ev::KeyboardEvent, prelude::*, text_prop::TextProp};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::{Count, browser};

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// What it is called in data.
    pub value: String,
    /// What people read.
    pub label: TextProp,
    /// A number after the label.
    pub count: Option<Signal<i64>>,
    /// Its own address, if it has one.
    pub href: Option<String>,
}

impl Tab {
    /// A tab with only a label.
    pub fn new(value: impl Into<String>, label: impl Into<TextProp>) -> Self {
        Self { value: value.into(), label: label.into(), count: None, href: None }
    }

    /// With a number after the label.
    #[must_use]
    pub fn count(mut self, count: impl Into<Signal<i64>>) -> Self {
        self.count = Some(count.into());
        self
    }

    /// With its own address; a row of such tabs is a navigation.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A row of tabs. Tabs with addresses are links; the others set `selected`, and arrows move between them.
#[component]
pub fn Tabs(
    /// The tabs.
    tabs: Vec<Tab>,
    /// Value of the tab shown.
    #[prop(into)]
    selected: Signal<String>,
    /// What they divide; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Called with the value of the tab pressed (tabs without addresses).
    #[prop(optional, into)]
    on_select: Option<Callback<String>>,
    /// Id of the element the tabs switch.
    #[prop(optional, into)]
    controls: Option<&'static str>,
    /// As wide as their container, in equal parts.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let is_navigation = tabs.iter().any(|tab| tab.href.is_some());
    let class = if wide { "tabs is-wide" } else { "tabs" };
    let tab = move |tab: Tab| {
        let value = StoredValue::new(tab.value);
        let is_selected = Memo::new(move |_| selected.with(|selected| value.with_value(|value| selected == value)));
        let words = view! {
            <span class="tab-label">{move || tab.label.get()}</span>
            {tab.count.map(|value| view! { <Count value/> })}
        };
        if let Some(href) = tab.href {
            let current = move || is_selected.get().then_some("page");
            return view! { <a class="tab" href=href aria-current=current>{words}</a> }.into_any();
        }
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                aria-selected=move || if is_selected.get() { "true" } else { "false" }
                aria-controls=controls
                tabindex=move || if is_selected.get() { "0" } else { "-1" }
                on:click=move |_| {
                    if let Some(on_select) = on_select {
                        on_select.run(value.get_value());
                    }
                }
            >
                {words}
            </button>
        }
        .into_any()
    };
    let tabs = tabs.into_iter().map(tab).collect_view();
    if is_navigation {
        return view! { <nav class=class aria-label=move || label.get()>{tabs}</nav> }.into_any();
    }
    view! {
        <div class=class role="tablist" aria-label=move || label.get() on:keydown=|event| move_between(&event)>
            {tabs}
        </div>
    }
    .into_any()
}

/// Arrows, Home and End go to another tab and show it.
fn move_between(event: &KeyboardEvent) {
    let Some(list) = event.current_target().and_then(|list| list.dyn_into::<Element>().ok()) else { return };
    let tabs = list.get_elements_by_class_name("tab");
    let count = tabs.length();
    let focused = browser::focused();
    let is_focused =
        |index: &u32| tabs.item(*index).is_some_and(|tab| focused.as_ref().is_some_and(|focused| tab == **focused));
    let Some(at) = (0..count).find(is_focused) else { return };
    let next = match event.key().as_str() {
        "ArrowRight" => (at + 1) % count,
        "ArrowLeft" => (at + count - 1) % count,
        "Home" => 0,
        "End" => count - 1,
        _ => return,
    };
    event.prevent_default();
    if let Some(tab) = tabs.item(next).and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
        browser::focus(&tab);
        tab.click();
    }
}
