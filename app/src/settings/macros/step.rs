//! One step of a macro in the editor.

use leptos::prelude::*;
use model::action::{ActionKind, SnoozeUntil};
use model::{ConversationStatus, Priority};
use text::macros as t;
use ui::{Choice, Field, InputKind, Select, TextArea, TextInput};

use super::draft::{MYSELF, NONE, Step};
use crate::boot::{WorkplaceContext, use_lang};
use crate::conversation::desk::priority_name;
use crate::conversation::status_name;
use crate::macros::step::{snooze_name, step_name};
use crate::settings::kept_files::KeptFiles;
use crate::settings::variables::InsertVariable;

/// The kinds that can be chosen. Taking the team away is the choice of none.
const KINDS: [ActionKind; 14] = [
    ActionKind::SendMessage,
    ActionKind::AddPrivateNote,
    ActionKind::SendAttachment,
    ActionKind::AssignAgent,
    ActionKind::AssignTeam,
    ActionKind::AddLabel,
    ActionKind::RemoveLabel,
    ActionKind::ChangePriority,
    ActionKind::ChangeStatus,
    ActionKind::SnoozeConversation,
    ActionKind::ResolveConversation,
    ActionKind::MuteConversation,
    ActionKind::SendEmailTranscript,
    ActionKind::SendWebhookEvent,
];

/// Its kind and what belongs to it.
#[component]
pub fn StepFields(workplace: WorkplaceContext, step: Step) -> impl IntoView {
    let lang = use_lang();
    let kinds = Signal::derive(move || {
        KINDS.iter().map(|kind| Choice::new(kind.as_str(), step_name(lang, *kind))).collect::<Vec<_>>()
    });
    let id = |name: &str| ["step-", &step.key.to_string(), "-", name].concat();
    let (kind_id, choice_id, text_id, variable_id) = (id("kind"), id("choice"), id("text"), id("variable"));
    let kind = Memo::new(move |_| step.kind());
    let fields = move || {
        let (choice_id, text_id, variable_id) = (choice_id.clone(), text_id.clone(), variable_id.clone());
        let choice = move |label: &'static str, options: Vec<Choice>| {
            view! {
                <Field id=choice_id.clone() label=label>
                    <Select value=step.choice options=Signal::derive(move || options.clone())/>
                </Field>
            }
            .into_any()
        };
        match kind.get() {
            ActionKind::AssignAgent => choice(t::agent(lang), agents(workplace, lang)),
            ActionKind::AssignTeam | ActionKind::RemoveAssignedTeam => choice(t::team(lang), teams(workplace, lang)),
            ActionKind::AddLabel | ActionKind::RemoveLabel => view! { <Labels workplace step/> }.into_any(),
            ActionKind::SendMessage | ActionKind::AddPrivateNote => view! {
                <Field id=text_id label=t::message(lang) hint=t::message_hint(lang)>
                    <TextArea value=step.text rows=4/>
                </Field>
                <InsertVariable into=step.text id=variable_id/>
            }
            .into_any(),
            ActionKind::SendAttachment => view! { <KeptFiles workplace files=step.files/> }.into_any(),
            ActionKind::SnoozeConversation => {
                let options = SnoozeUntil::ALL.iter().map(|it| Choice::new(it.as_str(), snooze_name(lang, *it)));
                choice(t::until(lang), options.collect())
            }
            ActionKind::ChangeStatus => {
                let options = ConversationStatus::ALL.iter();
                choice(t::status(lang), options.map(|it| Choice::new(it.as_str(), status_name(lang, *it))).collect())
            }
            ActionKind::ChangePriority => {
                let none = Choice::new(NONE, t::no_priority(lang));
                let options = Priority::ALL.iter().map(|it| Choice::new(it.as_str(), priority_name(lang, *it)));
                choice(t::priority(lang), std::iter::once(none).chain(options).collect())
            }
            ActionKind::SendEmailTranscript => view! {
                <Field id=text_id label=t::transcript_to(lang) hint=t::transcript_hint(lang)>
                    <TextInput value=step.text autocomplete="off"/>
                </Field>
                <InsertVariable into=step.text id=variable_id/>
            }
            .into_any(),
            ActionKind::SendWebhookEvent => view! {
                <Field id=text_id label=t::webhook_url(lang) hint=t::webhook_hint(lang)>
                    <TextInput value=step.text kind=InputKind::Url autocomplete="off" max=2048_u32/>
                </Field>
            }
            .into_any(),
            ActionKind::ResolveConversation => ().into_any(),
            ActionKind::MuteConversation => view! { <p class="field-hint">{t::mute_hint(lang)}</p> }.into_any(),
        }
    };
    view! {
        <Field id=kind_id label=t::step_kind(lang) hide_label=true>
            <Select value=step.kind options=kinds on_change=move |_| step.begin_anew()/>
        </Field>
        {fields}
    }
    .into_any()
}

fn agents(workplace: WorkplaceContext, lang: text::Lang) -> Vec<Choice> {
    let mut choices = vec![Choice::new(MYSELF, t::myself(lang)), Choice::new(NONE, t::nobody(lang))];
    workplace.lists.with(|lists| {
        choices.extend(lists.agents.iter().map(|agent| Choice::new(agent.id.to_string(), agent.name.clone())));
    });
    choices
}

fn teams(workplace: WorkplaceContext, lang: text::Lang) -> Vec<Choice> {
    let mut choices = vec![Choice::new(NONE, t::no_team(lang))];
    workplace.lists.with(|lists| {
        choices.extend(lists.teams.iter().map(|team| Choice::new(team.id.to_string(), team.name.clone())));
    });
    choices
}

/// Labels to be switched on and off.
#[component]
fn Labels(workplace: WorkplaceContext, step: Step) -> impl IntoView {
    let lang = use_lang();
    let chip = move |title: String| {
        let (own, pressed) = (title.clone(), title.clone());
        let is_on = move || step.labels.with(|labels| labels.contains(&pressed));
        let toggle = move |_| {
            step.labels.update(|labels| match labels.iter().position(|label| *label == own) {
                Some(index) => {
                    labels.remove(index);
                }
                None => labels.push(own.clone()),
            });
        };
        view! {
            <button
                type="button"
                class="toggle-chip"
                aria-pressed=move || if is_on() { "true" } else { "false" }
                on:click=toggle
            >
                {title}
            </button>
        }
    };
    let titles = move || {
        let mut titles =
            workplace.lists.with(|lists| lists.labels.iter().map(|it| it.title.clone()).collect::<Vec<_>>());
        // A label that was deleted can still be taken out.
        titles.extend(
            step.labels.with_untracked(|own| own.iter().filter(|it| !titles.contains(it)).cloned().collect::<Vec<_>>()),
        );
        titles
    };
    view! {
        <div class="toggle-chips" role="group" aria-label=t::labels(lang)>
            {move || titles().into_iter().map(chip).collect_view()}
            <Show when=move || titles().is_empty()>
                <p class="field-hint">{t::no_labels(lang)}</p>
            </Show>
        </div>
    }
    .into_any()
}
