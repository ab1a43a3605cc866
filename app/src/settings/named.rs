//! Deleting what a whole page is about.

use std::future::Future;

use leptos::prelude::*;
use ui::{Button, ConfirmTyped, FormSection, Variant, use_toasts};

use crate::boot::use_lang;
use crate::call::CallError;

/// The last section of a page: deletes what the page is about once its name was typed, which the server asks for too.
#[component]
pub fn NamedDeletion<N, F, A>(
    /// What it is called now: it may have been renamed on this page.
    name: Signal<String>,
    /// Words of the buttons, and the title of the section.
    label: &'static str,
    /// What will be lost.
    text: &'static str,
    /// The question, with the name.
    title: N,
    /// Deletes it, for the name that was typed.
    delete: F,
    /// What to do then.
    #[prop(into)]
    on_deleted: Callback<()>,
) -> impl IntoView
where
    N: Fn(&str) -> String + Copy + Send + Sync + 'static,
    F: Fn(String) -> A + Copy + Send + Sync + 'static,
    A: Future<Output = Result<(), CallError>> + Send + 'static,
{
    let lang = use_lang();
    let is_open = RwSignal::new(false);
    let action = Action::new(move |name: &String| delete(name.clone()));
    let outcome = action.value();
    let toasts = use_toasts();
    Effect::new(move |_| match outcome.get() {
        Some(Ok(())) => on_deleted.run(()),
        Some(Err(error)) => toasts.fail(error.words(lang)),
        None => {}
    });
    view! {
        <FormSection title=label text>
            <div>
                <Button variant=Variant::Danger on_click=move |_| is_open.set(true)>{label}</Button>
            </div>
        </FormSection>
        <ConfirmTyped
            open=is_open
            title=move || title(&name.read())
            description=text
            phrase=name
            phrase_label=move || text::common::type_to_confirm(lang, &name.read())
            confirm_label=label
            cancel_label=text::common::cancel(lang)
            busy=action.pending()
            on_confirm=move || {
                action.dispatch(name.get_untracked());
            }
        />
    }
}
