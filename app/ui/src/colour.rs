//! Choosing a colour.

use leptos::{prelude::*, text_prop::TextProp};

use crate::field;

/// The browser's colour picker, the value as text, and colours to start from.
#[component]
pub fn ColourField(
    /// The colour (`#1f93ff`), kept in step both ways; only ever a complete colour.
    value: RwSignal<String>,
    /// Colours offered.
    #[prop(optional)]
    presets: &'static [&'static str],
    /// What the colour is for; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Name in a form sent without scripts.
    #[prop(optional, into)]
    name: Option<&'static str>,
) -> impl IntoView {
    let id = field::scope().map(|scope| scope.id);
    let typed = move |text: String| {
        if let Some(colour) = parse_colour(&text) {
            value.set(colour);
        }
    };
    let preset = move |colour: &'static str| {
        view! {
            <button
                type="button"
                class="colour-preset"
                class:is-chosen=move || value.read().eq_ignore_ascii_case(colour)
                aria-label=colour
                aria-pressed=move || if value.read().eq_ignore_ascii_case(colour) { "true" } else { "false" }
                on:click=move |_| value.set(colour.to_owned())
            >
                <svg viewBox="0 0 20 20" aria-hidden="true">
                    <circle cx="10" cy="10" r="10" fill=colour></circle>
                </svg>
            </button>
        }
    };
    let aloud = label.clone();
    view! {
        <div class="colour-field">
            <span class="input colour-input">
                <input
                    type="color"
                    name=name
                    value=value.get_untracked()
                    prop:value=value
                    aria-label=move || label.get()
                    on:input:target=move |event| typed(event.target().value())
                />
                <input
                    class="input-control"
                    type="text"
                    id=id
                    maxlength="7"
                    spellcheck="false"
                    autocomplete="off"
                    aria-label=move || aloud.get()
                    value=value.get_untracked()
                    prop:value=value
                    on:change:target=move |event| {
                        let input = event.target();
                        typed(input.value());
                        input.set_value(&value.get_untracked());
                    }
                />
            </span>
            {(!presets.is_empty())
                .then(|| view! { <div class="colour-presets">{presets.iter().copied().map(preset).collect_view()}</div> })}
        </div>
    }
    .into_any()
}

/// A colour as people type it (`1F93FF`, `#abc`) in the form browsers want (`#1f93ff`).
#[must_use]
pub fn parse_colour(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#').to_ascii_lowercase();
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 => Some(["#", &digits].concat()),
        3 => Some(std::iter::once('#').chain(digits.chars().flat_map(|digit| [digit, digit])).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse_colour;

    #[test]
    fn colours_are_read_as_people_type_them() {
        assert_eq!(parse_colour("1F93FF").as_deref(), Some("#1f93ff"));
        assert_eq!(parse_colour(" #abc ").as_deref(), Some("#aabbcc"));
        assert_eq!(parse_colour("blue"), None);
        assert_eq!(parse_colour("#12345"), None);
    }
}
