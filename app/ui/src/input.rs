//! Typed text: `TextInput`, `TextArea`.

use leptos::{ev::KeyboardEvent, html, prelude::*, text_prop::TextProp};
use web_sys::HtmlElement;

use crate::{Glyph, Icon, Size, field};

/// What is typed, so that browsers help with keyboard, filling in and checking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Anything on one line.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A secret.
    Password,
    /// A web address.
    Url,
    /// A phone number.
    Phone,
    /// A number.
    Number,
    /// A search.
    Search,
    /// A day.
    Date,
    /// A day and a time of day.
    DateTime,
    /// A time of day.
    Time,
}

impl InputKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Password => "password",
            Self::Url => "url",
            Self::Phone => "tel",
            Self::Number => "number",
            Self::Search => "search",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
            Self::Time => "time",
        }
    }
}

/// One line of text.
#[component]
pub fn TextInput(
    /// The text, kept in step both ways.
    value: RwSignal<String>,
    /// What is typed.
    #[prop(optional)]
    kind: InputKind,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// Name in a form sent without scripts.
    #[prop(optional, into)]
    name: Option<&'static str>,
    /// Id outside a `Field`.
    #[prop(optional, into)]
    id: Option<String>,
    /// Label read aloud outside a `Field`.
    #[prop(optional, into)]
    label: Option<TextProp>,
    /// An example or a prompt.
    #[prop(optional, into)]
    placeholder: Option<TextProp>,
    /// What the browser may fill in (`email`, `current-password`, `off`).
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// Longest text in characters.
    #[prop(optional, into)]
    max: Option<u32>,
    /// A sign inside, before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Fixed text inside, before what is typed (`https://`).
    #[prop(optional, into)]
    prefix: Option<&'static str>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Can be read and copied, not changed.
    #[prop(optional)]
    readonly: bool,
    /// Takes the keyboard when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Called with each change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Called when Enter is pressed.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// To reach the element.
    #[prop(optional)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let scope = field::scope();
    let id = id.or_else(|| scope.as_ref().map(|scope| scope.id.clone()));
    let required = scope.as_ref().is_some_and(|scope| scope.required);
    let described_by = scope.as_ref().map(|scope| scope.described_by);
    let invalid = scope.map(|scope| scope.invalid);

    let type_text = move |text: String| {
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    };
    Effect::new(move |_| {
        let Some(input) = node_ref.get() else { return };
        // Typed or filled in by the browser before the page came alive: that text wins over the server's.
        let typed = input.value();
        if typed != input.default_value() && value.get_untracked() != typed {
            type_text(typed);
        }
        if autofocus {
            let _ = input.focus();
        }
    });
    Effect::new(move |_| {
        let Some(input) = node_ref.get() else { return };
        value.with(|value| {
            if input.value() != *value {
                input.set_value(value);
            }
        });
    });

    let press_key = move |event: KeyboardEvent| {
        if event.key() == "Enter"
            && !event.is_composing()
            && let Some(on_enter) = on_enter
        {
            event.prevent_default();
            on_enter.run(());
        }
    };
    view! {
        <span class=["input ", size.class()].concat()>
            {icon.map(|icon| view! { <Glyph icon/> })}
            {prefix.map(|prefix| view! { <span class="input-prefix">{prefix}</span> })}
            <input
                node_ref=node_ref
                class="input-control"
                type=kind.name()
                id=id
                name=name
                value=value.get_untracked()
                placeholder=move || placeholder.as_ref().map(TextProp::get)
                aria-label=move || label.as_ref().map(TextProp::get)
                aria-describedby=move || described_by.and_then(|described_by| described_by.get())
                aria-invalid=move || invalid.is_some_and(|invalid| invalid.get()).then_some("true")
                autocomplete=autocomplete
                maxlength=max
                required=required
                readonly=readonly
                disabled=disabled
                on:input:target=move |event| type_text(event.target().value())
                on:keydown=press_key
            />
        </span>
    }
    .into_any()
}

/// Several lines of text. Its text is set after the page came alive, never as children: the server would not escape them.
#[component]
pub fn TextArea(
    /// The text, kept in step both ways.
    value: RwSignal<String>,
    /// Name in a form sent without scripts.
    #[prop(optional, into)]
    name: Option<&'static str>,
    /// Id outside a `Field`.
    #[prop(optional, into)]
    id: Option<String>,
    /// Label read aloud outside a `Field`.
    #[prop(optional, into)]
    label: Option<TextProp>,
    /// An example or a prompt.
    #[prop(optional, into)]
    placeholder: Option<TextProp>,
    /// Lines shown at first.
    #[prop(default = 3)]
    rows: u32,
    /// Grows with the text, up to the height the styles allow.
    #[prop(default = true)]
    autosize: bool,
    /// Without the box: the place around it is the box (the composer).
    #[prop(optional)]
    bare: bool,
    /// Longest text in characters.
    #[prop(optional, into)]
    max: Option<u32>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with each change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Called with each key, before the text changes.
    #[prop(optional, into)]
    on_key: Option<Callback<KeyboardEvent>>,
    /// To reach the element.
    #[prop(optional)]
    node_ref: NodeRef<html::Textarea>,
) -> impl IntoView {
    let scope = field::scope();
    let id = id.or_else(|| scope.as_ref().map(|scope| scope.id.clone()));
    let required = scope.as_ref().is_some_and(|scope| scope.required);
    let described_by = scope.as_ref().map(|scope| scope.described_by);
    let invalid = scope.map(|scope| scope.invalid);

    Effect::new(move |is_running: Option<()>| {
        let Some(area) = node_ref.get() else { return };
        let typed = area.value();
        if is_running.is_none() && !typed.is_empty() && value.with_untracked(String::is_empty) {
            value.set(typed);
        }
        value.with(|value| {
            if area.value() != *value {
                area.set_value(value);
            }
        });
        if autosize {
            fit(&area);
        }
    });

    let press_key = move |event: KeyboardEvent| {
        if let Some(on_key) = on_key {
            on_key.run(event);
        }
    };
    view! {
        <textarea
            node_ref=node_ref
            class=if bare { "textarea is-bare" } else { "textarea" }
            id=id
            name=name
            rows=rows
            placeholder=move || placeholder.as_ref().map(TextProp::get)
            aria-label=move || label.as_ref().map(TextProp::get)
            aria-describedby=move || described_by.and_then(|described_by| described_by.get())
            aria-invalid=move || invalid.is_some_and(|invalid| invalid.get()).then_some("true")
            maxlength=max
            required=required
            disabled=disabled
            on:input:target=move |event| {
                let text = event.target().value();
                value.set(text.clone());
                if let Some(on_input) = on_input {
                    on_input.run(text);
                }
            }
            on:keydown=press_key
        ></textarea>
    }
    .into_any()
}

/// Gives the area the height of its text; the styles cap it, and then it scrolls.
fn fit(area: &HtmlElement) {
    let style = area.style();
    // Not on the page yet, or hidden: it has no height to measure, and keeps its lines.
    if area.offset_height() == 0 {
        return;
    }
    let _ = style.set_property("height", "auto");
    let border = area.offset_height() - area.client_height();
    let _ = style.set_property("height", &[&(area.scroll_height() + border).to_string(), "px"].concat());
}
