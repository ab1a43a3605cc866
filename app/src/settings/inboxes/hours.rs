//! When an inbox answers.

use leptos::prelude::*;
use model::hours::Hours;
use model::inbox::Inbox;
use ui::{Skeleton, SkeletonKind, use_toasts};

use super::super::part::{Fault, Save, on_done};
use super::InboxPage;
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::hours::{FIELDS, HoursFields, HoursState, Owner};
use crate::inbox::calls;

/// The page of an inbox that says when it answers.
#[component]
pub fn BusinessHours() -> impl IntoView {
    view! { <InboxPage tab="hours" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    let id = inbox.id;
    let hours = Resource::new_blocking(|| (), move |()| calls::hours(workplace.account_id, id));
    view! {
        <Suspense fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Fields count=2 label=text::common::state::loading(lang)/> }
        }>
            {move || Suspend::new(async move {
                match hours.await {
                    Ok(hours) => view! { <Form workplace id hours/> }.into_any(),
                    Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Form(workplace: WorkplaceContext, id: model::InboxId, hours: Hours) -> impl IntoView {
    let lang = use_lang();
    let state = HoursState::new(&hours);
    let saved = RwSignal::new(hours);
    let changed = Memo::new(move |_| state.hours() != saved.get());
    let save = Action::new(move |hours: &Hours| calls::set_hours(workplace.account_id, id, hours.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |hours: Hours| {
            state.set(&hours);
            saved.set(hours);
            toasts.done(text::common::state::saved(lang));
        },
    );
    view! {
        <HoursFields state owner=Owner::Inbox faults/>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(FIELDS)
            on_save=move || {
                if untrack(|| state.is_sound()) {
                    save.dispatch(untrack(|| state.hours()));
                }
            }
            on_discard=move || state.set(&saved.get_untracked())
        />
    }
}
