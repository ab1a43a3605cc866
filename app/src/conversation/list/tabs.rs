//! Mine, unassigned, all: links, with counts that move as things happen.

use leptos::prelude::*;
use model::conversation::Tab;
use text::list as t;
use ui::Count;

use crate::conversation::desk::use_desk;
use crate::conversation::place::Place;

/// The tabs over the list.
#[component]
pub fn ListTabs() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let tab = move |tab: Tab, label: &'static str| {
        let href = move || Place { tab, ..desk.place.get() }.href();
        let is_current = move || desk.place.read().tab == tab;
        let count = Signal::derive(move || desk.list.with(|list| list.counts().of(tab)));
        let at_least = Signal::derive(move || desk.list.with(|list| list.counts().is_at_least(tab)));
        view! {
            <a class="tab" href=href aria-current=move || is_current().then_some("page")>
                <span class="tab-label">{label}</span>
                <Count value=count at_least/>
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=t::tabs(lang)>
            {tab(Tab::Mine, t::tab::mine(lang))}
            {tab(Tab::Unassigned, t::tab::unassigned(lang))}
            {tab(Tab::All, t::tab::all(lang))}
        </nav>
    }
    .into_any()
}
