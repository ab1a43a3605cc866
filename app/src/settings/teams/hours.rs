//! When a team answers.

use leptos::prelude::*;

use super::super::hours::{HoursOf, Whose};
use super::TeamPage;

/// The page of a team that says when it answers.
#[component]
pub fn BusinessHours() -> impl IntoView {
    view! {
        <TeamPage
            tab="hours"
            content=|workplace, team| view! { <HoursOf workplace whose=Whose::Team(team.id)/> }.into_any()
        />
    }
}
