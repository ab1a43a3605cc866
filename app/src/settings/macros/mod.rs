//! Macros: the list, and the editor.

mod draft;
mod editor;
mod step;

use leptos::prelude::*;
use model::action::{Macro, MacroVisibility};
use ui::{Button, Column, EmptyState, Icon, IconButton, Table, Variant};

use super::list::{Deletion, Listed};
use super::part::{Page, SearchField, matches};
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::call::CallError;
use crate::macros::calls;
use crate::macros::step::step_name;

/// What the dialogs are about.
#[derive(Clone, Copy)]
struct Editing {
    workplace: WorkplaceContext,
    list: Resource<Result<Vec<Macro>, CallError>>,
    is_open: RwSignal<bool>,
    /// `None`: a new one.
    found: RwSignal<Option<Macro>>,
    is_deleting: RwSignal<bool>,
}

/// The macros that the agent can use.
#[component]
pub fn Macros() -> impl IntoView {
    let lang = use_lang();
    use text::macros as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let list = Resource::new_blocking(|| (), move |()| calls::list(account));
    let editing = Editing {
        workplace,
        list,
        is_open: RwSignal::new(false),
        found: RwSignal::new(None),
        is_deleting: RwSignal::new(false),
    };
    let add = move || {
        editing.found.set(None);
        editing.is_open.set(true);
    };
    let search = RwSignal::new(String::new());
    let rows = move |all: Vec<Macro>| {
        let search = search.read();
        let found = all.into_iter().filter(|found| matches(&search, &found.name));
        found.map(|found| view! { <Row found editing/> }).collect_view()
    };
    let content = move |all: Vec<Macro>| {
        if all.is_empty() {
            return view! { <EmptyState icon=Icon::Play title=t::empty_title(lang) text=t::empty_text(lang)/> }
                .into_any();
        }
        let all = StoredValue::new(all);
        let columns = vec![
            Column::new(t::name(lang)),
            Column::new(t::steps(lang)),
            Column::new(t::who(lang)),
            Column::quiet(text::common::more_actions(lang)),
        ];
        view! {
            <SearchField value=search label=t::search(lang)/>
            <Table label=t::title(lang) columns=columns>
                {move || rows(all.get_value())}
            </Table>
        }
        .into_any()
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
            <Listed list content/>
            <editor::Editor editing/>
            <Delete editing/>
        </Page>
    }
    .into_any()
}

#[component]
fn Row(found: Macro, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::macros as t;
    let own = StoredValue::new(found.clone());
    let edit = move |_| {
        editing.found.set(Some(own.get_value()));
        editing.is_open.set(true);
    };
    let delete = move |_| {
        editing.found.set(Some(own.get_value()));
        editing.is_deleting.set(true);
    };
    let steps = found.actions.iter().map(|action| step_name(lang, action.kind())).collect::<Vec<_>>().join(" → ");
    let who = match found.visibility {
        MacroVisibility::Personal => t::only_me(lang),
        MacroVisibility::Global => t::everybody(lang),
    };
    view! {
        <tr>
            <td>
                <span class="truncate">{found.name}</span>
            </td>
            <td class="is-muted">
                <span class="clamped">{steps}</span>
            </td>
            <td>{who}</td>
            <td class="is-actions">
                <IconButton icon=Icon::Edit label=text::common::edit(lang) on_click=edit/>
                <IconButton icon=Icon::Trash label=text::common::delete(lang) on_click=delete/>
            </td>
        </tr>
    }
}

#[component]
fn Delete(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::macros as t;
    let title = move || {
        let name = editing.found.with(|one| one.as_ref().map(|one| one.name.clone()).unwrap_or_default());
        t::delete_title(lang, &name)
    };
    let delete = move || {
        let chosen = editing.found.with_untracked(|one| one.as_ref().map(|one| one.id));
        async move {
            match chosen {
                Some(id) => calls::delete(editing.workplace.account_id, id).await,
                None => Ok(()),
            }
        }
    };
    view! {
        <Deletion
            open=editing.is_deleting
            title=Signal::derive(title)
            text=t::delete_text(lang)
            confirm_label=t::delete(lang)
            delete
            on_deleted=move |()| editing.list.refetch()
        />
    }
}
