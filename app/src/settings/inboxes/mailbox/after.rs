//! What becomes of mails on their server once they are read.

use leptos::prelude::*;
use model::mailbox::AfterReading;
use ui::{Choice, RadioGroup};

use crate::boot::use_lang;

/// The choice.
#[component]
pub fn After(
    /// What is chosen; see [`after_of`].
    value: RwSignal<String>,
) -> impl IntoView {
    let lang = use_lang();
    use text::mailbox as t;
    let choice = |after: &AfterReading| {
        let words = |end: &str| t::by_key(lang, &["after.", after.as_str(), end].concat()).unwrap_or_default();
        Choice::new(after.as_str(), words("")).detail(words("_text"))
    };
    let options = AfterReading::ALL.iter().map(choice).collect::<Vec<_>>();
    view! { <RadioGroup value name="mail-after" label=t::after_reading(lang) options/> }
}

/// The choice of this name.
pub fn after_of(word: &str) -> AfterReading {
    word.parse().unwrap_or(AfterReading::Leave)
}
