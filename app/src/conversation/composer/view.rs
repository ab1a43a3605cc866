//! The composer on the screen.

use leptos::prelude::*;
use model::Permission;
use text::composer as t;
use ui::TextArea;

use super::colleagues::Colleagues;
use super::copies::CopyLine;
use super::files::StagedFiles;
use super::keys::{self, SendWith};
use super::merged::Merged;
use super::quote::ReplyQuote;
use super::send::SendButton;
use super::state::use_writing;
use super::toolbar::Toolbar;
use super::waiting::Waiting;
use crate::command::Command;
use crate::conversation::aid::Aid;
use crate::conversation::desk::contact_name;
use crate::device;
use crate::part::Wanted;
use crate::tool::use_tools;

/// Where one writes. Only for those who may.
#[component]
pub fn Composer() -> impl IntoView {
    let writing = use_writing();
    let desk = writing.desk;
    let lang = desk.lang;
    if !desk.workplace.may(Permission::WorkConversations) {
        return ().into_any();
    }
    let with = RwSignal::new(SendWith::default());
    Effect::new(move |_| with.set(SendWith::kept()));
    // Whoever presses "reply to this" wants to write.
    Effect::new(move |_| {
        if desk.reply_to.get().is_some() {
            writing.focus();
        }
    });
    follow_commands(writing);
    let can_reply = desk.conversation_memo(|conversation| conversation.can_reply);
    let placeholder = move || {
        if writing.is_note.get() {
            return t::note_placeholder(lang).to_owned();
        }
        let name = desk.with_conversation(|c| contact_name(lang, &c.contact.name, c.contact.id));
        t::reply_placeholder(lang, &name.unwrap_or_default())
    };
    let mode = move |is_note: bool, label: &'static str, key: &'static str| {
        let is_selected = move || writing.is_note.get() == is_note;
        view! {
            <button
                type="button"
                class="composer-mode"
                role="tab"
                aria-selected=move || if is_selected() { "true" } else { "false" }
                aria-controls="composer-text"
                tabindex=move || if is_selected() { "0" } else { "-1" }
                disabled=move || !is_note && !can_reply.get()
                data-hint=[label, "  ", key].concat()
                on:click=move |_| writing.switch(is_note)
                on:keydown=move |event| {
                    if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
                        event.prevent_default();
                        writing.switch(!is_note);
                    }
                }
            >
                {label}
            </button>
        }
    };
    let paste = move |event: leptos::ev::ClipboardEvent| {
        let files = device::files_from(&event);
        if !files.is_empty() {
            event.prevent_default();
            writing.stage(files);
        }
    };
    view! {
        <Merged/>
        <Waiting/>
        <div
            class="composer"
            class:is-note=writing.is_note
            class:is-reply=move || !writing.is_note.get()
            class:is-dropping=writing.is_dropping
            data-drop=t::drop(lang)
            on:paste=paste
        >
            <div class="composer-head">
                <div class="composer-modes" role="tablist" aria-label=t::modes(lang)>
                    {mode(false, t::reply(lang), "R")}
                    {mode(true, t::note(lang), "N")}
                    <Show when=move || !can_reply.get()>
                        <span class="composer-state">{t::cannot_reply(lang)}</span>
                    </Show>
                </div>
                <Colleagues/>
            </div>
            <CopyLine/>
            <ReplyQuote/>
            <Lists/>
            <div class="composer-text">
                <TextArea
                    value=writing.text
                    id="composer-text".to_owned()
                    label=t::label(lang)
                    placeholder
                    rows=2
                    bare=true
                    on_input=move |_| writing.typed()
                    on_key=move |event| keys::press(writing, with.get_untracked(), &event)
                    node_ref=writing.area
                />
            </div>
            <StagedFiles/>
            <div class="composer-bar">
                <Toolbar/>
                <SendButton with/>
            </div>
        </div>
    }
    .into_any()
}

/// The list that what is typed asks for. It comes when it is asked for the first time.
#[component]
fn Lists() -> impl IntoView {
    let writing = use_writing();
    let wanted = Wanted::new();
    Effect::new(move |_| {
        if writing.trigger.read().is_some() || writing.completed.read().is_some() {
            wanted.want::<Aid>();
        }
    });
    view! { {move || wanted.show(Aid::Lists)} }.into_any()
}

/// Begins a reply or a note when a key or the palette says so.
fn follow_commands(writing: super::Writing) {
    let Some(tools) = use_tools() else { return };
    Effect::new(move |is_running: Option<()>| match tools.asked.get().filter(|_| is_running.is_some()) {
        Some(Command::Reply) => writing.switch(false),
        Some(Command::Note) => writing.switch(true),
        _ => {}
    });
}
