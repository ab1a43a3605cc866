//! The form before the first message as visitors will see it, drawn beside what sets it up.

use leptos::prelude::*;

use crate::boot::use_lang;

/// A field as it is drawn.
#[derive(Clone, PartialEq)]
pub struct Drawn {
    pub label: String,
    pub placeholder: String,
    /// `checkbox`, `list` or anything that is written.
    pub kind: String,
    pub required: bool,
}

/// A picture of the form. Nothing in it can be pressed.
#[component]
pub fn FormPreview(
    /// The chat's colour, `#rrggbb`.
    colour: String,
    /// The text above the fields.
    #[prop(into)]
    message: Signal<String>,
    /// The fields that are switched on.
    #[prop(into)]
    fields: Signal<Vec<Drawn>>,
) -> impl IntoView {
    let lang = use_lang();
    use text::widget::form as t;
    let has_dark_ink = super::preview::wants_dark_ink(&colour);
    let style = ["--brand:", &colour].concat();
    let field = move |field: Drawn| {
        let optional = (!field.required).then(|| view! { <small>" (" {t::optional(lang)} ")"</small> });
        let shown = match field.kind.as_str() {
            "list" | "select" => t::choose(lang).to_owned(),
            _ => field.placeholder,
        };
        view! {
            <p>
                {field.label}
                {optional}
                <span class:is-box=field.kind == "checkbox">{shown}</span>
            </p>
        }
    };
    view! {
        <div class="chat-preview is-form" class:has-dark-ink=has_dark_ink style=style aria-hidden="true">
            <div class="chat-panel">
                <div class="chat-form">
                    {move || message.with(|message| (!message.trim().is_empty()).then(|| view! { <p>{message.clone()}</p> }))}
                    {move || fields.get().into_iter().map(field).collect_view()}
                    <b>{t::submit(lang)}</b>
                </div>
            </div>
        </div>
    }
    .into_any()
}
