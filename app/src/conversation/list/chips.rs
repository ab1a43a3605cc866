//! What narrows the list, where it can be seen and taken away.

use leptos::prelude::*;
use text::list as t;
use ui::{Glyph, Icon, IconSize};

use crate::command::Command;
use crate::conversation::desk::use_desk;
use crate::conversation::place::{Place, View};
use crate::tool::use_tools;

/// One chip for each part of the filter that is not as usual.
#[component]
pub fn Chips() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let chip = move |words: String, without: Place| {
        view! {
            <a class="chip" href=without.href() aria-label=t::remove_filter(lang, &words)>
                <span class="truncate">{words.clone()}</span>
                <Glyph icon=Icon::Close size=IconSize::Tiny/>
            </a>
        }
    };
    let chips = move || {
        let place = desk.place.get();
        let status = place.status.map(|status| {
            let words = t::by_key(lang, &["status.", status.as_str()].concat()).unwrap_or_default();
            chip(words.to_owned(), Place { status: None, ..place.clone() })
        });
        let search = (!place.search.is_empty())
            .then(|| chip(t::searching_for(lang, &place.search), Place { search: String::new(), ..place.clone() }));
        let count = i64::try_from(place.conditions.len()).unwrap_or_default();
        let conditions = (count > 0).then(|| chip(t::conditions(lang, count), place.under(Vec::new())));
        let may_edit = count > 0 || matches!(place.view, View::Saved(_));
        let edit = use_tools().filter(|_| may_edit).map(|tools| {
            let label = if count > 0 { t::edit_or_keep(lang) } else { t::edit_view(lang) };
            view! {
                <button type="button" class="chip is-quiet" on:click=move |_| { tools.run(Command::Filter); }>
                    <Glyph icon=Icon::Edit size=IconSize::Tiny/>
                    <span>{label}</span>
                </button>
            }
        });
        let is_empty = status.is_none() && search.is_none() && edit.is_none();
        (!is_empty).then(|| view! { <div class="list-filter">{status}{search}{conditions}{edit}</div> })
    };
    view! { {chips} }.into_any()
}
