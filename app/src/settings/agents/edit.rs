//! The dialog in which somebody is invited or changed.

use leptos::prelude::*;
use model::Role;
use ui::{
    Button, Choice, Dialog, DialogBody, DialogFooter, Field, InputKind, RadioGroup, TextInput, Variant, use_toasts,
};

use super::{Editing, role_words};
use crate::agent::calls::{self, AgentInput};
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::{Faults, number};
use crate::settings::part::{Fault, on_done};

/// Invites somebody, or changes what they may do.
#[component]
pub(super) fn Edit(workplace: WorkplaceContext, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let role = RwSignal::new(Role::Agent.as_str().to_owned());
    let limit = RwSignal::new(String::new());
    let id = Memo::new(move |_| editing.agent.with(|agent| agent.as_ref().map(|agent| agent.id)));
    let save = Action::new(move |input: &AgentInput| {
        let (account, id, input) = (workplace.account_id, id.get_untracked(), input.clone());
        async move {
            match id {
                Some(id) => calls::update(account, id, input).await,
                None => calls::add(account, input).await,
            }
        }
    });
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |agent| {
            editing.is_open.set(false);
            let words = if id.get_untracked().is_some() {
                text::common::state::saved(lang).to_owned()
            } else {
                t::invitation_sent(lang, &agent.email)
            };
            toasts.done(words);
            editing.mails.update(|mails| *mails += 1);
            workplace.refresh();
        },
    );
    Effect::new(move |_| {
        if !editing.is_open.get() {
            return;
        }
        save.clear();
        let agent = editing.agent.get_untracked();
        name.set(agent.as_ref().map(|agent| agent.name.clone()).unwrap_or_default());
        email.set(agent.as_ref().map(|agent| agent.email.clone()).unwrap_or_default());
        let own = agent.as_ref().and_then(|agent| agent.assignment_limit);
        limit.set(own.map(|limit| limit.to_string()).unwrap_or_default());
        role.set(agent.map_or(Role::Agent, |agent| agent.role).as_str().to_owned());
    });
    let submit = move || {
        save.dispatch(AgentInput {
            name: name.get_untracked(),
            email: email.get_untracked(),
            role: role.with_untracked(|role| role.parse().unwrap_or(Role::Agent)),
            assignment_limit: limit.with_untracked(|limit| number(limit)),
        });
    };
    let roles = move || {
        let help = |role: Role| text::agent::by_key(lang, &["role_help.", role.as_str()].concat()).unwrap_or_default();
        Role::ALL
            .iter()
            .map(|role| Choice::new(role.as_str(), role_words(lang, *role)).detail(help(*role)))
            .collect::<Vec<_>>()
    };
    let heading = move || if id.get().is_some() { t::edit(lang) } else { t::invite(lang) };
    let button = move || if id.get().is_some() { text::common::save(lang) } else { t::send_invitation(lang) };
    view! {
        <Dialog open=editing.is_open title=heading close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["name", "email", "role", "assignment_limit"])/>
                    <Show when=move || id.get().is_none()>
                        <Field id="agent-email" label=text::session::email(lang) required=true error=faults.at("email")>
                            <TextInput value=email kind=InputKind::Email autofocus=true autocomplete="off" on_enter=submit/>
                        </Field>
                    </Show>
                    <Field id="agent-name" label=t::name(lang) error=faults.at("name")>
                        <TextInput value=name autocomplete="off" max=120_u32 on_enter=submit/>
                    </Field>
                    <Fault words=faults.at("role")/>
                    <RadioGroup value=role name="role" label=t::role_label(lang) options=roles()/>
                    <Field
                        id="agent-limit"
                        label=t::limit(lang)
                        hint=t::limit_hint(lang)
                        optional=text::common::optional(lang)
                        error=faults.at("assignment_limit")
                    >
                        <TextInput value=limit kind=InputKind::Number autocomplete="off" on_enter=submit/>
                    </Field>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| editing.is_open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=save.pending() on_click=move |_| submit()>
                    {button}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}
