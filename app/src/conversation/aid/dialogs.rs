//! The dialog that is wanted, one at a time.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{later, merge, new_message, transcript};
use crate::conversation::desk::{Asked, use_desk};

/// Draws it.
#[component]
pub fn Dialogs() -> impl IntoView {
    let desk = use_desk();
    let navigate = StoredValue::new_local(use_navigate());
    move || match desk.asked_for.get()? {
        Asked::SendLater(writing) => Some(view! { <later::SendLater writing/> }.into_any()),
        Asked::ChangeWaiting(scheduled) => Some(view! { <later::ChangeWaiting scheduled/> }.into_any()),
        Asked::NewMessage(contact, name) => {
            let go = Callback::new(move |id| {
                let place = desk.place.with_untracked(|place| place.opening(Some(id)));
                navigate.with_value(|go| go(&place.href(), NavigateOptions::default()));
            });
            Some(view! { <new_message::NewMessage contact name open=opened() go/> }.into_any())
        }
        Asked::Transcript => Some(view! { <transcript::Transcript/> }.into_any()),
        Asked::Merge(row) => Some(view! { <merge::Merge row/> }.into_any()),
    }
}

/// Whether the dialog is open. Closing it ends the wish.
pub(super) fn opened() -> RwSignal<bool> {
    let desk = use_desk();
    opened_until(move || desk.asked_for.set(None))
}

/// The same for a wish of any kind, which `end` takes back.
pub(super) fn opened_until(end: impl Fn() + 'static) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    // Opened once it is drawn: only then there is something to open.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        match was_open {
            None => {
                open.set(true);
                true
            }
            Some(true) if !is_open => {
                end();
                false
            }
            Some(_) => is_open || was_open == Some(true),
        }
    });
    open
}
