//! What can be chosen, and the marks to choose with: `Checkbox`, `Switch`, `RadioGroup`, `Segmented`.

use leptos::{html, prelude::*, text_prop::TextProp};

use crate::{Glyph, Icon, Presence};

/// What stands before the words of a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// A sign.
    Icon(Icon),
    /// A dot in a colour from data.
    Dot(String),
    /// A face.
    Face {
        /// Address of the picture, initials without one.
        picture: Option<String>,
        /// Whether they are there.
        presence: Option<Presence>,
    },
    /// The sign of a channel, by its key.
    Channel(String),
}

/// One of several things to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the choice is called in data.
    pub value: String,
    /// What people read.
    pub label: String,
    /// A second, quieter line.
    pub detail: Option<String>,
    /// What stands before the words.
    pub mark: Mark,
    /// Whose face it is, where the label says more than the name.
    pub face_of: Option<String>,
    /// Cannot be chosen now.
    pub disabled: bool,
}

impl Choice {
    /// A choice with only a value and a label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// With a second, quieter line.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With the face of somebody whose label says more than the name.
    #[must_use]
    pub fn face_of(mut self, name: impl Into<String>) -> Self {
        self.face_of = Some(name.into());
        self
    }

    /// With something before the words.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }
}

/// Keeps a native checkbox and its signal in step; what changes it. A box ticked before the page came alive is a change like any other.
fn sync_checked(
    node_ref: NodeRef<html::Input>,
    checked: RwSignal<bool>,
    on_change: Option<Callback<bool>>,
) -> impl Fn(bool) + Copy + 'static {
    let change = move |is_checked: bool| {
        checked.set(is_checked);
        if let Some(on_change) = on_change {
            on_change.run(is_checked);
        }
    };
    Effect::new(move |is_running: Option<()>| {
        let Some(input) = node_ref.get() else { return };
        if is_running.is_none() && input.checked() != input.default_checked() {
            change(input.checked());
        }
        let is_checked = checked.get();
        if input.checked() != is_checked {
            input.set_checked(is_checked);
        }
    });
    change
}

/// A box to tick, with its words.
#[component]
pub fn Checkbox(
    /// Whether it is ticked, kept in step both ways.
    checked: RwSignal<bool>,
    /// What ticking it means.
    #[prop(into)]
    label: TextProp,
    /// A second, quieter line.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// Some of what it stands for is ticked.
    #[prop(optional, into)]
    partly: Signal<bool>,
    /// Only the box; the label is read aloud.
    #[prop(optional)]
    hide_label: bool,
    /// Name in a form sent without scripts.
    #[prop(optional, into)]
    name: Option<&'static str>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with each change.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let node_ref = NodeRef::<html::Input>::new();
    let change = sync_checked(node_ref, checked, on_change);
    Effect::new(move |_| {
        if let Some(input) = node_ref.get() {
            input.set_indeterminate(partly.get());
        }
    });
    view! {
        <label class="checkbox">
            <input
                type="checkbox"
                node_ref=node_ref
                name=name
                checked=checked.get_untracked()
                disabled=disabled
                // What a browser remembers of an earlier visit is nobody's change.
                autocomplete="off"
                on:change:target=move |event| change(event.target().checked())
            />
            <Words label detail hide_label/>
        </label>
    }
    .into_any()
}

/// Switches something on or off at once.
#[component]
pub fn Switch(
    /// Whether it is on, kept in step both ways.
    checked: RwSignal<bool>,
    /// What it switches.
    #[prop(into)]
    label: TextProp,
    /// A second, quieter line.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// Only the switch; the label is read aloud.
    #[prop(optional)]
    hide_label: bool,
    /// Name in a form sent without scripts.
    #[prop(optional, into)]
    name: Option<&'static str>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with each change.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let node_ref = NodeRef::<html::Input>::new();
    let change = sync_checked(node_ref, checked, on_change);
    view! {
        <label class="switch">
            <Words label detail hide_label/>
            <input
                type="checkbox"
                role="switch"
                node_ref=node_ref
                name=name
                checked=checked.get_untracked()
                disabled=disabled
                // What a browser remembers of an earlier visit is nobody's change.
                autocomplete="off"
                on:change:target=move |event| change(event.target().checked())
            />
        </label>
    }
    .into_any()
}

#[component]
fn Words(label: TextProp, detail: Option<TextProp>, hide_label: bool) -> impl IntoView {
    view! {
        <span class=if hide_label { "visually-hidden" } else { "choice-words" }>
            <span>{move || label.get()}</span>
            {detail.map(|detail| view! { <span class="choice-detail">{move || detail.get()}</span> })}
        </span>
    }
    .into_any()
}

/// One of a few, each with room to explain itself.
#[component]
pub fn RadioGroup(
    /// The value chosen, kept in step both ways.
    value: RwSignal<String>,
    /// Name of the group, unique on the page.
    name: &'static str,
    /// What is asked; read aloud, and shown unless it stands in a `FormSection`.
    #[prop(into)]
    label: TextProp,
    /// What can be chosen.
    options: Vec<Choice>,
    /// Each choice in a box of its own.
    #[prop(optional)]
    cards: bool,
    /// Called with each choice.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let option = move |choice: Choice| {
        let (chosen, label, detail) = (StoredValue::new(choice.value.clone()), choice.label, choice.detail);
        let is_chosen = move || value.with(|value| chosen.with_value(|chosen| value == chosen));
        let pick = move |_| {
            value.set(chosen.get_value());
            if let Some(on_change) = on_change {
                on_change.run(chosen.get_value());
            }
        };
        let icon = if let Mark::Icon(icon) = choice.mark { Some(icon) } else { None };
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name=name
                    value=choice.value
                    checked=untrack(is_chosen)
                    prop:checked=is_chosen
                    disabled=choice.disabled
                    on:change=pick
                />
                {icon.map(|icon| view! { <Glyph icon/> })}
                <Words label=label.into() detail=detail.map(Into::into) hide_label=false/>
            </label>
        }
    };
    view! {
        <fieldset class="radio-group" class:is-cards=cards>
            <legend class="field-label">{move || label.get()}</legend>
            {options.into_iter().map(option).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// Two to five short choices side by side.
#[component]
pub fn Segmented(
    /// The value chosen, kept in step both ways.
    value: RwSignal<String>,
    /// Name of the group, unique on the page.
    name: &'static str,
    /// What is chosen; read aloud.
    #[prop(into)]
    label: TextProp,
    /// What can be chosen.
    options: Vec<Choice>,
    /// Called with each choice.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let option = move |choice: Choice| {
        let chosen = StoredValue::new(choice.value.clone());
        let is_chosen = move || value.with(|value| chosen.with_value(|chosen| value == chosen));
        let pick = move |_| {
            value.set(chosen.get_value());
            if let Some(on_change) = on_change {
                on_change.run(chosen.get_value());
            }
        };
        let icon = if let Mark::Icon(icon) = choice.mark { Some(icon) } else { None };
        view! {
            <label class="segmented-option">
                <input
                    type="radio"
                    name=name
                    value=choice.value
                    checked=untrack(is_chosen)
                    prop:checked=is_chosen
                    disabled=choice.disabled
                    on:change=pick
                />
                {icon.map(|icon| view! { <Glyph icon/> })}
                <span>{choice.label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segmented">
            <legend class="visually-hidden">{move || label.get()}</legend>
            {options.into_iter().map(option).collect_view()}
        </fieldset>
    }
    .into_any()
}
