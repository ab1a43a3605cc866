//! One step of a macro in the editor.

use leptos::html;
use leptos::prelude::*;
use model::action::{ActionKind, SnoozeUntil, StoredFile};
use model::{ConversationStatus, Priority};
use text::macros as t;
use ui::{Button, Choice, Field, Icon, IconButton, Select, Size, TextArea};

use super::draft::{MYSELF, NONE, Step};
use crate::boot::{WorkplaceContext, use_lang};
use crate::conversation::desk::priority_name;
use crate::conversation::status_name;
use crate::device::{self, Part, Upload};
use crate::macros::step::{snooze_name, step_name};
use crate::settings::variables::InsertVariable;

/// The kinds that can be chosen. Taking the team away is the choice of none.
const KINDS: [ActionKind; 12] = [
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
            ActionKind::SendAttachment => view! { <Files workplace step/> }.into_any(),
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

/// Files that are sent each time.
#[component]
fn Files(workplace: WorkplaceContext, step: Step) -> impl IntoView {
    let lang = use_lang();
    let picker = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let toasts = ui::use_toasts();
    let address = ["/app/api/accounts/", &workplace.account_id.to_string(), "/files"].concat();
    let pick = move |input: &web_sys::HtmlInputElement| {
        for file in device::files_of_input(input) {
            busy.set(true);
            device::send(&address, vec![Part::File("attachments[]", file)], move |upload| {
                let failed = |code| toasts.fail(crate::call::words(lang, code));
                match upload {
                    Upload::Sent(_) => return,
                    Upload::Answer(200, text) => match serde_json::from_str::<StoredFile>(&text) {
                        Ok(kept) => {
                            let _ = step.files.try_update(|files| files.push(kept));
                        }
                        Err(_) => failed(model::ErrorCode::Internal),
                    },
                    Upload::Answer(_, text) => {
                        let code = serde_json::from_str::<model::Error>(&text).map(|error| error.code);
                        failed(code.unwrap_or(model::ErrorCode::Unavailable));
                    }
                    Upload::Lost => failed(model::ErrorCode::Unavailable),
                }
                let _ = busy.try_set(false);
            });
        }
    };
    let chip = move |file: StoredFile| {
        let id = file.id;
        view! {
            <li class="file-chip">
                <span class="truncate">{file.name.clone()}</span>
                <IconButton
                    icon=Icon::Close
                    size=Size::Small
                    label=text::composer::remove_file(lang, &file.name)
                    on_click=move |_| step.files.update(|files| files.retain(|file| file.id != id))
                />
            </li>
        }
    };
    view! {
        <div class="attach-field">
            <Button
                icon=Icon::Attach
                size=Size::Small
                loading=busy
                on_click=move |_| {
                    if let Some(picker) = picker.get_untracked() {
                        picker.click();
                    }
                }
            >
                {text::composer::attach(lang)}
            </Button>
            <input
                type="file"
                multiple
                hidden
                tabindex="-1"
                node_ref=picker
                aria-label=text::composer::attach(lang)
                on:change:target=move |event| pick(&event.target())
            />
            <ul class="file-chips" aria-label=text::message::files(lang)>
                {move || step.files.get().into_iter().map(chip).collect_view()}
            </ul>
        </div>
    }
    .into_any()
}
