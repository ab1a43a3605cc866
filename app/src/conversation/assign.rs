//! Giving a conversation to an agent or a team.

use leptos::prelude::*;
use model::agent::Agent;
use model::{Availability, Permission, Role, TeamId, UserId};
use text::conversation as t;
use ui::{Avatar, AvatarSize, Choice, Glyph, Icon, IconSize, Mark, PickList, Popover, Presence};

use super::desk::{Act, Desk, use_desk};

/// Stands for nobody, and for no team.
const NONE: &str = "none";

/// Whose conversation it is; opens the choice.
#[component]
pub fn AssigneeButton(
    /// Id, unique on the page.
    id: &'static str,
    /// In the details: as wide as its column.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let open = RwSignal::new(false);
    let assignee = desk.conversation_memo(|conversation| conversation.row.assignee.clone());
    let face = move || match assignee.get() {
        Some(agent) => view! {
            <Avatar name=agent.name.clone() picture=agent.avatar_url size=AvatarSize::Tiny/>
            <span class="truncate">{agent.name}</span>
        }
        .into_any(),
        None => view! {
            <Glyph icon=Icon::UserPlus/>
            <span class="truncate is-none">{if wide { t::nobody(lang) } else { t::act::assign(lang) }}</span>
        }
        .into_any(),
    };
    let options = Signal::derive(move || agents(desk));
    let picked =
        Signal::derive(move || vec![assignee.get().map_or_else(|| NONE.to_owned(), |agent| agent.id.to_string())]);
    let pick = move |value: String| {
        open.set(false);
        desk.act(Act::Agent(value.parse().ok().map(UserId)));
    };
    let label = move || {
        match assignee.get() {
            Some(agent) => [t::assignee(lang), ": ", &agent.name].concat(),
            None if wide => [t::assignee(lang), ": ", t::nobody(lang)].concat(),
            // What is read aloud holds what is written on the button.
            None => [t::assignee(lang), ": ", t::nobody(lang), ". ", t::act::assign(lang)].concat(),
        }
    };
    view! {
        <button
            type="button"
            class="owner-button"
            class:is-wide=wide
            popovertarget=id
            aria-haspopup="dialog"
            aria-label=label
            data-hint=(!wide).then_some(label)
            data-hint-side="bottom"
        >
            {face}
            <Glyph icon=Icon::ChevronDown size=IconSize::Tiny/>
        </button>
        <Popover id=id label=t::assignee(lang) open class="is-list">
            <PickList
                id=[id, "-list"].concat()
                options
                picked
                label=t::assignee(lang)
                search_label=t::search_agents(lang)
                empty=t::no_agent(lang)
                on_pick=pick
            />
        </Popover>
    }
    .into_any()
}

/// Those who can see the conversation: the agent first, then colleagues by availability.
fn agents(desk: Desk) -> Vec<Choice> {
    let lang = desk.lang;
    let members = desk.with_thread(|thread| thread.members.clone()).unwrap_or_default();
    let may_give = desk.workplace.may(Permission::Assign);
    let owner =
        desk.with_conversation(|conversation| conversation.row.assignee.as_ref().map(|agent| agent.id)).flatten();
    let mut agents = desk.workplace.lists.with(|lists| lists.agents.clone());
    // Of the conversation's team: somebody looks for them here, and should learn why they cannot have it.
    let strangers = if may_give { outside(desk, &agents, &members) } else { Vec::new() };
    agents.retain(|agent| agent.role == Role::Administrator || members.contains(&agent.id));
    agents.retain(|agent| agent.confirmed && (may_give || agent.id == desk.me()));
    let rank = |availability| match availability {
        Availability::Online => 0,
        Availability::Busy => 1,
        Availability::Offline => 2,
    };
    agents.sort_by_key(|agent| (agent.id != desk.me(), rank(agent.availability)));
    let choice = |agent: Agent| {
        let label = if agent.id == desk.me() { t::me(lang, &agent.name) } else { agent.name.clone() };
        let presence = Some(match agent.availability {
            Availability::Online => Presence::Online,
            Availability::Busy => Presence::Busy,
            Availability::Offline => Presence::Offline,
        });
        let face = Mark::Face { picture: agent.avatar_url, presence };
        Choice::new(agent.id.to_string(), label).face_of(agent.name).mark(face)
    };
    let nobody =
        (owner.is_some() && may_give).then(|| Choice::new(NONE, t::nobody(lang)).mark(Mark::Icon(Icon::CircleDashed)));
    agents.into_iter().map(choice).chain(nobody).chain(strangers).collect()
}

/// Members of the conversation's team who do not belong to its inbox, and therefore cannot be given it.
fn outside(desk: Desk, agents: &[Agent], members: &[UserId]) -> Vec<Choice> {
    let team = desk.with_conversation(|conversation| conversation.row.team.as_ref().map(|team| team.id)).flatten();
    let Some(team) = team else { return Vec::new() };
    let of_team = desk.workplace.lists.with(|lists| {
        lists.teams.iter().find(|known| known.id == team).map(|team| team.member_ids.clone()).unwrap_or_default()
    });
    let is_outside = |agent: &&Agent| {
        of_team.contains(&agent.id) && agent.role != Role::Administrator && !members.contains(&agent.id)
    };
    let choice = |agent: &Agent| {
        let face = Mark::Face { picture: agent.avatar_url.clone(), presence: None };
        let choice = Choice::new(agent.id.to_string(), agent.name.clone()).face_of(agent.name.clone()).mark(face);
        Choice { disabled: true, ..choice.detail(t::not_in_inbox(desk.lang)) }
    };
    agents.iter().filter(is_outside).map(choice).collect()
}

/// Which team has the conversation; opens the choice.
#[component]
pub fn TeamButton(
    /// Id, unique on the page.
    id: &'static str,
) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let open = RwSignal::new(false);
    let team = desk.conversation_memo(|conversation| conversation.row.team.clone());
    let options = Signal::derive(move || {
        let team = |team: &model::team::Team| {
            Choice::new(team.id.to_string(), team.name.clone()).mark(Mark::Icon(Icon::Users))
        };
        let none = Choice::new(NONE, t::no_team(lang)).mark(Mark::Icon(Icon::CircleDashed));
        desk.workplace.lists.with(|lists| lists.teams.iter().map(team).chain([none]).collect::<Vec<_>>())
    });
    let picked = Signal::derive(move || vec![team.get().map_or_else(|| NONE.to_owned(), |team| team.id.to_string())]);
    let pick = move |value: String| {
        open.set(false);
        desk.act(Act::Team(value.parse().ok().map(TeamId)));
    };
    let name = move || team.get().map_or_else(|| t::no_team(lang).to_owned(), |team| team.name);
    let is_none = move || team.read().is_none();
    view! {
        <button
            type="button"
            class="owner-button is-wide"
            popovertarget=id
            aria-haspopup="dialog"
            aria-label=move || [t::team(lang), ": ", &name()].concat()
            disabled=!desk.workplace.may(Permission::Assign)
        >
            <Glyph icon=Icon::Users/>
            <span class="truncate" class:is-none=is_none>
                {name}
            </span>
            <Glyph icon=Icon::ChevronDown size=IconSize::Tiny/>
        </button>
        <Popover id=id label=t::team(lang) open class="is-list">
            <PickList
                id=[id, "-list"].concat()
                options
                picked
                label=t::team(lang)
                search_label=t::search_teams(lang)
                empty=t::no_team_found(lang)
                on_pick=pick
            />
        </Popover>
    }
    .into_any()
}
