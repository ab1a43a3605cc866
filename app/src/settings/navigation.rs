//! The list of pages at the left of the settings.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::Permission;
use ui::{Glyph, Icon};

use crate::boot::{use_lang, use_workplace};
use crate::place;

/// Pages of the settings that the person's role reaches.
#[component]
pub fn Navigation() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    use text::settings as t;
    let link = move |icon: Icon, label: &'static str, page: &'static str| {
        view! { <PageLink icon label href=place::settings(workplace.account_id, page)/> }
    };
    let manages = workplace.may(Permission::ManageAccount);
    view! {
        <nav class="settings-nav" aria-label=text::common::settings(lang)>
            <h1>{text::common::settings(lang)}</h1>
            {manages
                .then(|| {
                    view! {
                        <div class="settings-group">
                            <h2 class="settings-heading">{t::group_account(lang)}</h2>
                            {link(Icon::Account, t::account(lang), "account")}
                            {link(Icon::Inbox, t::inboxes(lang), "inboxes")}
                            {link(Icon::Users, t::agents(lang), "agents")}
                            {link(Icon::Layers, t::teams(lang), "teams")}
                            {link(Icon::Tag, t::labels(lang), "labels")}
                            {link(Icon::Sliders, t::attributes(lang), "custom-attributes")}
                            {link(Icon::History, t::audit(lang), "audit")}
                        </div>
                    }
                })}
            <div class="settings-group">
                <h2 class="settings-heading">{t::group_work(lang)}</h2>
                {link(Icon::Zap, t::canned(lang), "canned-responses")}
                {workplace
                    .may(Permission::EditCannedResponses)
                    .then(|| link(Icon::Play, t::macros(lang), "macros"))}
            </div>
            <div class="settings-group">
                <h2 class="settings-heading">{t::group_person(lang)}</h2>
                {link(Icon::User, t::profile(lang), "profile")}
                {link(Icon::Lock, t::security(lang), "security")}
            </div>
        </nav>
    }
    .into_any()
}

#[component]
fn PageLink(icon: Icon, label: &'static str, href: String) -> impl IntoView {
    let path = use_location().pathname;
    let base = href.clone();
    let is_current = move || path.with(|path| path == &base || path.starts_with(&[&base, "/"].concat()));
    view! {
        <a class="settings-link" href=href aria-current=move || is_current().then_some("page")>
            <Glyph icon/>
            {label}
        </a>
    }
}
