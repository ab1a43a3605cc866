//! The button that sends, and what can be done in the same breath.

use leptos::prelude::*;
use model::ConversationStatus;
use text::composer as t;
use ui::{Button, Icon, IconButton, Menu, MenuItem, MenuLabel, MenuSeparator, Size, Variant};

use super::keys::SendWith;
use super::state::use_writing;
use crate::agent::UndoTime;
use crate::conversation::desk::{Act, Asked};

/// Sends; its menu sends and resolves, and says which key sends.
#[component]
pub fn SendButton(with: RwSignal<SendWith>) -> impl IntoView {
    let writing = use_writing();
    let lang = writing.desk.lang;
    let is_disabled = Signal::derive(move || !writing.has_something());
    let send_and = move |icon: Icon, label: &'static str, status: ConversationStatus| {
        let send = move |()| writing.send(Some(Act::Status(status, None)));
        view! { <MenuItem icon label disabled=is_disabled on_select=send/> }
    };
    let key = move |value: SendWith, label: &'static str, detail: &'static str| {
        let choose = move |()| {
            with.set(value);
            value.keep();
        };
        let checked = Signal::derive(move || with.get() == value);
        view! { <MenuItem label detail checked on_select=choose/> }
    };
    let profile = writing.desk.workplace.profile;
    let undo_time = Memo::new(move |_| profile.with(UndoTime::of));
    let undo = move |value: UndoTime| {
        let choose = move |()| {
            profile.update(|profile| value.put(profile));
            leptos::task::spawn_local(async move {
                // In this page it counts anyway.
                let _ = crate::agent::calls::save_ui_settings(value.settings()).await;
            });
        };
        let checked = Signal::derive(move || undo_time.get() == value);
        view! { <MenuItem label=value.name(lang) checked on_select=choose/> }
    };
    let label = move || if writing.is_note.get() { t::send_note(lang) } else { t::send(lang) };
    view! {
        <div class="composer-send">
            <div class="split">
                <Button
                    variant=Variant::Primary
                    size=Size::Small
                    disabled=is_disabled
                    class="send-button"
                    on_click=move |_| writing.send(None)
                >
                    {label}
                </Button>
                <IconButton
                    icon=Icon::ChevronDown
                    variant=Variant::Primary
                    size=Size::Small
                    label=t::send_options(lang)
                    opens="composer-send"
                />
            </div>
            <Menu id="composer-send" label=t::send_options(lang)>
                {send_and(Icon::Check, t::send_and_resolve(lang), ConversationStatus::Resolved)}
                {send_and(Icon::AlarmClock, t::send_and_snooze(lang), ConversationStatus::Snoozed)}
                {send_and(Icon::CircleDashed, t::send_and_pending(lang), ConversationStatus::Pending)}
                <MenuItem
                    icon=Icon::Calendar
                    label=t::later::action(lang)
                    disabled=is_disabled
                    on_select=move |()| writing.desk.asked_for.set(Some(Asked::SendLater(writing)))
                />
                <MenuSeparator/>
                <MenuLabel label=t::undo::label(lang)/>
                {UndoTime::CHOICES.into_iter().map(undo).collect_view()}
                <MenuSeparator/>
                {key(SendWith::Enter, t::with_enter(lang), t::with_enter_detail(lang))}
                {key(SendWith::CtrlEnter, t::with_ctrl_enter(lang), t::with_ctrl_enter_detail(lang))}
            </Menu>
        </div>
    }
    .into_any()
}
