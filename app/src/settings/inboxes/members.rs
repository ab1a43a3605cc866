//! Who answers in an inbox.

use leptos::prelude::*;
use model::inbox::Inbox;
use model::{InboxId, UserId};
use ui::{Combobox, Field, FormSection, Skeleton, SkeletonKind, Switch, use_toasts};

use super::super::part::{Fault, Save, on_done};
use super::super::teams::{choice_of, ids_of};
use super::InboxPage;
use super::show::replace;
use crate::boot::{WorkplaceContext, use_lang};
use crate::call::CallError;
use crate::form::Faults;
use crate::inbox::calls::{self, InboxInput};

/// The page of an inbox that says who answers in it.
#[component]
pub fn Members() -> impl IntoView {
    view! { <InboxPage tab="agents" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    let (id, shares_out) = (inbox.id, inbox.enable_auto_assignment);
    let members = crate::json::blocking(|| (), move |()| calls::members(workplace.account_id, id));
    view! {
        <Suspense fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Fields count=1 label=text::common::state::loading(lang)/> }
        }>
            {move || Suspend::new(async move {
                match members.await {
                    Ok(members) => view! { <Form workplace id members shares_out/> }.into_any(),
                    Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn values_of(ids: &[UserId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// What the page says: who answers, and whether conversations are given to them by themselves.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    members: Vec<UserId>,
    shares_out: bool,
}

async fn send(workplace: WorkplaceContext, id: InboxId, said: Said) -> Result<(Said, Inbox), CallError> {
    let input = InboxInput { enable_auto_assignment: Some(said.shares_out), ..InboxInput::default() };
    let inbox = calls::update(workplace.account_id, id, input).await?;
    let members = calls::set_members(workplace.account_id, id, said.members).await?;
    Ok((Said { members, shares_out: inbox.enable_auto_assignment }, inbox))
}

#[component]
fn Form(workplace: WorkplaceContext, id: InboxId, members: Vec<UserId>, shares_out: bool) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let chosen = RwSignal::new(values_of(&members));
    let is_on = RwSignal::new(shares_out);
    let saved = RwSignal::new(Said { members, shares_out });
    let said = move || Said { members: chosen.with(|chosen| ids_of(chosen)), shares_out: is_on.get() };
    // The order in which people were picked says nothing.
    let sorted = |mut said: Said| {
        said.members.sort_unstable();
        said
    };
    let changed = Memo::new(move |_| sorted(said()) != sorted(saved.get()));
    let save = Action::new(move |said: &Said| send(workplace, id, said.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    let show = move |said: Said| {
        chosen.set(values_of(&said.members));
        is_on.set(said.shares_out);
    };
    on_done(
        move || outcome.get(),
        move |(said, inbox)| {
            show(said.clone());
            saved.set(said);
            replace(workplace, inbox);
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
        <FormSection title=t::queue(lang) text=t::queue_text(lang)>
            <Switch checked=is_on label=t::queue_switch(lang) detail=t::queue_hint(lang)/>
        </FormSection>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(&["user_ids"])
            on_save=move || {
                save.dispatch(untrack(said));
            }
            on_discard=move || show(saved.get_untracked())
        />
    }
}
