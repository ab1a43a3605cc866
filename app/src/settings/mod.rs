//! Settings of the account and of the person.

mod navigation;

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{MatchNestedRoutes, SsrMode, path};
use ui::{EmptyState, Icon};

use crate::boot::use_lang;

/// Pages of the settings.
#[component(transparent)]
pub fn Routes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("settings") view=Settings ssr=SsrMode::Async>
            <Route path=path!("") view=Index/>
        </ParentRoute>
    }
    .into_inner()
}

#[component]
fn Settings() -> impl IntoView {
    view! {
        <div class="settings">
            <navigation::Navigation/>
            <main class="settings-page" id="content" tabindex="-1">
                <Outlet/>
            </main>
        </div>
    }
}

/// What a desktop shows beside the list before something is chosen. A phone shows the list alone.
#[component]
fn Index() -> impl IntoView {
    view! { <EmptyState icon=Icon::Settings title=text::settings::choose(use_lang())/> }
}
