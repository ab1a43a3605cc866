//! The message that an address names: older ones are read until it is there, then it is shown.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::MessageId;

use super::scroll;
use crate::conversation::desk::Desk;
use crate::store::Older;

/// What is known of the way to a message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Here,
    Further,
    Waiting,
    Lost,
}

/// Leads to the message that the address names, once.
pub fn lead(desk: Desk) {
    let map = use_query_map();
    let wanted = Memo::new(move |_| map.with(|map| map.get("message").and_then(|id| id.parse::<MessageId>().ok())));
    let done = StoredValue::new(None::<MessageId>);
    let toasts = ui::use_toasts();
    Effect::new(move |_| {
        let Some(id) = wanted.get() else { return done.set_value(None) };
        let way = desk.with_thread(|thread| {
            let is_here = thread.messages().iter().any(|message| message.id == id);
            let is_before = thread.oldest().is_some_and(|oldest| oldest > id);
            match thread.older {
                _ if is_here => Way::Here,
                Older::Some if is_before => Way::Further,
                Older::Loading => Way::Waiting,
                _ => Way::Lost,
            }
        });
        if done.get_value() == Some(id) {
            return;
        }
        match way {
            Some(Way::Here) => {
                done.set_value(Some(id));
                // Once it is drawn, and the pane has found its place.
                request_animation_frame(move || request_animation_frame(move || scroll::show(id)));
            }
            Some(Way::Further) => desk.load_older(),
            Some(Way::Lost) => {
                done.set_value(Some(id));
                toasts.fail(text::search::found_missing(desk.lang));
            }
            Some(Way::Waiting) | None => {}
        }
    });
}
