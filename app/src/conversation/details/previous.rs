//! Other conversations of the contact.

use leptos::prelude::*;
use model::conversation::ConversationRow;
use model::{ConversationStatus, Permission};
use text::contact as t;
use ui::{Glyph, Icon, IconButton, RelativeTime, Size};

use crate::conversation::desk::{Asked, use_desk};
use crate::conversation::header::status_name;

/// Links to them, newest first.
#[component]
pub fn Previous() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let others = Memo::new(move |_| desk.with_thread(|thread| thread.others.clone()).unwrap_or_default());
    let may_merge = desk.workplace.may(Permission::Assign);
    let row = move |row: ConversationRow| {
        let href = desk.place.read_untracked().opening(Some(row.display_id)).href();
        let icon = match row.status {
            ConversationStatus::Open => Icon::CircleDot,
            ConversationStatus::Pending => Icon::CircleDashed,
            ConversationStatus::Snoozed => Icon::AlarmClock,
            ConversationStatus::Resolved => Icon::CircleCheck,
        };
        let words = row.preview.clone().map(|preview| preview.text).filter(|text| !text.is_empty());
        let words = words.unwrap_or_else(|| ["#", &row.display_id.to_string()].concat());
        let (number, at, status) = (row.display_id, row.last_activity_at, row.status);
        view! {
            <div class="past-line">
                <a class="past-row" href=href data-hint=status_name(lang, status)>
                    <Glyph icon/>
                    <span class="truncate">{words}</span>
                    <RelativeTime at lang/>
                </a>
                {may_merge
                    .then(|| {
                        view! {
                            <IconButton
                                icon=Icon::Merge
                                size=Size::Small
                                label=text::conversation::merge::action(lang, &["#", &number.to_string()].concat())
                                on_click=move |_| desk.asked_for.set(Some(Asked::Merge(row.clone())))
                            />
                        }
                    })}
            </div>
        }
    };
    let content = move || match others.get() {
        others if others.is_empty() => view! { <p class="fact-empty">{t::no_previous(lang)}</p> }.into_any(),
        others => others.into_iter().map(row).collect_view().into_any(),
    };
    view! { {content} }.into_any()
}
