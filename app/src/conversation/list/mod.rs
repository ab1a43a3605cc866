//! The list of conversations: what it is about, its tabs, its rows.

mod chips;
mod filter;
mod header;
mod many;
mod notices;
mod preview;
mod row;
mod rows;
mod tabs;
mod window;

use leptos::prelude::*;

use super::connection::ConnectionLine;
use super::desk::use_desk;

/// The pane with the list.
#[component]
pub fn ListPane() -> impl IntoView {
    let desk = use_desk();
    view! {
        <section class="pane list-pane" aria-label=text::list::label(desk.lang)>
            <header::Header/>
            <tabs::ListTabs/>
            <chips::Chips/>
            <many::Many/>
            <rows::Rows/>
            <ConnectionLine/>
        </section>
    }
    .into_any()
}
