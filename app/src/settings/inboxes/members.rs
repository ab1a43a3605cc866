//! Who answers in an inbox.

use leptos::prelude::*;
use model::UserId;
use model::inbox::Inbox;
use ui::{Combobox, Field, FormSection, Skeleton, SkeletonKind, use_toasts};

use super::super::part::{Fault, Save, on_done};
use super::super::teams::{choice_of, ids_of};
use super::InboxPage;
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::inbox::calls;

/// The page of an inbox that says who answers in it.
#[component]
pub fn Members() -> impl IntoView {
    view! { <InboxPage tab="agents" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    let id = inbox.id;
    let members = Resource::new_blocking(|| (), move |()| calls::members(workplace.account_id, id));
    view! {
        <Suspense fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Fields count=1 label=text::common::state::loading(lang)/> }
        }>
            {move || Suspend::new(async move {
                match members.await {
                    Ok(members) => view! { <Form workplace id members/> }.into_any(),
                    Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn values_of(ids: &[UserId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

#[component]
fn Form(workplace: WorkplaceContext, id: model::InboxId, members: Vec<UserId>) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let saved = RwSignal::new(values_of(&members));
    let chosen = RwSignal::new(values_of(&members));
    // The order in which people were picked says nothing.
    let sorted = |mut values: Vec<String>| {
        values.sort_unstable();
        values
    };
    let changed = Memo::new(move |_| sorted(chosen.get()) != sorted(saved.get()));
    let save = Action::new(move |ids: &Vec<UserId>| calls::set_members(workplace.account_id, id, ids.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |members| {
            saved.set(values_of(&members));
            chosen.set(values_of(&members));
            toasts.done(text::common::state::saved(lang));
        },
    );
    let colleagues =
        Signal::derive(move || workplace.lists.with(|lists| lists.agents.iter().map(choice_of).collect::<Vec<_>>()));
    view! {
        <FormSection title=t::agents(lang) text=t::agents_text(lang)>
            <Field id="inbox-agents" label=t::agents(lang) hint=t::agents_hint(lang) error=faults.at("user_ids")>
                <Combobox
                    id="inbox-agents-list"
                    value=chosen
                    options=colleagues
                    placeholder=t::agents_placeholder(lang)
                    label=t::agents(lang)
                    search_label=text::common::search(lang)
                    empty=text::common::no_results(lang)
                    many=true
                />
            </Field>
        </FormSection>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(&["user_ids"])
            on_save=move || {
                save.dispatch(chosen.with_untracked(|chosen| ids_of(chosen)));
            }
            on_discard=move || chosen.set(saved.get_untracked())
        />
    }
}
