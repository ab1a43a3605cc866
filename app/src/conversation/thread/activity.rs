//! What was done, in one quiet line; much of it is folded.

use leptos::prelude::*;
use model::MessageId;
use text::message as t;
use ui::{Glyph, Icon, IconSize, RelativeTime, TimeStyle};

use super::group::Item;
use crate::conversation::desk::use_desk;

/// A run of activity.
#[component]
pub fn Activities(item: Memo<Item>) -> impl IntoView {
    let lang = use_desk().lang;
    let lines = move || match item.get() {
        Item::Activity { ids, is_folded: false } => ids.into_iter().map(line).collect_view().into_any(),
        Item::Activity { ids, is_folded: true } => {
            let count = i64::try_from(ids.len()).unwrap_or_default();
            view! {
                <details class="activity-group">
                    <summary>
                        {t::activities(lang, count)} <Glyph icon=Icon::ChevronDown size=IconSize::Tiny/>
                    </summary>
                    {ids.into_iter().map(line).collect_view()}
                </details>
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    view! { {lines} }.into_any()
}

fn line(id: MessageId) -> AnyView {
    let desk = use_desk();
    let message =
        desk.with_thread(|thread| thread.message(id).map(|message| (message.content.clone(), message.created_at)));
    message
        .flatten()
        .map(|(words, at)| {
            view! {
                <p class="activity">
                    {words} " · " <RelativeTime at lang=desk.lang style=TimeStyle::Clock/>
                </p>
            }
        })
        .into_any()
}
