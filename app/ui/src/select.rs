//! A choice from a short, closed list, drawn by the browser.

use leptos::{html, prelude::*, text_prop::TextProp};

use crate::{Choice, Glyph, Icon, Size, field};

/// A native select: best on phones, and for lists nobody needs to search.
#[component]
pub fn Select(
    /// The value chosen, kept in step both ways.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// Name in a form sent without scripts.
    #[prop(optional, into)]
    name: Option<&'static str>,
    /// Label read aloud outside a `Field`, or beside its control.
    #[prop(optional, into)]
    label: Option<TextProp>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with each choice.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let scope = field::scope();
    // One with a name of its own stands beside the field's control, which has the id already.
    let id = scope.as_ref().filter(|_| label.is_none()).map(|scope| scope.id.clone());
    let required = scope.as_ref().is_some_and(|scope| scope.required);
    let described_by = scope.as_ref().map(|scope| scope.described_by);
    let invalid = scope.map(|scope| scope.invalid);
    let node_ref = NodeRef::<html::Select>::new();

    // The options are a dependency too: a value set before its option exists would be lost.
    Effect::new(move |_| {
        options.track();
        let Some(select) = node_ref.get() else { return };
        value.with(|value| {
            if select.value() != *value {
                select.set_value(value);
            }
        });
    });

    let option = move |choice: Choice| {
        let is_selected = value.with_untracked(|value| *value == choice.value);
        view! {
            <option value=choice.value selected=is_selected disabled=choice.disabled>
                {choice.label}
            </option>
        }
    };
    view! {
        <span class=["select ", size.class()].concat()>
            <select
                node_ref=node_ref
                id=id
                name=name
                aria-label=move || label.as_ref().map(TextProp::get)
                aria-describedby=move || described_by.and_then(|described_by| described_by.get())
                aria-invalid=move || invalid.is_some_and(|invalid| invalid.get()).then_some("true")
                required=required
                disabled=disabled
                on:change:target=move |event| {
                    let chosen = event.target().value();
                    value.set(chosen.clone());
                    if let Some(on_change) = on_change {
                        on_change.run(chosen);
                    }
                }
            >
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
            <Glyph icon=Icon::ChevronsUpDown/>
        </span>
    }
    .into_any()
}
