//! Small marks beside words: `Badge`, `Count`, `Label`, `Kbd`.

use leptos::prelude::*;

/// What a colour means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// Ours, chosen, new.
    Accent,
    /// Well done, available.
    Success,
    /// Careful, waiting.
    Warning,
    /// Wrong, lost, urgent.
    Danger,
    /// Good to know.
    Info,
}

impl Tone {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "is-neutral",
            Self::Accent => "is-accent",
            Self::Success => "is-success",
            Self::Warning => "is-warning",
            Self::Danger => "is-danger",
            Self::Info => "is-info",
        }
    }
}

/// A word on a soft ground: a state, a role.
#[component]
pub fn Badge(
    /// What its colour means.
    #[prop(optional)]
    tone: Tone,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! { <span class=["badge ", tone.class()].concat()>{children()}</span> }.into_any()
}

/// A number beside a name; nothing at zero. Quiet ones are exact up to 9999, strong ones (they sit on icons) up to 99.
#[component]
pub fn Count(
    /// The number.
    #[prop(into)]
    value: Signal<i64>,
    /// It asks for attention (unread) instead of only informing.
    #[prop(optional)]
    strong: bool,
    /// There may be more than the number says.
    #[prop(optional, into)]
    at_least: Signal<bool>,
) -> impl IntoView {
    view! {
        <span class="count" class:is-strong=strong class:is-empty=move || { value.get() <= 0 }>
            {move || words(value.get(), strong, at_least.get())}
        </span>
    }
    .into_any()
}

fn words(value: i64, is_strong: bool, at_least: bool) -> String {
    match (value, is_strong) {
        (..1, _) => String::new(),
        (_, true) => text::number::badge(value),
        (..=9999, false) if at_least => format!("{value}+"),
        (..=9999, false) => value.to_string(),
        _ => "9999+".to_owned(),
    }
}

/// A label: a dot in its own colour and its name.
#[component]
pub fn Label(
    /// Its name.
    #[prop(into)]
    name: String,
    /// Its colour, as people chose it (`#1f93ff`).
    #[prop(into)]
    colour: String,
    /// Only the dot, the name as a hint.
    #[prop(optional)]
    dot: bool,
) -> impl IntoView {
    if dot {
        return view! {
            <span class="label is-dot" data-hint=name.clone() role="img" aria-label=name>
                <Dot colour/>
            </span>
        }
        .into_any();
    }
    view! {
        <span class="label">
            <Dot colour/>
            <span class="truncate">{name}</span>
        </span>
    }
    .into_any()
}

/// A dot in a colour that comes from data. An SVG fill rather than a style, which the content security policy forbids.
#[component]
pub fn Dot(
    /// The colour (`#1f93ff`).
    #[prop(into)]
    colour: String,
) -> impl IntoView {
    view! {
        <svg class="dot" viewBox="0 0 8 8" aria-hidden="true">
            <circle cx="4" cy="4" r="4" fill=colour></circle>
        </svg>
    }
    .into_any()
}

/// Keys to press, e.g. `Ctrl K`; a space separates keys.
#[component]
pub fn Kbd(
    /// The keys.
    keys: &'static str,
) -> impl IntoView {
    view! {
        <span class="kbd" aria-hidden="true">
            {keys.split(' ').map(|key| view! { <kbd>{key}</kbd> }).collect_view()}
        </span>
    }
    .into_any()
}
