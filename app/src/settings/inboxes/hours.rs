//! When an inbox answers.

use leptos::prelude::*;

use super::super::hours::{HoursOf, Whose};
use super::InboxPage;

/// The page of an inbox that says when it answers.
#[component]
pub fn BusinessHours() -> impl IntoView {
    view! {
        <InboxPage
            tab="hours"
            content=|workplace, inbox| view! { <HoursOf workplace whose=Whose::Inbox(inbox.id)/> }.into_any()
        />
    }
}
