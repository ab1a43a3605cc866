//! When to send a message, and changing what waits.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::scheduled::Scheduled;
use text::composer::later as t;
use ui::{Button, Dialog, DialogBody, DialogFooter, DialogSize, Field, Icon, InputKind, TextArea, TextInput, Variant};

use super::dialogs::opened;
use crate::conversation::beside;
use crate::conversation::composer::Writing;
use crate::conversation::desk::{When, use_desk};
use crate::conversation::snooze::{self, Preset};

/// Times that are one press away.
const PRESETS: [Preset; 4] = [Preset::Hour, Preset::Evening, Preset::Tomorrow, Preset::NextWeek];

/// Asks for a time and lets what is written wait until then.
#[component]
pub fn SendLater(writing: Writing) -> impl IntoView {
    let lang = writing.desk.lang;
    let open = opened();
    let (now, offset) = (ui::browser::now(), ui::browser::utc_offset());
    let value = RwSignal::new(snooze::to_field(Preset::Tomorrow.time(now, offset).unwrap_or(now), offset));
    let error = RwSignal::new(None::<String>);
    let send = move |at: i64| {
        open.set(false);
        writing.send_when(None, When::At(at));
    };
    let choose = move || match read(value) {
        Some(at) => send(at),
        None => error.set(Some(t::past(lang).to_owned())),
    };
    let preset = move |preset: Preset| {
        let at = preset.time(now, offset)?;
        let words = text::time::date_time(lang, at, offset);
        Some(view! {
            <button type="button" class="later-preset" on:click=move |_| send(at)>
                <ui::Glyph icon=preset.icon()/>
                <span>{preset.name(lang)}</span>
                <span class="is-muted">{words}</span>
            </button>
        })
    };
    let presets =
        move || PRESETS.into_iter().filter(|preset| preset.is_offered(now, offset)).map(preset).collect_view();
    view! {
        <Dialog open title=t::title(lang) description=t::text(lang) size=DialogSize::Small close_label=text::common::close(lang)>
            <DialogBody>
                <div class="later-presets">{presets}</div>
                <Field id="send-at" label=t::another_time(lang) error>
                    <TextInput value kind=InputKind::DateTime on_enter=move |()| choose()/>
                </Field>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary icon=Icon::Calendar on_click=move |_| choose()>
                    {t::confirm(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}

/// Another text or time for what waits.
#[component]
pub fn ChangeWaiting(scheduled: Scheduled) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let open = opened();
    let offset = ui::browser::utc_offset();
    let content = RwSignal::new(scheduled.content.clone());
    let at = if scheduled.error.is_some() { Preset::Tomorrow.time(ui::browser::now(), offset) } else { None };
    let value = RwSignal::new(snooze::to_field(at.unwrap_or(scheduled.send_at), offset));
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let (id, display_id) = (scheduled.id, scheduled.display_id);
    let save = move || {
        let Some(at) = read(value) else {
            error.set(Some(t::past(lang).to_owned()));
            return;
        };
        busy.set(true);
        let content = content.get_untracked();
        spawn_local(async move {
            let answer = beside::change_waiting(desk.account(), display_id, id, content, at).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => {
                    let _ = open.try_set(false);
                }
                Err(refused) => {
                    let _ = error.try_set(Some(refused.words(lang)));
                }
            }
        });
    };
    view! {
        <Dialog open title=t::change(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Field id="waiting-content" label=t::content(lang)>
                        <TextArea value=content rows=5/>
                    </Field>
                    <Field id="waiting-at" label=t::time(lang) error>
                        <TextInput value kind=InputKind::DateTime/>
                    </Field>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=busy on_click=move |_| save()>
                    {text::common::save(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}

/// The time in a field, when it is still to come.
fn read(value: RwSignal<String>) -> Option<i64> {
    snooze::from_field(&value.read_untracked(), ui::browser::utc_offset()).filter(|at| *at > ui::browser::now())
}
