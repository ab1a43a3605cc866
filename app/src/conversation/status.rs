//! Resolving, reopening, putting aside.

use leptos::prelude::*;
use model::{ConversationStatus, Permission};
use text::conversation as t;
use ui::{
    Button, Dialog, DialogBody, DialogFooter, DialogSize, Field, Icon, IconButton, InputKind, Menu, MenuItem,
    MenuLabel, Side, Size, TextInput, Variant,
};

use super::desk::{Act, use_desk};
use super::snooze::{self, Preset};

/// The main thing to do with a conversation, and beside it the others.
#[component]
pub fn StatusButton() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let status = Memo::new(move |_| {
        desk.with_conversation(|conversation| conversation.row.status).unwrap_or(ConversationStatus::Open)
    });
    let is_open = move || status.get() == ConversationStatus::Open;
    let press = move |_| {
        let next = if untrack(is_open) { ConversationStatus::Resolved } else { ConversationStatus::Open };
        desk.act(Act::Status(next, None));
    };
    let item = move |next: ConversationStatus, icon: Icon, label: &'static str| {
        let hidden = move || status.get() == next;
        view! {
            <Show when=move || !hidden()>
                <MenuItem icon label on_select=move |()| desk.act(Act::Status(next, None))/>
            </Show>
        }
    };
    let may_work = desk.workplace.may(Permission::WorkConversations);
    may_work
        .then(|| {
            view! {
                <div class="split">
                    {move || {
                        let (icon, label) = if is_open() {
                            (Icon::Check, t::act::resolve(lang))
                        } else {
                            (Icon::Reopen, t::act::reopen(lang))
                        };
                        let variant = if is_open() { Variant::Primary } else { Variant::Secondary };
                        view! {
                            <Button variant icon class="status-button" on_click=press>
                                {label}
                            </Button>
                            <IconButton
                                icon=Icon::ChevronDown
                                variant
                                label=t::act::status_menu(lang)
                                side=Side::Bottom
                                opens="conversation-status"
                            />
                        }
                    }}
                </div>
                <Menu id="conversation-status" label=t::act::status_menu(lang)>
                    {item(ConversationStatus::Open, Icon::Reopen, t::act::open(lang))}
                    {item(ConversationStatus::Resolved, Icon::Check, t::act::resolve(lang))}
                    {item(ConversationStatus::Pending, Icon::CircleDashed, t::act::pending(lang))}
                    {item(ConversationStatus::Snoozed, Icon::AlarmClock, t::act::snooze(lang))}
                </Menu>
            }
        })
        .into_any()
}

/// Puts a conversation aside until a time.
#[component]
pub fn SnoozeButton() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let clock = ui::use_clock();
    let is_asking = RwSignal::new(false);
    let snooze = move |until: Option<i64>| desk.act(Act::Status(ConversationStatus::Snoozed, until));
    let item = move |preset: Preset| {
        let until = move || preset.time(clock.now.get(), clock.offset.get());
        let label = preset.name(lang);
        let words =
            move || until().map(|until| text::time::date_time(lang, until, clock.offset.get())).unwrap_or_default();
        view! {
            <MenuItem
                icon=preset.icon()
                label
                detail=words
                on_select=move |()| snooze(preset.time(ui::browser::now(), ui::browser::utc_offset()))
            />
        }
    };
    let presets = move || {
        let (now, offset) = (clock.now.get(), clock.offset.get());
        Preset::ALL.into_iter().filter(|preset| preset.is_offered(now, offset)).map(item).collect_view()
    };
    desk.workplace
        .may(Permission::WorkConversations)
        .then(|| {
            view! {
                <span class="snooze-button">
                    <IconButton
                        icon=Icon::AlarmClock
                        label=t::act::snooze(lang)
                        side=Side::Bottom
                        opens="conversation-snooze"
                    />
                </span>
                <Menu id="conversation-snooze" label=t::snooze::title(lang)>
                    <MenuLabel label=t::snooze::title(lang)/>
                    {presets}
                    <MenuItem
                        icon=Icon::Calendar
                        label=t::snooze::custom(lang)
                        on_select=move |()| is_asking.set(true)
                    />
                </Menu>
                <CustomTime is_asking on_choose=move |until| snooze(Some(until))/>
            }
        })
        .into_any()
}

/// Asks for any time in the future.
#[component]
fn CustomTime(is_asking: RwSignal<bool>, #[prop(into)] on_choose: Callback<i64>) -> impl IntoView {
    let lang = use_desk().lang;
    let value = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if is_asking.get() {
            let tomorrow = Preset::Tomorrow.time(ui::browser::now(), ui::browser::utc_offset()).unwrap_or_default();
            value.set(snooze::to_field(tomorrow, ui::browser::utc_offset()));
            error.set(None);
        }
    });
    let choose = move || {
        let until = snooze::from_field(&value.read_untracked(), ui::browser::utc_offset());
        match until.filter(|until| *until > ui::browser::now()) {
            Some(until) => {
                is_asking.set(false);
                on_choose.run(until);
            }
            None => error.set(Some(t::snooze::past(lang).to_owned())),
        }
    };
    view! {
        <Dialog
            open=is_asking
            title=t::snooze::custom_title(lang)
            description=t::snooze::custom_help(lang)
            size=DialogSize::Small
            close_label=text::common::cancel(lang)
        >
            <DialogBody>
                <Field id="snooze-until" label=t::snooze::custom_title(lang) hide_label=true error>
                    <TextInput value kind=InputKind::DateTime size=Size::Medium autofocus=true on_enter=move |()| choose()/>
                </Field>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| is_asking.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary on_click=move |_| choose()>
                    {t::act::snooze(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
