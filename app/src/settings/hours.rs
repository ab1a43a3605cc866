//! When an inbox or a team answers.

use leptos::prelude::*;
use model::hours::Hours;
use model::{AccountId, InboxId, TeamId};
use ui::{Skeleton, SkeletonKind, use_toasts};

use super::part::{Fault, Save, on_done};
use crate::boot::{WorkplaceContext, use_lang};
use crate::call::CallError;
use crate::form::Faults;
use crate::hours::{FIELDS, HoursFields, HoursState, Owner};
use crate::{inbox, team};

/// Whose hours they are.
#[derive(Clone, Copy)]
pub enum Whose {
    Inbox(InboxId),
    Team(TeamId),
}

impl Whose {
    fn owner(self) -> Owner {
        match self {
            Self::Inbox(_) => Owner::Inbox,
            Self::Team(_) => Owner::Team,
        }
    }

    async fn read(self, account: AccountId) -> Result<Hours, CallError> {
        match self {
            Self::Inbox(id) => inbox::calls::hours(account, id).await,
            Self::Team(id) => team::calls::hours(account, id).await,
        }
    }

    async fn write(self, account: AccountId, hours: Hours) -> Result<Hours, CallError> {
        match self {
            Self::Inbox(id) => inbox::calls::set_hours(account, id, hours).await,
            Self::Team(id) => team::calls::set_hours(account, id, hours).await,
        }
    }
}

/// The form, once the hours are read.
#[component]
pub fn HoursOf(workplace: WorkplaceContext, whose: Whose) -> impl IntoView {
    let lang = use_lang();
    let hours = crate::json::blocking(|| (), move |()| whose.read(workplace.account_id));
    view! {
        <Suspense fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Fields count=2 label=text::common::state::loading(lang)/> }
        }>
            {move || Suspend::new(async move {
                match hours.await {
                    Ok(hours) => view! { <Form workplace whose hours/> }.into_any(),
                    Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Form(workplace: WorkplaceContext, whose: Whose, hours: Hours) -> impl IntoView {
    let lang = use_lang();
    let state = HoursState::new(&hours);
    let saved = RwSignal::new(hours);
    let changed = Memo::new(move |_| state.hours() != saved.get());
    let save = Action::new(move |hours: &Hours| whose.write(workplace.account_id, hours.clone()));
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
        <HoursFields state owner=whose.owner() faults/>
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
