//! The settings of a team.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::UserId;
use model::team::{Gaps, Team};
use ui::{Banner, Combobox, Field, FormSection, Switch, TextInput, Tone, use_toasts};

use super::super::named::NamedDeletion;
use super::super::part::{Save, on_done};
use super::{TeamPage, choice_of, ids_of};
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::place;
use crate::team::calls::{self, TeamInput};

/// Fields that have a place of their own for what is wrong with them.
pub(super) const FIELDS: &[&str] = &["name", "description", "user_ids"];

/// The first page of a team.
#[component]
pub fn Settings() -> impl IntoView {
    view! { <TeamPage tab="" content=|workplace, team| view! { <Content workplace team/> }.into_any()/> }
}

/// A team being written. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    name: RwSignal<String>,
    description: RwSignal<String>,
    allow_auto_assign: RwSignal<bool>,
    members: RwSignal<Vec<String>>,
}

impl Draft {
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        let (allow_auto_assign, members) = (RwSignal::new(true), RwSignal::new(Vec::new()));
        Self { name: text(), description: text(), allow_auto_assign, members }
    }

    pub(super) fn set(self, team: &TeamInput) {
        self.name.set(team.name.clone());
        self.description.set(team.description.clone());
        self.allow_auto_assign.set(team.allow_auto_assign);
        self.members.set(team.member_ids.iter().map(ToString::to_string).collect());
    }

    /// As it is sent; follows changes.
    pub(super) fn input(self) -> TeamInput {
        TeamInput {
            name: self.name.get(),
            description: self.description.get(),
            allow_auto_assign: self.allow_auto_assign.get(),
            member_ids: self.members.with(|members| ids_of(members)),
        }
    }
}

fn input_of(team: &Team) -> TeamInput {
    TeamInput {
        name: team.name.clone(),
        description: team.description.clone(),
        allow_auto_assign: team.allow_auto_assign,
        member_ids: team.member_ids.clone(),
    }
}

/// The order in which people were picked says nothing.
fn sorted(mut team: TeamInput) -> TeamInput {
    team.member_ids.sort_unstable();
    team
}

/// The fields of a team.
#[component]
pub(super) fn Fields(
    workplace: WorkplaceContext,
    draft: Draft,
    faults: Faults,
    #[prop(into)] on_enter: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let colleagues =
        Signal::derive(move || workplace.lists.with(|lists| lists.agents.iter().map(choice_of).collect::<Vec<_>>()));
    view! {
        <Field id="team-name" label=t::name(lang) required=true error=faults.at("name")>
            <TextInput value=draft.name autocomplete="off" max=120_u32 on_enter/>
        </Field>
        <Field
            id="team-description"
            label=t::description(lang)
            optional=text::common::optional(lang)
            error=faults.at("description")
        >
            <TextInput value=draft.description autocomplete="off" max=300_u32 on_enter/>
        </Field>
        <Field id="team-members" label=t::members(lang) hint=t::members_hint(lang) error=faults.at("user_ids")>
            <Combobox
                id="team-members-list"
                value=draft.members
                options=colleagues
                placeholder=t::members_placeholder(lang)
                label=t::members(lang)
                search_label=text::common::search(lang)
                empty=text::common::no_results(lang)
                many=true
            />
        </Field>
        <Switch checked=draft.allow_auto_assign label=t::auto_assign(lang) detail=t::auto_assign_hint(lang)/>
    }
    .into_any()
}

#[component]
fn Content(workplace: WorkplaceContext, team: Team) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let id = team.id;
    let draft = Draft::new();
    let saved = RwSignal::new(sorted(input_of(&team)));
    draft.set(&saved.get_untracked());
    let changed = Memo::new(move |_| sorted(draft.input()) != saved.get());
    let save = Action::new(move |team: &TeamInput| calls::save(workplace.account_id, Some(id), team.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |team: Team| {
            saved.set(sorted(input_of(&team)));
            draft.set(&saved.get_untracked());
            workplace.lists.update(|lists| {
                lists.teams.iter_mut().filter(|known| known.id == id).for_each(|known| known.clone_from(&team));
            });
            toasts.done(text::common::state::saved(lang));
        },
    );
    let submit = move || {
        save.dispatch(untrack(|| draft.input()));
    };
    view! {
        <FormSection title=t::about(lang) text=t::about_text(lang)>
            <Fields workplace draft faults on_enter=submit/>
            <GapNotes workplace id members=Signal::derive(move || saved.get().member_ids)/>
        </FormSection>
        <Delete workplace team/>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(FIELDS)
            on_save=submit
            on_discard=move || draft.set(&saved.get_untracked())
        />
    }
}

/// Points out who is in the team and not in an inbox whose conversations the team gets.
#[component]
fn GapNotes(
    workplace: WorkplaceContext,
    id: model::TeamId,
    #[prop(into)] members: Signal<Vec<UserId>>,
) -> impl IntoView {
    let gaps = crate::json::resource(move || members.get(), move |_| calls::gaps(workplace.account_id, id));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let gaps = gaps.await.unwrap_or_default();
                view! { <Gap workplace gaps/> }
            })}
        </Suspense>
    }
}

#[component]
fn Gap(workplace: WorkplaceContext, gaps: Gaps) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let account = workplace.account_id;
    let names = move |users: &[UserId]| {
        workplace.lists.with_untracked(|lists| {
            let found = lists.agents.iter().filter(|agent| users.contains(&agent.id));
            found.map(|agent| agent.name.clone()).collect::<Vec<_>>().join(", ")
        })
    };
    let inbox_name = move |id: model::InboxId| {
        workplace
            .lists
            .with_untracked(|lists| lists.inboxes.iter().find(|inbox| inbox.id == id).map(|inbox| inbox.name.clone()))
    };
    let Gaps { nowhere, missing } = gaps;
    // Those who are nowhere are named once.
    let missing = missing.into_iter().filter_map(|(inbox, users)| {
        let users: Vec<_> = users.into_iter().filter(|user| !nowhere.contains(user)).collect();
        let name = inbox_name(inbox).filter(|_| !users.is_empty())?;
        Some((inbox, t::gap_inbox(lang, &names(&users), &name)))
    });
    let missing: Vec<_> = missing.collect();
    let note = |words: String, address: String, way: &'static str| {
        view! {
            <Banner tone=Tone::Warning>
                {words} " "
                <a class="link" href=address>
                    {way}
                </a>
            </Banner>
        }
    };
    let nowhere = (!nowhere.is_empty()).then(|| {
        let words = t::gap_nowhere(lang, &names(&nowhere));
        note(words, place::settings(account, "inboxes"), t::gap_choose_inbox(lang))
    });
    let missing = missing
        .into_iter()
        .map(|(inbox, words)| note(words, place::inbox(account, inbox, "agents"), t::gap_add(lang)))
        .collect_view();
    view! {
        {nowhere}
        {missing}
    }
    .into_any()
}

#[component]
fn Delete(workplace: WorkplaceContext, team: Team) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let id = team.id;
    let name = Signal::derive(move || {
        let name_of = |team: &Team| (team.id == id).then(|| team.name.clone());
        workplace.lists.with(|lists| lists.teams.iter().find_map(name_of)).unwrap_or_else(|| team.name.clone())
    });
    let navigate = use_navigate();
    let leave = move |()| {
        workplace.lists.update(|lists| lists.teams.retain(|team| team.id != id));
        navigate(&place::settings(workplace.account_id, "teams"), NavigateOptions::default());
    };
    view! {
        <NamedDeletion
            name
            label=t::delete(lang)
            text=t::delete_text(lang)
            title=move |name| t::delete_title(lang, name)
            delete=move |name| calls::delete(workplace.account_id, id, name)
            on_deleted=leave
        />
    }
}
