//! How many conversations are behind the links of the rail.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::AccountId;
use model::conversation::FolderCounts;

use crate::boot::use_workplace;
use crate::layout::use_frame;
use crate::live::{Heard, use_live};

/// What is counted under a key.
pub fn found<K: PartialEq>(counts: &[(K, i64)], key: &K) -> i64 {
    counts.iter().find(|(known, _)| known == key).map_or(0, |(_, count)| *count)
}

/// How many conversations are behind the links: asked for when the rail shows them, and again when something happened, but seldom.
pub fn follow_counts(account: AccountId) -> RwSignal<FolderCounts> {
    /// From a change to the next question; what happens meanwhile is counted with it.
    const PAUSE: Duration = Duration::from_secs(20);

    let counts = RwSignal::new(FolderCounts::default());
    let frame = use_frame();
    let is_due = StoredValue::new(false);
    let ask = move || {
        let _ = is_due.try_set_value(false);
        let is_shown = frame.is_rail_wide.try_get_untracked().unwrap_or_default()
            || frame.shows_rail.try_get_untracked().unwrap_or_default();
        if is_shown {
            spawn_local(async move {
                if let Ok(answer) = crate::saved_view::calls::counts(account).await {
                    let _ = counts.try_set(answer);
                }
            });
        }
    };
    let ask_later = move || {
        if is_due.try_update_value(|is_due| std::mem::replace(is_due, true)) == Some(false) {
            set_timeout(ask, PAUSE);
        }
    };
    let views = use_workplace().map(|workplace| {
        Memo::new(move |_| workplace.lists.with(|lists| lists.views.iter().map(|view| view.id).collect::<Vec<_>>()))
    });
    Effect::new(move |_| {
        views.inspect(|views| views.track());
        if frame.has_words() {
            ask();
        }
    });
    if let Some(live) = use_live() {
        live.listen(move |heard| {
            if matches!(heard, Heard::Change(_) | Heard::Reload) {
                ask_later();
            }
        });
    }
    counts
}
