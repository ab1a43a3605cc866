//! The buttons under the text: formatting, emoji, files.

use leptos::{html, prelude::*};
use text::composer as t;
use ui::{Icon, IconButton, Popover};

use super::emoji::EmojiPicker;
use super::format::{self, Mark};
use super::state::use_writing;
use crate::device;

/// The tools.
#[component]
pub fn Toolbar() -> impl IntoView {
    let writing = use_writing();
    let lang = writing.desk.lang;
    let picker = NodeRef::<html::Input>::new();
    let emoji_open = RwSignal::new(false);
    let mark = move |icon: Icon, label: &'static str, mark: Mark, shortcut: Option<&'static str>| {
        let press = move |_| {
            writing.edit(|text, start, end| Some(format::toggle(text, start, end, mark)));
        };
        match shortcut {
            Some(shortcut) => view! { <IconButton icon label shortcut on_click=press/> }.into_any(),
            None => view! { <IconButton icon label on_click=press/> }.into_any(),
        }
    };
    let pick = move |emoji: String| {
        emoji_open.set(false);
        writing.edit(|text, start, end| Some(format::insert(text, start, end, &emoji)));
    };
    view! {
        <div class="composer-tools" role="toolbar" aria-label=t::formatting(lang)>
            <IconButton
                icon=Icon::Attach
                label=t::attach(lang)
                on_click=move |_| {
                    if let Some(picker) = picker.get_untracked() {
                        picker.click();
                    }
                }
            />
            <input
                type="file"
                multiple
                hidden
                tabindex="-1"
                node_ref=picker
                aria-label=t::attach(lang)
                on:change:target=move |event| writing.stage(device::files_of_input(&event.target()))
            />
            <IconButton icon=Icon::Smile label=t::emoji(lang) opens="composer-emoji"/>
            <Popover id="composer-emoji" label=t::emoji(lang) open=emoji_open class="emoji-popover">
                <EmojiPicker on_pick=pick/>
            </Popover>
            <IconButton icon=Icon::Zap label=t::lists::canned(lang) shortcut="/" on_click=move |_| writing.ask_for("/")/>
            <IconButton
                icon=Icon::Braces
                label=t::lists::variable(lang)
                shortcut="{{"
                on_click=move |_| writing.ask_for("{{")
            />
            <Show when=move || writing.is_note.get()>
                <IconButton
                    icon=Icon::AtSign
                    label=t::lists::mention(lang)
                    shortcut="@"
                    on_click=move |_| writing.ask_for("@")
                />
            </Show>
            <span class="composer-divider" aria-hidden="true"></span>
            {mark(Icon::Bold, t::bold(lang), Mark::Bold, Some("Ctrl B"))}
            {mark(Icon::Italic, t::italic(lang), Mark::Italic, Some("Ctrl I"))}
            <span class="composer-extra">
                {mark(Icon::Strike, t::strike(lang), Mark::Strike, None)}
                {mark(Icon::Code, t::code(lang), Mark::Code, None)}
                {mark(Icon::Link, t::link(lang), Mark::Link, None)}
                {mark(Icon::List, t::bullets(lang), Mark::Bullets, None)}
                {mark(Icon::ListOrdered, t::numbers(lang), Mark::Numbers, None)}
                {mark(Icon::Quote, t::quote(lang), Mark::Quote, None)}
            </span>
        </div>
    }
    .into_any()
}
