//! Writing a macro: its name, who may use it, and its steps in their order.

use leptos::prelude::*;
use model::action::{Action as Taken, ActionKind, Macro, MacroVisibility};
use text::macros as t;
use ui::{
    Button, Choice, Dialog, DialogBody, DialogFooter, DialogSize, Field, Icon, IconButton, Size, TextInput, Variant,
    use_toasts,
};

use super::draft::Step;
use super::step::StepFields;
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::macros::calls;
use crate::settings::list::Editing;
use crate::settings::part::{Fault, on_done};

/// What is sent to be saved.
type Written = (String, MacroVisibility, Vec<Taken>);

/// The dialog.
#[expect(clippy::too_many_lines, reason = "one form, read from top to bottom")]
#[component]
pub fn Editor(
    workplace: WorkplaceContext,
    editing: Editing<Macro>,
    #[prop(into)] on_saved: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let name = RwSignal::new(String::new());
    let visibility = RwSignal::new(MacroVisibility::Personal.as_str().to_owned());
    let steps = RwSignal::new(Vec::<Step>::new());
    let next = StoredValue::new(0_u32);
    let incomplete = RwSignal::new(None::<String>);
    let account = workplace.account_id;
    let id = move || editing.of(|found| found.id);
    let save = Action::new(move |(name, visibility, actions): &Written| {
        calls::save(account, untrack(id), name.clone(), *visibility, actions.clone())
    });
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |_| {
            editing.is_open.set(false);
            toasts.done(text::common::state::saved(lang));
            on_saved.run(());
        },
    );
    let key = move || {
        next.update_value(|next| *next += 1);
        next.get_value()
    };
    // Steps live as long as the editor, not as long as what made them.
    let owner = StoredValue::new(Owner::current());
    let make = move |make: &dyn Fn(u32) -> Step| {
        let key = key();
        owner.with_value(|owner| owner.as_ref().map_or_else(|| make(key), |owner| owner.with(|| make(key))))
    };
    Effect::new(move |_| {
        if !editing.is_open.get() {
            return;
        }
        save.clear();
        incomplete.set(None);
        let found = editing.item.get_untracked();
        name.set(found.as_ref().map(|found| found.name.clone()).unwrap_or_default());
        let who = found.as_ref().map_or(MacroVisibility::Personal, |found| found.visibility);
        visibility.set(who.as_str().to_owned());
        steps.set(match &found {
            Some(found) => {
                found.actions.iter().map(|action| make(&|key| Step::of(key, action, &found.files))).collect()
            }
            None => vec![make(&|key| Step::new(key, ActionKind::SendMessage))],
        });
    });
    let submit = move || {
        let actions: Option<Vec<Taken>> = untrack(|| steps.with(|steps| steps.iter().map(Step::action).collect()));
        match actions {
            Some(actions) => {
                incomplete.set(None);
                let visibility = visibility.get_untracked().parse().unwrap_or(MacroVisibility::Personal);
                save.dispatch((name.get_untracked(), visibility, actions));
            }
            None => incomplete.set(Some(t::incomplete(lang).to_owned())),
        }
    };
    let add = move |_| {
        let step = make(&|key| Step::new(key, ActionKind::AddPrivateNote));
        steps.update(|steps| steps.push(step));
    };
    let shift = move |key: u32, by: isize| {
        steps.update(|steps| {
            let Some(at) = steps.iter().position(|step| step.key == key) else { return };
            let Some(to) = at.checked_add_signed(by).filter(|to| *to < steps.len()) else { return };
            steps.swap(at, to);
        });
    };
    let row = move |step: Step| {
        let place =
            move || steps.with(|steps| steps.iter().position(|other| other.key == step.key)).unwrap_or_default();
        let is_first = Signal::derive(move || place() == 0);
        let is_last = Signal::derive(move || place() + 1 == steps.with(Vec::len));
        let is_only = Signal::derive(move || steps.with(Vec::len) == 1);
        let remove = move |_| steps.update(|steps| steps.retain(|other| other.key != step.key));
        view! {
            <li class="macro-step">
                <div class="macro-step-head">
                    <b>{move || t::step_number(lang, &(place() + 1).to_string())}</b>
                    <IconButton
                        icon=Icon::ArrowUp
                        size=Size::Small
                        label=t::up(lang)
                        disabled=is_first
                        on_click=move |_| shift(step.key, -1)
                    />
                    <IconButton
                        icon=Icon::ArrowDown
                        size=Size::Small
                        label=t::down(lang)
                        disabled=is_last
                        on_click=move |_| shift(step.key, 1)
                    />
                    <IconButton
                        icon=Icon::Trash
                        size=Size::Small
                        label=t::remove_step(lang)
                        disabled=is_only
                        on_click=remove
                    />
                </div>
                <StepFields workplace step/>
            </li>
        }
    };
    let heading = move || if id().is_some() { t::edit(lang) } else { t::add(lang) };
    let who = Signal::derive(move || {
        vec![
            Choice::new(MacroVisibility::Personal.as_str(), t::only_me(lang)),
            Choice::new(MacroVisibility::Global.as_str(), t::everybody(lang)),
        ]
    });
    view! {
        <Dialog open=editing.is_open title=heading size=DialogSize::Large close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["name"])/>
                    <Fault words=incomplete/>
                    <Field id="macro-name" label=t::name(lang) required=true error=faults.at("name")>
                        <TextInput value=name autofocus=true autocomplete="off" max=120_u32/>
                    </Field>
                    <Field id="macro-visibility" label=t::who(lang)>
                        <ui::Select value=visibility options=who/>
                    </Field>
                    <ol class="macro-steps">
                        <For each=move || steps.get() key=|step| step.key children=row/>
                    </ol>
                    <Button icon=Icon::Plus on_click=add>{t::add_step(lang)}</Button>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| editing.is_open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=save.pending() on_click=move |_| submit()>
                    {text::common::save(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
