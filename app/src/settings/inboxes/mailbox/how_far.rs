//! How much of the mail that is there becomes conversations.

use leptos::prelude::*;
use model::mailbox::Back;
use ui::{Banner, Choice, RadioGroup, Tone};

use crate::boot::use_lang;

const NOTHING: &str = "nothing";
const ALL: &str = "all";
/// Days that are offered.
const DAYS: [u16; 3] = [1, 7, 30];

/// The choice, below a word of warning.
#[component]
pub fn HowFar(
    /// What is chosen; see [`back_of`].
    value: RwSignal<String>,
) -> impl IntoView {
    let lang = use_lang();
    use text::mailbox as t;
    let options = std::iter::once(Choice::new(NOTHING, t::back_nothing(lang)))
        .chain(DAYS.iter().map(|days| Choice::new(days.to_string(), t::back_days(lang, i64::from(*days)))))
        .chain([Choice::new(ALL, t::back_all(lang))])
        .collect::<Vec<_>>();
    view! {
        <div class="mail-back">
            <Banner tone=Tone::Warning>{t::back_warning(lang)}</Banner>
            <RadioGroup value name="mail-back" label=t::back(lang) options/>
        </div>
    }
}

/// What a choice is called.
pub fn word_of(back: Back) -> String {
    match back {
        Back::All => ALL.to_owned(),
        Back::Days(days) => days.to_string(),
        Back::Nothing => NOTHING.to_owned(),
    }
}

/// The choice of this name.
pub fn back_of(word: &str) -> Back {
    match word {
        ALL => Back::All,
        days => days.parse().map_or(Back::Nothing, Back::Days),
    }
}
