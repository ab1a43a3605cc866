//! Files that wait to be sent.

use leptos::prelude::*;
use model::FileKind;
use text::composer as t;
use ui::{Glyph, Icon, IconButton, Size};

use super::state::{Staged, use_writing};

/// One chip for each file.
#[component]
pub fn StagedFiles() -> impl IntoView {
    let writing = use_writing();
    let lang = writing.desk.lang;
    let chip = move |file: Staged| {
        let number = file.number;
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
