//! Who follows the conversation.

use leptos::prelude::*;
use model::{Permission, Role, UserId};
use text::contact::followers as t;
use ui::{Avatar, AvatarSize, Button, Choice, Glyph, Icon, IconSize, PickList, Popover, Size};

use crate::conversation::desk::{Desk, use_desk};

/// Their faces; oneself in and out, and others for those who may.
#[component]
pub fn Followers() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let me = desk.me();
    let followers = Memo::new(move |_| desk.followers());
    let follows = Memo::new(move |_| followers.with(|all| all.contains(&me)));
    let may_work = desk.workplace.may(Permission::WorkConversations);
    let may_add = desk.workplace.may(Permission::Assign);
    let face = move |user: UserId| {
        let agent = desk.workplace.lists.with(|lists| lists.agents.iter().find(|agent| agent.id == user).cloned())?;
        let may_remove = may_work && (may_add || user == me);
        Some(view! {
            <li class="follower">
                <Avatar name=agent.name.clone() picture=agent.avatar_url.clone() size=AvatarSize::Tiny/>
                <span class="truncate">{agent.name.clone()}</span>
                {may_remove
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="label-remove"
                                aria-label=t::remove(lang, &agent.name)
                                on:click=move |_| desk.set_follower(user, false)
                            >
                                <Glyph icon=Icon::Close size=IconSize::Tiny/>
                            </button>
                        }
                    })}
            </li>
        })
    };
    let options = Signal::derive(move || candidates(desk));
    let picked = Signal::derive(move || followers.with(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>()));
    let pick = move |value: String| {
        if let Ok(user) = value.parse::<UserId>() {
            let follows = followers.with_untracked(|all| all.contains(&user));
            desk.set_follower(user, !follows);
        }
    };
    view! {
        <div class="followers">
            <ul class="follower-list" aria-label=t::title(lang)>
                {move || followers.get().into_iter().filter_map(face).collect_view()}
            </ul>
            <Show when=move || followers.read().is_empty()>
                <p class="fact-empty">{t::none(lang)}</p>
            </Show>
            {may_work
                .then(|| {
                    view! {
                        <div class="follower-acts">
                            <Button
                                size=Size::Small
                                icon=Icon::Eye
                                on_click=move |_| desk.set_follower(me, !follows.get_untracked())
                            >
                                {move || if follows.get() { t::leave(lang) } else { t::follow(lang) }}
                            </Button>
                            {may_add
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="label-add"
                                            popovertarget="conversation-followers"
                                            aria-haspopup="dialog"
                                        >
                                            <Glyph icon=Icon::Plus size=IconSize::Tiny/>
                                            <span>{t::add(lang)}</span>
                                        </button>
                                        <Popover id="conversation-followers" label=t::title(lang) class="is-list">
                                            <PickList
                                                id="conversation-followers-list"
                                                options
                                                picked
                                                label=t::title(lang)
                                                search_label=text::conversation::search_agents(lang)
                                                empty=text::conversation::no_agent(lang)
                                                on_pick=pick
                                            />
                                        </Popover>
                                    }
                                })}
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Those who may see the conversation, by name.
fn candidates(desk: Desk) -> Vec<Choice> {
    let members = desk.with_thread(|thread| thread.members.clone()).unwrap_or_default();
    desk.workplace.lists.with(|lists| {
        let sees = |agent: &&model::agent::Agent| agent.role == Role::Administrator || members.contains(&agent.id);
        let choice = |agent: &model::agent::Agent| Choice::new(agent.id.to_string(), agent.name.clone());
        lists.agents.iter().filter(sees).filter(|agent| agent.confirmed).map(choice).collect()
    })
}
