//! Canned responses.

use leptos::prelude::*;
use model::Permission;
use model::action::StoredFile;
use model::canned::CannedResponse;
use ui::{
    Button, Column, Dialog, DialogBody, DialogFooter, EmptyState, Field, Glyph, Icon, IconButton, Table, TextArea,
    TextInput, Variant, use_toasts,
};

use super::kept_files::KeptFiles;
use super::list::{Deletion, Listed};
use super::part::{Fault, Page, SearchField, matches, on_done};
use super::variables::InsertVariable;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::canned::calls;
use crate::form::Faults;

/// What the dialogs are about.
#[derive(Clone, Copy)]
struct Editing {
    workplace: WorkplaceContext,
    list: Resource<Result<Vec<CannedResponse>, crate::call::CallError>>,
    is_open: RwSignal<bool>,
    /// `None`: a new one.
    canned: RwSignal<Option<CannedResponse>>,
    is_deleting: RwSignal<bool>,
}

/// The account's canned responses. Whoever may not write them reads them.
#[component]
pub fn Canned() -> impl IntoView {
    let lang = use_lang();
    use text::canned as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let list = Resource::new_blocking(|| (), move |()| calls::list(account));
    let editing = Editing {
        workplace,
        list,
        is_open: RwSignal::new(false),
        canned: RwSignal::new(None),
        is_deleting: RwSignal::new(false),
    };
    let may_write = workplace.may(Permission::EditCannedResponses);
    let add = move || {
        editing.canned.set(None);
        editing.is_open.set(true);
    };
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
            actions=move || {
                may_write
                    .then(|| {
                        view! {
                            <Button variant=Variant::Primary icon=Icon::Plus on_click=move |_| add()>
                                {t::add(lang)}
                            </Button>
                        }
                    })
            }
        >
            <Listed list content/>
            <Edit editing/>
            <Delete editing/>
        </Page>
    }
    .into_any()
}

#[component]
fn Row(canned: CannedResponse, editing: Editing, may_write: bool) -> impl IntoView {
    let lang = use_lang();
    let own = StoredValue::new(canned.clone());
    let names: Vec<String> = canned.files.iter().map(|file| file.name.clone()).collect();
    let files = (!names.is_empty()).then(|| {
        view! {
            <span class="row-files">
                <Glyph icon=Icon::Attach/>
                {names.join(", ")}
            </span>
        }
    });
    let edit = move |_| {
        editing.canned.set(Some(own.get_value()));
        editing.is_open.set(true);
    };
    let delete = move |_| {
        editing.canned.set(Some(own.get_value()));
        editing.is_deleting.set(true);
    };
    view! {
        <tr>
            <td>
                <code class="short-code">"/" {canned.short_code}</code>
            </td>
            <td class="is-muted">
                <span class="clamped" dir="auto">{canned.content}</span>
                {files}
            </td>
            {may_write
                .then(|| {
                    view! {
                        <td class="is-actions">
                            <IconButton icon=Icon::Edit label=text::common::edit(lang) on_click=edit/>
                            <IconButton icon=Icon::Trash label=text::common::delete(lang) on_click=delete/>
                        </td>
                    }
                })}
        </tr>
    }
}

#[component]
fn Edit(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::canned as t;
    let (short_code, content) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let files = RwSignal::new(Vec::new());
    let account = editing.workplace.account_id;
    let id = move || editing.canned.with(|canned| canned.as_ref().map(|canned| canned.id));
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
            editing.list.refetch();
        },
    );
    Effect::new(move |_| {
        if !editing.is_open.get() {
            return;
        }
        save.clear();
        let canned = editing.canned.get_untracked();
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
                    <KeptFiles workplace=editing.workplace files/>
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
fn Delete(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::canned as t;
    let title = move || {
        let name = editing.canned.with(|one| one.as_ref().map(|one| one.short_code.clone()).unwrap_or_default());
        t::delete_title(lang, &["/", &name].concat())
    };
    let delete = move || {
        let chosen = editing.canned.with_untracked(|one| one.as_ref().map(|one| one.id));
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
