//! How far a message has come.

use leptos::prelude::*;
use model::MessageStatus;
use text::Lang;
use text::message::state as t;
use ui::{Glyph, Icon};

/// The sign of a status, with its name.
#[component]
pub fn Ticks(lang: Lang, #[prop(into)] status: Signal<MessageStatus>) -> impl IntoView {
    let sign = move || match status.get() {
        MessageStatus::Progress => (Icon::Clock, "ticks", t::sending(lang)),
        MessageStatus::Sent => (Icon::Check, "ticks", t::sent(lang)),
        MessageStatus::Delivered => (Icon::CheckCheck, "ticks", t::delivered(lang)),
        MessageStatus::Read => (Icon::CheckCheck, "ticks is-read", t::read(lang)),
        MessageStatus::Failed => (Icon::CircleAlert, "ticks", t::failed(lang)),
    };
    view! {
        <span class=move || sign().1 role="img" aria-label=move || sign().2 data-hint=move || sign().2>
            {move || view! { <Glyph icon=sign().0/> }}
        </span>
    }
    .into_any()
}
