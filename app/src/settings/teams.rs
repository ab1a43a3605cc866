//! Teams.

use leptos::prelude::*;
use model::UserId;
use model::agent::Agent;
use model::team::Team;
use ui::{
    AvatarStack, Button, Choice, Column, Combobox, ConfirmTyped, Dialog, DialogBody, DialogFooter, EmptyState, Field,
    Icon, IconButton, Mark, Switch, Table, TextInput, Variant, use_toasts,
};

use super::part::{Fault, Page, SearchField, matches, on_done};
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::form::Faults;
use crate::team::calls::{self, TeamInput};

/// What the dialogs are about.
#[derive(Clone, Copy)]
struct Editing {
    is_open: RwSignal<bool>,
    /// `None`: a new one.
    team: RwSignal<Option<Team>>,
    is_deleting: RwSignal<bool>,
}

/// The account's teams, with all that can be done to them.
#[component]
pub fn Teams() -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let editing =
        Editing { is_open: RwSignal::new(false), team: RwSignal::new(None), is_deleting: RwSignal::new(false) };
    let add = move || {
        editing.team.set(None);
        editing.is_open.set(true);
    };
    let search = RwSignal::new(String::new());
    let has_some = Memo::new(move |_| workplace.lists.with(|lists| !lists.teams.is_empty()));
    let rows = move || {
        let search = search.read();
        let teams = workplace.lists.with(|lists| lists.teams.clone());
        let found = teams.into_iter().filter(|team| matches(&search, &[&team.name, " ", &team.description].concat()));
        found.map(|team| view! { <Row workplace team editing/> }).collect_view()
    };
    let columns = move || {
        vec![Column::new(t::name(lang)), Column::new(t::members(lang)), Column::quiet(text::common::more_actions(lang))]
    };
    view! {
        <Page
            title=t::title(lang).to_owned()
            text=t::text(lang)
            wide=true
            actions=move || {
                view! {
                    <Button variant=Variant::Primary icon=Icon::Plus on_click=move |_| add()>
                        {t::add(lang)}
                    </Button>
                }
            }
        >
            <Show
                when=move || has_some.get()
                fallback=move || {
                    view! { <EmptyState icon=Icon::Layers title=t::empty_title(lang) text=t::empty_text(lang)/> }
                }
            >
                <SearchField value=search label=t::search(lang)/>
                <Table label=t::title(lang) columns=columns()>
                    {rows}
                </Table>
            </Show>
            <Edit workplace editing/>
            <Delete workplace editing/>
        </Page>
    }
    .into_any()
}

#[component]
fn Row(workplace: WorkplaceContext, team: Team, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    let people = workplace.lists.with_untracked(|lists| {
        let members = lists.agents.iter().filter(|agent| team.member_ids.contains(&agent.id));
        members.map(|agent| (agent.name.clone(), agent.avatar_url.clone())).collect::<Vec<_>>()
    });
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let own = StoredValue::new(team.clone());
    let edit = move |_| {
        editing.team.set(Some(own.get_value()));
        editing.is_open.set(true);
    };
    let delete = move |_| {
        editing.team.set(Some(own.get_value()));
        editing.is_deleting.set(true);
    };
    view! {
        <tr>
            <td>
                <span class="table-two">
                    <b class="truncate">{team.name}</b>
                    <span class="truncate">{team.description}</span>
                </span>
            </td>
            <td class="is-muted">
                <span class="table-who">
                    <AvatarStack people/>
                    {text::team::count(lang, count)}
                </span>
            </td>
            <td class="is-actions">
                <IconButton icon=Icon::Edit label=text::common::edit(lang) on_click=edit/>
                <IconButton icon=Icon::Trash label=text::common::delete(lang) on_click=delete/>
            </td>
        </tr>
    }
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

#[component]
fn Edit(workplace: WorkplaceContext, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let (name, description) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let allow_auto_assign = RwSignal::new(true);
    let members = RwSignal::new(Vec::<String>::new());
    let id = move || editing.team.with(|team| team.as_ref().map(|team| team.id));
    let save = Action::new(move |team: &TeamInput| calls::save(workplace.account_id, untrack(id), team.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |_| {
            editing.is_open.set(false);
            toasts.done(text::common::state::saved(lang));
            workplace.refresh();
        },
    );
    Effect::new(move |_| {
        if !editing.is_open.get() {
            return;
        }
        save.clear();
        let team = editing.team.get_untracked();
        name.set(team.as_ref().map(|team| team.name.clone()).unwrap_or_default());
        description.set(team.as_ref().map(|team| team.description.clone()).unwrap_or_default());
        allow_auto_assign.set(team.as_ref().is_none_or(|team| team.allow_auto_assign));
        members.set(team.map(|team| team.member_ids.iter().map(ToString::to_string).collect()).unwrap_or_default());
    });
    let submit = move || {
        save.dispatch(TeamInput {
            name: name.get_untracked(),
            description: description.get_untracked(),
            allow_auto_assign: allow_auto_assign.get_untracked(),
            member_ids: members.with_untracked(|members| ids_of(members)),
        });
    };
    let colleagues =
        Signal::derive(move || workplace.lists.with(|lists| lists.agents.iter().map(choice_of).collect::<Vec<_>>()));
    let heading = move || if id().is_some() { t::edit(lang) } else { t::add(lang) };
    view! {
        <Dialog open=editing.is_open title=heading close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["name", "description", "user_ids"])/>
                    <Field id="team-name" label=t::name(lang) required=true error=faults.at("name")>
                        <TextInput value=name autofocus=true autocomplete="off" max=120_u32 on_enter=submit/>
                    </Field>
                    <Field
                        id="team-description"
                        label=t::description(lang)
                        optional=text::common::optional(lang)
                        error=faults.at("description")
                    >
                        <TextInput value=description autocomplete="off" max=300_u32 on_enter=submit/>
                    </Field>
                    <Field id="team-members" label=t::members(lang) hint=t::members_hint(lang) error=faults.at("user_ids")>
                        <Combobox
                            id="team-members-list"
                            value=members
                            options=colleagues
                            placeholder=t::members_placeholder(lang)
                            label=t::members(lang)
                            search_label=text::common::search(lang)
                            empty=text::common::no_results(lang)
                            many=true
                        />
                    </Field>
                    <Switch checked=allow_auto_assign label=t::auto_assign(lang) detail=t::auto_assign_hint(lang)/>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| editing.is_open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=save.pending() on_click=move |_| submit()>
                    {text::common::save(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}

#[component]
fn Delete(workplace: WorkplaceContext, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let delete = Action::new(move |id: &model::TeamId| calls::delete(workplace.account_id, *id));
    let outcome = delete.value();
    let toasts = use_toasts();
    Effect::new(move |_| match outcome.get() {
        Some(Ok(())) => {
            editing.is_deleting.set(false);
            workplace.refresh();
        }
        Some(Err(error)) => toasts.fail(error.words(lang)),
        None => {}
    });
    let name = Signal::derive(move || {
        editing.team.with(|team| team.as_ref().map(|team| team.name.clone()).unwrap_or_default())
    });
    let confirm = move || {
        if let Some(team) = editing.team.get_untracked() {
            delete.dispatch(team.id);
        }
    };
    view! {
        <ConfirmTyped
            open=editing.is_deleting
            title=move || t::delete_title(lang, &name.get())
            description=t::delete_text(lang)
            phrase=name
            phrase_label=move || text::common::type_to_confirm(lang, &name.get())
            confirm_label=t::delete(lang)
            cancel_label=text::common::cancel(lang)
            busy=delete.pending()
            on_confirm=confirm
        />
    }
}
