//! Navigation of phones.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{Glyph, Icon, IconSize};

use super::use_frame;
use crate::boot::{use_lang, use_workplace};
use crate::place;

/// The few places a phone goes to, and the rail as a drawer for the rest.
#[component]
pub fn BottomBar() -> impl IntoView {
    let lang = use_lang();
    let frame = use_frame();
    let path = use_location().pathname;
    let link = move |icon: Icon, label: &'static str, href: String| {
        let base = href.clone();
        let is_current = move || path.with(|path| path.starts_with(&base));
        view! {
            <a class="bottom-link" href=href aria-current=move || is_current().then_some("page")>
                <Glyph icon size=IconSize::Large/>
                <span>{label}</span>
            </a>
        }
    };
    let links = use_workplace().map(|workplace| {
        let account = workplace.account_id;
        view! {
            {link(Icon::Inbox, text::layout::conversations(lang), place::conversations(account))}
            {workplace
                .may(model::Permission::SeeContacts)
                .then(|| link(Icon::Contact, text::layout::contacts(lang), place::contacts(account)))}
            {link(Icon::Settings, text::common::settings(lang), place::settings(account, ""))}
        }
    });
    view! {
        <nav class="bottom-bar" aria-label=text::layout::main_navigation(lang)>
            {links}
            <button
                type="button"
                class="bottom-link"
                aria-expanded=move || if frame.shows_rail.get() { "true" } else { "false" }
                on:click=move |_| frame.shows_rail.update(|shows_rail| *shows_rail = !*shows_rail)
            >
                <Glyph icon=Icon::Menu size=IconSize::Large/>
                <span>{text::common::menu(lang)}</span>
            </button>
        </nav>
    }
}
