//! Lists of actions behind a button.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
    text_prop::TextProp,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::{Glyph, Icon, Kbd, browser, popover};

/// A list of actions. Put `MenuItem`, `MenuLabel` and `MenuSeparator` into it; open it with `opens=id` of a button.
#[component]
pub fn Menu(
    /// Id, unique on the page.
    #[prop(into)]
    id: String,
    /// What it is; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Whether it is open; setting it to `false` closes it.
    #[prop(optional)]
    open: RwSignal<bool>,
    /// Its items, drawn while it is open.
    children: ChildrenFn,
) -> impl IntoView {
    let node_ref = NodeRef::<html::Div>::new();
    let shown = popover::follow(node_ref, open);
    let press = move |event: MouseEvent| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if matches!(target.closest(".menu-item:not([aria-disabled='true'])"), Ok(Some(_))) {
            open.set(false);
        }
    };
    view! {
        <div
            node_ref=node_ref
            id=id
            class="menu popover"
            popover="auto"
            role="menu"
            aria-label=move || label.get()
            on:beforetoggle=move |event| popover::before_toggle(&event, open, shown)
            on:toggle=move |event| popover::focus_first(&event, ".menu-item")
            on:keydown=move |event| move_in_menu(&event, open)
            on:click=press
        >
            <Show when=move || shown.get()>{children()}</Show>
        </div>
    }
    .into_any()
}

/// One action of a menu.
#[component]
pub fn MenuItem(
    /// What it does.
    #[prop(into)]
    label: TextProp,
    /// A sign before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// A second, quieter line.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// Keys that do the same.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// Chosen (a check mark); `None` for an item that is no choice.
    #[prop(optional, into)]
    checked: Option<Signal<bool>>,
    /// Removes something for good.
    #[prop(optional)]
    danger: bool,
    /// Cannot be done now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Where it leads, for an item that is a link.
    #[prop(optional, into)]
    href: Option<String>,
    /// What to do.
    #[prop(optional, into)]
    on_select: Option<Callback<()>>,
) -> impl IntoView {
    let role = if checked.is_some() { "menuitemcheckbox" } else { "menuitem" };
    let is_checked = move || checked.is_some_and(|checked| checked.get());
    let content = view! {
        {icon.map(|icon| view! { <Glyph icon/> })}
        <span class="choice-words">
            <span>{move || label.get()}</span>
            {detail.map(|detail| view! { <span class="choice-detail">{move || detail.get()}</span> })}
        </span>
        {shortcut.map(|keys| view! { <Kbd keys/> })}
        {move || is_checked().then(|| view! { <Glyph icon=Icon::Check/> })}
    };
    if let Some(href) = href {
        return view! {
            <a class="menu-item" class:is-danger=danger role="menuitem" tabindex="-1" href=href>
                {content}
            </a>
        }
        .into_any();
    }
    let press = move |_| {
        if !disabled.get_untracked()
            && let Some(on_select) = on_select
        {
            on_select.run(());
        }
    };
    view! {
        <button
            type="button"
            class="menu-item"
            class:is-danger=danger
            role=role
            tabindex="-1"
            aria-checked=move || checked.map(|checked| if checked.get() { "true" } else { "false" })
            aria-disabled=move || disabled.get().then_some("true")
            on:click=press
        >
            {content}
        </button>
    }
    .into_any()
}

/// A heading inside a menu.
#[component]
pub fn MenuLabel(
    /// The words.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    view! { <div class="menu-label" role="presentation">{move || label.get()}</div> }.into_any()
}

/// A line between groups of actions.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <hr class="menu-separator"/> }.into_any()
}

/// Arrows, Home, End and first letters move; Tab leaves.
fn move_in_menu(event: &KeyboardEvent, open: RwSignal<bool>) {
    let Some(menu) = event.current_target().and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) else { return };
    let items = menu.get_elements_by_class_name("menu-item");
    let count = items.length();
    if count == 0 {
        return;
    }
    let focused = browser::focused();
    let at = (0..count)
        .find(|index| items.item(*index).is_some_and(|item| focused.as_ref().is_some_and(|focused| item == **focused)));
    let next = match event.key().as_str() {
        "ArrowDown" => Some(at.map_or(0, |at| (at + 1) % count)),
        "ArrowUp" => Some(at.map_or(count - 1, |at| (at + count - 1) % count)),
        "Home" => Some(0),
        "End" => Some(count - 1),
        "Tab" => {
            open.set(false);
            None
        }
        key if key.chars().count() == 1 && key != " " => {
            let from = at.map_or(0, |at| at + 1);
            let starts = |index: &u32| {
                let text = items.item(*index).and_then(|item| item.text_content()).unwrap_or_default();
                text.trim().to_lowercase().starts_with(&key.to_lowercase())
            };
            (0..count).map(|step| (from + step) % count).find(starts)
        }
        _ => None,
    };
    if let Some(item) = next.and_then(|next| items.item(next)) {
        event.prevent_default();
        browser::focus(&item);
    }
}
