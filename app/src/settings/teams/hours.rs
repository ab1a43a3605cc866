//! When a team answers.

use leptos::prelude::*;
use model::hours::Hours;
use model::team::Team;
use ui::{Skeleton, SkeletonKind, use_toasts};

use super::super::part::{Fault, Save, on_done};
use super::TeamPage;
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::hours::{FIELDS, HoursFields, HoursState, Owner};
use crate::team::calls;

/// The page of a team that says when it answers.
#[component]
pub fn BusinessHours() -> impl IntoView {
    view! { <TeamPage tab="hours" content=|workplace, team| view! { <Content workplace team/> }.into_any()/> }
}

#[component]
fn Content(workplace: WorkplaceContext, team: Team) -> impl IntoView {
    let lang = use_lang();
    let id = team.id;
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
fn Form(workplace: WorkplaceContext, id: model::TeamId, hours: Hours) -> impl IntoView {
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
        <HoursFields state owner=Owner::Team faults/>
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
