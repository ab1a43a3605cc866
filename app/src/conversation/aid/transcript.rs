//! Sending what was said to an address.

use leptos::prelude::*;
use leptos::task::spawn_local;
use text::conversation::transcript as t;
use ui::{Button, Dialog, DialogBody, DialogFooter, Field, Icon, InputKind, TextInput, Variant};

use super::dialogs::opened;
use crate::conversation::beside;
use crate::conversation::desk::use_desk;

/// Asks for the address: the contact's own unless another is given.
#[component]
pub fn Transcript() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let open = opened();
    let known = untrack(|| {
        desk.with_conversation(|conversation| (conversation.row.display_id, conversation.contact.email.clone()))
    });
    let Some((id, email)) = known else { return ().into_any() };
    let to = RwSignal::new(email.unwrap_or_default());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let send = move || {
        busy.set(true);
        let toasts = ui::use_toasts();
        spawn_local(async move {
            let answer = beside::send_transcript(desk.account(), id, to.get_untracked()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    toasts.done(t::done(lang));
                    let _ = open.try_set(false);
                }
                Err(error) => {
                    let _ = fault.try_set(Some(error.words(lang)));
                }
            }
        });
    };
    view! {
        <Dialog open title=t::title(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <p>{t::text(lang)}</p>
                <Field id="transcript-to" label=t::to(lang) error=Signal::derive(move || fault.get())>
                    <TextInput value=to kind=InputKind::Email autocomplete="off" max=1000_u32/>
                </Field>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary icon=Icon::Mail loading=busy on_click=move |_| send()>
                    {t::send(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
