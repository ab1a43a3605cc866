//! Teams: the list, and the pages of each.

mod hours;
mod list;
mod show;

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::hooks::use_params_map;
use leptos_router::{SsrMode, path};
use model::agent::Agent;
use model::team::Team;
use model::{TeamId, UserId};
use ui::{Choice, Mark, Tab, Tabs};

use super::managed;
use super::part::Page;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::place;
use crate::public::trouble::NotFound;

/// Pages of the teams.
#[component(transparent)]
pub fn Routes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("teams") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=Pages::List/>
            <Route path=path!(":team_id") view=Pages::Settings/>
            <Route path=path!(":team_id/hours") view=Pages::BusinessHours/>
        </ParentRoute>
    }
    .into_inner()
}

crate::part::pieces! {
    /// Pages of the teams.
    pub enum Pages in settings {
        List => managed(list::Teams),
        Settings => managed(show::Settings),
        BusinessHours => managed(hours::BusinessHours),
    }
}

/// The team that the address names, as long as it exists.
fn team_at_hand() -> Option<(WorkplaceContext, Team)> {
    let workplace = use_workplace()?;
    let id = use_params_map().read_untracked().get("team_id")?.parse().ok().map(TeamId)?;
    let team = workplace.lists.with_untracked(|lists| lists.teams.iter().find(|team| team.id == id).cloned())?;
    Some((workplace, team))
}

/// A page of one team: its name, the tabs, and what the page shows.
#[component]
fn TeamPage(
    /// Name of the tab in the address; empty for the first.
    tab: &'static str,
    /// What the page shows of the team.
    content: fn(WorkplaceContext, Team) -> AnyView,
) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let Some((workplace, team)) = team_at_hand() else { return view! { <NotFound/> }.into_any() };
    let (account, id) = (workplace.account_id, team.id);
    let at = |name: &'static str, label: &'static str| Tab::new(name, label).href(place::team(account, id, name));
    let tabs = vec![at("", t::tab_settings(lang)), at("hours", text::hours::title(lang))];
    let name = Signal::derive(move || {
        workplace.lists.with(|lists| {
            lists.teams.iter().find(|team| team.id == id).map(|team| team.name.clone()).unwrap_or_default()
        })
    });
    view! {
        <Page title=name back=(place::settings(account, "teams"), t::title(lang))>
            <Tabs tabs selected=tab.to_owned() label=t::tabs(lang)/>
            {content(workplace, team)}
        </Page>
    }
    .into_any()
}

/// A colleague as something to choose.
pub(super) fn choice_of(agent: &Agent) -> Choice {
    Choice::new(agent.id.to_string(), agent.name.clone())
        .detail(agent.email.clone())
        .mark(Mark::Face { picture: agent.avatar_url.clone(), presence: None })
}

/// Ids out of the values of chosen colleagues.
pub(super) fn ids_of(values: &[String]) -> Vec<UserId> {
    values.iter().filter_map(|value| value.parse().ok()).collect()
}
