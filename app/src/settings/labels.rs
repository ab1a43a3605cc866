//! Labels.

use leptos::prelude::*;
use model::label::Label;
use ui::{
    Button, ColourField, Column, Dialog, DialogBody, DialogFooter, Dot, EmptyState, Field, Icon, Switch, Table,
    TextInput, Variant, use_toasts,
};

use super::list::{AddButton, Editing, ItemDeletion, RowActions};
use super::part::{Fault, Page, SearchField, matches, on_done};
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::form::Faults;
use crate::inbox::field::COLOURS;
use crate::label::calls::{self, LabelInput};

/// The account's labels, with all that can be done to them.
#[component]
pub fn Labels() -> impl IntoView {
    let lang = use_lang();
    use text::label as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let editing = Editing::<Label>::new();
    let search = RwSignal::new(String::new());
    let has_some = Memo::new(move |_| workplace.lists.with(|lists| !lists.labels.is_empty()));
    let rows = move || {
        let search = search.read();
        let labels = workplace.lists.with(|lists| lists.labels.clone());
        let found =
            labels.into_iter().filter(|label| matches(&search, &[&label.title, " ", &label.description].concat()));
        found.map(|label| view! { <Row label editing/> }).collect_view()
    };
    let columns = move || {
        vec![
            Column::new(t::name(lang)),
            Column::new(t::description(lang)),
            Column::quiet(text::common::more_actions(lang)),
        ]
    };
    view! {
        <Page
            title=t::title(lang).to_owned()
            text=t::text(lang)
            wide=true
            actions=move || view! { <AddButton editing words=t::add(lang)/> }
        >
            <Show
                when=move || has_some.get()
                fallback=move || {
                    view! { <EmptyState icon=Icon::Tag title=t::empty_title(lang) text=t::empty_text(lang)/> }
                }
            >
                <SearchField value=search label=t::search(lang)/>
                <Table label=t::title(lang) columns=columns()>
                    {rows}
                </Table>
            </Show>
            <Edit workplace editing/>
            <ItemDeletion
                editing
                title=move |label: &Label| t::delete_title(lang, &label.title)
                text=t::delete_text(lang)
                confirm_label=t::delete(lang)
                delete=move |label: &Label| calls::delete(workplace.account_id, label.id)
                on_deleted=move |()| workplace.refresh()
            />
        </Page>
    }
    .into_any()
}

#[component]
fn Row(label: Label, editing: Editing<Label>) -> impl IntoView {
    let own = label.clone();
    view! {
        <tr>
            <td>
                <span class="table-who">
                    <Dot colour=label.color/>
                    <span class="truncate">{label.title}</span>
                </span>
            </td>
            <td class="is-muted">{label.description}</td>
            <RowActions editing item=own/>
        </tr>
    }
}

#[component]
fn Edit(workplace: WorkplaceContext, editing: Editing<Label>) -> impl IntoView {
    let lang = use_lang();
    use text::label as t;
    let (title, description) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let color = RwSignal::new(COLOURS[0].to_owned());
    let show_on_sidebar = RwSignal::new(true);
    let id = move || editing.of(|label| label.id);
    let save = Action::new(move |label: &LabelInput| calls::save(workplace.account_id, untrack(id), label.clone()));
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
        let label = editing.item.get_untracked();
        title.set(label.as_ref().map(|label| label.title.clone()).unwrap_or_default());
        description.set(label.as_ref().map(|label| label.description.clone()).unwrap_or_default());
        color.set(label.as_ref().map_or_else(|| COLOURS[0].to_owned(), |label| label.color.clone()));
        show_on_sidebar.set(label.is_none_or(|label| label.show_on_sidebar));
    });
    let submit = move || {
        save.dispatch(LabelInput {
            title: title.get_untracked(),
            description: description.get_untracked(),
            color: color.get_untracked(),
            show_on_sidebar: show_on_sidebar.get_untracked(),
        });
    };
    let heading = move || if id().is_some() { t::edit(lang) } else { t::add(lang) };
    view! {
        <Dialog open=editing.is_open title=heading close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["title", "description", "color"])/>
                    <Field
                        id="label-title"
                        label=t::name(lang)
                        hint=t::name_hint(lang)
                        required=true
                        error=faults.at("title")
                    >
                        <TextInput value=title autofocus=true autocomplete="off" max=60_u32 on_enter=submit/>
                    </Field>
                    <Field
                        id="label-description"
                        label=t::description(lang)
                        optional=text::common::optional(lang)
                        error=faults.at("description")
                    >
                        <TextInput value=description autocomplete="off" max=300_u32 on_enter=submit/>
                    </Field>
                    <Field id="label-color" label=t::color(lang) error=faults.at("color")>
                        <ColourField value=color presets=&COLOURS label=t::color(lang)/>
                    </Field>
                    <Switch checked=show_on_sidebar label=t::show_on_sidebar(lang)/>
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
