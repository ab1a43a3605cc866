//! Things to press: `Button`, `IconButton`, `ButtonLink`.

use leptos::{ev::MouseEvent, prelude::*, text_prop::TextProp};

use crate::{Glyph, Icon, IconSize, Kbd};

/// How much a button asks to be pressed; at most one `Primary` per view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// The one thing this view is for.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Quiet: toolbars, rows, cancel.
    Ghost,
    /// Removes something for good.
    Danger,
}

impl Variant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "is-primary",
            Self::Secondary => "is-secondary",
            Self::Ghost => "is-ghost",
            Self::Danger => "is-danger",
        }
    }
}

/// Height of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// 26 px, in toolbars and rows.
    Small,
    /// 32 px.
    #[default]
    Medium,
    /// 40 px, on pages of their own (sign-in, first run).
    Large,
}

impl Size {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Small => "is-small",
            Self::Medium => "",
            Self::Large => "is-large",
        }
    }
}

fn classes(kind: &str, variant: Variant, size: Size, more: &str) -> String {
    [kind, " ", variant.class(), " ", size.class(), " ", more].concat()
}

/// A button with words.
#[component]
pub fn Button(
    /// How much it asks to be pressed.
    #[prop(optional)]
    variant: Variant,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// A sign before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// A chevron after the words, for buttons that open a menu.
    #[prop(optional)]
    opens_menu: bool,
    /// Working: shows a spinner in place of the words, keeps its width and ignores presses.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    /// Keys that do the same, shown after the words.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// Id of the `Menu` or `Popover` it opens.
    #[prop(optional, into)]
    opens: Option<String>,
    /// What to do.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// The words.
    children: Children,
) -> impl IntoView {
    let press = move |event: MouseEvent| {
        if loading.get_untracked() {
            event.prevent_default();
            return;
        }
        if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    let popup = opens.is_some().then_some("true");
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=classes("button", variant, size, class)
            class:is-wide=wide
            class:is-loading=loading
            disabled=disabled
            aria-busy=move || loading.get().then_some("true")
            aria-haspopup=popup
            popovertarget=opens
            on:click=press
        >
            {icon.map(|icon| view! { <Glyph icon/> })}
            <span class="button-label">{children()}</span>
            {shortcut.map(|keys| view! { <Kbd keys/> })}
            {opens_menu.then(|| view! { <Glyph icon=Icon::ChevronDown size=IconSize::Tiny/> })}
            <Spinner/>
        </button>
    }
    .into_any()
}

/// The spinner of a loading button; drawn by the styles only while the button has `is-loading`.
#[component]
fn Spinner() -> impl IntoView {
    view! { <span class="button-spinner" aria-hidden="true"></span> }
}

/// Where a hint appears relative to what it explains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Above.
    #[default]
    Top,
    /// Below; for things at the top of a pane.
    Bottom,
    /// After, in reading direction; for the rail.
    End,
}

impl Side {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Bottom => "bottom",
            Self::End => "end",
        }
    }
}

/// A button with only an icon; its label is read aloud and shown as a hint.
#[component]
pub fn IconButton(
    /// The sign.
    #[prop(into)]
    icon: Signal<Icon>,
    /// What it does.
    #[prop(into)]
    label: TextProp,
    /// How much it asks to be pressed; ghost unless said otherwise.
    #[prop(default = Variant::Ghost)]
    variant: Variant,
    /// Its height and width.
    #[prop(optional)]
    size: Size,
    /// Switched on (toolbars); `None` for a button that is no switch.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Keys that do the same, shown in the hint.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// Where the hint appears.
    #[prop(optional)]
    side: Side,
    /// Id of the `Menu` or `Popover` it opens.
    #[prop(optional, into)]
    opens: Option<String>,
    /// What to do.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let hint = label.clone();
    let hint = move || match shortcut {
        Some(keys) => [&hint.get(), "  ", keys].concat(),
        None => hint.get().to_string(),
    };
    let popup = opens.is_some().then_some("true");
    let press = move |event: MouseEvent| {
        if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    view! {
        <button
            type="button"
            class=classes("icon-button", variant, size, class)
            class:is-pressed=move || pressed.is_some_and(|pressed| pressed.get())
            aria-label=move || label.get()
            aria-pressed=move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" })
            aria-haspopup=popup
            data-hint=hint
            data-hint-side=side.name()
            disabled=disabled
            popovertarget=opens
            on:click=press
        >
            {move || view! { <Glyph icon=icon.get()/> }}
        </button>
    }
    .into_any()
}

/// A link that looks like a button: it leads somewhere instead of doing something.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it asks to be pressed.
    #[prop(optional)]
    variant: Variant,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// A sign before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=classes("button", variant, size, class) class:is-wide=wide>
            {icon.map(|icon| view! { <Glyph icon/> })}
            <span class="button-label">{children()}</span>
        </a>
    }
    .into_any()
}
