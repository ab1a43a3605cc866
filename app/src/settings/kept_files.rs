//! Files that are kept for messages to come: what macros send and canned responses bring.

use leptos::html;
use leptos::prelude::*;
use model::action::StoredFile;
use ui::{Button, Icon, IconButton, Size};

use crate::boot::{WorkplaceContext, use_lang};
use crate::device::{self, Part, Upload};

/// The files, and the button that adds some.
#[component]
pub fn KeptFiles(workplace: WorkplaceContext, files: RwSignal<Vec<StoredFile>>) -> impl IntoView {
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
                    Upload::Answer(200, text) => match crate::json::read::<StoredFile>(&text) {
                        Ok(kept) => {
                            let _ = files.try_update(|all| all.push(kept));
                        }
                        Err(_) => failed(model::ErrorCode::Internal),
                    },
                    Upload::Answer(_, text) => {
                        let code = crate::json::read::<model::Error>(&text).map(|error| error.code);
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
                    on_click=move |_| files.update(|all| all.retain(|file| file.id != id))
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
                {move || files.get().into_iter().map(chip).collect_view()}
            </ul>
        </div>
    }
    .into_any()
}
