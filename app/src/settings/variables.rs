//! Putting variables into a template that is being written.

use leptos::prelude::*;
use model::variable::Variable;
use ui::{Choice, Field, Select};

use crate::boot::use_lang;

/// A choice of variables; the one chosen is added at the end of the text.
#[component]
pub fn InsertVariable(
    /// The text.
    into: RwSignal<String>,
    /// Id, unique on the page.
    #[prop(default = "insert-variable".to_owned())]
    id: String,
) -> impl IntoView {
    let lang = use_lang();
    let value = RwSignal::new(String::new());
    let options = Signal::derive(move || {
        let choice = |variable: &Variable| {
            let title = text::variable::by_key(lang, &variable.as_str().replace('.', "_"));
            Choice::new(variable.as_str(), title.unwrap_or(variable.as_str()))
        };
        let first = Choice::new("", text::variable::choose(lang));
        std::iter::once(first).chain(Variable::ALL.iter().map(choice)).collect::<Vec<_>>()
    });
    let insert = move |name: String| {
        if name.is_empty() {
            return;
        }
        into.update(|text| {
            if !text.is_empty() && !text.ends_with(char::is_whitespace) {
                text.push(' ');
            }
            text.push_str("{{");
            text.push_str(&name);
            text.push_str("}}");
        });
        value.set(String::new());
    };
    view! {
        <Field id=id label=text::variable::insert(lang)>
            <Select value options on_change=insert/>
        </Field>
    }
}
