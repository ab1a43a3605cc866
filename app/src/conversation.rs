//! Conversations.

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};
use ui::{EmptyState, Icon};

use crate::boot::use_lang;

/// Pages of the conversations.
#[component(transparent)]
pub fn Routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("conversations") view=Conversations ssr=SsrMode::Async/> }.into_inner()
}

#[component]
fn Conversations() -> impl IntoView {
    let lang = use_lang();
    view! {
        <main class="page">
            <EmptyState icon=Icon::Inbox title=text::layout::conversations(lang)/>
        </main>
    }
}
