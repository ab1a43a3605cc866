//! Files that wait to be sent.

use leptos::prelude::*;
use model::FileKind;
use model::markdown::own_picture;
use text::composer as t;
use ui::{Glyph, Icon, IconButton, Size};

use super::copies::address;
use super::format;
use super::state::{Staged, use_writing};

/// One chip for each file.
#[component]
pub fn StagedFiles() -> impl IntoView {
    let writing = use_writing();
    let lang = writing.desk.lang;
    let is_letter = Memo::new(move |_| address(writing).is_some() && !writing.is_note.get());
    let chip = move |file: Staged| {
        let number = file.number;
        let name = StoredValue::new(file.name.clone());
        let is_picture = file.kind == FileKind::Image;
        let place = move |_| {
            let reference = name.with_value(|name| own_picture(name));
            writing.edit(|text, start, end| Some(format::insert(text, start, end, &reference)));
        };
        let sign = if file.kind == FileKind::Image && !file.preview.is_empty() {
            view! { <img src=file.preview alt=""/> }.into_any()
        } else {
            let icon = match file.kind {
                FileKind::Audio => Icon::Audio,
                FileKind::Video => Icon::Video,
                _ => Icon::File,
            };
            view! {
                <span class="attachment-icon">
                    <Glyph icon/>
                </span>
            }
            .into_any()
        };
        view! {
            <li class="composer-file">
                {sign}
                <span class="attachment-name">
                    <span>{file.name.clone()}</span>
                    <span>{text::number::file_size(lang, file.size)}</span>
                </span>
                <Show when=move || is_picture && is_letter.get()>
                    <IconButton
                        icon=Icon::Image
                        size=Size::Small
                        label=name.with_value(|name| t::place_picture(lang, name))
                        on_click=place
                    />
                </Show>
                <IconButton
                    icon=Icon::Close
                    size=Size::Small
                    label=t::remove_file(lang, &file.name)
                    on_click=move |_| writing.unstage(number)
                />
            </li>
        }
    };
    view! {
        <Show when=move || !writing.files.read().is_empty()>
            <ul class="composer-files" aria-label=text::message::files(lang)>
                <For each=move || writing.files.get() key=|file| file.number children=chip/>
            </ul>
        </Show>
    }
    .into_any()
}
