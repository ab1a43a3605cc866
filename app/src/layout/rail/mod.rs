//! The rail: where one can go, in icons, or with words and lists when it is wide.

mod counts;
mod lists;
mod views;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{Glyph, Icon, IconSize};

use self::lists::Lists;
use super::account_menu::AccountMenu;
use super::person_menu::PersonMenu;
use super::use_frame;
use crate::boot::{use_lang, use_workplace};
use crate::place;

/// Navigation of the dashboard on anything larger than a phone; on a phone a drawer.
#[component]
pub fn Rail() -> impl IntoView {
    let lang = use_lang();
    let frame = use_frame();
    let account = use_workplace().map(|workplace| workplace.account_id);
    let sees = use_workplace().is_some_and(|workplace| workplace.may(model::Permission::SeeContacts));
    let widen = move || {
        if frame.has_words() { text::common::collapse(lang) } else { text::common::expand(lang) }
    };
    view! {
        <nav class="rail" aria-label=text::layout::main_navigation(lang)>
            <div class="rail-top">
                <AccountMenu/>
            </div>
            <div class="rail-scroll">
                {account
                    .map(|account| {
                        view! {
                            <RailLink
                                icon=Icon::Inbox
                                label=text::layout::conversations(lang)
                                href=place::conversations(account)
                            />
                            {sees
                                .then(|| {
                                    view! {
                                        <RailLink
                                            icon=Icon::Contact
                                            label=text::layout::contacts(lang)
                                            href=place::contacts(account)
                                        />
                                    }
                                })}
                            <RailLink
                                icon=Icon::Search
                                label=text::common::search(lang)
                                href=place::search(account, "", "")
                            />
                            <RailLink
                                icon=Icon::Settings
                                label=text::common::settings(lang)
                                href=place::settings(account, "")
                            />
                            <Lists/>
                        }
                    })}
            </div>
            <div class="rail-bottom">
                <button
                    type="button"
                    class="rail-button"
                    aria-label=widen
                    aria-expanded=move || if frame.has_words() { "true" } else { "false" }
                    data-hint=widen
                    data-hint-side="end"
                    on:click=move |_| frame.toggle_rail()
                >
                    <Glyph icon=Icon::PanelLeft size=IconSize::Large/>
                    <span class="rail-label truncate">{widen}</span>
                </button>
                <PersonMenu/>
            </div>
        </nav>
    }
}

/// A link of the rail; chosen while its page or one below it is shown.
#[component]
pub fn RailLink(
    /// The sign.
    icon: Icon,
    /// Where it leads, in words.
    label: &'static str,
    /// Where it leads.
    href: String,
) -> impl IntoView {
    let path = use_location().pathname;
    let base = href.clone();
    let is_current = move || path.with(|path| path == &base || path.starts_with(&[&base, "/"].concat()));
    view! {
        <a
            class="rail-link"
            href=href
            aria-label=label
            aria-current=move || is_current().then_some("page")
            data-hint=label
            data-hint-side="end"
        >
            <Glyph icon size=IconSize::Large/>
            <span class="rail-label truncate">{label}</span>
        </a>
    }
}
