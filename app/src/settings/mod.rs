//! Settings of the account and of the person.

mod account;
mod agents;
mod attributes;
mod audit;
mod canned;
mod email;
mod hours;
pub mod inboxes;
mod kept_files;
mod labels;
mod list;
mod macros;
mod named;
mod navigation;
mod notifications;
pub(crate) mod part;
mod picture;
mod profile;
mod second_factor;
mod security;
pub mod teams;
mod variables;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};
use model::Permission;
use ui::{EmptyState, Icon};

use crate::boot::{use_lang, use_workplace};
use crate::public::trouble::NotFound;

/// Pages of the settings.
#[component(transparent)]
pub fn Routes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("settings") view=Page::Frame ssr=SsrMode::Async>
            <Route path=path!("") view=Page::Index/>
            <Route path=path!("account") view=Page::Account/>
            <Route path=path!("agents") view=Page::Agents/>
            <Route path=path!("audit") view=Page::Audit/>
            <teams::Routes/>
            <Route path=path!("labels") view=Page::Labels/>
            <Route path=path!("custom-attributes") view=Page::Attributes/>
            <Route path=path!("canned-responses") view=Page::Canned/>
            <Route path=path!("macros") view=Page::Macros/>
            <inboxes::Routes/>
            <Route path=path!("profile") view=Page::Profile/>
            <Route path=path!("security") view=Page::Security/>
        </ParentRoute>
    }
    .into_inner()
}

crate::part::pieces! {
    /// Pages of the settings, beside those of the inboxes.
    pub enum Page in settings {
        Frame => Settings(),
        Index => Index(),
        Account => managed(account::Account),
        Agents => managed(agents::Agents),
        Audit => managed(audit::Audit),
        Labels => managed(labels::Labels),
        Attributes => managed(attributes::Attributes),
        Canned => allowed(Permission::WorkConversations, canned::Canned),
        Macros => allowed(Permission::EditCannedResponses, macros::Macros),
        Profile => profile::Profile(),
        Security => security::Security(),
    }
}

#[component]
fn Settings() -> impl IntoView {
    view! {
        // Around both: a phone shows one of the two, and what it shows is the main thing.
        <main class="settings">
            <navigation::Navigation/>
            <div class="settings-page" id="content" tabindex="-1">
                <Outlet/>
            </div>
        </main>
    }
}

/// What a desktop shows beside the list before something is chosen. A phone shows the list alone.
#[component]
fn Index() -> impl IntoView {
    let lang = use_lang();
    view! {
        <Title text=text::common::settings(lang)/>
        <EmptyState icon=Icon::Settings title=text::settings::choose(lang)/>
    }
}

/// A page for those who manage the account; for others there is no such page.
fn managed<V: IntoView + 'static>(page: fn() -> V) -> AnyView {
    allowed(Permission::ManageAccount, page)
}

/// A page for those who have a permission.
fn allowed<V: IntoView + 'static>(permission: Permission, page: fn() -> V) -> AnyView {
    let may = use_workplace().is_some_and(|workplace| workplace.may(permission));
    if may { page().into_any() } else { view! { <NotFound/> }.into_any() }
}
