//! The message that is being answered.

use leptos::prelude::*;
use model::MessageId;
use text::composer as t;
use ui::{Icon, IconButton, Size};

use crate::conversation::desk::use_desk;
use crate::conversation::thread::quote_words;

/// Who is answered and what they said; it can be taken away.
#[component]
pub fn ReplyQuote() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let quote = move |id: MessageId| {
        let (name, line) = quote_words(desk, id);
        let name = name.map(|name| t::replying_to(lang, &name));
        view! {
            <div class="composer-quote">
                <span>
                    <b class="truncate">{name}</b>
                    <span class="truncate">{line}</span>
                </span>
                <IconButton
                    icon=Icon::Close
                    size=Size::Small
                    label=t::cancel_reply(lang)
                    on_click=move |_| desk.reply_to.set(None)
                />
            </div>
        }
    };
    view! { {move || desk.reply_to.get().map(quote)} }.into_any()
}
