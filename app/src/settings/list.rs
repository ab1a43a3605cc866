//! What the settings' lists have in common: reading them, and deleting something of them.

use std::future::Future;

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ui::{ErrorState, Skeleton, SkeletonKind};

use super::part::{Confirm, on_done};
use crate::boot::use_lang;
use crate::call::CallError;
use crate::form::Faults;

/// A list once it is read; until then bars, and a way to try again when it could not be.
#[component]
pub fn Listed<T, F>(
    /// What is read.
    list: Resource<Result<Vec<T>, CallError>>,
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
