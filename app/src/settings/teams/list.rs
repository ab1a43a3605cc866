//! The account's teams.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::team::Team;
use ui::{
    AvatarStack, Button, Column, Dialog, DialogBody, DialogFooter, EmptyState, Glyph, Icon, Table, Variant, use_toasts,
};

use super::super::part::{Fault, Page, SearchField, matches, on_done};
use super::show::{Draft, FIELDS, Fields};
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::form::Faults;
use crate::place;
use crate::team::calls::{self, TeamInput};

/// The list, and the way to a new team.
#[component]
pub fn Teams() -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let is_adding = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    let has_some = Memo::new(move |_| workplace.lists.with(|lists| !lists.teams.is_empty()));
    let rows = move || {
        let search = search.read();
        let teams = workplace.lists.with(|lists| lists.teams.clone());
        let found = teams.into_iter().filter(|team| matches(&search, &[&team.name, " ", &team.description].concat()));
        found.map(|team| view! { <Row workplace team/> }).collect_view()
    };
    let columns = move || {
        vec![Column::new(t::name(lang)), Column::new(t::members(lang)), Column::quiet(text::common::open(lang))]
    };
    view! {
        <Page
            title=t::title(lang).to_owned()
            text=t::text(lang)
            wide=true
            actions=move || {
                view! {
                    <Button variant=Variant::Primary icon=Icon::Plus on_click=move |_| is_adding.set(true)>
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
            <Add workplace open=is_adding/>
        </Page>
    }
    .into_any()
}

#[component]
fn Row(workplace: WorkplaceContext, team: Team) -> impl IntoView {
    let lang = use_lang();
    let people = workplace.lists.with_untracked(|lists| {
        let members = lists.agents.iter().filter(|agent| team.member_ids.contains(&agent.id));
        members.map(|agent| (agent.name.clone(), agent.avatar_url.clone())).collect::<Vec<_>>()
    });
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    view! {
        <tr class="is-link">
            <td>
                <a class="row-link table-two" href=place::team(workplace.account_id, team.id, "")>
                    <b class="truncate">{team.name}</b>
                    <span class="truncate">{team.description}</span>
                </a>
            </td>
            <td class="is-muted">
                <span class="table-who">
                    <AvatarStack people/>
                    {text::team::count(lang, count)}
                </span>
            </td>
            <td class="is-actions">
                <Glyph icon=Icon::ChevronRight/>
            </td>
        </tr>
    }
    .into_any()
}

/// Asks for a new team, and leads to its page.
#[component]
fn Add(workplace: WorkplaceContext, open: RwSignal<bool>) -> impl IntoView {
    let lang = use_lang();
    use text::team as t;
    let draft = Draft::new();
    let save = Action::new(move |team: &TeamInput| calls::save(workplace.account_id, None, team.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    let navigate = use_navigate();
    on_done(
        move || outcome.get(),
        move |team: Team| {
            open.set(false);
            toasts.done(text::common::state::saved(lang));
            let address = place::team(workplace.account_id, team.id, "");
            workplace.lists.update(|lists| lists.teams.push(team));
            workplace.refresh();
            navigate(&address, NavigateOptions::default());
        },
    );
    Effect::new(move |_| {
        if open.get() {
            save.clear();
            draft.set(&TeamInput { allow_auto_assign: true, ..TeamInput::default() });
        }
    });
    let submit = move || {
        save.dispatch(untrack(|| draft.input()));
    };
    view! {
        <Dialog open title=t::add(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(FIELDS)/>
                    <Fields workplace draft faults on_enter=submit/>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=save.pending() on_click=move |_| submit()>
                    {t::create(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
