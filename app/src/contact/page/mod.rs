//! The pages of contacts: all of them, and one.

mod create;
mod facts;
mod head;
mod list;
mod merge;
mod notes;
mod show;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};
use model::Permission;

use crate::boot::use_workplace;
use crate::public::trouble::NotFound;

/// The address of the list.
#[component(transparent)]
pub fn ListRoute() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("contacts") view=Page::List ssr=SsrMode::Async/> }.into_inner()
}

/// The address of a segment, under which other products' links know it.
#[component(transparent)]
pub fn SegmentRoute() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("contacts/segments/:segment") view=Page::List ssr=SsrMode::Async/> }.into_inner()
}

/// The address of a label's contacts, under which other products' links know it.
#[component(transparent)]
pub fn LabelRoute() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("contacts/labels/:label") view=Page::List ssr=SsrMode::Async/> }.into_inner()
}

/// The addresses of single contacts.
#[component(transparent)]
pub fn OneRoute() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("contacts/:contact_id") view=Page::Show ssr=SsrMode::Async/> }.into_inner()
}

crate::part::pieces! {
    /// Pages of contacts.
    pub enum Page in contacts {
        List => allowed(list::List),
        Show => show::OnePage(),
    }
}

/// A page for those who may see contacts; for others there is no such page.
fn allowed<V: IntoView + 'static>(page: fn() -> V) -> AnyView {
    let may = use_workplace().is_some_and(|workplace| workplace.may(Permission::SeeContacts));
    if may { page().into_any() } else { view! { <NotFound/> }.into_any() }
}
