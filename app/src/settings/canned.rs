//! Canned responses.

use leptos::prelude::*;
use model::Permission;
use model::action::StoredFile;
use model::canned::CannedResponse;
use ui::{
    Button, Column, Dialog, DialogBody, DialogFooter, EmptyState, Field, Glyph, Icon, Table, TextArea, TextInput,
    Variant, use_toasts,
};

use super::kept_files::KeptFiles;
use super::list::{AddButton, Editing, ItemDeletion, Listed, RowActions};
use super::part::{Fault, Page, SearchField, matches, on_done};
use super::variables::InsertVariable;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::canned::calls;
use crate::form::Faults;

/// The account's canned responses. Whoever may not write them reads them.
#[component]
pub fn Canned() -> impl IntoView {
    let lang = use_lang();
    use text::canned as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let list = crate::json::blocking(|| (), move |()| calls::list(account));
    let editing = Editing::<CannedResponse>::new();
    let may_write = workplace.may(Permission::EditCannedResponses);
    let search = RwSignal::new(String::new());
    let rows = move |all: Vec<CannedResponse>| {
        let search = search.read();
        let found = all.into_iter().filter(|it| matches(&search, &[&it.short_code, " ", &it.content].concat()));
        found.map(|canned| view! { <Row canned editing may_write/> }).collect_view()
    };
    let columns = move || {
        let mut columns = vec![Column::new(t::code(lang)), Column::new(t::content(lang))];
        if may_write {
            columns.push(Column::quiet(text::common::more_actions(lang)));
        }
        columns
    };
    let content = move |all: Vec<CannedResponse>| {
        if all.is_empty() {
            return view! { <EmptyState icon=Icon::Zap title=t::empty_title(lang) text=t::empty_text(lang)/> }
                .into_any();
        }
        let all = StoredValue::new(all);
        view! {
            <SearchField value=search label=t::search(lang)/>
            <Table label=t::title(lang) columns=columns()>
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
            actions=move || may_write.then(|| view! { <AddButton editing words=t::add(lang)/> })
        >
            <Listed list content/>
            <Edit workplace editing on_saved=move |()| list.refetch()/>
            <ItemDeletion
                editing
                title=move |one: &CannedResponse| t::delete_title(lang, &["/", &one.short_code].concat())
                text=t::delete_text(lang)
                confirm_label=t::delete(lang)
                delete=move |one: &CannedResponse| calls::delete(account, one.id)
                on_deleted=move |()| list.refetch()
            />
        </Page>
    }
    .into_any()
}

#[component]
fn Row(canned: CannedResponse, editing: Editing<CannedResponse>, may_write: bool) -> impl IntoView {
    let own = canned.clone();
    let names: Vec<String> = canned.files.iter().map(|file| file.name.clone()).collect();
    let files = (!names.is_empty()).then(|| {
        view! {
            <span class="row-files">
                <Glyph icon=Icon::Attach/>
                {names.join(", ")}
            </span>
        }
    });
    view! {
        <tr>
            <td>
                <code class="short-code">"/" {canned.short_code}</code>
            </td>
            <td class="is-muted">
                <span class="clamped" dir="auto">{canned.content}</span>
                {files}
            </td>
            {may_write.then(|| view! { <RowActions editing item=own/> })}
        </tr>
    }
}

#[component]
fn Edit(
    workplace: WorkplaceContext,
    editing: Editing<CannedResponse>,
    #[prop(into)] on_saved: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    use text::canned as t;
    let (short_code, content) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let files = RwSignal::new(Vec::new());
    let account = workplace.account_id;
    let id = move || editing.of(|canned| canned.id);
    let save = Action::new(move |(short_code, content): &(String, String)| {
        let files = files.with_untracked(|files: &Vec<StoredFile>| files.iter().map(|file| file.id).collect());
        calls::save(account, untrack(id), short_code.clone(), content.clone(), files)
    });
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |_| {
            editing.is_open.set(false);
            toasts.done(text::common::state::saved(lang));
            on_saved.run(());
        },
    );
    Effect::new(move |_| {
        if !editing.is_open.get() {
            return;
        }
        save.clear();
        let canned = editing.item.get_untracked();
        short_code.set(canned.as_ref().map(|canned| canned.short_code.clone()).unwrap_or_default());
        files.set(canned.as_ref().map(|canned| canned.files.clone()).unwrap_or_default());
        content.set(canned.map(|canned| canned.content).unwrap_or_default());
    });
    let submit = move || {
        save.dispatch((short_code.get_untracked(), content.get_untracked()));
    };
    let heading = move || if id().is_some() { t::edit(lang) } else { t::add(lang) };
    view! {
        <Dialog open=editing.is_open title=heading close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["short_code", "content"])/>
                    <Field
                        id="canned-code"
                        label=t::code(lang)
                        hint=t::code_hint(lang)
                        required=true
                        error=faults.at("short_code")
                    >
                        <TextInput value=short_code autofocus=true autocomplete="off" max=60_u32/>
                    </Field>
                    <Field
                        id="canned-content"
                        label=t::content(lang)
                        hint=t::content_hint(lang)
                        required=true
                        error=faults.at("content")
                    >
                        <TextArea value=content rows=6/>
                    </Field>
                    <InsertVariable into=content/>
                    <KeptFiles workplace files/>
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
