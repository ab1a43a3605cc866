//! What the settings' lists have in common: reading them, adding to them, and changing or deleting something of them.

use std::future::Future;

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ui::{Button, ErrorState, Icon, IconButton, Skeleton, SkeletonKind, Variant};

use super::part::{Confirm, on_done};
use crate::boot::use_lang;
use crate::call::CallError;
use crate::form::Faults;

/// A list once it is read; until then bars, and a way to try again when it could not be.
#[component]
pub fn Listed<T, F>(
    /// What is read.
    list: Resource<Result<Vec<T>, CallError>, crate::json::Json>,
    /// Draws it.
    content: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Fn(Vec<T>) -> AnyView + Copy + Send + Sync + 'static,
{
    let lang = use_lang();
    view! {
        <Transition fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Rows count=6 label=text::common::state::loading(lang)/> }
        }>
            {move || Suspend::new(async move {
                match list.await {
                    Ok(all) => content(all),
                    Err(error) => view! {
                        <ErrorState
                            title=text::common::error_title(lang)
                            text=error.words(lang)
                            retry=text::common::retry(lang)
                            on_retry=move |()| list.refetch()
                        />
                    }
                    .into_any(),
                }
            })}
        </Transition>
    }
}

/// What the dialogs of a list are about, and which of them is open. Cheap to copy.
pub struct Editing<T: Send + Sync + 'static> {
    /// `None`: a new one.
    pub item: RwSignal<Option<T>>,
    /// Whether it is being written.
    pub is_open: RwSignal<bool>,
    /// Whether it is asked if it may be deleted.
    pub is_deleting: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Editing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Editing<T> {}

impl<T: Clone + Send + Sync + 'static> Editing<T> {
    /// Nothing is open.
    pub fn new() -> Self {
        Self { item: RwSignal::new(None), is_open: RwSignal::new(false), is_deleting: RwSignal::new(false) }
    }

    /// Begins a new one.
    pub fn add(self) {
        self.item.set(None);
        self.is_open.set(true);
    }

    /// Opens this one.
    pub fn edit(self, item: T) {
        self.item.set(Some(item));
        self.is_open.set(true);
    }

    /// Asks whether this one may go.
    pub fn delete(self, item: T) {
        self.item.set(Some(item));
        self.is_deleting.set(true);
    }

    /// Something of the one it is about; nothing of a new one.
    pub fn of<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.item.with(|item| item.as_ref().map(read))
    }
}

/// The button beside the title that begins a new one.
#[component]
pub fn AddButton<T: Clone + Send + Sync + 'static>(editing: Editing<T>, words: &'static str) -> impl IntoView {
    view! {
        <Button variant=Variant::Primary icon=Icon::Plus on_click=move |_| editing.add()>
            {words}
        </Button>
    }
}

/// The last cell of a row: change it, delete it.
#[component]
pub fn RowActions<T: Clone + Send + Sync + 'static>(editing: Editing<T>, item: T) -> impl IntoView {
    let lang = use_lang();
    let item = StoredValue::new(item);
    let (edit, delete) = (move |_| editing.edit(item.get_value()), move |_| editing.delete(item.get_value()));
    view! {
        <td class="is-actions">
            <IconButton icon=Icon::Edit label=text::common::edit(lang) on_click=edit/>
            <IconButton icon=Icon::Trash label=text::common::delete(lang) on_click=delete/>
        </td>
    }
}

/// Asks before the one that the dialogs are about is deleted.
#[component]
pub fn ItemDeletion<T, N, F, A>(
    editing: Editing<T>,
    /// The question.
    title: N,
    /// What will be lost.
    text: &'static str,
    /// Words of the red button.
    confirm_label: &'static str,
    /// Deletes it.
    delete: F,
    /// What to do then; the question closes by itself.
    #[prop(into)]
    on_deleted: Callback<()>,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    N: Fn(&T) -> String + Copy + Send + Sync + 'static,
    F: Fn(&T) -> A + Copy + Send + Sync + 'static,
    A: Future<Output = Result<(), CallError>> + Send + 'static,
{
    let delete = move || {
        let deleted = untrack(|| editing.of(delete));
        async move {
            match deleted {
                Some(deleted) => deleted.await,
                None => Ok(()),
            }
        }
    };
    view! {
        <Deletion
            open=editing.is_deleting
            title=Signal::derive(move || editing.of(title).unwrap_or_default())
            text
            confirm_label
            delete
            on_deleted
        />
    }
}

/// Asks before something is deleted, deletes it, and says what went wrong.
#[component]
pub fn Deletion<F, A>(
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will be lost.
    text: &'static str,
    /// Words of the red button.
    confirm_label: &'static str,
    /// Deletes it.
    delete: F,
    /// What to do then; the question closes by itself.
    #[prop(into)]
    on_deleted: Callback<()>,
) -> impl IntoView
where
    F: Fn() -> A + Copy + Send + Sync + 'static,
    A: Future<Output = Result<(), CallError>> + Send + 'static,
{
    let action = Action::new(move |(): &()| delete());
    let outcome = action.value();
    let faults = Faults::of(move || outcome.get());
    on_done(
        move || outcome.get(),
        move |()| {
            open.set(false);
            on_deleted.run(());
        },
    );
    view! {
        <Confirm
            open
            title
            text
            confirm_label
            busy=action.pending()
            fault=faults.beside(&[])
            on_confirm=move |()| {
                action.dispatch(());
            }
        />
    }
}
