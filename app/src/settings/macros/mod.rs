//! Macros: the list, and the editor.

mod draft;
mod editor;
mod step;

use leptos::prelude::*;
use model::action::{Macro, MacroVisibility};
use ui::{Column, EmptyState, Icon, Table};

use super::list::{AddButton, Editing, ItemDeletion, Listed, RowActions};
use super::part::{Page, SearchField, matches};
use crate::boot::{use_lang, use_workplace};
use crate::macros::calls;
use crate::macros::step::step_name;

/// The macros that the agent can use.
#[component]
pub fn Macros() -> impl IntoView {
    let lang = use_lang();
    use text::macros as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let list = crate::json::blocking(|| (), move |()| calls::list(account));
    let editing = Editing::<Macro>::new();
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
            actions=move || view! { <AddButton editing words=t::add(lang)/> }
        >
            <Listed list content/>
            <editor::Editor workplace editing on_saved=move |()| list.refetch()/>
            <ItemDeletion
                editing
                title=move |found: &Macro| t::delete_title(lang, &found.name)
                text=t::delete_text(lang)
                confirm_label=t::delete(lang)
                delete=move |found: &Macro| calls::delete(account, found.id)
                on_deleted=move |()| list.refetch()
            />
        </Page>
    }
    .into_any()
}

#[component]
fn Row(found: Macro, editing: Editing<Macro>) -> impl IntoView {
    let lang = use_lang();
    use text::macros as t;
    let own = found.clone();
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
            <RowActions editing item=own/>
        </tr>
    }
}
