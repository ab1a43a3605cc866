//! A labelled place for one control, with its hint and its error.

use leptos::{context::Provider, prelude::*, text_prop::TextProp};

use crate::{Glyph, Icon};

/// What the control inside a `Field` takes from it.
#[derive(Clone)]
pub(crate) struct FieldScope {
    pub id: String,
    pub described_by: Signal<Option<String>>,
    pub invalid: Signal<bool>,
    pub required: bool,
}

/// The surroundings of a control; empty outside a `Field`.
pub(crate) fn scope() -> Option<FieldScope> {
    use_context::<FieldScope>()
}

/// Label, control, hint and error. The control inside takes its id, its description and whether it is required from here.
#[component]
pub fn Field(
    /// Id of the control, unique on the page.
    #[prop(into)]
    id: String,
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// One sentence of help under the control.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// What is wrong; the field turns red while it is there.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// The word "optional" after the label.
    #[prop(optional, into)]
    optional: Option<TextProp>,
    /// The label is read aloud but not shown.
    #[prop(optional)]
    hide_label: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let hint_id = [&id, "-hint"].concat();
    let error_id = [&id, "-error"].concat();
    let described_by = {
        let hint_id = hint.is_some().then(|| hint_id.clone());
        let error_id = error_id.clone();
        Signal::derive(move || error.with(Option::is_some).then(|| error_id.clone()).or_else(|| hint_id.clone()))
    };
    let invalid = Signal::derive(move || error.with(Option::is_some));
    let scope = FieldScope { id: id.clone(), described_by, invalid, required };
    let label_class = if hide_label { "visually-hidden" } else { "field-label" };
    view! {
        <div class="field" class:is-invalid=invalid>
            <label class=label_class for=id>
                {move || label.get()}
                {optional.map(|word| view! { <span class="field-optional">{move || word.get()}</span> })}
            </label>
            <Provider value=scope>{children()}</Provider>
            {hint
                .map(|hint| {
                    view! { <p class="field-hint" id=hint_id class:is-hidden=invalid>{move || hint.get()}</p> }
                })}
            <p class="field-error" id=error_id role="alert" class:is-hidden=move || !invalid.get()>
                <Glyph icon=Icon::CircleAlert/>
                <span>{move || error.get()}</span>
            </p>
        </div>
    }
    .into_any()
}
