//! How a site's own server proves who somebody is, in the languages that servers are written in.

use leptos::prelude::*;
use ui::{CopyField, Tab, Tabs};

use crate::boot::use_lang;

/// Names of languages, and the same few lines in each.
const EXAMPLES: [(&str, &str); 6] = [
    ("JavaScript", include_str!("proof/javascript.txt")),
    ("Python", include_str!("proof/python.txt")),
    ("PHP", include_str!("proof/php.txt")),
    ("Ruby", include_str!("proof/ruby.txt")),
    ("Go", include_str!("proof/go.txt")),
    ("Rust", include_str!("proof/rust.txt")),
];

/// The examples, one at a time.
#[component]
pub fn ProofExamples() -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let chosen = RwSignal::new(EXAMPLES[0].0.to_owned());
    let tabs = EXAMPLES.iter().map(|(name, _)| Tab::new(*name, *name)).collect::<Vec<_>>();
    let code = Signal::derive(move || {
        let found = chosen.with(|chosen| EXAMPLES.iter().find(|(name, _)| name == chosen).map(|(_, code)| *code));
        found.unwrap_or_default().to_owned()
    });
    view! {
        <Tabs
            tabs
            selected=chosen
            on_select=move |name: String| chosen.set(name)
            label=t::proof_languages(lang)
        />
        <CopyField
            value=code
            label=t::proof(lang)
            copy_label=text::common::copy(lang)
            copied_label=text::common::copied(lang)
            code=true
        />
    }
}
